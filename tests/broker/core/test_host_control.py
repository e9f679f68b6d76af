"""The control socket of a host, from hello to its end."""

from dataclasses import replace

import pytest

from audit.events import broker as log
from broker.core.board import Ticket
from broker.core.commands import Call, Close, Command, Draw, HostRecord, Record, StartTimer
from broker.core.events import Closed, Fired, Opened, Received, Timer
from policy.decision import Reason
from policy.one_time import TicketStanding, TicketState
from policy.purpose import Purpose
from policy.session import EndCause, SessionState
from tests.helpers.broker_core import HALF, HOST, SALT, TECHNICIAN, Table, control, framed, messages, noted, one, refused, unlisted
from tests.helpers.broker_second import joined, met, open_watch
from tests.helpers.playbook import Playbook, Reply
from trust.signatures import Ed25519Signer
from wire.code import first_half_digest
from wire.frames import FrameKind
from wire.messages.call import CallSeen, CallWanted
from wire.messages.evidence import Head, HeadWanted, ReceiptSealed
from wire.messages.presence import EndRole, Hello, HostState, Instruments, Welcome
from wire.messages.session import LeaseHeld, LeaseRenew, ReconnectOffered, ReconnectWanted, SessionOver, VisitLeft
from wire.messages.ticket import TicketBurnt, TicketClose, TicketOpen, TicketOpened, TicketOver, TicketSpent
from wire.statements import Label

OPEN = TicketOpen(SALT, first_half_digest(SALT, HALF))


def test_a_socket_that_stays_silent_is_closed_after_five_seconds() -> None:
    table = Table()
    core = table.host_core()
    (timer,) = table.run(core, Opened())
    assert isinstance(timer, StartTimer)
    assert (timer.timer, timer.seconds) == (Timer.AUTHENTICATION, 5)
    assert refused(table.run(core, Fired(Timer.AUTHENTICATION))) == [Reason.IDENTITY_NOT_PROVEN]
    assert table.run(core, Fired(Timer.LEASE)) == []
    assert table.run(core, Closed()) == []


def test_a_host_that_proves_its_key_is_welcomed_and_recorded_first() -> None:
    table = Table()
    core = table.host_core()
    nonce, proven = table.greet(core, EndRole.HOST, HOST), [core.proven]
    book = Playbook(core.handle, table.now) >> table.proof(EndRole.HOST, HOST, nonce, table.host_key)
    commands = book.drain(table.answer)
    assert [type(command).__name__ for command in commands] == ["Record", "Send"]
    assert noted(commands) == [log.HostConnected(host_id=HOST, address="192.0.2.1", listed=True)]
    assert one(commands, Welcome).listed
    assert [*proven, core.proven] == [False, True]
    assert table.run(core, Fired(Timer.AUTHENTICATION)) == []


def test_a_host_that_is_not_listed_proves_the_key_it_enrolled_and_is_new() -> None:
    table = Table(enrolled=HostRecord(Table().host_key.public_key, "Site", phi=True))
    unlisted(table)
    core = table.host_core()
    assert not one(table.prove(core, EndRole.HOST, HOST, table.host_key), Welcome).listed
    assert refused(table.run(core, control(OPEN))) == [Reason.HOST_NOT_LISTED]


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_key_and_an_unknown_name_are_answered_alike(known: bool) -> None:
    table = Table()
    core, name = table.host_core(), HOST if known else "h-nobody"
    commands = table.prove(core, EndRole.HOST, name, Ed25519Signer(b"x" * 32))
    assert refused(commands) == [Reason.IDENTITY_NOT_PROVEN]
    assert Close(commands[0].to, Reason.IDENTITY_NOT_PROVEN) in commands
    assert [event.host_given for event in noted(commands)] == [name]


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        (Hello(2, EndRole.HOST, HOST, bytes(32), (), ()), Reason.VERSION_NOT_SPOKEN),
        (Hello(1, EndRole.CONSOLE, HOST, bytes(32), (), ()), Reason.IDENTITY_NOT_PROVEN),
    ],
)
def test_a_hello_for_something_else_is_refused(hello: Hello, reason: Reason) -> None:
    table = Table()
    assert refused(table.run(table.host_core(), control(hello))) == [reason]


