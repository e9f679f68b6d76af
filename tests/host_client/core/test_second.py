"""A second person who only watches, at the host: his own code, keys, consent and pictures; nothing else; and gone with the visit."""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import MarkCode, OpenDirect, OpenSession, Record, StartTimer, Tell
from host_client.core.events import BulkClosed, BulkReceived, DeskLost, Fired, SessionClosed, SiteRulesRead, Timer
from host_client.core.second import HELD_FRAMES
from host_client.link import (
    SECOND,
    CapturePaused,
    CaptureResumed,
    CaptureStopped,
    EndPressed,
    Given,
    PausePressed,
    PromptAnswered,
    ResumePressed,
    SecondStep,
    ShowPrompt,
    ShowSecond,
    ShowSummary,
    StartCapture,
    StopCapture,
    TakeBackPressed,
    WatchStopped,
    WatchWanted,
)
from policy.decision import Reason
from policy.permissions import Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, TECHNICIAN, TICKET
from tests.helpers.host_second import (
    END,
    WATCH,
    WATCH_TICKET,
    WATCHER,
    admitted_second,
    code_for_second,
    ends,
    notices,
    offer_second,
    people,
    persons,
    place,
    sealed_second,
    seen,
    steps,
    watched_stage,
    watching,
)
from tests.helpers.site_rules import ALL, NOTHING, site
from tests.helpers.views import rules
from wire.frames import FrameKind
from wire.messages import ledger
from wire.messages.presence import Refused
from wire.messages.session import LeaseHeld, LeaseRenew, ReconnectOffered, SessionOver
from wire.messages.ticket import TicketClose, TicketOpen, TicketOpened, TicketOver, TicketTried, WatchOpen
from wire.sealed.inner import Notice, SecondPerson
from wire.statements import Label

ONLY = rules("site", 'direct = "only"\n' + ALL)


# ---- his code


def test_a_code_is_asked_for_recorded_and_shown_apart_from_the_visit() -> None:
    stage = watched_stage()
    stage.viewing()
    stage.says(WatchWanted())
    assert isinstance(stage.did[0], Record)
    assert stage.logged(log.WatchAsked) == [log.WatchAsked(session_id=SESSION, account="lab", login_session="c1")]
    (wanted,) = stage.to_broker(WatchOpen)
    assert wanted.session_id == SESSION
    stage.hears(TicketOpened(WATCH_TICKET, 600))
    assert StartTimer(Timer.CODE, 600, second=True) in stage.did
    (shown,) = stage.told(ShowSecond)
    assert (shown.step, shown.seconds) == (SecondStep.CODE, 600)


def test_no_code_before_the_technician_sees_the_screen_or_while_somebody_watches() -> None:
    stage = watched_stage()
    assert stage.says(WatchWanted()) == []
    stage.sealed()
    assert stage.says(WatchWanted()) == []
    stage, _ = seen()
    assert stage.says(WatchWanted()) == []


def test_no_code_where_it_cannot_be_recorded() -> None:
    stage = watched_stage()
    stage.viewing()
    stage.disk = False
    stage.says(WatchWanted())
    assert stage.to_broker(WatchOpen) == []
    assert [each.reason for each in stage.told(ShowSecond)] == [Reason.LOG_UNAVAILABLE]


def test_a_code_that_the_broker_does_not_open_is_over() -> None:
    stage = watched_stage()
    stage.viewing()
    stage.says(WatchWanted())
    stage.hears(Refused("watch_open", Reason.SESSION_OVER))
    assert [each.reason for each in stage.told(ShowSecond)] == [Reason.SESSION_OVER]


