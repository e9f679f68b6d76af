"""A channel of its own, over loopback, with aiortc at the other end: who is heard, who is believed, and what is left of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import psutil
import pytest
from aioice.stun import Class, Message, Method, parse_message

from host_client.carriers.direct import DATAGRAMS_MAX, STRANGERS_MAX, Channel, ChannelFailed, own_addresses
from host_client.core.events import DirectEnd
from tests.helpers.direct_peer import Peer

HOME = "127.0.0.1"
PATIENCE = 20.0


def anybody(_: str) -> bool:
    return True


def udp_ports() -> set[int]:
    """UDP ports that this process holds."""
    return {each.laddr.port for each in psutil.Process().net_connections(kind="udp")}


@dataclass
class Ours:
    """Our end, and what it said."""

    heard: list[bytes] = field(default_factory=list)
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.channel = Channel(self._hear, self.lost.set)

    def _hear(self, data: bytes) -> None:
        self.heard.append(data)
        self.arrived.set()

    async def until(self, count: int) -> None:
        """Wait for so many messages."""
        async with asyncio.timeout(PATIENCE):
            while len(self.heard) < count:
                self.arrived.clear()
                await self.arrived.wait()


@asynccontextmanager
async def waiting(allowed: Callable[[str], bool] = anybody) -> AsyncIterator[tuple[Ours, DirectEnd]]:
    ours = Ours()
    here = await ours.channel.wait([HOME], allowed)
    try:
        yield ours, here
    finally:
        await ours.channel.close()


@asynccontextmanager
async def joined() -> AsyncIterator[tuple[Ours, Peer, tuple[str, str]]]:
    async with waiting() as (ours, here), asyncio.timeout(PATIENCE):
        peer = Peer()
        there = await peer.begin()
        addresses, _ = await asyncio.gather(ours.channel.join(there), peer.join(here))
        try:
            yield ours, peer, addresses
        finally:
            await peer.close()


def check(here: DirectEnd, sender: str = "stranger", *, password: str | None = None) -> bytes:
    """A connectivity check as anybody might send one."""
    request = Message(message_method=Method.BINDING, message_class=Class.REQUEST)
    request.attributes["USERNAME"] = f"{here.ufrag}:{sender}"
    request.attributes["PRIORITY"] = 1
    request.attributes["ICE-CONTROLLED"] = 1
    request.add_message_integrity((password or here.pwd).encode())
    return bytes(request)


async def sent_from(data: bytes, here: DirectEnd, *, hears: bool) -> bytes | None:
    """Send one datagram from a port of its own; the answer, or None after it was given time by a check that is answered."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.setblocking(False)
        stranger.bind((HOME, 0))
        await loop.sock_connect(stranger, (here.candidates[0].address, here.candidates[0].port))
        await loop.sock_sendall(stranger, data)
        try:
            return await asyncio.wait_for(loop.sock_recv(stranger, 2048), PATIENCE if hears else 0.3)
        except TimeoutError:
            return None


async def test_records_go_both_ways_whole_and_in_order() -> None:
    async with joined() as (ours, peer, addresses):
        assert addresses == (HOME, HOME)
        for number in range(20):
            ours.channel.send(bytes((number,)) * 60_000)
            peer.channel.send(bytes((number,)) * 500)
        await ours.until(20)
        assert [each[0] for each in ours.heard] == list(range(20))
        assert {len(each) for each in ours.heard} == {500}
        peer.channel.send(b"text that is none".decode())
        await ours.until(21)
        assert ours.heard[-1] == b"", "a text is no message that anybody sends"


async def test_the_console_is_learnt_though_it_names_no_address() -> None:
    async with waiting() as (ours, here), asyncio.timeout(PATIENCE):
        peer = Peer()
        there = await peer.begin()
        assert there.candidates == ()
        await asyncio.gather(ours.channel.join(there), peer.join(here))
        await peer.close()


async def test_ports_are_open_at_the_named_addresses_alone_and_closed_with_the_channel() -> None:
    before = udp_ports()
    async with waiting() as (_, here):
        assert {each.address for each in here.candidates} == {HOME}
        assert udp_ports() - before == {each.port for each in here.candidates}
    assert udp_ports() == before


async def test_no_address_means_no_channel_and_no_port() -> None:
    before = udp_ports()
    with pytest.raises(ChannelFailed):
        await Ours().channel.wait([], anybody)
    assert udp_ports() == before


async def test_another_certificate_is_no_channel() -> None:
    async with waiting() as (ours, here), asyncio.timeout(PATIENCE):
        peer = Peer()
        there = await peer.begin()
        theirs = asyncio.ensure_future(peer.join(here))
        with pytest.raises(ChannelFailed) as fault:
            await ours.channel.join(replace(there, fingerprint=bytes(32)))
        assert fault.value.foreign
        theirs.cancel()
        await asyncio.wait((theirs,))
        await peer.close()


async def test_a_check_with_the_password_is_answered_and_one_without_it_is_not_believed() -> None:
    async with waiting() as (_, here):
        answer = await sent_from(check(here), here, hears=True)
        assert answer is not None
        assert parse_message(answer).message_class is Class.RESPONSE
        refused = await sent_from(check(here, password="w" * 24), here, hears=True)
        assert refused is not None
        assert parse_message(refused).attributes["ERROR-CODE"][0] == 401


async def test_who_is_outside_the_ranges_gets_no_answer() -> None:
    async with waiting(lambda address: address.startswith("10.")) as (_, here):
        assert await sent_from(check(here), here, hears=False) is None


async def test_what_strangers_send_is_bounded_and_breaks_nothing() -> None:
    async with joined() as (ours, peer, _):
        ice = ours.channel._ice
        assert ice is not None
        for _ in range(DATAGRAMS_MAX + 100):
            ice.data_received(b"\x17" + bytes(40), 1)
        assert ice._queue.qsize() <= DATAGRAMS_MAX
        for number in range(STRANGERS_MAX + 20):
            request = parse_message(check(DirectEnd(b"", ice.local_username, ice.local_password, ()), str(number)))
            ice.check_incoming(request, (HOME, 20_000 + number), ice._protocols[0])
        assert len(ice.remote_candidates) <= STRANGERS_MAX
        peer.channel.send(b"still here")
        await ours.until(1)
        assert ours.heard == [b"still here"]


async def test_the_other_ends_goodbye_is_a_loss_told_once() -> None:
    async with joined() as (ours, peer, _):
        await peer.sctp.stop()
        async with asyncio.timeout(PATIENCE):
            await ours.lost.wait()
        ours.channel.send(b"into nothing")


async def test_what_we_close_is_no_loss_and_may_be_closed_again() -> None:
    async with joined() as (ours, _, _):
        await ours.channel.close()
        ours.channel.send(b"into nothing")
        await ours.channel.close()
        assert not ours.lost.is_set()
        assert ours.heard == []
        assert ours.channel.buffered == 0


async def test_a_try_that_is_closed_while_it_reaches_out_fails() -> None:
    async with waiting() as (ours, _), asyncio.timeout(PATIENCE):
        peer = Peer()
        there = await peer.begin()
        reaching = asyncio.ensure_future(ours.channel.join(there))
        async with asyncio.TaskGroup() as both:
            both.create_task(ours.channel.close())
        with pytest.raises(ChannelFailed):
            await reaching
        await peer.close()


def test_loopback_is_no_address_of_this_pc() -> None:
    assert HOME not in own_addresses()