def test_what_is_no_message_closes_the_socket() -> None:
    table = Table()
    assert refused(table.run(table.host_core(), Received(b"?"))) == [Reason.MALFORMED]
    host = table.host_in()
    commands = table.run(host, framed(FrameKind.SEALED, bytes(40)))
    assert refused(commands) == [Reason.MALFORMED]
    assert noted(commands)[0].subject == HOST


@pytest.mark.parametrize("stopping", [True, False])
def test_nobody_comes_in_when_it_cannot_be_recorded_or_the_broker_stops(stopping: bool) -> None:
    table = Table(durable=stopping)
    table.board.stopping = stopping
    core = table.host_core()
    assert refused(table.prove(core, EndRole.HOST, HOST, table.host_key)) == [Reason.LOG_UNAVAILABLE]
    assert core.host is None
    assert table.board.hosts == {}


def test_a_second_proven_socket_takes_over_and_the_first_is_heard_no_more() -> None:
    table = Table()
    elder = table.host_in()
    number = table.ticket(elder)
    younger = table.host_core()
    commands = table.prove(younger, EndRole.HOST, HOST, table.host_key)
    assert elder.host is not None
    assert Close(elder.host.socket, Reason.TAKEN_OVER) in commands
    assert table.board.tickets[number].standing.state is TicketState.CLOSED
    assert table.run(elder, control(OPEN)) == []
    assert table.run(elder, Fired(Timer.TICKET)) == []
    assert table.run(elder, Closed()) == []
    assert table.board.hosts[HOST] is younger.host


def test_a_takeover_ends_the_visit_of_the_elder() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.prove(table.host_core(), EndRole.HOST, HOST, table.host_key)
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CONNECTION_LOST}
    assert meeting.visit.over


def test_a_code_is_recorded_then_shown_and_technicians_see_it() -> None:
    table = Table()
    host, console = table.host_in(), table.console_in()
    commands = table.run(host, control(OPEN))
    opened = one(commands, TicketOpened)
    assert opened.seconds == 600
    assert [type(event) for event in noted(commands)] == [log.TicketOpened]
    assert console.console is not None
    assert one(commands, Instruments, console.console.socket).items[0].state is HostState.CALLING


def test_a_newer_code_closes_the_elder_and_a_number_is_never_given_twice() -> None:
    table = Table()
    host = table.host_in()
    elder = table.ticket(host)
    table.ticket(host)
    assert table.board.tickets[elder].standing.state is TicketState.CLOSED
    draws = [int(elder).to_bytes(8, "big"), (7).to_bytes(8, "big")]
    again = Playbook(host.handle, table.now) >> control(OPEN)
    commands = again.drain(lambda command: draws.pop(0) if isinstance(command, Draw) else table.answer(command))
    assert one(commands, TicketOpened).ticket == "000007"


def test_a_code_that_cannot_be_recorded_is_not_shown() -> None:
    table = Table()
    host = table.host_in()
    table.durable = False
    assert refused(table.run(host, control(OPEN))) == [Reason.LOG_UNAVAILABLE]
    assert table.board.tickets == {}


def test_no_code_is_shown_during_a_visit() -> None:
    table = Table()
    meeting = table.meet()
    assert refused(table.run(meeting.host, control(OPEN))) == [Reason.HOST_BUSY]


def test_the_host_takes_its_code_back_and_only_its_own() -> None:
    table = Table()
    host = table.host_in()
    number = table.ticket(host)
    assert table.run(host, control(TicketClose("000000"))) == []
    assert [event.reason for event in noted(table.run(host, control(TicketClose(number))))] == [None]
    assert table.run(host, control(TicketClose(number))) == []


def test_a_spent_code_moves_the_visit_on_and_only_once() -> None:
    table = Table()
    meeting = table.meet()
    meeting.seal()
    assert meeting.visit.state is SessionState.SEALED
    assert table.board.tickets[meeting.visit.ticket].standing.state is TicketState.SPENT
    again = table.run(meeting.host, control(TicketSpent(meeting.visit.ticket, meeting.visit.session_id)))
    assert refused(again) == [Reason.WRONG_MOMENT]
    assert refused(table.run(meeting.host, control(TicketSpent("000000", "s-other")))) == [Reason.WRONG_MOMENT]


