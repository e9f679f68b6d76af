"""A second person who only watches, at the broker: one, another one, with a code of his own, and gone with the visit."""

import pytest

from audit.events import broker as log
from audit.events import visit as both
from audit.events.visit import AdmissionStep
from broker.core.commands import Close, Send, StartTimer
from broker.core.events import Closed, Fired, Timer
from broker.core.watching import has_place, is_watched, may_open
from policy.decision import Allow, Deny, Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause, SessionState
from tests.helpers.broker_core import Meeting, Table, control, framed, messages, noted, refused
from tests.helpers.broker_second import (
    BOB,
    admitted,
    bob_in,
    claim_as_bob,
    code_of,
    joined,
    met,
    open_watch,
    publish_two,
    seen,
)
from wire.frames import FrameKind
from wire.messages import ledger
from wire.messages.evidence import HeadWanted
from wire.messages.presence import EndRole
from wire.messages.session import LeaseHeld, LeaseRenew, SessionOver, SocketPass
from wire.messages.ticket import SessionOffered, TicketClose, TicketOpened
from wire.statements import Label


def record(lane: Lane, grant: int, size: int = 40) -> bytes:
    """A sealed frame of this lane, as the broker sees it."""
    return framed(FrameKind.SEALED, bytes((lane, *grant.to_bytes(4, "big"))) + bytes(10 + size)).data


def ends(commands: list[object]) -> list[tuple[str, EndCause]]:
    """Which visits ended, and why."""
    return [(each.session_id, each.cause) for each in noted(commands) if isinstance(each, both.SessionEnded)]


# ---- his code


def test_a_code_for_him_is_opened_while_the_technician_sees_the_screen_alone() -> None:
    table, meeting = met()
    assert messages(open_watch(meeting), TicketOpened)
    assert meeting.host.host is not None
    assert meeting.host.host.ticket is not None
    assert meeting.host.host.ticket.watches == meeting.visit.session_id
    assert table.board.visits[meeting.visit.session_id].state is SessionState.VIEWING


@pytest.mark.parametrize("state", [each for each in SessionState if each is not SessionState.VIEWING])
def test_in_no_other_state_is_one_opened(state: SessionState) -> None:
    _, meeting = met()
    meeting.visit.state = state
    assert refused(open_watch(meeting)) == [Reason.SESSION_OVER]


def test_nor_for_another_visit_one_that_is_over_or_one_whose_line_is_cut() -> None:
    table, meeting = met()
    assert refused(open_watch(meeting, "s-other")) == [Reason.SESSION_OVER]
    meeting.visit.parted = table.now
    assert refused(open_watch(meeting)) == [Reason.SESSION_OVER]
    host = meeting.host.host
    assert host is not None
    host.visit = None
    assert may_open(host, meeting.visit.session_id) == Deny(Reason.SESSION_OVER)


def test_nor_where_somebody_watches_already() -> None:
    _, meeting, _ = seen()
    assert refused(open_watch(meeting)) == [Reason.HOST_BUSY]


def test_nor_where_it_cannot_be_recorded() -> None:
    table, meeting = met()
    table.durable = False
    assert refused(open_watch(meeting)) == [Reason.LOG_UNAVAILABLE]


def test_his_code_runs_out_and_is_taken_back_without_the_visit() -> None:
    table, meeting = met()
    number = code_of(meeting)
    assert ends(table.run(meeting.host, control(TicketClose(number)))) == []
    code_of(meeting)
    table.wait(601)
    assert ends(table.run(meeting.host, Fired(Timer.TICKET))) == []
    assert meeting.host.host is not None
    assert meeting.host.host.ticket is None
    code_of(meeting)
    watch_of_a_used_up_code = joined_late(table, meeting)
    assert watch_of_a_used_up_code == EndCause.CODE_EXPIRED


def joined_late(table: Table, meeting: Meeting) -> EndCause:
    """How his visit ends when nobody was proven before his code's time was up."""
    watch = joined(table, meeting)
    table.wait(601)
    (ended,) = ends(table.run(meeting.host, Fired(Timer.TICKET)))
    assert ended[0] == watch.visit.session_id
    return ended[1]