def test_a_code_can_be_taken_back_tried_and_run_out() -> None:
    stage = watched_stage()
    stage.viewing()
    code_for_second(stage)
    stage.hears(TicketTried(WATCH_TICKET, 3))
    (tried,) = stage.told(ShowSecond)
    assert (tried.step, tried.tries_left, bool(tried.code)) == (SecondStep.CODE, 3, True)
    stage.says(WatchStopped())
    assert [each.ticket for each in stage.to_broker(TicketClose)] == [WATCH_TICKET]
    assert steps(stage) == [SecondStep.NOBODY]
    code_for_second(stage)
    stage.give(Fired(Timer.CODE, second=True))
    assert [each.reason for each in stage.told(ShowSecond)] == [Reason.CODE_EXPIRED]
    code_for_second(stage)
    stage.hears(TicketOver(WATCH_TICKET, Reason.CODE_BURNT))
    assert [each.reason for each in stage.told(ShowSecond)] == [Reason.CODE_BURNT]
    stage.hears(TicketTried(WATCH_TICKET, 1))
    assert stage.told(ShowSecond) == []


def test_digits_that_nobody_waits_for_any_more_are_given_back() -> None:
    stage = watched_stage()
    stage.viewing()
    stage.says(WatchWanted())
    stage.says(WatchStopped())
    stage.hears(TicketOpened(WATCH_TICKET, 600))
    assert [each.ticket for each in stage.to_broker(TicketClose)] == [WATCH_TICKET]
    assert stage.told(ShowSecond) == []


def test_his_code_goes_with_the_visit_and_with_the_line_to_the_broker() -> None:
    stage = watched_stage()
    stage.viewing()
    code_for_second(stage)
    stage.says(EndPressed())
    assert WATCH_TICKET in [each.ticket for each in stage.to_broker(TicketClose)]
    stage = watched_stage()
    stage.viewing()
    code_for_second(stage)
    stage.lose_control_socket()
    assert log.CodeOver(ticket=WATCH_TICKET, reason=Reason.CODE_EXPIRED) in stage.logged(log.CodeOver)


# ---- who may come in


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("same", Reason.SAME_PERSON),
        ("nobody", Reason.NOBODY_LOGGED_IN),
        ("stale", Reason.DOCUMENT_STALE),
        ("only", Reason.SITE_POLICY),
        ("late", Reason.CODE_EXPIRED),
        ("twice", Reason.HOST_BUSY),
    ],
)
def test_whoever_may_not_come_in_is_refused_and_no_socket_opens(change: str, reason: Reason) -> None:
    stage = watched_stage()
    stage.viewing()
    code_for_second(stage)
    if change == "stale":
        stage.hears(stage.papers(**people(stage), over=stage.now.utc + 5))
        stage.wait(2)
    if change == "only":
        stage.hears(stage.papers(**people(stage), site_policy=ONLY))
    if change == "late":
        stage.wait(601)
    if change == "nobody":
        stage.core._seat = None
    if change == "twice":
        offer_second(stage)
    if change == "stale":
        stage.trusted.documents = None
    offer_second(stage, "s-3", TECHNICIAN if change == "same" else WATCHER)
    assert [(each.session_id, each.reason) for each in stage.logged(log.Refusal)][-1] == ("s-3", reason)
    assert not any(isinstance(each, OpenSession) for each in stage.did)


def test_a_visit_that_is_offered_late_finds_nobody_to_watch() -> None:
    stage = watched_stage()
    stage.viewing()
    code_for_second(stage)
    stage.core.second._first = None
    offer_second(stage)
    assert stage.logged(log.Refusal)[-1].reason is Reason.SESSION_OVER


def test_while_the_logs_are_in_doubt_his_code_opens_nothing() -> None:
    stage = watched_stage()
    stage.viewing()
    code_for_second(stage)
    stage.core._evidence._heads._standing = [object()]  # type: ignore[list-item]
    offer_second(stage)
    assert stage.logged(log.Refusal)[-1].session_id == WATCH
    assert stage.says(WatchWanted()) == []


