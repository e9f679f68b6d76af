"""A line that was cut: both ends may come back to their visit for a while, nobody else may, and nothing passes in between."""

from dataclasses import replace
from typing import Any

import pytest

from audit.events import visit as log
from broker.core.commands import Close, Send, SignInId, StartTimer
from broker.core.events import Closed, Timer
from broker.core.lanes import Relayed
from broker.core.narrowing import visits_now
from broker.core.reconnecting import RENEWAL_FRAMES, line_lost, of_host, over_in, rejoined
from broker.core.session_socket import SessionSocket
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_core import SIGN_IN, Meeting, Table, control, framed, messages, noted, one, refused
from tests.helpers.broker_second import seen
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import RECONNECT_SECONDS, RECONNECT_TRIES
from wire.messages import ledger
from wire.messages.evidence import HeadWanted
from wire.messages.presence import EndRole
from wire.messages.session import PeerPresent, ReconnectOffered, ReconnectWanted, SessionOver, VisitLeft
from wire.messages.ticket import TicketAdmitted
from wire.statements import Label

PICTURE = Frame(FrameKind.SEALED, RecordHeader(Lane.SCREEN, 1, 0, 0).encode() + bytes(50)).encode()


def viewed() -> Meeting:
    meeting = Table().meet()
    meeting.view()
    return meeting


def parted() -> Meeting:
    meeting = viewed()
    meeting.table.run(meeting.console_end, Closed())
    return meeting


def want(meeting: Meeting, core: Any) -> list[Any]:
    return meeting.table.run(core, control(ReconnectWanted(meeting.visit.session_id)))


def back(meeting: Meeting) -> list[Any]:
    """Both ends come back with new session sockets; what the second brought."""
    table = meeting.table
    for core in (meeting.host, meeting.console):
        one(want(meeting, core), ReconnectOffered)
    meeting.host_end = SessionSocket(table.board, table.socket(), "192.0.2.1", None)
    meeting.console_end = SessionSocket(table.board, table.socket(), "192.0.2.2", SIGN_IN)
    assert messages(meeting.join(meeting.host_end, EndRole.HOST), PeerPresent) == []
    return meeting.join(meeting.console_end, EndRole.CONSOLE)


def causes(commands: list[Any]) -> set[EndCause]:
    return {said.cause for said in messages(commands, SessionOver)}


def test_a_cut_line_parts_the_visit_and_closes_the_other_ends_socket_too() -> None:
    meeting = viewed()
    other = meeting.visit.peer_of(EndRole.CONSOLE)
    commands = meeting.table.run(meeting.console_end, Closed())
    assert [each for each in commands if isinstance(each, Close)] == [
        Close(each, Reason.LINE_CUT) for each in (other, meeting.console_end._socket) if each is not None
    ]
    assert noted(commands) == [log.VisitParted(session_id=meeting.visit.session_id)]
    assert not meeting.visit.over
    assert meeting.table.run(meeting.host_end, Closed()) == []


def test_before_the_view_was_granted_a_cut_line_is_the_end() -> None:
    meeting = Table().meet()
    assert causes(meeting.table.run(meeting.console_end, Closed())) == {EndCause.CONNECTION_LOST}


def test_nothing_passes_while_it_is_parted_and_nobody_is_to_blame() -> None:
    meeting = viewed()
    table = meeting.table
    assert meeting.host_end.judge(PICTURE, table.now)[0] is Relayed.FORWARD
    table.run(meeting.console_end, Closed())
    assert meeting.host_end.judge(PICTURE, table.now) == (Relayed.DISCARD, None)
    assert table.run(meeting.host_end, framed(FrameKind.HANDSHAKE, b"x")) == []
    assert not meeting.visit.over


def test_a_question_before_the_person_is_over_with_the_line() -> None:
    meeting = viewed()
    meeting.by_console(Label.ASKED, meeting.asked(2, Permission.CONTROL))
    meeting.table.run(meeting.host_end, Closed())
    assert (meeting.visit.asked, meeting.visit.consent.pending) == (None, 0)
    back(meeting)
    meeting.by_console(Label.ASKED, meeting.asked(3, Permission.CONTROL))
    assert meeting.visit.asked is not None


def test_both_come_back_it_is_recorded_first_and_what_was_granted_passes_again() -> None:
    meeting = parted()
    commands = back(meeting)
    assert noted(commands) == [log.VisitRejoined(session_id=meeting.visit.session_id, number=1)]
    assert len(messages(commands, PeerPresent)) == 2
    assert meeting.host_end.judge(PICTURE, meeting.table.now) == (Relayed.FORWARD, meeting.console_end._socket)
    assert not isinstance(commands[0], Send)


