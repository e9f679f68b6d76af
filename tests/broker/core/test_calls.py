"""Requests to be called: who may ask, what waits for a host, and when it waits no longer."""

from dataclasses import replace
from typing import Any

import pytest

from audit.events import broker as log
from audit.events.visit import FrameRefused
from broker.core.commands import ForgetCall, KeepCall, KeepTally, Record
from broker.core.console_control import ConsoleControl
from broker.core.events import Closed
from policy.decision import Reason
from policy.purpose import Purpose
from policy.throttle import CALL_BRAKE
from tests.helpers.broker_core import HOST, TECHNICIAN, Table, believed, control, messages, noted, one, refused
from trust.signatures import Ed25519Signer
from wire.limits import CALL_CLOCK_SECONDS, CALL_SECONDS
from wire.messages.call import CallAsk, CallAsked, CallQueued, CallSeen, CallWanted
from wire.messages.presence import EndRole
from wire.statements import Label


def wanted(table: Table, **changed: Any) -> CallWanted:
    """What an honest console signs."""
    return replace(CallWanted(TECHNICIAN, HOST, "b-broker", Purpose.FAULT, "CASE-1", int(table.now.utc)), **changed)


def ask(table: Table, console: ConsoleControl, part: object = None, signer: Ed25519Signer | None = None) -> list[Any]:
    """Sign and ask."""
    statement = (signer or table.device).sign(Label.CALL_WANTED, part or wanted(table))
    return table.run(console, control(CallAsk(statement)))


def test_a_host_that_is_there_gets_it_at_once_and_the_console_hears_when_it_is_shown() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    commands = ask(table, console)
    kinds = [type(command).__name__ for command in commands]
    assert kinds.index("Record") < kinds.index("KeepCall") < kinds.index("Send")
    assert one(commands, CallQueued) == CallQueued(HOST, shown=False)
    assert one(commands, CallAsked).technician_id == TECHNICIAN
    seen = table.run(host, control(CallSeen(TECHNICIAN, int(table.now.utc), shown=True)))
    assert one(seen, CallQueued) == CallQueued(HOST, shown=True)
    assert log.CallDelivered(technician_id=TECHNICIAN, host_id=HOST, shown=True) in noted(seen)
    assert [type(each) for each in seen if isinstance(each, ForgetCall)] == [ForgetCall]
    assert table.board.calls == {}
    assert table.run(host, control(CallSeen(TECHNICIAN, int(table.now.utc), shown=True))) == []


def test_it_opens_nothing() -> None:
    table = Table()
    table.host_in()
    ask(table, table.console_in())
    assert (table.board.visits, table.board.tickets) == ({}, {})


def test_it_waits_for_a_host_that_is_away_and_the_newest_takes_the_place_of_an_older_one() -> None:
    table = Table()
    console = table.console_in()
    assert messages(ask(table, console), CallAsked) == []
    table.wait(5)
    ask(table, console, wanted(table, case_reference="CASE-2"))
    assert len(table.board.calls) == 1
    core = table.host_core()
    delivered = table.prove(core, EndRole.HOST, HOST, table.host_key)
    assert one(delivered, CallAsked).statement.payload.count(b"CASE-2") == 1
    late = table.run(core, control(CallSeen(TECHNICIAN, int(table.now.utc) - 5, shown=True)))
    assert (late, len(table.board.calls)) == ([], 1)
    dropped = table.run(core, control(CallSeen(TECHNICIAN, int(table.now.utc), shown=False)))
    assert messages(dropped, CallQueued) == []
    assert table.board.calls == {}


def test_nobody_waits_longer_than_a_day_or_for_an_instrument_that_is_not_theirs_any_more() -> None:
    for change in ("time", "group"):
        table = Table()
        ask(table, table.console_in())
        if change == "time":
            table.wait(CALL_SECONDS + 1)
            table.board.believed = believed(table.person, table.listed, over=table.now.utc + 60)
        else:
            table.board.believed = believed(replace(table.person, groups=("red",)), table.listed)
        delivered = table.prove(table.host_core(), EndRole.HOST, HOST, table.host_key)
        assert messages(delivered, CallAsked) == []
        assert log.CallDropped(technician_id=TECHNICIAN, host_id=HOST) in noted(delivered)
        assert table.board.calls == {}


def told(table: Table, part: object = None, signer: Ed25519Signer | None = None) -> Reason:
    """Ask and be refused."""
    commands = ask(table, table.console_in(), part, signer)
    (reason,) = refused(commands)
    assert FrameRefused(subject=TECHNICIAN, reason=reason, what="call_ask") in noted(commands)
    assert table.board.calls == {}
    assert [each for each in commands if isinstance(each, KeepCall)] == []
    return reason


def test_it_is_signed_by_the_device_of_this_socket_for_this_broker_and_now() -> None:
    assert told(Table(), signer=Ed25519Signer(b"x" * 32)) is Reason.SIGNATURE_INVALID
    for changed in ({"technician_id": "t-other"}, {"broker_id": "b-other"}):
        assert told(Table(), wanted(Table(), **changed)) is Reason.IDENTITY_NOT_PROVEN
    for late in (-CALL_CLOCK_SECONDS - 1, CALL_CLOCK_SECONDS + 1):
        assert told(Table(), wanted(Table(), at=int(Table().now.utc) + late)) is Reason.WRONG_MOMENT


def test_a_host_of_another_group_and_one_that_there_is_not_are_answered_alike() -> None:
    assert told(Table(), wanted(Table(), host_id="h-none")) is Reason.NOT_ASSIGNED
    table = Table()
    console = table.console_in()
    table.board.believed = believed(replace(table.person, groups=("red",)), table.listed)
    assert refused(ask(table, console)) == [Reason.NOT_ASSIGNED]


def test_what_cannot_be_recorded_does_not_wait() -> None:
    table = Table()
    console = table.console_in()
    table.durable = False
    commands = ask(table, console)
    assert refused(commands) == [Reason.LOG_UNAVAILABLE]
    assert [type(each) for each in commands if isinstance(each, (Record, KeepCall))] == [Record]
    assert table.board.calls == {}


def test_an_instrument_is_no_notice_board() -> None:
    table = Table()
    console = table.console_in()
    for _ in range(CALL_BRAKE.failures):
        assert one(ask(table, console), CallQueued) == CallQueued(HOST, shown=False)
    braked = ask(table, console)
    assert refused(braked) == [Reason.TOO_MANY_TRIES]
    assert [each for each in braked if isinstance(each, KeepTally)] == []


@pytest.mark.parametrize("shown", [True, False])
def test_a_technician_who_has_left_hears_nothing(shown: bool) -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    ask(table, console)
    table.run(console, Closed())
    assert messages(table.run(host, control(CallSeen(TECHNICIAN, int(table.now.utc), shown=shown))), CallQueued) == []
    assert table.board.calls == {}
