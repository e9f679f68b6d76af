"""The control socket of a technician, from hello to its end."""

from dataclasses import replace

import pytest

from audit.events import broker as log
from audit.events.visit import FrameRefused
from broker.core.commands import Close, Record, SignInId, SocketId
from broker.core.console_control import leave
from broker.core.events import Closed, Fired, Opened, Received, Timer
from policy.decision import Reason
from policy.purpose import Purpose
from policy.roles import Role
from policy.session import EndCause
from tests.helpers.broker_core import HOST, TECHNICIAN, Table, believed, control, messages, noted, one, refused
from tests.helpers.playbook import Playbook, Reply
from trust.signatures import Ed25519Signer
from wire.messages.call import CallAsk, CallQueued, CallWanted
from wire.messages.evidence import Head, HeadWanted
from wire.messages.presence import EndRole, Hello, HostState, Instruments, Welcome
from wire.messages.session import ReconnectOffered, ReconnectWanted, SessionOver, VisitLeft
from wire.statements import Label

CONSOLE = EndRole.CONSOLE


def test_a_socket_that_stays_silent_is_closed_after_five_seconds() -> None:
    table = Table()
    core = table.console_core()
    (timer,) = table.run(core, Opened())
    assert (timer.timer, timer.seconds) == (Timer.AUTHENTICATION, 5)
    assert refused(table.run(core, Fired(Timer.AUTHENTICATION))) == [Reason.IDENTITY_NOT_PROVEN]
    assert table.run(core, Fired(Timer.TICKET)) == []
    assert table.run(core, Closed()) == []


def test_a_recognised_device_is_recorded_welcomed_and_shown_its_instruments() -> None:
    table = Table()
    table.host_in()
    core = table.console_core()
    proven = [core.proven]
    commands = table.prove(core, CONSOLE, TECHNICIAN, table.device)
    assert [*proven, core.proven] == [False, True]
    assert noted(commands) == [log.TechnicianConnected(technician_id=TECHNICIAN, fingerprint="ed25519", address="192.0.2.2")]
    assert one(commands, Welcome).listed
    assert [item.state for item in one(commands, Instruments).items] == [HostState.READY]
    assert table.run(core, Fired(Timer.AUTHENTICATION)) == []


@pytest.mark.parametrize("stopping", [True, False])
def test_nobody_comes_in_when_it_cannot_be_recorded_or_the_broker_stops(stopping: bool) -> None:
    table = Table(durable=stopping)
    table.board.stopping = stopping
    assert refused(table.prove(table.console_core(), CONSOLE, TECHNICIAN, table.device)) == [Reason.LOG_UNAVAILABLE]
    assert table.board.consoles == {}


def test_a_device_that_the_documents_do_not_list_is_not_recognised() -> None:
    table = Table()
    commands = table.prove(table.console_core(), CONSOLE, TECHNICIAN, Ed25519Signer(b"x" * 32))
    assert refused(commands) == [Reason.DEVICE_NOT_RECOGNISED]
    assert noted(commands)[0].technician_given == TECHNICIAN
    table.board.believed = None
    assert refused(table.prove(table.console_core(), CONSOLE, TECHNICIAN, table.device)) == [Reason.DOCUMENT_STALE]


def test_a_device_that_was_struck_off_while_the_log_was_written_is_not_let_in() -> None:
    table = Table()
    core = table.console_core()
    nonce = table.greet(core, CONSOLE, TECHNICIAN)
    book = Playbook(core.handle, table.now) >> table.proof(CONSOLE, TECHNICIAN, nonce, table.device) << Record
    table.board.believed = believed(replace(table.person, authenticators=()), table.listed)
    book = book >> Reply(True)
    assert refused(book.drain(table.answer)) == [Reason.DEVICE_NOT_RECOGNISED]
    assert table.board.consoles == {}


def test_the_cookies_person_and_no_other_may_be_named() -> None:
    table = Table()
    core = table.console_core(technician_id="t-other")
    assert refused(table.run(core, control(Hello(1, CONSOLE, TECHNICIAN, bytes(32), (), ())))) == [Reason.IDENTITY_NOT_PROVEN]
    other = table.console_core()
    assert refused(table.run(other, control(Hello(9, CONSOLE, TECHNICIAN, bytes(32), (), ())))) == [Reason.VERSION_NOT_SPOKEN]


