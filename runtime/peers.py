"""Who is at the other end of a Unix socket, as the kernel knows it."""

import asyncio
import socket
import struct

_CREDENTIALS = struct.Struct("=iII")


def owner_of(writer: asyncio.StreamWriter) -> int:
    """The account of the process at the other end (SO_PEERCRED)."""
    peer: socket.socket = writer.get_extra_info("socket")
    _, owner, _ = _CREDENTIALS.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return int(owner)