def test_an_ordinary_code_finds_room_without_a_visit_alone() -> None:
    _, meeting = met()
    host = meeting.host.host
    assert host is not None
    code_of(meeting)
    assert host.ticket is not None
    assert has_place(host, host.ticket)
    host.ticket.watches = ""
    assert not has_place(host, host.ticket)


# ---- who may come in


def test_he_is_admitted_by_the_same_steps_and_his_visit_is_his_own() -> None:
    table, meeting = met()
    bob = bob_in(table)
    done = claim_as_bob(table, bob, code_of(meeting))
    (offered,) = messages(done, SessionOffered)
    assert offered.technician_id == BOB
    assert [each.step for each in noted(done) if isinstance(each, AdmissionStep)] == list(range(1, 9))
    assert bob.console is not None
    his = bob.console.visit
    assert his is not None
    assert (his.watches, his.session_id != meeting.visit.session_id) == (meeting.visit.session_id, True)
    assert {his.entries[role].socket_pass for role in his.entries}.isdisjoint(each.socket_pass for each in meeting.visit.entries.values())
    assert meeting.host.host is not None
    assert (meeting.host.host.visit, meeting.host.host.watch) == (meeting.visit, his)


def test_the_technician_himself_is_nobody_to_watch_him() -> None:
    table, meeting = met()
    number = code_of(meeting)
    other = table.console_in(type(meeting.visit.sign_in)(b"another sign-in of anna"))
    assert refused(table.claim(other, number)) == [Reason.SAME_PERSON]
    ticket = table.board.tickets[number]
    assert is_watched(table.board, ticket, meeting.visit.technician_id)
    assert not is_watched(table.board, ticket, BOB)
    ticket.watches = ""
    assert not is_watched(table.board, ticket, meeting.visit.technician_id)


def test_whoever_may_not_help_here_may_not_watch_here() -> None:
    table = Table()
    publish_two(table, group="red")
    meeting = table.meet()
    meeting.view()
    assert refused(claim_as_bob(table, bob_in(table), code_of(meeting))) == [Reason.NOT_ASSIGNED]


def test_a_code_of_a_visit_that_is_over_lets_nobody_in() -> None:
    table, meeting = met()
    number = code_of(meeting)
    meeting.by_console(Label.ENDED, ledger.Ended(meeting.visit.session_id, meeting.visit.technician_id, EndCause.TECHNICIAN_ENDED, 1))
    done = claim_as_bob(table, bob_in(table), number)
    assert refused(done)
    assert messages(done, SessionOffered) == []


# ---- view only


@pytest.mark.parametrize("permission", [each for each in Permission if each is not Permission.VIEW])
def test_every_other_right_is_refused_and_never_reaches_the_host(permission: Permission) -> None:
    _, meeting, watch = seen()
    done = watch.by_console(Label.ASKED, watch.asked(2, permission))
    assert refused(done) == [Reason.VIEW_ONLY]
    sockets = {end.socket for visit in (watch.visit, meeting.visit) for role, end in visit.entries.items() if role.value == "host"}
    assert not any(isinstance(each, Send) and each.to in sockets for each in done)
    assert ends(done) == []


@pytest.mark.parametrize("lane", [each for each in Lane if each not in {Lane.SCREEN, Lane.CONTROL}])
def test_no_other_lane_of_his_passes_anything(lane: Lane) -> None:
    table, meeting, watch = seen()
    table.run(watch.host, Fired(Timer.JOIN))
    done = table.run(watch.console_end, framed(FrameKind.SEALED, record(lane, 0 if lane is Lane.CHAT else 2)[1:]))
    assert ends(done) == [(watch.visit.session_id, EndCause.PEER_MISBEHAVED)]
    assert not meeting.visit.over


def test_pictures_go_to_him_and_not_to_the_technician() -> None:
    table, meeting, watch = seen()
    _, to = watch.host_end.judge(record(Lane.SCREEN, 1), table.now)
    assert to == watch.visit.peer_of(watch.host_end.role)
    assert to != meeting.visit.peer_of(meeting.host_end.role)


def test_his_yes_is_recorded_in_both_visits_before_his_lane_opens() -> None:
    table, meeting = met()
    watch = joined(table, meeting)
    watch.seal()
    watch.by_console(Label.ASKED, watch.asked())
    done = watch.by_host(Label.ANSWERED, watch.answered())
    opened = log.WatchOpened(session_id=meeting.visit.session_id, watcher_session=watch.visit.session_id, watcher_id=BOB)
    assert opened in noted(done)
    assert opened in noted(done[:1])