def test_a_burnt_code_ends_the_visit_or_just_the_code() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.run(meeting.host, control(TicketBurnt(meeting.visit.ticket, meeting.visit.session_id)))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CODE_BURNT}
    number = table.ticket(meeting.host)
    table.run(meeting.host, control(TicketBurnt(number, "s-none")))
    assert table.board.tickets[number].standing.state is TicketState.BURNT


def test_a_lease_is_renewed_and_holds_the_reservation() -> None:
    table = Table()
    meeting = table.meet()
    table.wait(20)
    renewed = table.run(meeting.host, control(LeaseRenew(meeting.visit.session_id)))
    assert one(renewed, LeaseHeld) == LeaseHeld(meeting.visit.session_id, 30)
    assert table.board.tickets[meeting.visit.ticket].standing.reserved_at == table.now
    meeting.seal()
    assert one(table.run(meeting.host, control(LeaseRenew(meeting.visit.session_id))), LeaseHeld).seconds == 30
    assert refused(table.run(meeting.host, control(LeaseRenew("s-other")))) == [Reason.SESSION_OVER]


def test_without_renewal_it_is_noted_once_and_after_ninety_seconds_the_visit_ends() -> None:
    table = Table()
    meeting = table.meet()
    table.wait(29)
    (again,) = table.run(meeting.host, Fired(Timer.LEASE))
    assert again.seconds == 1
    table.wait(1)
    timer, lapsed = table.run(meeting.host, Fired(Timer.LEASE))
    assert timer.seconds == 60
    assert lapsed.event == log.LeaseLapsed(session_id=meeting.visit.session_id, host_id=HOST)
    table.wait(59)
    (last,) = table.run(meeting.host, Fired(Timer.LEASE))
    assert (last.seconds, meeting.visit.over) == (1, False)
    table.wait(1)
    commands = table.run(meeting.host, Fired(Timer.LEASE))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.LEASE_EXPIRED}
    assert table.run(meeting.host, Fired(Timer.LEASE)) == []


def test_a_host_that_is_heard_again_goes_on() -> None:
    table = Table()
    meeting = table.meet()
    table.wait(40)
    table.run(meeting.host, Fired(Timer.LEASE))
    assert meeting.visit.lapsed
    assert one(table.run(meeting.host, control(LeaseRenew(meeting.visit.session_id))), LeaseHeld).seconds == 30
    assert (meeting.visit.lapsed, meeting.visit.lease_left(table.now)) == (False, 30)


def test_an_end_that_never_joins_ends_the_visit() -> None:
    table = Table()
    meeting = table.admitted()
    commands = table.run(meeting.host, Fired(Timer.JOIN))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CONNECTION_LOST}
    joined = table.meet()
    assert table.run(joined.host, Fired(Timer.JOIN)) == []


def test_a_visit_ends_after_an_hour_and_not_before() -> None:
    table = Table()
    meeting = table.meet()
    table.wait(3599)
    assert table.run(meeting.host, Fired(Timer.HARD_LIMIT)) == []
    table.wait(1)
    commands = table.run(meeting.host, Fired(Timer.HARD_LIMIT))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.TIME_LIMIT}


def test_a_code_runs_out_after_ten_minutes_and_ends_an_agreement_that_still_runs() -> None:
    table = Table()
    host = table.host_in()
    assert table.run(host, Fired(Timer.TICKET)) == []
    number = table.ticket(host)
    table.wait(599)
    (again,) = table.run(host, Fired(Timer.TICKET))
    assert again.seconds == 1
    table.wait(1)
    assert one(table.run(host, Fired(Timer.TICKET)), TicketOver) == TicketOver(number, Reason.CODE_EXPIRED)
    meeting = table.meet()
    table.wait(600)
    commands = table.run(meeting.host, Fired(Timer.TICKET))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CODE_EXPIRED}


def test_a_host_that_goes_takes_its_code_and_visit_with_it() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.run(meeting.host, Closed())
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CONNECTION_LOST}
    assert log.HostDisconnected(host_id=HOST) in noted(commands)
    assert table.board.hosts == {}


def test_a_host_that_loses_its_place_while_its_code_is_recorded_shows_none() -> None:
    table = Table()
    host = table.host_in()
    book = Playbook(host.handle, table.now) >> control(OPEN)
    book << Draw >> Reply(bytes(8)) << Record
    table.prove(table.host_core(), EndRole.HOST, HOST, table.host_key)
    (book >> Reply(True)).drain(table.answer)
    assert table.board.tickets == {}


