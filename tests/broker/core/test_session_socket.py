"""One end's session socket: its pass first, then only what its state allows."""

from dataclasses import replace

import pytest

from broker.core.commands import Note, Record, Send, StartTimer
from broker.core.events import Closed, Fired, Received, Timer
from broker.core.lanes import Relayed
from broker.core.session_socket import SessionSocket
from policy.carrier import Carrier, DirectCause
from policy.decision import Reason
from policy.permissions import Lane
from policy.session import EndCause
from tests.helpers.broker_core import Meeting, Table, control, framed, messages, noted, refused
from tests.helpers.broker_second import admitted, met
from wire.frames import Frame, FrameKind, RecordHeader
from wire.messages.presence import EndRole
from wire.messages.session import BulkOffered, BulkWanted, CarrierReport, PeerPresent, SessionOver, SocketPass


def record(lane: Lane, grant: int) -> bytes:
    return RecordHeader(lane, grant, 0, 0).encode() + bytes(50)


def causes(commands: list[object]) -> set[EndCause]:
    return {said.cause for said in messages(commands, SessionOver)}


def test_a_socket_with_its_pass_has_no_deadline_and_one_without_is_missed_by_nobody() -> None:
    table = Table()
    assert table.run(SessionSocket(table.board, table.socket(), "192.0.2.9", None), Closed()) == []
    meeting = table.meet()
    assert table.run(meeting.host_end, Fired(Timer.AUTHENTICATION)) == []


def test_both_ends_hear_when_the_second_has_come() -> None:
    meeting = Table().admitted()
    proven = [meeting.host_end.proven]
    assert messages(meeting.join(meeting.host_end, EndRole.HOST), PeerPresent) == []
    assert [*proven, meeting.host_end.proven] == [False, True]
    assert len(messages(meeting.join(meeting.console_end, EndRole.CONSOLE), PeerPresent)) == 2


@pytest.mark.parametrize("data", [b"", Frame(FrameKind.CONTROL, b"{}").encode()])
def test_what_is_no_pass_is_turned_away(data: bytes) -> None:
    table = Table()
    core = SessionSocket(table.board, table.socket(), "192.0.2.9", None)
    commands = table.run(core, Received(data))
    assert refused(commands) == [Reason.MALFORMED]
    assert noted(commands)[0].subject == "192.0.2.9"


def test_handshakes_are_forwarded_unread_until_the_agreement_is_confirmed() -> None:
    meeting = Table().meet()
    frame = framed(FrameKind.HANDSHAKE, b"anything")
    assert meeting.table.run(meeting.host_end, frame) == [Send(meeting.console_end._socket, frame.data)]
    meeting.seal()
    assert causes(meeting.table.run(meeting.host_end, frame)) == {EndCause.PEER_MISBEHAVED}


def test_sealed_frames_take_the_same_decision_on_either_path() -> None:
    meeting = Table().meet()
    table = meeting.table
    ours = framed(FrameKind.SEALED, record(Lane.CONTROL, 0))
    assert meeting.host_end.judge(ours.data, table.now) == (Relayed.FORWARD, meeting.console_end._socket)
    assert table.run(meeting.host_end, ours) == [Send(meeting.console_end._socket, ours.data)]
    meeting.view()
    meeting.visit.lanes.close(Lane.SCREEN, 1)
    assert table.run(meeting.host_end, framed(FrameKind.SEALED, record(Lane.SCREEN, 1))) == []
    assert causes(table.run(meeting.host_end, framed(FrameKind.SEALED, record(Lane.SCREEN, 2)))) == {EndCause.PEER_MISBEHAVED}
    assert table.run(meeting.host_end, ours) == []


def test_nothing_is_relayed_before_both_ends_are_there() -> None:
    meeting = Table().admitted()
    frame = framed(FrameKind.SEALED, record(Lane.CONTROL, 0))
    assert meeting.host_end.judge(frame.data, meeting.table.now) == (Relayed.MISBEHAVED, None)
    meeting.join(meeting.host_end, EndRole.HOST)
    assert meeting.host_end.judge(frame.data, meeting.table.now) == (Relayed.MISBEHAVED, None)
    assert causes(meeting.table.run(meeting.host_end, frame)) == {EndCause.PEER_MISBEHAVED}


