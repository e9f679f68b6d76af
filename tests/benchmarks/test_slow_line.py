"""The slow line itself."""

import asyncio
import time

import pytest

from benchmarks.slow_line import Pace, slow_line


def test_a_piece_waits_for_what_is_before_it() -> None:
    pace = Pace(8000.0)
    assert pace.wait(10.0, 100) == pytest.approx(0.1)
    assert pace.wait(10.0, 100) == pytest.approx(0.2)


def test_a_line_that_was_idle_saves_nothing_up() -> None:
    pace = Pace(8000.0)
    pace.wait(10.0, 100)
    assert pace.wait(99.0, 100) == pytest.approx(0.1)


async def test_bytes_take_their_time_and_arrive_in_order() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(20_000))
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, slow_line(server.sockets[0].getsockname()[1], 1_000_000.0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sent, begun = bytes(range(250)) * 80, time.monotonic()
        writer.write(sent)
        assert await reader.readexactly(20_000) == sent
        assert time.monotonic() - begun > 0.16  # so long it takes in one direction
        writer.close()


async def test_without_a_rate_there_is_no_line_between() -> None:
    async with slow_line(4711, None) as port:
        assert port == 4711