def test_a_request_that_the_host_has_seen_finds_its_part() -> None:
    table = Table()
    host = table.host_in()
    statement = table.device.sign(Label.CALL_WANTED, CallWanted(TECHNICIAN, HOST, "b-broker", Purpose.FAULT, "CASE-1", 1))
    table.board.calls[HOST, TECHNICIAN] = Call(HOST, TECHNICIAN, statement, 1)
    table.run(host, control(CallSeen(TECHNICIAN, 1, shown=True)))
    assert table.board.calls == {}


def test_what_a_host_says_of_logs_is_answered_or_closes_the_connection() -> None:
    table = Table()
    host = table.host_in()
    assert one(table.run(host, control(HeadWanted(0, ""))), Head) == table.log.head(0)
    table.host_log.add(*table.log.events)
    assert refused(table.run(host, control(table.host_log.head(0, "")))) == []
    assert refused(table.run(host, control(table.host_log.head(0, "")))) == [Reason.WRONG_MOMENT]


def test_a_receipt_of_a_visit_that_never_was_is_refused() -> None:
    table = Table()
    assert refused(table.run(table.host_in(), control(ReceiptSealed("s-never", b"sealed")))) == [Reason.WRONG_MOMENT]


def test_a_host_in_doubt_gets_no_code() -> None:
    table = Table()
    host = table.host_in()
    table.board.doubted[HOST] = True
    assert refused(table.run(host, control(OPEN))) == [Reason.LOG_DOUBTED]
    assert table.board.tickets == {}


def test_a_host_comes_back_to_its_visit_or_leaves_it_and_a_new_code_gives_it_up() -> None:
    meeting = Table().meet()
    meeting.view()
    table, visit = meeting.table, meeting.visit
    table.run(meeting.host, Closed())
    assert visit.parted is not None
    core = table.host_in()
    assert core.host is not None
    assert core.host.visit is visit
    assert messages(table.run(core, control(ReconnectWanted(visit.session_id))), ReconnectOffered)
    table.run(core, control(VisitLeft(visit.session_id)))
    assert visit.over
    meeting = Table().meet()
    meeting.view()
    meeting.table.run(meeting.host_end, Closed())
    assert meeting.table.ticket(meeting.host)
    assert meeting.visit.over


def test_a_host_may_ask_for_a_number_that_is_one_and_that_was_never_given() -> None:
    table = Table()
    host = table.host_in()
    assert one(table.run(host, control(replace(OPEN, ticket="015886"))), TicketOpened).ticket == "015886"
    assert refused(table.run(host, control(replace(OPEN, ticket="015886")))) == [Reason.CODE_USED]
    for number in ("01588x", "٠١٢٣٤٥"):
        assert refused(table.run(host, control(replace(OPEN, ticket=number)))) == [Reason.MALFORMED]
    assert table.board.tickets["015886"].standing.state is TicketState.OPEN


def test_a_number_that_another_host_was_given_while_it_was_recorded_is_not_given_twice() -> None:
    table = Table()
    host = table.host_in()
    book = Playbook(host.handle, table.now) >> control(replace(OPEN, ticket="015886"))

    def meanwhile(command: Command) -> object:
        if isinstance(command, Record):
            table.board.tickets["015886"] = Ticket("015886", "h-2", SALT, bytes(32), TicketStanding(table.now))
        return table.answer(command)

    assert refused(book.drain(meanwhile)) == [Reason.CODE_USED]
    assert table.board.tickets["015886"].host_id == "h-2"


def test_a_second_code_is_for_the_visit_that_runs_and_changes_none_of_its_deadlines() -> None:
    table, meeting = met()
    assert refused(open_watch(meeting, "s-other")) == [Reason.SESSION_OVER]
    watch = joined(table, meeting)
    done = table.run(meeting.host, control(LeaseRenew(watch.visit.session_id)))
    assert [each.session_id for each in messages(done, LeaseHeld)] == [watch.visit.session_id]
    assert not any(isinstance(each, StartTimer) for each in done)
    watch.seal()
    assert watch.visit.lanes._chat is None, "there is no chat for whoever only watches"
    assert table.run(meeting.host, Fired(Timer.JOIN)) == []