# ---- his end, and that of the visit


def test_his_end_is_his_alone_and_is_told_in_the_visit() -> None:
    table, meeting, watch = seen()
    done = watch.by_console(Label.ENDED, ledger.Ended(watch.visit.session_id, BOB, EndCause.TECHNICIAN_ENDED, 1))
    assert ends(done) == [(watch.visit.session_id, EndCause.TECHNICIAN_ENDED)]
    closed = log.WatchClosed(session_id=meeting.visit.session_id, watcher_session=watch.visit.session_id, watcher_id=BOB)
    assert closed in noted(done)
    assert not meeting.visit.over
    assert meeting.host.host is not None
    assert meeting.host.host.watch is None
    assert isinstance(may_open(meeting.host.host, meeting.visit.session_id), Allow)
    assert table.board.watch_of(meeting.visit) is None


def test_a_line_of_his_that_is_cut_is_his_end() -> None:
    table, meeting, watch = seen()
    assert ends(table.run(watch.console_end, Closed())) == [(watch.visit.session_id, EndCause.CONNECTION_LOST)]
    assert meeting.visit.parted is None


def test_the_visits_end_ends_him_first() -> None:
    _, meeting, watch = seen()
    done = meeting.by_console(
        Label.ENDED, ledger.Ended(meeting.visit.session_id, meeting.visit.technician_id, EndCause.TECHNICIAN_ENDED, 1)
    )
    assert ends(done) == [
        (watch.visit.session_id, EndCause.WATCHED_VISIT_OVER),
        (meeting.visit.session_id, EndCause.TECHNICIAN_ENDED),
    ]
    assert next(each.cause for each in messages(done, SessionOver)) is EndCause.WATCHED_VISIT_OVER


def test_when_the_line_of_the_visit_is_cut_nobody_watches_any_more() -> None:
    table, meeting, watch = seen()
    done = table.run(meeting.console_end, Closed())
    assert ends(done) == [(watch.visit.session_id, EndCause.WATCHED_VISIT_OVER)]
    assert meeting.visit.parted is not None


def test_nobody_but_the_host_says_that_what_he_watched_is_over() -> None:
    _, _, watch = seen()
    done = watch.by_console(Label.ENDED, ledger.Ended(watch.visit.session_id, BOB, EndCause.WATCHED_VISIT_OVER, 1))
    assert ends(done) == [(watch.visit.session_id, EndCause.PEER_MISBEHAVED)]


def test_whoever_is_suspended_watches_no_longer() -> None:
    table, meeting, watch = seen()
    publish_two(table, active=False)
    assert watch.visit.over
    assert not meeting.visit.over


def test_a_host_that_never_joins_him_ends_him_and_not_the_visit() -> None:
    table, meeting = met()
    watch = admitted(table, meeting)
    assert ends(table.run(meeting.host, Fired(Timer.JOIN))) == [(watch.visit.session_id, EndCause.CONNECTION_LOST)]
    assert not meeting.visit.over


def test_his_sockets_and_lease_leave_the_deadlines_of_the_visit_alone() -> None:
    table, meeting = met()
    watch = admitted(table, meeting)
    commands = table.run(watch.host_end, control(SocketPass(watch.visit.session_id, watch.visit.entries[EndRole.HOST].socket_pass)))
    commands += table.run(meeting.host, control(LeaseRenew(watch.visit.session_id)))
    assert [each.session_id for each in messages(commands, LeaseHeld)] == [watch.visit.session_id]
    assert not any(isinstance(each, StartTimer) and each.timer in {Timer.LEASE, Timer.HARD_LIMIT} for each in commands)
    assert not any(isinstance(each, Close) for each in commands)


def test_how_his_visit_ended_is_shown_once_it_has() -> None:
    table, meeting, watch = seen()
    done = table.run(meeting.host, control(HeadWanted(0, watch.visit.session_id)))
    assert ends(done) == []
    assert meeting.host.host is not None
    assert meeting.host.host.owed is not None
    table.run(watch.console_end, Closed())
    assert meeting.host.host.owed is None