def test_he_is_checked_by_the_same_documents_as_anybody() -> None:
    stage = watched_stage()
    stage.viewing()
    stage.hears(stage.papers(**people(stage, groups=("red",))))
    sealed_second(stage)
    assert stage.logged(both.AdmissionStep)[-1].reason is Reason.NOT_ASSIGNED
    assert ends(stage) == [(WATCH, EndCause.POLICY)]
    assert [each.reason for each in stage.told(ShowSecond)] == [Reason.NOT_ASSIGNED]


# ---- one question at a time


def test_his_question_waits_for_the_one_that_is_before_the_person() -> None:
    stage = watched_stage()
    far = stage.viewing()
    watcher = sealed_second(stage)
    far.ask(Permission.CONTROL)
    watcher.ask(Permission.VIEW)
    assert stage.told(ShowPrompt) == []
    stage.wait(1.5)
    stage.says(PromptAnswered(2, Given.ALLOW))
    (prompt,) = stage.told(ShowPrompt)
    assert prompt.ask == 1 + SECOND
    far.ask(Permission.CLIPBOARD_TO_HOST)
    assert [(each.answer, each.reason) for each in far.answers()] == [(ledger.Answer.POLICY, Reason.ALREADY_ASKED)]
    stage.wait(1.5)
    stage.says(PromptAnswered(1 + SECOND, Given.ALLOW))
    assert stage.told(StartCapture)


def test_whoever_floods_while_he_waits_is_ended_and_nobody_else() -> None:
    stage = watched_stage()
    far = stage.viewing()
    watcher = sealed_second(stage)
    far.ask(Permission.CONTROL)
    watcher.ask(Permission.VIEW)
    for _ in range(HELD_FRAMES):
        watcher.send(FrameKind.SEALED, b"x" * 40)
    assert ends(stage) == [(WATCH, EndCause.PEER_MISBEHAVED)]


def test_a_bulk_socket_and_a_way_back_are_nothing_to_him() -> None:
    stage, _ = seen()
    assert stage.give(BulkReceived(WATCH, b"x")) == []
    assert stage.give(BulkClosed(WATCH)) == []
    assert stage.hears(ReconnectOffered(WATCH, bytes(32), 60)) == []
    stage.says(WatchStopped())
    assert stage.says(CaptureStopped(1 + SECOND, Reason.NO_SCREEN)) == []


# ---- beside the visit


def test_pause_pauses_both_and_continue_goes_on_with_both() -> None:
    stage, watcher = seen()
    stage.says(PausePressed())
    assert stage.told(StopCapture) == [StopCapture(1), StopCapture(1 + SECOND)]
    assert notices(watcher) == [Notice.PAUSED_BY_PERSON]
    assert stage.core.second.picture(1 + SECOND, END, stage.now) == ()
    stage.says(ResumePressed())
    assert {each.grant for each in stage.told(StartCapture)} == {1, 1 + SECOND}
    assert notices(watcher) == [Notice.SCREEN_RESUMED]


def test_a_visit_that_the_broker_leaves_alone_waits_for_both() -> None:
    stage, watcher = seen()
    stage.give(Fired(Timer.LEASE))
    assert notices(watcher) == [Notice.PAUSED_BY_PERSON]
    stage.hears(LeaseHeld(SESSION, 30))
    assert notices(watcher) == [Notice.SCREEN_RESUMED]


def test_his_lease_is_asked_for_and_held_by_itself() -> None:
    stage, watcher = seen()
    stage.give(Fired(Timer.RENEW, second=True))
    assert [each.session_id for each in stage.to_broker(LeaseRenew)] == [WATCH]
    stage.hears(LeaseHeld(WATCH, 30))
    assert StartTimer(Timer.LEASE, 30, second=True) in stage.did
    stage.give(Fired(Timer.LEASE, second=True))
    assert notices(watcher) == [Notice.SUSPENDED]
    assert stage.told(StopCapture) == [StopCapture(1 + SECOND)]


