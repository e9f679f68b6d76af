"""The signed statements of a visit: what is recorded when, what opens, and what ends everything."""

from dataclasses import replace

import pytest

from audit.events import broker as doings
from audit.events import visit as log
from broker.core.commands import Close, Record, Send
from broker.core.lanes import Relayed
from broker.core.ledger import heard, misbehaved
from broker.core.session_socket import SessionSocket
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.purpose import Purpose
from policy.session import EndCause, SessionState
from tests.helpers.broker_core import FILE, HOST, TECHNICIAN, Meeting, Table, believed, control, framed, messages, noted, refused, unlisted
from tests.helpers.broker_second import seen
from tests.helpers.playbook import Playbook, Reply
from wire.frames import Frame, FrameKind, RecordHeader
from wire.messages.ledger import Answer, Ended, Withdrawn
from wire.messages.presence import EndRole
from wire.messages.session import SessionOver
from wire.messages.ticket import TicketSpent
from wire.schema import encode
from wire.statements import Label

PICTURE = Frame(FrameKind.SEALED, RecordHeader(Lane.SCREEN, 1, 0, 0).encode() + bytes(500)).encode()


def causes(commands: list[object]) -> set[EndCause]:
    return {said.cause for said in messages(commands, SessionOver)}


def sealed() -> Meeting:
    meeting = Table().meet()
    meeting.seal()
    return meeting


def viewing() -> Meeting:
    meeting = Table().meet()
    meeting.view()
    return meeting


def passes(meeting: Meeting, end: SessionSocket | None = None) -> Relayed:
    return (end or meeting.host_end).judge(PICTURE, meeting.table.now)[0]


def test_a_request_is_recorded_before_the_host_hears_it() -> None:
    meeting = sealed()
    commands = meeting.by_console(Label.ASKED, meeting.asked())
    assert [type(command) for command in commands] == [Record, Send]
    assert [type(event) for event in noted(commands)] == [log.Asked]
    assert meeting.visit.state is SessionState.ASKING


def test_an_allow_is_recorded_before_its_lane_opens() -> None:
    meeting = sealed()
    meeting.by_console(Label.ASKED, meeting.asked())
    frame = framed(FrameKind.LEDGER, encode(meeting.table.host_key.sign(Label.ANSWERED, meeting.answered())))
    book = Playbook(meeting.host_end.handle, meeting.table.now) >> frame << Record
    assert [type(event) for event in book.last.events] == [log.Answered, doings.LaneOpened]
    assert passes(meeting) is Relayed.MISBEHAVED
    (book >> Reply(True) << Send).end()
    assert passes(meeting) is Relayed.FORWARD
    assert meeting.visit.state is SessionState.VIEWING


def test_an_allow_that_cannot_be_recorded_opens_nothing_and_ends_the_visit() -> None:
    meeting = sealed()
    meeting.by_console(Label.ASKED, meeting.asked())
    meeting.table.durable = False
    assert causes(meeting.by_host(Label.ANSWERED, meeting.answered())) == {EndCause.LOG_UNAVAILABLE}
    assert passes(meeting) is Relayed.DISCARD


def test_a_visit_that_ends_while_its_allow_is_recorded_opens_nothing() -> None:
    meeting = sealed()
    meeting.by_console(Label.ASKED, meeting.asked())
    frame = framed(FrameKind.LEDGER, encode(meeting.table.host_key.sign(Label.ANSWERED, meeting.answered())))
    book = Playbook(meeting.host_end.handle, meeting.table.now) >> frame << Record
    meeting.by_console(Label.ENDED, Ended(meeting.visit.session_id, TECHNICIAN, EndCause.TECHNICIAN_ENDED, 1))
    (book >> Reply(True)).end()
    assert passes(meeting) is Relayed.DISCARD


def test_a_request_that_cannot_be_recorded_is_refused_and_may_come_again() -> None:
    meeting = sealed()
    meeting.table.durable = False
    assert refused(meeting.by_console(Label.ASKED, meeting.asked())) == [Reason.LOG_UNAVAILABLE]
    assert meeting.visit.asked is None
    assert meeting.visit.consent.pending == 0


@pytest.mark.parametrize(
    ("answer", "cause"), [(Answer.REFUSE, EndCause.REFUSED), (Answer.NO_ANSWER, EndCause.NO_ANSWER), (Answer.POLICY, EndCause.POLICY)]
)
def test_a_view_that_is_not_allowed_ends_the_visit_with_its_own_cause(answer: Answer, cause: EndCause) -> None:
    meeting = sealed()
    meeting.by_console(Label.ASKED, meeting.asked())
    commands = meeting.by_host(Label.ANSWERED, meeting.answered(answer=answer))
    assert causes(commands) == {cause}
    assert isinstance(commands[0], Send)
    assert [type(event) for event in noted(commands)] == [log.Answered, log.SessionEnded]