def test_the_ends_may_renew_their_keys_and_do_nothing_more_of_the_kind() -> None:
    meeting = parted()
    back(meeting)
    for _ in range(RENEWAL_FRAMES):
        assert isinstance(meeting.table.run(meeting.host_end, framed(FrameKind.HANDSHAKE, b"x"))[0], Send)
    assert causes(meeting.table.run(meeting.host_end, framed(FrameKind.HANDSHAKE, b"x"))) == {EndCause.PEER_MISBEHAVED}


def test_what_cannot_be_recorded_does_not_go_on() -> None:
    meeting = parted()
    meeting.table.durable = False
    commands = back(meeting)
    assert causes(commands) == {EndCause.LOG_UNAVAILABLE}
    assert messages(commands, PeerPresent) == []


def test_a_line_that_is_cut_again_while_it_is_recorded_opens_nothing() -> None:
    meeting = parted()
    for core in (meeting.host, meeting.console):
        want(meeting, core)
    table, visit = meeting.table, meeting.visit
    for number, entry in enumerate(visit.entries.values()):
        entry.socket = type(table.socket())(100 + number)
    talk = rejoined(table.board, visit, table.now)
    next(talk)
    visit.entries[EndRole.HOST].socket = None
    with pytest.raises(StopIteration):
        talk.send(True)
    assert visit.parted is not None


def test_the_pass_of_before_opens_nothing_and_the_new_one_only_its_own_end() -> None:
    meeting = parted()
    table, visit = meeting.table, meeting.visit
    fresh = SessionSocket(table.board, table.socket(), "192.0.2.1", None)
    assert refused(meeting.join(fresh, EndRole.HOST)) == [Reason.PASS_INVALID]
    want(meeting, meeting.console)
    foreign = SessionSocket(table.board, table.socket(), "192.0.2.9", SignInId(b"another"))
    assert refused(meeting.join(foreign, EndRole.CONSOLE)) == [Reason.PASS_INVALID]
    assert visit.entries[EndRole.CONSOLE].socket is None


def test_who_asks_twice_gets_another_pass_and_the_socket_in_between_is_closed() -> None:
    meeting = parted()
    table = meeting.table
    first = one(want(meeting, meeting.host), ReconnectOffered)
    end = SessionSocket(table.board, table.socket(), "192.0.2.1", None)
    meeting.join(end, EndRole.HOST)
    commands = want(meeting, meeting.host)
    assert Close(end._socket, Reason.TAKEN_OVER) in commands
    assert one(commands, ReconnectOffered).socket_pass != first.socket_pass
    assert table.run(end, Closed()) == []
    assert not meeting.visit.over


def test_an_end_that_knows_of_the_cut_before_the_broker_does_parts_the_visit() -> None:
    meeting = viewed()
    commands = want(meeting, meeting.console)
    assert noted(commands) == [log.VisitParted(session_id=meeting.visit.session_id)]
    assert one(commands, ReconnectOffered).session_id == meeting.visit.session_id


@pytest.mark.parametrize("role", [EndRole.HOST, EndRole.CONSOLE])
def test_nobody_comes_back_to_a_visit_of_others_or_to_one_that_is_over(role: EndRole) -> None:
    meeting = parted()
    core = meeting.host if role is EndRole.HOST else meeting.console
    assert refused(meeting.table.run(core, control(ReconnectWanted("s-other")))) == [Reason.SESSION_OVER]
    meeting.table.wait(RECONNECT_SECONDS)
    assert causes(meeting.table.carry(visits_now(meeting.table.board, meeting.table.now))) == {EndCause.CONNECTION_LOST}
    assert refused(want(meeting, core)) == [Reason.SESSION_OVER]


def test_it_is_over_after_its_time_and_not_before() -> None:
    meeting = parted()
    assert over_in(viewed().visit, meeting.table.now) == RECONNECT_SECONDS
    meeting.table.wait(RECONNECT_SECONDS - 1)
    assert meeting.table.carry(visits_now(meeting.table.board, meeting.table.now)) == []
    meeting.table.wait(1)
    assert causes(meeting.table.carry(visits_now(meeting.table.board, meeting.table.now))) == {EndCause.CONNECTION_LOST}


def test_coming_back_has_an_end() -> None:
    meeting = parted()
    meeting.visit.tries = RECONNECT_TRIES
    assert causes(want(meeting, meeting.host)) == {EndCause.CONNECTION_LOST}


def test_a_broker_that_stops_parts_nobody() -> None:
    meeting = viewed()
    meeting.table.board.stopping = True
    assert causes(meeting.table.run(meeting.host_end, Closed())) == {EndCause.CONNECTION_LOST}