def test_a_screen_that_nobody_may_see_is_told_to_each_by_himself() -> None:
    stage, watcher = seen()
    stage.says(CapturePaused(1 + SECOND, Reason.MASK_NOT_PLACED))
    assert notices(watcher) == [Notice.MASK_NOT_PLACED]
    stage.says(CaptureResumed(1 + SECOND))
    assert notices(watcher) == [Notice.SCREEN_RESUMED]
    assert notices(stage.far) == []
    stage.says(CaptureStopped(1 + SECOND, Reason.NO_SCREEN))
    assert ends(stage) == [(WATCH, EndCause.DESK_LOST)]


def test_stillness_is_the_visits_and_not_his() -> None:
    stage, _ = seen()
    assert not any(isinstance(each, StartTimer) and each.timer is Timer.IDLE and each.second for each in stage.did)


# ---- his end, and that of the visit


def test_the_person_stops_him_and_the_visit_goes_on() -> None:
    stage, _ = seen()
    stage.says(WatchStopped())
    stop = next(at for at, each in enumerate(stage.did) if each == Tell(StopCapture(1 + SECOND)))
    assert stop < place(stage.did, both.SessionEnded)
    assert ends(stage) == [(WATCH, EndCause.HOST_ENDED)]
    assert stage.logged(log.WatchOver) == [log.WatchOver(session_id=SESSION, watcher_session=WATCH, watcher_id=WATCHER)]
    assert steps(stage) == [SecondStep.NOBODY]
    assert stage.told(ShowSummary) == []
    assert persons(stage.far) == [SecondPerson(False, "", "")]
    assert stage.core.second.visit is None
    assert stage.core.visit is not None
    assert not stage.core.visit.standing.over
    watching(stage)
    assert stage.core.second.visit is not None


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        (lambda stage: stage.give(SessionClosed(WATCH)), EndCause.CONNECTION_LOST),
        (lambda stage: stage.hears(SessionOver(WATCH, EndCause.POLICY)), EndCause.POLICY),
        (lambda stage: stage.give(Fired(Timer.HARD_LIMIT, second=True)), EndCause.TIME_LIMIT),
        (lambda stage: stage.hears(stage.papers(**people(stage, active=False))), EndCause.POLICY),
        (lambda stage: stage.hears(stage.papers(**people(stage), site_policy=ONLY)), EndCause.POLICY),
    ],
    ids=["line", "broker", "limit", "suspended", "only"],
)
def test_his_end_is_his_alone(how: object, cause: EndCause) -> None:
    stage, _ = seen()
    assert callable(how)
    how(stage)
    assert ends(stage) == [(WATCH, cause)]
    assert len(stage.logged(log.WatchOver)) == 1
    assert stage.core.visit is not None


def test_the_one_channel_is_the_technicians() -> None:
    stage, _ = seen()
    stage.hears(stage.papers(**people(stage), site_policy=ONLY.replace("only", "allow")))
    assert [each.attempt for each in stage.did if isinstance(each, OpenDirect)] == [1]
    assert stage.core.second.visit is not None


def test_he_leaves_by_his_own_word() -> None:
    stage, watcher = seen()
    said = ledger.Ended(WATCH, WATCHER, EndCause.TECHNICIAN_ENDED, int(stage.now.utc))
    watcher.state(Label.ENDED, said)
    assert ends(stage) == [(WATCH, EndCause.TECHNICIAN_ENDED)]


