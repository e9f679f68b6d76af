"""Content on its way by either carrier, over a real channel on loopback: the same frames, in order, once, wherever it goes.

Seen to fail: with what the other end did not take not said again, with frames of a channel that is over handled, with nothing
given up when nothing moves, with content said over the relay where it may not be, with content held while a channel is only
tried, and with a port opened for a channel that was closed before it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from host_client.carriers import direct
from host_client.carriers.relay import Line
from host_client.core import carriage
from host_client.core.commands import Carried, CloseDirect, HoldContent, JoinDirect, OpenDirect, RelayContent, TakeDirect, TurnDirect
from host_client.core.events import DirectEmptied, DirectLost, DirectOpened, DirectWaits, Event, SessionReceived
from host_client.core.pacing import Rivals
from host_client.guardian.content import Content
from host_client.guardian.shell import Shell, Tasks
from policy.carrier import DirectCause
from policy.permissions import Lane
from tests.helpers.direct_peer import Peer
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import DIRECT_STALL_SECONDS
from wire.sealed.direct import encode_taken

HOME = "127.0.0.1"
PATIENCE = 20.0


def frame(number: int, lane: Lane = Lane.SCREEN, size: int = 400) -> bytes:
    return Frame(FrameKind.SEALED, RecordHeader(lane, 1, 0, number).encode() + bytes(size)).encode()


@dataclass
class Relay:
    """A line that is always empty, and what went over it."""

    sent: list[bytes] = field(default_factory=list)
    has_room: bool = True

    def say(self, data: bytes) -> None:
        self.sent.append(data)

    async def show(self, data: bytes) -> None:
        self.sent.append(data)

    async def emptied(self) -> None:
        return

    def close(self) -> None:
        self.sent.append(b"closed")


@dataclass
class Heard:
    """A shell that writes down what happens."""

    events: list[Event] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def happened_if(self, still: Callable[[], bool], event: Event) -> None:
        if still():
            self.events.append(event)
            self.more.set()

    async def wait(self, kind: type[Any], count: int = 1) -> list[Any]:
        """Wait for so many events of this kind."""
        async with asyncio.timeout(PATIENCE):
            while len(found := [each for each in self.events if isinstance(each, kind)]) < count:
                self.more.clear()
                await self.more.wait()
        return found


@dataclass
class World:
    """Content, what is around it, and the technician's end of the channel."""

    content: Content
    relay: Relay
    heard: Heard
    peer: Peer

    def do(self, command: Any) -> bool | Carried | None:
        return self.content.channel(command, "s-1")

    async def arrived(self, count: int) -> list[bytes]:
        """Records that came to the technician's end."""
        async with asyncio.timeout(PATIENCE):
            while len(self.peer.heard) < count:
                self.peer.more.clear()
                await self.peer.more.wait()
        return self.peer.heard


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    faults: list[BaseException] = []
    relay, heard, peer = Relay(), Heard(), Peer()
    tasks = Tasks(faults.append)
    content = Content(cast(Shell, heard), tasks, lambda: cast(Line, relay))
    content.begin(same_visit=False)
    try:
        yield World(content, relay, heard, peer)
    finally:
        await peer.close()
        content.end()
        await asyncio.gather(*tasks._running)
        assert faults == []


@pytest.fixture(autouse=True)
def loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "own_addresses", lambda: [HOME, "192.0.2.1"])


async def opened(at: World, *, only: bool = False) -> None:
    """The channel is open, and nothing has turned."""
    there = await at.peer.begin()
    at.do(OpenDirect(1, ("127.0.0.0/8",), only))
    (waits,) = await at.heard.wait(DirectWaits)
    assert {each.address for each in waits.here.candidates} == {HOME}, "the other address is outside the ranges"
    at.do(JoinDirect(there))
    await at.peer.join(waits.here)
    (found,) = await at.heard.wait(DirectOpened)
    assert (found.near, found.far) == (HOME, HOME)


async def turned(at: World, *, only: bool = False) -> None:
    """Content goes over it, both ways."""
    await opened(at, only=only)
    at.do(HoldContent())
    await at.heard.wait(DirectEmptied)
    at.do(TurnDirect())
    at.do(TakeDirect())


async def test_content_moves_to_the_channel_and_what_was_not_taken_comes_back() -> None:
    async with world() as at:
        await at.content.show(frame(0))
        at.content.say(frame(0, Lane.CLIPBOARD_FROM_HOST))
        assert len(at.relay.sent) == 2
        await opened(at)
        at.do(HoldContent())
        at.content.say(frame(1, Lane.CLIPBOARD_FROM_HOST))
        waiting = asyncio.ensure_future(at.content.show(frame(1)))
        await at.heard.wait(DirectEmptied)
        at.do(TurnDirect())
        await waiting
        assert await at.arrived(2) == [frame(1, Lane.CLIPBOARD_FROM_HOST), frame(1)]
        assert len(at.relay.sent) == 2
        await at.content.show(frame(2))
        assert at.do(CloseDirect()) == Carried(0, 3 * len(frame(1)), 0)
        assert at.do(RelayContent(1, only=False)) is True
        assert at.relay.sent[2:] == [frame(1), frame(2)]
        await at.content.show(frame(3))
        assert at.relay.sent[-1] == frame(3)