def test_a_refused_control_leaves_view_alone() -> None:
    meeting = viewing()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.CONTROL))
    assert causes(meeting.by_host(Label.ANSWERED, meeting.answered(2, Permission.CONTROL, Answer.REFUSE))) == set()
    assert passes(meeting) is Relayed.FORWARD
    meeting.by_console(Label.ASKED, meeting.asked(3, Permission.CONTROL))
    meeting.by_host(Label.ANSWERED, meeting.answered(3, Permission.CONTROL))
    assert [grant.number for grant in meeting.visit.consent.grants] == [1, 3]


@pytest.mark.parametrize(
    ("permission", "ask", "reason"),
    [
        (Permission.CONTROL, 1, Reason.REQUIRES_VIEW),
        (Permission.FILE_FROM_HOST, 1, Reason.REQUIRES_VIEW),
        (Permission.VIEW, 0, Reason.ALREADY_ASKED),
    ],
)
def test_a_request_that_policy_denies_is_refused_recorded_and_not_forwarded(permission: Permission, ask: int, reason: Reason) -> None:
    meeting = sealed()
    commands = meeting.by_console(Label.ASKED, meeting.asked(ask, permission))
    assert refused(commands) == [reason]
    assert [event.reason for event in noted(commands)] == [reason]
    assert not meeting.visit.over


def test_a_request_for_a_host_that_is_listed_no_more_is_refused() -> None:
    meeting = sealed()
    unlisted(meeting.table)
    assert refused(meeting.by_console(Label.ASKED, meeting.asked())) == [Reason.HOST_NOT_LISTED]


def test_a_refusal_to_a_console_that_left_is_only_recorded() -> None:
    meeting = sealed()
    meeting.visit.entries[EndRole.CONSOLE].socket = None
    statement = meeting.table.device.sign(Label.ASKED, meeting.asked(1, Permission.CONTROL))
    commands = meeting.table.carry(heard(meeting.table.board, meeting.visit, EndRole.CONSOLE, encode(statement), meeting.table.now))
    assert refused(commands) == []
    assert len(noted(commands)) == 1


def test_a_request_that_overtakes_the_confirmation_waits_for_it() -> None:
    meeting = Table().meet()
    assert meeting.by_console(Label.ASKED, meeting.asked()) == []
    commands = meeting.table.run(meeting.host, control(TicketSpent(meeting.visit.ticket, meeting.visit.session_id)))
    assert log.Asked in [type(event) for event in noted(commands)]
    assert meeting.visit.state is SessionState.ASKING
    early = Table().meet()
    early.by_console(Label.ASKED, early.asked())
    assert refused(early.by_console(Label.ASKED, early.asked(2))) == [Reason.WRONG_MOMENT]


@pytest.mark.parametrize(
    "change",
    [{"session_id": "s-other"}, {"technician_id": "t-other"}, {"host_id": "h-other"}, {"purpose": Purpose.OTHER}, {"case_reference": "X"}],
)
def test_a_request_about_something_else_ends_the_visit(change: dict[str, object]) -> None:
    meeting = sealed()
    assert causes(meeting.by_console(Label.ASKED, replace(meeting.asked(), **change))) == {EndCause.PEER_MISBEHAVED}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"session_id": "s-other"},
        {"ask": 2},
        {"technician_id": "t-x"},
        {"host_id": "h-x"},
        {"permission": Permission.CONTROL},
        {"reason": Reason.NO_ANSWER},
    ],
)
def test_an_answer_to_something_else_ends_the_visit(change: dict[str, object]) -> None:
    meeting = sealed()
    meeting.by_console(Label.ASKED, meeting.asked())
    answered = replace(meeting.answered(), **change)  # type: ignore[arg-type]
    assert causes(meeting.by_host(Label.ANSWERED, answered)) == {EndCause.PEER_MISBEHAVED}


def test_an_answer_to_nothing_ends_the_visit() -> None:
    meeting = viewing()
    assert causes(meeting.by_host(Label.ANSWERED, meeting.answered())) == {EndCause.PEER_MISBEHAVED}


@pytest.mark.parametrize("label", [Label.ASKED, Label.ANSWERED, Label.WITHDRAWN, Label.ENDED])
def test_a_statement_signed_by_another_ends_the_visit(label: Label) -> None:
    meeting = sealed()
    end = meeting.console_end if label is Label.ASKED else meeting.host_end
    signer = meeting.table.broker_key
    commands = meeting.table.run(end, framed(FrameKind.LEDGER, encode(signer.sign(label, meeting.asked()))))
    assert causes(commands) == {EndCause.PEER_MISBEHAVED}
    assert Reason.SIGNATURE_INVALID in [getattr(event, "reason", None) for event in noted(commands)]


@pytest.mark.parametrize("body", [b"{}", b"not JSON"])
def test_what_is_no_statement_ends_the_visit(body: bytes) -> None:
    meeting = sealed()
    assert causes(meeting.table.run(meeting.host_end, framed(FrameKind.LEDGER, body))) == {EndCause.PEER_MISBEHAVED}


