"""A TCP proxy that can go dead, cut, or hold a direction back, so that a test breaks a network at the moment it chooses.

It sees ciphertext only. `cut()` resets every connection and refuses new ones, `cut_newest()` resets the last one alone, and
`cut_after()` cuts in the middle of what moves. `restore()` lets new connections through again. `stall()` keeps connections open
and passes nothing, like a cable that was pulled.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 64 * 1024


class FaultProxy:
    """Listens on a port of 127.0.0.1 and passes bytes to another."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._newest: tuple[asyncio.StreamWriter, ...] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._open = True
        self._left: int | None = None
        self.port = 0
        self.accepted = 0
        """How many connections came, counted also when they were refused."""

    def cut(self) -> None:
        """Reset everything that is open and refuse what comes."""
        self._open = False
        for writer in tuple(self._writers):
            _reset(writer)

    def cut_after(self, size: int) -> None:
        """Cut once so many more bytes have passed: in the middle of what moves, however slow the test itself is."""
        self._left = size

    def cut_newest(self) -> None:
        """Reset the connection that came last, and no other."""
        for writer in self._newest:
            _reset(writer)

    def restore(self) -> None:
        """Let new connections through, and bytes too."""
        self._open = True
        self._flowing.set()

    def stall(self) -> None:
        """Pass nothing more, in either direction, and tell nobody."""
        self._flowing.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if not self._open:
            _reset(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            _reset(writer)
            return
        pair = (writer, far_writer)
        self._writers.update(pair)
        self._newest = pair
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            self._writers.difference_update(pair)
            for each in pair:
                each.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # also ENOTCONN, when both ends are gone before the end is passed on
            while data := await reader.read(CHUNK):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
                self._count(len(data))
            if writer.can_write_eof():
                writer.write_eof()

    def _count(self, size: int) -> None:
        if self._left is None:
            return
        self._left -= size
        if self._left <= 0:
            self._left = None
            self.cut()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection; the task is kept, so that closing the proxy ends it."""
        task = asyncio.create_task(self._connected(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Reset what is open and wait until every connection is gone."""
        self.cut()
        self._flowing.set()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, as a broken path does, instead of a polite end."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


@asynccontextmanager
async def fault_proxy(target: int) -> AsyncIterator[FaultProxy]:
    """A proxy in front of `target` on this machine."""
    proxy = FaultProxy(target)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
