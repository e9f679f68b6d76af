"""Case 3: a socket pass works once, for its session, its end and its cookie, from the first frame and never from an address.

That it dies after 30 s is proven with the fixed clock in tests/broker/core/test_visit.py.
"""

import os

import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN, BrokerProcess
from tests.helpers.ends import Wire, claim, dial, join, meeting, open_console, open_host, open_ticket
from wire.messages.presence import Refused
from wire.messages.session import PeerPresent, SocketPass
from wire.messages.ticket import SessionOffered
from wire.schema import base64url

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]


async def turned_away(wire: Wire) -> None:
    async with wire:
        assert (await wire.until(Refused)).reason is Reason.PASS_INVALID
        assert await wire.closed() == Reason.PASS_INVALID


async def test_a_pass_opens_only_what_it_was_made_for(broker: BrokerProcess) -> None:
    anna, berta = await broker.technician("t-anna"), await broker.technician("t-berta")
    host = await broker.host()
    await broker.publish()
    cookie, foreign = await broker.sign_in(anna), await broker.sign_in(berta)
    async with await open_host(broker, host) as host_control, await open_console(broker, anna, cookie) as console_control:
        admitted = await claim(console_control, await open_ticket(host_control))
        assert not isinstance(admitted, Reason)
        offered = await host_control.until(SessionOffered)
        session, own, others = admitted.session_id, admitted.socket_pass, offered.socket_pass
        await turned_away(await join(broker, session, os.urandom(32), cookie=cookie, origin=ORIGIN))
        await turned_away(await join(broker, "s-another", own, cookie=cookie, origin=ORIGIN))
        await turned_away(await join(broker, session, own, cookie=foreign, origin=ORIGIN))
        await turned_away(await join(broker, session, own))
        await turned_away(await join(broker, session, others, cookie=cookie, origin=ORIGIN))
        # None of these used it up: an eavesdropper's guesses do not lock the honest end out.
        async with await join(broker, session, own, cookie=cookie, origin=ORIGIN) as first, await join(broker, session, others) as other:
            await first.hear(PeerPresent)
            await other.hear(PeerPresent)
            await turned_away(await join(broker, session, own, cookie=cookie, origin=ORIGIN))
            await turned_away(await join(broker, session, others))


async def test_a_pass_in_the_address_is_not_read(broker: BrokerProcess) -> None:
    clara, host = await broker.technician("t-clara"), await broker.host("Analyser 2")
    await broker.publish()
    cookie = await broker.sign_in(clara)
    async with await open_host(broker, host) as host_control, await open_console(broker, clara, cookie) as console_control:
        admitted = await claim(console_control, await open_ticket(host_control))
        assert not isinstance(admitted, Reason)
        address = f"/session?session_id={admitted.session_id}&socket_pass={base64url(admitted.socket_pass)}"
        await turned_away(await dial(broker, address, origin=ORIGIN, cookie=cookie))


async def test_a_second_pass_frame_ends_the_visit(broker: BrokerProcess) -> None:
    doris, host = await broker.technician("t-doris"), await broker.host("Analyser 3")
    await broker.publish()
    async with meeting(broker, doris, host) as visit:
        await visit.console_wire.say(SocketPass(visit.session_id, os.urandom(32)))
        assert await visit.host_wire.closed() == Reason.SESSION_OVER
