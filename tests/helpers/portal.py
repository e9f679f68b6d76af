"""A port of one network namespace that is a port of another: through a socket in the file system, which has no namespace, or over a cable.

Run inside the one where the port is wanted: python -m tests.helpers.portal WAY PORT... WAY is a folder, or the address of the other.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

CHUNK = 65_536


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _join(near: tuple[asyncio.StreamReader, asyncio.StreamWriter], far: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    await asyncio.gather(_pass_on(near[0], far[1]), _pass_on(far[0], near[1]))


Arrived = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _enter(way: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await (asyncio.open_unix_connection(f"{way}/{port}") if way.startswith("/") else asyncio.open_connection(way, port))


async def _let_in(way: str, port: int, arrived: Arrived) -> asyncio.Server:
    return await (asyncio.start_unix_server(arrived, f"{way}/{port}") if way.startswith("/") else asyncio.start_server(arrived, way, port))


@contextlib.asynccontextmanager
async def behind(way: str, ports: Iterable[int]) -> AsyncIterator[None]:
    """The side on which these ports are."""
    async with contextlib.AsyncExitStack() as stack:
        for port in ports:

            async def arrived(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port) -> None:
                await _join((reader, writer), await asyncio.open_connection("127.0.0.1", port))

            await stack.enter_async_context(await _let_in(way, port, arrived))
        yield


async def before(way: str, ports: Iterable[int]) -> None:
    """The side on which they are wanted. Says that they are there, and runs until it is ended."""
    for port in ports:

        async def arrived(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port) -> None:
            await _join((reader, writer), await _enter(way, port))

        for address in ("127.0.0.1", "::1"):
            await asyncio.start_server(arrived, address, port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def reached(namespace: str, way: str, ports: Iterable[int]) -> AsyncIterator[None]:
    """These ports of ours, as ports of this namespace."""
    ports = tuple(ports)
    async with behind(way, ports):
        words = ("ip", "netns", "exec", namespace, sys.executable, "-m", "tests.helpers.portal", way, *map(str, ports))
        portal = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        assert portal.stdout is not None
        assert await portal.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            portal.terminate()
            await portal.wait()


if __name__ == "__main__":
    asyncio.run(before(sys.argv[1], [int(each) for each in sys.argv[2:]]))
