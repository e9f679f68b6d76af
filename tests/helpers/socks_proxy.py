"""A SOCKS5 proxy (RFC 1928, RFC 1929) that notes what it is asked for and goes to one port of this machine instead.

async with socks_proxy(broker.port, credentials="lab:secret") as proxy:
    proxy.address()      socks5h://lab:secret@127.0.0.1:40123
    proxy.asked          ["localhost:8443", ...]
    proxy.refused        how often somebody came without the right credentials
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

VERSION, CONNECT, BY_NAME = 5, 1, 3
NO_CREDENTIALS, WITH_CREDENTIALS, NONE_FITS = 0, 2, 0xFF


@dataclass
class SocksProxy:
    """One proxy."""

    target: int
    credentials: str
    port: int = 0
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def address(self) -> str:
        """As it stands in the environment, with the name looked up at the proxy."""
        return f"socks5h://{self.credentials + '@' if self.credentials else ''}127.0.0.1:{self.port}"

    def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection; the task is kept, so that closing the proxy ends it."""
        task = asyncio.create_task(self._serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await self._greeted(reader, writer):
                await self._pass(reader, writer)
        writer.close()

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        version, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = WITH_CREDENTIALS if self.credentials else NO_CREDENTIALS
        fits = version == VERSION and wanted in methods
        writer.write(bytes((VERSION, wanted if fits else NONE_FITS)))
        if fits and self.credentials:
            fits = await self._named(reader) == self.credentials
            writer.write(bytes((1, 0 if fits else 1)))
        self.refused += not fits
        return fits

    async def _named(self, reader: asyncio.StreamReader) -> str:
        await reader.readexactly(1)
        name = await reader.readexactly((await reader.readexactly(1))[0])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        return f"{name.decode()}:{password.decode()}"

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, command, _, kind = await reader.readexactly(4)
        assert (version, command, kind) == (VERSION, CONNECT, BY_NAME), "only CONNECT by name is spoken here"
        name = await reader.readexactly((await reader.readexactly(1))[0])
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{name.decode()}:{port}")
        onward, outward = await asyncio.open_connection("127.0.0.1", self.target)
        writer.write(bytes((VERSION, 0, 0, 1)) + bytes(6))
        await asyncio.gather(_pump(reader, outward), _pump(onward, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def socks_proxy(target: int, credentials: str = "") -> AsyncIterator[SocksProxy]:
    """A proxy in front of `target` on this machine."""
    proxy = SocksProxy(target, credentials)
    server = await asyncio.start_server(proxy.meet, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in tuple(proxy.tasks):
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
