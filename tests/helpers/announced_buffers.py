"""A Wayland socket in front of a compositor's, on which every screen copy could also go through a DMA buffer, which nobody takes.

Debian 12's xdg-desktop-portal-wlr (0.7.0) shares an output only where one is announced, and a compositor that draws without a graphics card
(WLR_RENDERER=pixman) announces none. The pixels then go through shared memory. Everything else passes as it is, with its file descriptors.
"""

import array
import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_MANAGER: Final = b"zwlr_screencopy_manager_v1\0"
_BIND, _CAPTURES, _DESTROY, _BUFFER, _DMA_BUFFER = 0, (0, 1), 1, 0, 5
"""Opcodes: wl_registry.bind; the manager's two requests that make a frame; one request and two events of a frame."""
_XRGB: Final = int.from_bytes(b"XR24", "little")
_MOST, _FDS_MOST = 65_536, 64
_HEADER: Final = struct.Struct("=IHH")
"""Object, opcode, and size with this header."""
_LOOK_SECONDS = 0.1


class Announcing:
    """One client's connection: which of its objects are frames, and what is said of them."""

    def __init__(self) -> None:
        self._manager = 0
        self._frames: set[int] = set()

    def request(self, message: bytes) -> bytes:
        """As it is; what makes a frame is noted."""
        about, opcode, _size = _HEADER.unpack_from(message)
        if opcode == _BIND and _MANAGER in message:
            (self._manager,) = struct.unpack_from("=I", message, len(message) - 4)
        elif self._manager and about == self._manager and opcode in _CAPTURES:
            self._frames.add(struct.unpack_from("=I", message, _HEADER.size)[0])
        elif opcode == _DESTROY:
            self._frames.discard(about)  # its number will be another object's
        return message

    def event(self, message: bytes) -> bytes:
        """As it is; behind a frame's buffer in shared memory stands another of the same size."""
        about, opcode, _size = _HEADER.unpack_from(message)
        if about not in self._frames or opcode != _BUFFER:
            return message
        _format, width, height, _stride = struct.unpack_from("=IIII", message, _HEADER.size)
        return message + _HEADER.pack(about, _DMA_BUFFER, _HEADER.size + 12) + struct.pack("=III", _XRGB, width, height)


def divided(waiting: bytes) -> tuple[list[bytes], bytes]:
    """Whole messages, and what waits for its rest."""
    found = []
    while len(waiting) >= _HEADER.size and len(waiting) >= (size := _HEADER.unpack_from(waiting)[2]):
        found.append(waiting[:size])
        waiting = waiting[size:]
    return found, waiting


def _serve(client: socket.socket, path: Path, stopped: threading.Event) -> None:
    announcing = Announcing()
    with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
        server.connect(str(path))
        ways = {client: (server, announcing.request), server: (client, announcing.event)}
        waits = {client: b"", server: b""}
        while not stopped.is_set():
            for each in select.select([client, server], [], [], _LOOK_SECONDS)[0]:
                data, fds, _flags, _address = socket.recv_fds(each, _MOST, _FDS_MOST)
                if not data:
                    return
                target, told = ways[each]
                messages, waits[each] = divided(waits[each] + data)
                _send(target, b"".join(map(told, messages)), fds)


def _send(target: socket.socket, leaves: bytes, fds: list[int]) -> None:
    sent = 0
    if fds:
        assert leaves, "a message that brings a file descriptor came in two"
        sent = target.sendmsg([leaves], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))])
        for each in fds:
            socket.close(each)
    target.sendall(leaves[sent:])


@contextmanager
def announced(path: Path, front: Path) -> Iterator[None]:
    """`front` is a socket of the compositor behind `path`, where DMA buffers are announced."""
    stopped = threading.Event()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(front))
        listener.listen()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _address = listener.accept()
                    threading.Thread(target=_serve, args=(client, path, stopped), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield
        finally:
            stopped.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