@pytest.mark.parametrize(
    "how",
    [
        lambda stage: stage.says(EndPressed()),
        lambda stage: stage.says(TakeBackPressed(Permission.VIEW)),
        lambda stage: stage.hears(SessionOver(SESSION, EndCause.POLICY)),
        lambda stage: stage.give(SessionClosed(SESSION)),
        lambda stage: stage.give(DeskLost()),
        lambda stage: stage.give(Fired(Timer.HARD_LIMIT)),
        lambda stage: stage.give(Fired(Timer.LOG)),
    ],
    ids=["end", "view taken back", "broker", "line cut", "desk lost", "limit", "log"],
)
def test_whatever_stops_the_visit_stops_him_before_it_is_written_down(how: object) -> None:
    stage, _ = seen()
    assert callable(how)
    how(stage)
    assert ends(stage)[0] == (WATCH, EndCause.WATCHED_VISIT_OVER)
    stopped = stage.did.index(Tell(StopCapture(1 + SECOND)))
    assert stopped <= 2
    assert stage.did.index(Tell(StopCapture(1))) < stopped
    assert stage.core.second.visit is None
    assert stage.core.second.picture(1 + SECOND, END, stage.now) == ()


def test_everything_is_cut_at_once_while_an_entry_is_being_written() -> None:
    stage, _ = seen()
    assert {StopCapture(1), StopCapture(1 + SECOND)} <= set(stage.core.narrow_now())
    assert stage.core.second.picture(1 + SECOND, END, stage.now) == ()


def test_rules_of_the_site_close_him_too() -> None:
    stage, _ = seen()
    stage.give(SiteRulesRead(site(NOTHING)))
    assert ends(stage)[0] == (WATCH, EndCause.WATCHED_VISIT_OVER)


# ---- the second half of his code


def test_three_wrong_halves_burn_his_code_and_not_the_visit() -> None:
    stage = watched_stage()
    stage.viewing()
    watcher = admitted_second(stage)
    assert steps(stage) == []
    for left in (2, 1):
        watcher.agree("0000")
        assert [each.tries_left for each in stage.told(ShowSecond)] == [left]
    watcher.agree("0000")
    assert ends(stage) == [(WATCH, EndCause.CODE_BURNT)]
    assert MarkCode(None) in stage.did
    assert stage.core.visit is not None


def test_a_line_that_was_cut_before_the_agreement_leaves_his_code_good() -> None:
    stage = watched_stage()
    stage.viewing()
    admitted_second(stage)
    stage.give(SessionClosed(WATCH))
    assert ends(stage) == [(WATCH, EndCause.CONNECTION_LOST)]
    assert steps(stage) == [SecondStep.CODE]
    stage.hears(TicketOver(WATCH_TICKET, Reason.CODE_EXPIRED))
    assert steps(stage) == [SecondStep.NOBODY]


def test_nobody_comes_back_to_a_visit_that_he_saw_end() -> None:
    stage, _ = seen()
    stage.says(EndPressed())
    stage.code()
    assert TICKET != WATCH_TICKET
    assert stage.to_broker(TicketOpen) == []
    assert stage.says(WatchWanted()) == []


def test_what_comes_too_late_for_him_changes_nothing() -> None:
    stage, watcher = seen()
    stage.hears(TicketOver(WATCH_TICKET, Reason.CODE_EXPIRED))
    assert ends(stage) == []
    assert stage.give(Fired(Timer.CODE, second=True)) == []
    stage.says(WatchStopped())
    assert stage.give(Fired(Timer.PROMPT, second=True)) == []
    assert watcher.send(FrameKind.SEALED, b"x" * 40) == []


def test_who_is_in_when_the_visit_stops_before_he_is_proven_goes_too() -> None:
    stage = watched_stage()
    stage.viewing()
    admitted_second(stage)
    stage.says(EndPressed())
    assert ends(stage)[0] == (WATCH, EndCause.WATCHED_VISIT_OVER)
    assert stage.logged(log.WatchOver) == []


def test_an_end_that_comes_when_nobody_is_watched_any_more_is_taken_in_all_the_same() -> None:
    stage, _ = seen()
    stage.core.second._first = None
    stage.hears(SessionOver(WATCH, EndCause.POLICY))
    assert ends(stage) == [(WATCH, EndCause.POLICY)]
    assert stage.core.second.visit is None