def test_nobody_says_what_only_the_other_may_say() -> None:
    meeting = sealed()
    assert causes(meeting.by_host(Label.ASKED, meeting.asked())) == {EndCause.PEER_MISBEHAVED}


def test_a_technician_or_host_that_is_listed_no_more_signs_nothing() -> None:
    meeting = sealed()
    table = meeting.table
    table.board.believed = believed(replace(table.person, active=False), table.listed)
    assert causes(meeting.by_console(Label.ASKED, meeting.asked())) == {EndCause.PEER_MISBEHAVED}
    other = sealed()
    unlisted(other.table)
    assert causes(other.by_host(Label.ENDED, Ended(other.visit.session_id, HOST, EndCause.HOST_ENDED, 1))) == {EndCause.PEER_MISBEHAVED}


def test_a_withdrawn_view_shuts_its_lane_and_control_with_it_before_anything_is_recorded() -> None:
    meeting = viewing()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.CONTROL))
    meeting.by_host(Label.ANSWERED, meeting.answered(2, Permission.CONTROL))
    withdrawn = Withdrawn(meeting.visit.session_id, 1, HOST, Permission.VIEW, 1)
    meeting.table.durable = False
    commands = meeting.by_host(Label.WITHDRAWN, withdrawn)
    assert [type(event) for event in noted(commands)] == [log.Withdrawn, doings.LaneClosed, doings.LaneClosed]
    assert passes(meeting) is Relayed.DISCARD
    assert causes(meeting.by_host(Label.WITHDRAWN, replace(withdrawn, session_id="s-x"))) == {EndCause.PEER_MISBEHAVED}


def test_an_end_is_forwarded_told_and_recorded_with_its_signature() -> None:
    meeting = viewing()
    commands = meeting.by_host(Label.ENDED, Ended(meeting.visit.session_id, HOST, EndCause.HOST_ENDED, 1))
    assert causes(commands) == {EndCause.HOST_ENDED}
    assert sum(isinstance(command, Close) for command in commands) == 2
    (ended,) = [event for event in noted(commands) if isinstance(event, log.SessionEnded)]
    assert ended.signature is not None
    assert meeting.by_host(Label.ENDED, Ended(meeting.visit.session_id, HOST, EndCause.HOST_ENDED, 1)) == []


@pytest.mark.parametrize(("by", "cause"), [("h-other", EndCause.HOST_ENDED), (HOST, EndCause.TECHNICIAN_ENDED)])
def test_nobody_ends_a_visit_in_anothers_name(by: str, cause: EndCause) -> None:
    meeting = viewing()
    assert causes(meeting.by_host(Label.ENDED, Ended(meeting.visit.session_id, by, cause, 1))) == {EndCause.PEER_MISBEHAVED}


def test_a_statement_to_an_end_that_is_not_there_goes_nowhere() -> None:
    meeting = viewing()
    meeting.visit.entries[EndRole.CONSOLE].socket = None
    withdrawn = Withdrawn(meeting.visit.session_id, 1, HOST, Permission.VIEW, 1)
    statement = encode(meeting.table.host_key.sign(Label.WITHDRAWN, withdrawn))
    commands = meeting.table.carry(heard(meeting.table.board, meeting.visit, EndRole.HOST, statement, meeting.table.now))
    assert not any(isinstance(command, Send) for command in commands)


def test_a_visit_that_is_over_cannot_be_misbehaved_in() -> None:
    meeting = viewing()
    meeting.by_host(Label.ENDED, Ended(meeting.visit.session_id, HOST, EndCause.HOST_ENDED, 1))
    table = meeting.table
    assert table.carry(misbehaved(table.board, meeting.visit, EndRole.HOST, Reason.MALFORMED, table.now)) == []


def test_a_file_is_named_where_it_belongs_and_opens_its_lane() -> None:
    meeting = Table().meet()
    meeting.view()
    assert any(isinstance(each, Send) for each in meeting.file())
    assert meeting.visit.lanes.files(meeting.table.now) == (2,)
    for permission, file in ((Permission.CONTROL, FILE), (Permission.FILE_TO_HOST, None)):
        other = Table().meet()
        other.view()
        other.by_console(Label.ASKED, replace(other.asked(2, permission), file=file))
        assert other.visit.over


@pytest.mark.parametrize("wrong", [{"scope": None}, {"under": 2}, {"file": FILE}])
def test_an_answer_about_a_file_that_no_host_gives_ends_the_visit(wrong: dict[str, object]) -> None:
    meeting = Table().meet()
    meeting.view()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.FILE_TO_HOST))
    meeting.by_host(Label.ANSWERED, replace(meeting.answered(2, Permission.FILE_TO_HOST), **wrong))  # type: ignore[arg-type]
    assert meeting.visit.over


def test_whoever_only_watches_is_asked_for_nothing_but_the_view() -> None:
    _, _, watch = seen()
    done = watch.by_console(Label.ASKED, watch.asked(2, Permission.CONTROL))
    assert refused(done) == [Reason.VIEW_ONLY]
    assert [each.session_id for each in noted(done) if isinstance(each, log.Asked)] == []