def test_a_host_whose_control_socket_fell_comes_back_with_its_key_and_its_deadlines_run_on() -> None:
    meeting = viewed()
    meeting.table.run(meeting.host, Closed())
    assert meeting.visit.parted is not None
    meeting.table.wait(20)
    core = meeting.table.host_core()
    commands = meeting.table.prove(core, EndRole.HOST, meeting.visit.host_id, meeting.table.host_key)
    timers = {each.timer: each.seconds for each in commands if isinstance(each, StartTimer)}
    assert timers[Timer.HARD_LIMIT] == 3600 - 20
    assert Timer.LEASE in timers
    meeting.host = core
    assert len(messages(back(meeting), PeerPresent)) == 2


def test_a_console_comes_back_with_the_same_sign_in_and_device_alone() -> None:
    meeting = viewed()
    table = meeting.table
    table.run(meeting.console, Closed())
    other = table.console_in(SignInId(b"another sign-in"))
    assert refused(want(meeting, other)) == [Reason.SESSION_OVER]
    meeting.console = table.console_in()
    assert len(messages(back(meeting), PeerPresent)) == 2


def test_a_console_that_comes_before_its_elder_is_gone_takes_the_visit_along() -> None:
    meeting = viewed()
    meeting.console = meeting.table.console_in()
    assert meeting.visit.parted is not None
    assert len(messages(back(meeting), PeerPresent)) == 2


def test_a_page_that_enters_another_code_gives_the_parted_visit_up() -> None:
    meeting = parted()
    visit = meeting.visit
    commands = meeting.table.claim(meeting.console, "000000")
    assert visit.over
    assert causes(commands) == {EndCause.CONNECTION_LOST}
    number = meeting.table.ticket(meeting.host)
    assert messages(meeting.table.claim(meeting.console, number), TicketAdmitted)


def test_a_person_who_wants_a_new_code_gives_the_parted_visit_up() -> None:
    meeting = parted()
    assert meeting.table.ticket(meeting.host)
    assert meeting.visit.over


def test_what_policy_closes_meanwhile_is_closed() -> None:
    meeting = parted()
    meeting.table.board.believed = None
    assert causes(meeting.table.carry(visits_now(meeting.table.board, meeting.table.now))) == {EndCause.POLICY}


def test_an_end_by_either_side_after_they_are_back_is_an_end() -> None:
    meeting = parted()
    back(meeting)
    ended = ledger.Ended(meeting.visit.session_id, meeting.visit.host_id, EndCause.HOST_ENDED, 1)
    assert causes(meeting.by_host(Label.ENDED, ended)) == {EndCause.HOST_ENDED}


def test_a_visit_ended_while_a_pass_is_drawn_is_not_offered() -> None:
    meeting = parted()
    table, visit = meeting.table, meeting.visit
    board = table.board
    talk = meeting.host.handle(control(ReconnectWanted(visit.session_id)), table.now)
    next(talk)
    visit.parted = None
    with pytest.raises(StopIteration):
        talk.send(bytes(32))
    assert board.visits == {visit.session_id: visit}
    assert replace(visit.entries[EndRole.HOST]).used


@pytest.mark.parametrize(("role", "cause"), [(EndRole.HOST, EndCause.HOST_ENDED), (EndRole.CONSOLE, EndCause.TECHNICIAN_ENDED)])
def test_an_end_that_does_not_come_back_says_so_and_the_other_need_not_wait(role: EndRole, cause: EndCause) -> None:
    meeting = viewed()
    core = meeting.host if role is EndRole.HOST else meeting.console
    left = control(VisitLeft(meeting.visit.session_id))
    meeting.table.run(meeting.host_end, Closed())
    assert meeting.table.run(core, control(VisitLeft("s-other"))) == []
    assert causes(meeting.table.run(core, left)) == {cause}


def test_a_host_process_that_began_anew_asks_how_the_visit_ended_and_so_it_has() -> None:
    meeting = viewed()
    table, visit = meeting.table, meeting.visit
    table.run(meeting.host, Closed())
    core = table.host_core()
    table.prove(core, EndRole.HOST, visit.host_id, table.host_key)
    assert not visit.over
    commands = table.run(core, control(HeadWanted(0, visit.session_id)))
    assert causes(commands) == {EndCause.CONNECTION_LOST}
    assert visit.over


def test_nobody_watches_a_visit_whose_line_is_cut_or_comes_back_to_watch_it() -> None:
    table, meeting, watch = seen()
    assert of_host(table.board, meeting.visit.host_id) is meeting.visit
    table.carry(line_lost(table.board, meeting.visit, table.now))
    assert watch.visit.over
    assert meeting.visit.parted is not None
    table, meeting, watch = seen()
    table.carry(line_lost(table.board, watch.visit, table.now))
    assert watch.visit.over
    assert meeting.visit.parted is None