@pytest.mark.parametrize("data", [b"\x09", control(SocketPass("s", bytes(32))).data])
def test_what_does_not_belong_on_the_socket_ends_the_visit(data: bytes) -> None:
    meeting = Table().meet()
    assert causes(meeting.table.run(meeting.host_end, Received(data))) == {EndCause.PEER_MISBEHAVED}


def lost(meeting: Meeting) -> set[EndCause]:
    return causes(meeting.table.run(meeting.host_end, Closed()))


def test_a_cut_socket_ends_the_visit_once() -> None:
    meeting = Table().meet()
    assert lost(meeting) == {EndCause.CONNECTION_LOST}
    assert lost(meeting) == set()


def test_a_socket_that_its_end_has_left_behind_says_nothing_any_more() -> None:
    meeting = Table().meet()
    meeting.view()
    table, visit = meeting.table, meeting.visit
    left = visit.entries[EndRole.HOST].socket
    visit.entries[EndRole.HOST].socket = table.socket()
    assert meeting.host_end.judge(Frame(FrameKind.SEALED, record(Lane.SCREEN, 1)).encode(), table.now) == (Relayed.DISCARD, None)
    assert table.run(meeting.host_end, framed(FrameKind.LEDGER, b"x")) == []
    assert table.run(meeting.host_end, Closed()) == []
    visit.entries[EndRole.HOST].socket = left
    table.run(meeting.host_end, Closed())
    assert visit.parted is not None
    for entry in visit.entries.values():
        entry.used = False
    meeting.host_end.visit = meeting.console_end.visit = None
    meeting.join(meeting.host_end, EndRole.HOST)
    assert len(messages(meeting.join(meeting.console_end, EndRole.CONSOLE), PeerPresent)) == 2


def test_an_end_may_want_another_bulk_socket_and_nothing_else_of_the_broker() -> None:
    meeting = Table().meet()
    meeting.view()
    meeting.file()
    visit = meeting.visit
    visit.bulk.passes.clear()
    assert len(messages(meeting.table.run(meeting.host_end, control(BulkWanted(visit.session_id))), BulkOffered)) == 2
    visit.bulk.passes.clear()
    assert meeting.table.run(meeting.host_end, control(BulkWanted("s-other"))) == []
    assert meeting.host_end.peer() == meeting.console_end._socket
    assert SessionSocket(meeting.table.board, meeting.table.socket(), "192.0.2.9", None).peer() is None


def test_the_host_says_which_way_content_takes_and_the_console_does_not() -> None:
    """What a report may say, and when: `test_carriage.py`."""
    meeting = Table().meet()
    meeting.seal()
    table, session = meeting.table, meeting.visit.session_id
    direct = CarrierReport(session, 1, Carrier.DIRECT, "10.0.0.0/8", "10.0.0.0/8", None, 0, 0)
    (recorded,) = table.run(meeting.host_end, control(direct))
    assert isinstance(recorded, Record)
    (note,) = table.run(meeting.host_end, control(CarrierReport(session, 1, Carrier.RELAY, "", "", DirectCause.SLOWER, 9, 9)))
    assert isinstance(note, Note)
    table.wait(2)
    assert causes(table.run(meeting.console_end, control(replace(direct, attempt=2)))) == {EndCause.PEER_MISBEHAVED}


@pytest.mark.parametrize(("attempt", "durable", "cause"), [(0, True, EndCause.PEER_MISBEHAVED), (1, False, EndCause.LOG_UNAVAILABLE)])
def test_a_report_that_is_wrong_or_cannot_be_recorded_ends_the_visit(attempt: int, durable: bool, cause: EndCause) -> None:
    meeting = Table().meet()
    meeting.seal()
    meeting.table.durable = durable
    said = CarrierReport(meeting.visit.session_id, attempt, Carrier.DIRECT, "10.0.0.0/8", "10.0.0.0/8", None, 0, 0)
    assert causes(meeting.table.run(meeting.host_end, control(said))) == {cause}


def test_the_deadlines_of_the_visit_are_not_those_of_whoever_watches_it() -> None:
    table, meeting = met()
    watch = admitted(table, meeting)
    watch.join(watch.host_end, EndRole.HOST)
    commands = watch.join(watch.console_end, EndRole.CONSOLE)
    assert len(messages(commands, PeerPresent)) == 2
    assert not any(isinstance(each, StartTimer) for each in commands)