async def test_records_of_the_technician_are_handled_in_their_order_and_acknowledged() -> None:
    async with world() as at:
        await opened(at)
        for number in range(3):
            at.peer.channel.send(frame(number, Lane.INPUT))
        at.do(TakeDirect())
        for number in range(3, 40):
            at.peer.channel.send(frame(number, Lane.INPUT))
        came = await at.heard.wait(SessionReceived, 40)
        assert [each.data for each in came] == [frame(number, Lane.INPUT) for number in range(40)]
        async with asyncio.timeout(PATIENCE):
            while encode_taken(40) not in at.peer.heard:
                at.peer.more.clear()
                await at.peer.more.wait()
        closed = at.do(CloseDirect())
        assert isinstance(closed, Carried)
        assert closed.received == 40


async def test_a_channel_over_which_nothing_moves_is_given_up() -> None:
    async with world() as at:
        await turned(at)
        begun = asyncio.get_running_loop().time()
        await at.content.show(frame(0))
        (lost,) = await at.heard.wait(DirectLost)
        assert lost.cause is DirectCause.STALLED, "the other end never says that it took it"
        assert asyncio.get_running_loop().time() - begun >= DIRECT_STALL_SECONDS


@pytest.mark.parametrize(("only", "causes"), [(False, [DirectCause.SLOWER]), (True, [])], ids=["allow", "only"])
async def test_a_slow_channel_is_given_up_where_there_is_another_way(
    monkeypatch: pytest.MonkeyPatch, only: bool, causes: list[DirectCause]
) -> None:
    """Seen to fail when: the site's word is not looked at; nothing is given up."""
    monkeypatch.setattr(Rivals, "moved", lambda *_, **__: True)
    monkeypatch.setattr(carriage, "DIRECT_WINDOW", 2 * len(frame(0)) + 1)
    async with world() as at:
        await turned(at, only=only)
        for number in range(fits := 3):
            await at.content.show(frame(number))
        waiting = asyncio.ensure_future(at.content.show(frame(fits)))
        await at.arrived(fits)
        at.peer.channel.send(encode_taken(1))
        if only:
            await at.arrived(fits + 1)
            await waiting
        else:
            await at.heard.wait(DirectLost)
            at.content.end()
            await waiting
        assert [each.cause for each in at.heard.events if isinstance(each, DirectLost)] == causes


@pytest.mark.parametrize("data", [b"\x41", encode_taken(9), frame(0, Lane.CONTROL)], ids=["short", "count", "control"])
async def test_what_no_honest_end_sends_is_the_end_of_the_channel(data: bytes) -> None:
    async with world() as at:
        await turned(at)
        at.peer.channel.send(data)
        (lost,) = await at.heard.wait(DirectLost)
        assert lost.cause is DirectCause.NOT_AS_AGREED


async def test_where_content_may_not_be_relayed_it_waits_for_a_channel() -> None:
    async with world() as at:
        await turned(at, only=True)
        await at.content.show(frame(0))
        await at.arrived(1)
        at.do(CloseDirect())
        assert at.do(RelayContent(0, only=True)) is True
        at.content.say(frame(1, Lane.CLIPBOARD_FROM_HOST))
        assert at.relay.sent == []
        assert at.do(RelayContent(0, only=False)) is True
        assert at.relay.sent == [frame(0), frame(1, Lane.CLIPBOARD_FROM_HOST)], "the site has changed its mind"


async def test_a_count_of_what_was_not_sent_is_told() -> None:
    async with world() as at:
        await turned(at)
        at.do(CloseDirect())
        assert at.do(RelayContent(1, only=False)) is False


async def test_a_picture_that_waits_is_lost_with_the_visit_and_a_new_line_begins_anew() -> None:
    async with world() as at:
        await opened(at, only=True)
        waiting = asyncio.ensure_future(at.content.show(frame(0)))
        loop = asyncio.get_running_loop()
        begun = loop.create_future()
        loop.call_soon(begun.set_result, None)
        await begun
        at.content.begin(same_visit=True)
        await waiting
        at.content.say(frame(1))
        assert at.relay.sent == [], "the same visit: still nothing over the relay"
        at.content.begin(same_visit=False)
        at.content.say(frame(2))
        assert at.relay.sent == [frame(2)]


async def test_content_goes_over_the_relay_while_a_channel_is_tried_and_when_it_never_opened() -> None:
    async with world() as at, asyncio.timeout(PATIENCE):
        at.do(OpenDirect(1, ("127.0.0.0/8",), only=False))
        await at.content.show(frame(0))
        await at.heard.wait(DirectWaits)
        at.content.say(frame(0, Lane.CLIPBOARD_FROM_HOST))
        at.do(CloseDirect())
        await at.content.show(frame(1))
        assert at.relay.sent == [frame(0), frame(0, Lane.CLIPBOARD_FROM_HOST), frame(1)]


async def test_a_channel_that_is_closed_while_the_library_is_read_opens_no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    read, asked = asyncio.Event(), []

    async def slowly(*_: object) -> object:
        asked.append(True)
        await read.wait()
        return direct

    monkeypatch.setattr("host_client.guardian.content.asyncio.to_thread", slowly)
    monkeypatch.setattr(direct.Channel, "wait", None)
    async with world() as at:
        at.do(OpenDirect(1, ("127.0.0.0/8",), only=False))
        at.do(CloseDirect())
        read.set()
    assert asked
    assert at.heard.events == []


async def test_a_host_without_an_address_in_the_ranges_says_so() -> None:
    async with world() as at:
        at.do(OpenDirect(1, ("10.0.0.0/8",), only=False))
        (waits,) = await at.heard.wait(DirectWaits)
        assert waits.here is None
