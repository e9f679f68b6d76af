"""Live sockets of a real broker: who says nothing, who comes too often, who does not read."""

import asyncio
import time
from dataclasses import dataclass

import psutil
import pytest
from websockets.exceptions import InvalidStatus

from audit.events.broker import HostConnectRefused
from audit.events.visit import FrameRefused
from broker.core.strangers import UNPROVEN_AT_ONCE
from policy.decision import Reason
from policy.permissions import Lane
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import logged
from tests.helpers.broker_process import ORIGIN, BrokerProcess
from tests.helpers.ends import Meeting, dial, open_host, ready_to_meet, record
from wire.frames import FrameKind, split_record
from wire.limits import AUTHENTICATION_SECONDS, HELD_PER_SESSION_MAX, RECORD_PLAIN_MAX

pytestmark = ON_ONE_LOOP
__all__ = ["broker"]
SLACK = 3.0
"""Seconds that a busy machine may be late."""
KERNEL_AND_ALLOCATOR = 4 * 1024 * 1024
WARM, POURED = 100, 1000
"""Records of 64 KiB. The kernel alone holds some hundred of them."""


async def silent(broker: BrokerProcess, path: str, cookie: str = "", origin: str | None = None) -> tuple[str, float]:
    """Open a socket, say nothing, and wait for the broker to close it: its reason, and after how many seconds."""
    async with await dial(broker, path, origin=origin, cookie=cookie) as wire:
        began = time.monotonic()
        return await wire.closed(), time.monotonic() - began


async def test_a_socket_that_says_nothing_is_closed_after_five_seconds(broker: BrokerProcess) -> None:
    cookie = await broker.sign_in(await broker.technician("t-silent"))
    closed = await asyncio.gather(
        silent(broker, "/host"),
        silent(broker, "/console", cookie, ORIGIN),
        silent(broker, "/session"),
        silent(broker, "/session", cookie, ORIGIN),
    )
    assert [reason for reason, _ in closed] == [Reason.IDENTITY_NOT_PROVEN] * 2 + [Reason.PASS_INVALID] * 2
    assert all(AUTHENTICATION_SECONDS - 1 < seconds < AUTHENTICATION_SECONDS + SLACK for _, seconds in closed)
    await logged(broker, HostConnectRefused, lambda event: event.reason is Reason.IDENTITY_NOT_PROVEN)


async def test_more_unproven_sockets_of_one_address_than_there_are_places_are_refused_before_they_begin(broker: BrokerProcess) -> None:
    host = await broker.host("Analyser at a busy door")
    proven = await open_host(broker, host)
    waiting = [await dial(broker, "/host") for _ in range(UNPROVEN_AT_ONCE)]
    with pytest.raises(InvalidStatus) as refused:
        await dial(broker, "/host")
    assert refused.value.response.status_code == 429
    await logged(broker, FrameRefused, lambda event: (event.reason, event.what) == (Reason.TOO_FAST, "/host"))
    await asyncio.gather(*(wire.socket.close() for wire in waiting))
    async with proven, await open_host(broker, host):
        pass  # the door is free again


@dataclass
class Pouring:
    """A host that sends pictures as fast as the broker takes them."""

    visit: Meeting
    sent: int = 0

    async def send(self, count: int) -> None:
        """So many more records of the largest size."""
        for _ in range(count):
            await self.visit.host_wire.send(FrameKind.SEALED, record(Lane.SCREEN, 1, self.sent, RECORD_PLAIN_MAX))
            self.sent += 1

    async def receive(self, count: int, first: int) -> None:
        """Hear so many at the console, each in its turn."""
        for number in range(first, first + count):
            header, _ = split_record((await self.visit.console_wire.frame()).body)
            assert header.sequence == number


async def until_nothing_moves(pouring: Pouring, bystander: Meeting) -> None:
    """Wait until the host's sending has stood still for many exchanges of another visit, which must go on meanwhile."""
    still, before = 0, -1
    async with asyncio.timeout(20):
        while still < 100:
            await exchange(bystander)
            still, before = (still + 1 if pouring.sent == before else 0), pouring.sent


async def exchange(visit: Meeting) -> None:
    """A small record there and back. It must never wait for somebody else's."""
    began = time.monotonic()
    for sender, receiver in ((visit.host_wire, visit.console_wire), (visit.console_wire, visit.host_wire)):
        await sender.send(FrameKind.SEALED, record(Lane.SCREEN, 1, size=32))
        await receiver.frame()
    assert time.monotonic() - began < 1.0


async def granted(visit: Meeting) -> None:
    """View is allowed."""
    await visit.spent()
    await visit.ask()
    await visit.allow()


async def test_a_technician_who_does_not_read_slows_the_host_down_and_costs_little_memory_and_nobody_else(broker: BrokerProcess) -> None:
    async with ready_to_meet(broker, "t-slow") as visit, ready_to_meet(broker, "t-bystander") as bystander:
        await granted(visit)
        await granted(bystander)
        pouring, process = Pouring(visit), psutil.Process(broker.process.pid)
        await asyncio.gather(pouring.send(WARM), pouring.receive(WARM, 0))
        before = process.memory_info().rss
        sending = asyncio.create_task(pouring.send(POURED))
        await until_nothing_moves(pouring, bystander)
        assert pouring.sent < WARM + POURED, "the host was not slowed down"
        assert process.memory_info().rss - before < HELD_PER_SESSION_MAX + KERNEL_AND_ALLOCATOR
        await pouring.receive(POURED, WARM)
        await sending
        await exchange(bystander)
        assert process.memory_info().rss - before < HELD_PER_SESSION_MAX + KERNEL_AND_ALLOCATOR
