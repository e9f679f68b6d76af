"""The broken network itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.helpers.fault_proxy import FaultProxy, fault_proxy


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, fault_proxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy


async def test_bytes_pass_both_ways(proxy: FaultProxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    writer.close()


async def test_a_cut_resets_what_is_open_and_refuses_what_comes(proxy: FaultProxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"hello")
    await reader.readexactly(5)
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        await reader.read()
    later, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
    with pytest.raises(ConnectionResetError):
        await later.read()


async def test_it_cuts_by_itself_once_so_much_has_passed(proxy: FaultProxy) -> None:
    proxy.cut_after(20)
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"  # ten bytes, there and back
    writer.write(b"again")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    later, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
    with pytest.raises(ConnectionResetError):
        await later.read()


async def test_after_a_cut_the_path_can_come_back(proxy: FaultProxy) -> None:
    proxy.cut()
    proxy.restore()
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"again")
    assert await reader.readexactly(5) == b"again"
    writer.close()


async def test_a_stalled_path_stays_open_and_passes_nothing(proxy: FaultProxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    proxy.stall()
    writer.write(b"lost?")
    reading = asyncio.create_task(reader.readexactly(5))
    done, _ = await asyncio.wait((reading,), timeout=0.2)
    assert not done
    proxy.restore()
    assert await reading == b"lost?"
    writer.close()
