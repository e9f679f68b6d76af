"""One line: the order of what is sent, room for the relay, what an end lets through, deadlines."""

import asyncio
from typing import Any, cast

import pytest
from starlette.websockets import WebSocketDisconnect

from broker.core.commands import SocketId
from broker.core.events import Timer
from broker.web import line as lines
from broker.web.line import HELD_MOST, ROOM, Line
from policy.decision import Reason
from policy.permissions import Lane
from wire.frames import FrameKind

WITHIN = 5.0
SEALED, LEDGER = bytes((FrameKind.SEALED,)), bytes((FrameKind.LEDGER,))


class Socket:
    """A peer that reads when it is let. `gone` makes each send fail, as for a connection that broke."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.reads.set()
        self.sent: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.gone = False
        self.aborted = False

    async def send_bytes(self, data: bytes) -> None:
        """Wait for the reader."""
        await self.reads.wait()
        if self.gone:
            raise WebSocketDisconnect(1006)
        self.sent.append(data)

    async def close(self, code: int, reason: str) -> None:
        """Close after what was sent."""
        self.closed = (code, reason)

    def abort(self) -> None:
        """Cut."""
        self.aborted = self.gone = True
        self.reads.set()


def line_on(socket: Socket) -> Line:
    return Line(SocketId(1), cast(Any, socket), socket.abort)


async def test_what_is_put_goes_out_in_its_order_and_then_the_close() -> None:
    socket = Socket()
    line = line_on(socket)
    for number in range(5):
        line.put(LEDGER + bytes([number]))
    line.close(Reason.SESSION_OVER)
    line.put(LEDGER + b"after the close")
    line.close(Reason.MALFORMED)
    await line.over()
    assert socket.sent == [LEDGER + bytes([number]) for number in range(5)]
    assert socket.closed == (1008, Reason.SESSION_OVER)


async def test_the_relay_waits_above_the_mark_and_goes_on_below_it() -> None:
    socket = Socket()
    socket.reads.clear()
    line = line_on(socket)
    line.put(SEALED + bytes(ROOM // 2))
    await asyncio.wait_for(line.room(), WITHIN)
    line.put(SEALED + bytes(ROOM // 2))
    waiting = asyncio.create_task(line.room())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0)
    socket.reads.set()
    await asyncio.wait_for(waiting, WITHIN)
    line.close(Reason.SESSION_OVER)
    await line.over()
    assert len(socket.sent) == 2


async def test_a_peer_that_does_not_read_at_all_is_cut_off() -> None:
    socket = Socket()
    socket.reads.clear()
    line = line_on(socket)
    cut = []
    for _ in range(HELD_MOST // ROOM):
        line.put(SEALED + bytes(ROOM - 1))
        cut.append(socket.aborted)
    line.put(SEALED)
    assert [*cut, socket.aborted] == [False] * (HELD_MOST // ROOM) + [True]
    await asyncio.wait_for(line.room(), WITHIN)
    await line.over()


async def test_an_end_drops_the_sealed_records_that_wait_and_keeps_what_must_be_heard() -> None:
    socket = Socket()
    socket.reads.clear()
    line = line_on(socket)
    line.put(LEDGER + b"first")
    await asyncio.wait_for(line.room(), WITHIN)
    words = SEALED + bytes((Lane.CONTROL,)) + b"what the ends say to each other"
    for frame in (SEALED + b"a picture", words, LEDGER + b"ended", SEALED + b"another"):
        line.put(frame)
    line.close(Reason.SESSION_OVER)
    await asyncio.wait_for(line.room(), WITHIN)
    socket.reads.set()
    await line.over()
    assert socket.sent == [LEDGER + b"first", words, LEDGER + b"ended"]


async def test_a_close_that_nobody_reads_becomes_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "CLOSE_SECONDS", 0.01)
    socket = Socket()
    socket.reads.clear()
    line = line_on(socket)
    line.put(LEDGER)
    line.close(Reason.SESSION_OVER)
    async with asyncio.timeout(WITHIN):
        await socket.reads.wait()
    assert socket.aborted
    await line.over()


async def test_a_line_that_broke_takes_nothing_more_and_holds_nobody_up() -> None:
    socket = Socket()
    socket.gone = True
    line = line_on(socket)
    line.put(SEALED + bytes(ROOM + 1))
    await asyncio.wait_for(line.room(), WITHIN)
    for _ in range(10):
        line.put(SEALED + bytes(ROOM))
    await asyncio.wait_for(line.room(), WITHIN)
    await line.over()
    assert (socket.sent, socket.closed) == ([], None)


async def test_a_deadline_fires_once_the_newest_of_its_name_and_none_after_the_end() -> None:
    line, fired = line_on(Socket()), asyncio.Queue[str]()
    line.start(Timer.TICKET, 60, lambda: fired.put_nowait("an earlier one"))
    line.start(Timer.TICKET, -1, lambda: fired.put_nowait("ticket"))
    line.start(Timer.LEASE, 0, lambda: fired.put_nowait("lease, which was stopped"))
    line.stop_timer(Timer.LEASE)
    line.stop_timer(Timer.JOIN)
    assert await asyncio.wait_for(fired.get(), WITHIN) == "ticket"
    line.start(Timer.LEASE, 0, lambda: fired.put_nowait("lease"))
    await line.over()
    assert fired.empty()
