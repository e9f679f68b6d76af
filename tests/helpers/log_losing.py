"""What every broker that cannot write its log has in common, asked from outside, and how long it takes until something is so."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from policy.decision import Reason
from tests.helpers.broker_process import PASSWORD, BrokerProcess, Technician, read
from tests.helpers.ends import Meeting, Wire
from wire.frames import FrameKind, split_frame
from wire.messages.presence import Refused
from wire.messages.session import SessionOver
from wire.messages.signin import SignIn
from wire.schema import decode


@dataclass
class Answers:
    """Seconds."""

    longest: float = 0.0


async def health(broker: BrokerProcess) -> int:
    """200 while the log takes entries."""
    async with broker.http(origin=None) as http:
        return (await http.get("/healthz")).status_code


async def sign_in_refused(broker: BrokerProcess, technician: Technician) -> Reason:
    """Why a right sign-in is refused."""
    return read(await broker.post("/api/sign-in", SignIn(technician.id, PASSWORD, technician.totp())), Refused).reason


async def until(so: Callable[[], Awaitable[bool]], within: float) -> None:
    """Ask the broker until it is so: each question is an answer of the broker, not a wait of ours."""
    async with asyncio.timeout(within):
        while not await so():
            pass


async def healthy(broker: BrokerProcess, within: float = 15.0) -> None:
    """It writes again."""

    async def so() -> bool:
        return await health(broker) == 200

    await until(so, within)


async def over(visit: Meeting, within: float) -> tuple[SessionOver, SessionOver]:
    """What both ends hear of the end of a visit."""
    async with asyncio.timeout(within):
        return await _over(visit.console_wire), await _over(visit.host_wire)


async def _over(wire: Wire) -> SessionOver:
    """As `Wire.until`, which does not wait as long as a failing log is given."""
    while True:
        data = await wire.socket.recv()
        assert isinstance(data, bytes)
        frame = split_frame(data)
        if frame.kind is FrameKind.CONTROL and b'"type":"session_over"' in frame.body:
            return decode(frame.body, SessionOver)


@asynccontextmanager
async def longest_answer(broker: BrokerProcess) -> AsyncIterator[Answers]:
    """The longest that the broker takes, meanwhile, for an answer which needs no database, asked again and again on one connection."""
    answers, done = Answers(), asyncio.Event()

    async def ask() -> None:
        async with broker.http(origin=None) as http:
            while not done.is_set():
                began = time.perf_counter()
                await http.get("/nothing-here")
                answers.longest = max(answers.longest, time.perf_counter() - began)

    asking = asyncio.create_task(ask())
    try:
        yield answers
    finally:
        done.set()
        await asking
