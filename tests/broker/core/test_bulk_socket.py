"""One end's bulk socket: its pass first, then files and nothing else, and its end."""

from broker.core.commands import StartTimer
from broker.core.events import Closed, Fired, Received, Timer
from broker.core.lanes import Relayed
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_core import control, framed, messages, noted, refused
from tests.helpers.broker_files import Files, closed, record
from wire.frames import FrameKind
from wire.limits import BULK_IDLE_SECONDS
from wire.messages.ledger import Ended, Withdrawn
from wire.messages.session import BulkWanted, SessionOver
from wire.statements import Label


def test_what_is_no_pass_is_turned_away_and_a_pass_ends_its_own_deadline() -> None:
    files = Files()
    assert refused(files.table.run(files.socket(None), Received(b"\x01{}"))) == [Reason.MALFORMED]
    files.enter(files.console)
    assert files.table.run(files.console, Fired(Timer.AUTHENTICATION)) == []


def test_records_of_files_pass_to_the_other_bulk_socket_and_nothing_else_does() -> None:
    files = Files().joined()
    data = framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2, 1000))
    assert files.console.judge(data.data, files.table.now) == (Relayed.FORWARD, files.host._socket)
    (sent,) = files.table.run(files.console, data)
    assert (sent.to, sent.frame) == (files.host._socket, data.data)
    for frame in (
        framed(FrameKind.SEALED, record(Lane.CONTROL, 0)),
        framed(FrameKind.LEDGER, b"{}"),
        control(BulkWanted(files.meeting.visit.session_id)),
    ):
        other = Files().joined()
        over = other.table.run(other.console, frame)
        assert {said.cause for said in messages(over, SessionOver)} == {EndCause.PEER_MISBEHAVED}


def test_a_file_does_not_pass_on_the_session_socket() -> None:
    files = Files().joined()
    commands = files.table.run(files.meeting.console_end, framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2)))
    assert {said.cause for said in messages(commands, SessionOver)} == {EndCause.PEER_MISBEHAVED}


def test_a_closed_grant_discards_and_the_sockets_go_after_a_while() -> None:
    files = Files().joined()
    withdrawn = Withdrawn(files.meeting.visit.session_id, 2, "h-one", Permission.FILE_TO_HOST, 1, done=True)
    commands = files.meeting.by_host(Label.WITHDRAWN, withdrawn)
    assert [event.done for event in noted(commands) if hasattr(event, "done")] == [True]
    assert files.console.judge(framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2)).data, files.table.now)[0] is Relayed.DISCARD
    assert closed(files.table.run(files.host, Fired(Timer.BULK_IDLE))) == {files.host._socket, files.console._socket}


def test_a_socket_that_carries_a_file_stays() -> None:
    files = Files().joined()
    (timer,) = files.table.run(files.host, Fired(Timer.BULK_IDLE))
    assert isinstance(timer, StartTimer)
    assert timer.seconds == BULK_IDLE_SECONDS
    alone = Files()
    alone.enter(alone.host)
    assert closed(alone.table.run(alone.host, Fired(Timer.BULK_IDLE))) == {alone.host._socket}


def test_the_end_of_a_visit_closes_its_bulk_sockets() -> None:
    files = Files().joined()
    commands = files.table.run(files.meeting.host_end, Closed())
    assert closed(commands) >= {files.host._socket, files.console._socket}
    assert files.table.run(files.host, framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2))) == []
    assert files.table.run(files.host, Closed()) == []
    assert refused(files.enter(files.socket(None))) == [Reason.PASS_INVALID]


def test_a_right_pass_proves_the_socket() -> None:
    files = Files()
    assert not files.host.proven
    files.enter(files.host)
    assert files.host.proven


def test_before_a_pass_nothing_is_relayed() -> None:
    files = Files()
    assert files.host.judge(framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2)).data, files.table.now) == (Relayed.MISBEHAVED, None)
    assert files.host.peer() is None
    assert files.table.run(files.host, Closed()) == []


def test_a_record_after_the_end_means_nothing() -> None:
    files = Files().joined()
    meeting = files.meeting
    ended = Ended(meeting.visit.session_id, meeting.visit.host_id, EndCause.HOST_ENDED, 1)
    meeting.by_host(Label.ENDED, ended)
    assert files.table.run(files.host, framed(FrameKind.SEALED, record(Lane.FILE_TO_HOST, 2))) == []


def test_when_one_end_loses_its_socket_the_others_is_closed_too() -> None:
    files = Files().joined()
    assert closed(files.table.run(files.console, Closed())) == {files.host._socket}
