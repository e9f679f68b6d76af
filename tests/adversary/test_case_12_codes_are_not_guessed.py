"""Case 12: first halves are not found by trying. One technician gets ten wrong over all tickets, one address thirty; whoever watches
is told, and a technician who never guessed wrong is not delayed. Two tries a ticket and the burning after five stand in case 10.

Mutations that this file is to catch: no `_brakes` in `_find`; no address among `_shared`; the shared brakes without
the look at the technician's own failures; no `GuessingBraked`; tallies that are not stored.
Left: ten thousand addresses need a network of their own; addresses of the loopback network stand in for them.
"""

import signal

import pytest

from audit.events.people import GuessingBraked
from policy.decision import Reason
from policy.throttle import CODE_BRAKE_ADDRESS, CODE_BRAKE_TECHNICIAN
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_log import entries, logged, names
from tests.helpers.broker_process import BrokerProcess, Technician
from tests.helpers.ends import claim, open_console, open_host, open_ticket
from wire.messages.ticket import TicketAdmitted

pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
__all__ = ["broker"]


async def guess(running: BrokerProcess, technician: Technician, cookie: str, tries: int) -> list[TicketAdmitted | Reason]:
    """Walk through numbers that nobody was given."""
    async with await open_console(running, technician, cookie) as console:
        return [await claim(console, f"{number:06}", "AAAA") for number in range(tries)]


async def test_one_technician_gets_ten_wrong_halves_and_no_restart_gives_more(broker: BrokerProcess) -> None:
    anna = await broker.technician("t-anna")
    await broker.publish()
    cookie = await broker.sign_in(anna)
    most = CODE_BRAKE_TECHNICIAN.failures
    assert await guess(broker, anna, cookie, most + 2) == [Reason.CODE_WRONG] * most + [Reason.TOO_MANY_TRIES] * 2
    await broker.stop(signal.SIGKILL)
    await broker.start_again()
    assert await guess(broker, anna, cookie, 1) == [Reason.TOO_MANY_TRIES]


async def test_one_address_gets_thirty_and_only_those_who_guessed_wait(broker: BrokerProcess) -> None:
    guessers = [await broker.technician(f"t-guess-{number}") for number in range(3)]
    once, honest, host = await broker.technician("t-once"), await broker.technician("t-honest"), await broker.host()
    await broker.publish()
    assert await guess(broker, once, cookie := await broker.sign_in(once), 1) == [Reason.CODE_WRONG]
    for technician in guessers:
        await guess(broker, technician, await broker.sign_in(technician), CODE_BRAKE_TECHNICIAN.failures - 1)
    assert await guess(broker, once, cookie, 1) == [Reason.TOO_MANY_TRIES], "braked by address after one wrong half of its own"
    told = await logged(broker, GuessingBraked, lambda event: event.address == "127.0.0.1")
    assert told.seconds == CODE_BRAKE_ADDRESS.pause
    assert "guessing at support codes from 127.0.0.1" in (broker.folder / "broker.log").read_text()
    assert len([each for each in entries(broker) if isinstance(each.event, GuessingBraked) and each.event.address]) == 1
    async with await open_host(broker, host) as control, await open_console(broker, honest, await broker.sign_in(honest)) as console:
        assert isinstance(await claim(console, await open_ticket(control)), TicketAdmitted)
    assert names(broker).count("session_opened") == 1, "nobody else came in"
