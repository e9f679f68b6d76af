"""Case 10, the broker's part: a ticket is worth nothing after success, burning, the host's return, or a newer code.

The host's part is its three runs (tests/host_client); expiry after ten minutes is proven with the fixed clock in
tests/broker/core/test_admitting.py.
"""

import pytest

from policy.decision import Reason
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import names
from tests.helpers.broker_process import BrokerProcess
from tests.helpers.ends import claim, meeting, open_console, open_host, open_ticket
from wire.messages.session import SessionOver
from wire.messages.ticket import TicketOver, TicketTried

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]


async def test_a_used_code_is_refused_during_and_after_its_visit(broker: BrokerProcess) -> None:
    anna, berta, host = await broker.technician("t-anna"), await broker.technician("t-berta"), await broker.host()
    await broker.publish()
    async with meeting(broker, anna, host) as visit, await open_console(broker, berta, await broker.sign_in(berta)) as other:
        assert await claim(other, visit.ticket) is Reason.CODE_RESERVED
        await visit.spent()
        await visit.ask()
        assert await claim(other, visit.ticket) is Reason.CODE_USED
        await visit.end()
        await visit.console_wire.until(SessionOver)
        assert await claim(other, visit.ticket) is Reason.CODE_USED


async def test_five_wrong_halves_burn_a_code_and_the_host_hears_each(broker: BrokerProcess) -> None:
    technicians = [await broker.technician(f"t-five-{number}") for number in range(3)]
    host = await broker.host("Analyser 2")
    await broker.publish()
    async with await open_host(broker, host) as control:
        number = await open_ticket(control)
        left = []
        for technician, tries in zip(technicians, (2, 2, 1), strict=True):
            async with await open_console(broker, technician, await broker.sign_in(technician)) as console:
                for _ in range(tries):
                    assert await claim(console, number, "AAAA") is Reason.CODE_WRONG
                    left.append((await control.until(TicketTried)).tries_left)
                if tries == 2:
                    assert await claim(console, number) is Reason.TOO_MANY_TRIES
                else:
                    assert await control.until(TicketOver) == TicketOver(number, Reason.CODE_BURNT)
                    assert await claim(console, number) is Reason.CODE_BURNT
    assert left == [4, 3, 2, 1, 0]
    assert names(broker).count("session_opened") == 1


async def test_a_code_dies_with_a_newer_one_and_with_the_hosts_socket(broker: BrokerProcess) -> None:
    clara, host = await broker.technician("t-clara"), await broker.host("Analyser 3")
    await broker.publish()
    async with await open_console(broker, clara, await broker.sign_in(clara)) as console:
        async with await open_host(broker, host) as control:
            elder, newer = await open_ticket(control), await open_ticket(control)
            assert await claim(console, elder) is Reason.CODE_EXPIRED
        async with await open_host(broker, host):
            assert await claim(console, newer) is Reason.CODE_EXPIRED