def test_a_proof_over_another_nonce_is_not_proof() -> None:
    table = Table()
    core = table.console_core()
    table.greet(core, CONSOLE, TECHNICIAN)
    assert refused(table.run(core, table.proof(CONSOLE, TECHNICIAN, bytes(32), table.device))) == [Reason.IDENTITY_NOT_PROVEN]


def test_what_is_no_message_closes_the_socket() -> None:
    table = Table()
    assert refused(table.run(table.console_core(), Received(b""))) == [Reason.MALFORMED]
    commands = table.run(table.console_in(), control(Hello(1, CONSOLE, TECHNICIAN, bytes(32), (), ())))
    assert refused(commands) == [Reason.MALFORMED]
    assert noted(commands)[0].subject == TECHNICIAN


def test_the_newest_console_of_a_sign_in_wins_and_its_visit_ends() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.prove(table.console_core(), CONSOLE, TECHNICIAN, table.device)
    assert meeting.console.console is not None
    assert Close(meeting.console.console.socket, Reason.TAKEN_OVER) in commands
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CONNECTION_LOST}
    assert table.run(meeting.console, Closed()) == []
    assert table.claim(meeting.console, "000000") == []
    table.prove(table.console_core(), CONSOLE, TECHNICIAN, table.device)
    table.console_in(SignInId(b"another browser"))
    assert len(table.board.consoles) == 2


def test_a_proven_console_has_no_deadline_and_leaves_alone() -> None:
    table = Table()
    console = table.console_in()
    assert table.run(console, Fired(Timer.AUTHENTICATION)) == []
    assert noted(table.run(console, Closed())) == [log.TechnicianDisconnected(technician_id=TECHNICIAN)]


def test_a_console_that_goes_ends_its_visit() -> None:
    table = Table()
    meeting = table.meet()
    commands = table.run(meeting.console, Closed())
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.CONNECTION_LOST}


def test_a_request_to_be_called_finds_its_part() -> None:
    table = Table()
    console = table.console_in()
    wanted = CallWanted(TECHNICIAN, HOST, "b-broker", Purpose.FAULT, "CASE-1", int(table.now.utc))
    commands = table.run(console, control(CallAsk(table.device.sign(Label.CALL_WANTED, wanted))))
    assert messages(commands, CallQueued) == [CallQueued(HOST, shown=False)]


def test_a_role_that_comes_to_no_visit_is_turned_away_at_its_first_message() -> None:
    table = Table()
    core = table.console_core(role=Role.ADMINISTRATOR)
    table.prove(core, CONSOLE, TECHNICIAN, table.device)
    commands = table.claim(core, "123456")
    assert refused(commands) == [Reason.ROLE_DENIES]
    assert commands[1] == Close(SocketId(1), Reason.ROLE_DENIES)
    assert noted(commands) == [FrameRefused(subject=TECHNICIAN, reason=Reason.ROLE_DENIES, what="ticket_claim")]


def test_who_may_stay_no_longer_leaves_with_the_visit_or_alone() -> None:
    table = Table()
    meeting = table.meet()
    here = meeting.console.console
    assert here is not None
    commands = table.carry(leave(table.board, here, EndCause.SIGNED_OUT, Reason.NOT_SIGNED_IN, table.now))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.SIGNED_OUT}
    assert commands[-1] == Close(here.socket, Reason.NOT_SIGNED_IN)
    alone = Table()
    console = alone.console_in().console
    assert console is not None
    assert len(alone.carry(leave(alone.board, console, EndCause.SIGNED_OUT, Reason.NOT_SIGNED_IN, alone.now))) == 2


def test_a_console_is_shown_where_the_log_stands_and_never_an_end() -> None:
    table = Table()
    console = table.console_in()
    assert one(table.run(console, control(HeadWanted(0, ""))), Head) == table.log.head(0)
    commands = table.run(console, control(HeadWanted(0, "s-1")))
    assert refused(commands) == [Reason.ROLE_DENIES]
    assert Close(commands[0].to, Reason.ROLE_DENIES) in commands


def test_a_console_comes_back_to_its_visit_or_leaves_it() -> None:
    meeting = Table().meet()
    meeting.view()
    table, visit = meeting.table, meeting.visit
    table.run(meeting.console, Closed())
    assert visit.parted is not None
    core = table.console_in()
    assert messages(table.run(core, control(ReconnectWanted(visit.session_id))), ReconnectOffered)
    table.run(core, control(VisitLeft(visit.session_id)))
    assert visit.over
