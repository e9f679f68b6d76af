"""A WebSocket client that sends whatever bytes it is told to, right or wrong (RFC 6455, section 5.2)."""

import asyncio
import os
from base64 import b64encode
from dataclasses import dataclass
from struct import pack

from tests.helpers.broker_process import BrokerProcess

WITHIN = 15.0


@dataclass
class RawWebSocket:
    """One upgraded connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Bytes as they are. A connection that is gone already is what some tests wait for."""
        self.writer.write(data)
        await self.writer.drain()

    def stop_reading(self) -> None:
        """Let what the broker sends pile up on its side."""
        transport = self.writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()

    async def flood(self, data: bytes, times: int) -> None:
        """Send the same bytes again and again. Raises ConnectionError when the broker has had enough."""
        for _ in range(times):
            await self.send(data)

    async def close_code(self) -> int | None:
        """Read to the end; the code of the close frame, None if the connection was cut without one."""
        received = b""
        async with asyncio.timeout(WITHIN):
            try:
                while data := await self.reader.read(65536):
                    received = (received + data)[-4096:]
            except (ConnectionError, OSError):
                return None
        at = received.rfind(b"\x88")
        return int.from_bytes(received[at + 2 : at + 4], "big") if at >= 0 else None

    async def close(self) -> None:
        """Cut it."""
        self.writer.transport.abort()


def head(first: int, length: int, *, masked: bool = True, mask: bytes = bytes(4)) -> bytes:
    """The head of a frame: `first` is FIN, reserved bits and opcode; any length can be claimed."""
    bit = 0x80 if masked else 0
    if length < 126:
        body = bytes((first, bit | length))
    elif length < 2**16:
        body = bytes((first, bit | 126)) + pack(">H", length)
    else:
        body = bytes((first, bit | 127)) + pack(">Q", length)
    return body + (mask if masked else b"")


async def upgrade(broker: BrokerProcess, path: str = "/host") -> RawWebSocket:
    """An upgraded connection with nothing sent on it."""
    reader, writer = await asyncio.open_connection("localhost", broker.port, ssl=broker.tls)
    key = b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Extensions: permessage-deflate", "", ""]
    writer.write("\r\n".join(lines).encode())
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WITHIN)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    assert b"deflate" not in answer.lower()
    return RawWebSocket(reader, writer)
