"""Case 11: two technicians enter the right code at the same instant, a hundred times: one visit each time.

One broker process; two nodes with one store are left until there is a second node. The loser hears that somebody is using
the code; the winner's visit goes on.

Mutations that were tried, each of which makes this file fail:
    broker/core/admitting.py   a right first half does not reserve the ticket for the first technician (`reserve`)
    policy/one_time.py         `may_try` does not look at who holds the reservation
"""

import asyncio

import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import names
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.ends import claim, open_console, open_host, open_ticket
from wire.messages.session import SessionOver
from wire.messages.ticket import SessionOffered, TicketAdmitted, TicketBurnt

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]
RACES = 100


async def test_of_two_right_codes_at_once_one_opens_a_visit(broker: BrokerProcess) -> None:
    anna, berta, host = await broker.technician("t-anna"), await broker.technician("t-berta"), await broker.host()
    await broker.publish()
    async with (
        await open_host(broker, host) as control,
        await open_console(broker, anna, await broker.sign_in(anna)) as first,
        await open_console(broker, berta, await broker.sign_in(berta)) as second,
    ):
        winners = []
        for race in range(RACES):
            number = await open_ticket(control)
            pair = (first, second) if race % 2 else (second, first)
            answers = await asyncio.gather(*(claim(console, number) for console in pair))
            admitted = [place for place, answer in enumerate(answers) if isinstance(answer, TicketAdmitted)]
            assert len(admitted) == 1, answers
            assert answers[1 - admitted[0]] is Reason.CODE_RESERVED
            winners.append(admitted[0])
            offered = await control.until(SessionOffered)
            won = answers[admitted[0]]
            assert isinstance(won, TicketAdmitted)
            assert offered.session_id == won.session_id
            await control.say(TicketBurnt(number, won.session_id))
            await pair[admitted[0]].until(SessionOver)
    assert names(broker).count("session_opened") == RACES
