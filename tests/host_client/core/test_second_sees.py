"""What a second person is asked and shown at the host: his own prompt, the view and nothing but the view, under his own keys."""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import CloseBulk, CloseSession, SendSession, StartTimer, Tell
from host_client.core.events import Fired, SessionReceived, Timer
from host_client.link import (
    SECOND,
    CaptureStopped,
    Given,
    InjectorBlocked,
    PausePressed,
    PictureShown,
    PromptAnswered,
    SecondStep,
    ShowBanner,
    ShowPrompt,
    ShowSecond,
    StartCapture,
    StopCapture,
)
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION
from tests.helpers.host_second import (
    END,
    WATCH,
    WATCHER,
    ends,
    persons,
    place,
    sealed_second,
    seen,
    steps,
    watched_stage,
    watching,
)
from wire.frames import FrameKind
from wire.limits import INPUT_PLAIN
from wire.messages import ledger
from wire.sealed.inner import SecondPerson
from wire.sealed.screen import encode_ack

# ---- his consent


def test_his_own_prompt_names_him_and_whom_he_watches() -> None:
    stage = watched_stage()
    stage.viewing()
    watcher = sealed_second(stage)
    assert persons(watcher) == [SecondPerson(True, "Ann", "Acme")]
    watcher.ask(Permission.VIEW)
    (prompt,) = stage.told(ShowPrompt)
    assert prompt.ask == 1 + SECOND
    assert prompt.lines[0] == "Bob of Acme asks to watch Ann on this screen."
    assert StartTimer(Timer.PROMPT, 60, second=True) in stage.did


def test_the_entries_of_both_visits_stand_before_his_first_picture_and_everybody_is_told() -> None:
    stage, _ = seen()
    begun = log.WatchBegun(session_id=SESSION, watcher_session=WATCH, watcher_id=WATCHER, name="Bob", company="Acme")
    assert stage.logged(log.WatchBegun) == [begun]
    capture = next(at for at, each in enumerate(stage.did) if isinstance(each, Tell) and isinstance(each.said, StartCapture))
    assert place(stage.did, log.WatchBegun) == place(stage.did, both.Answered) < capture
    assert stage.told(StartCapture)[0].grant == 1 + SECOND
    (shown,) = stage.told(ShowSecond)
    assert (shown.step, shown.name, shown.company) == (SecondStep.WATCHING, "Bob", "Acme")
    assert persons(stage.far) == [SecondPerson(False, "Bob", "Acme")]
    assert stage.told(ShowBanner) == []


def test_a_no_is_his_end_alone() -> None:
    stage = watched_stage()
    far = stage.viewing()
    sealed_second(stage).ask(Permission.VIEW)
    stage.wait(1.5)
    stage.says(PromptAnswered(1 + SECOND, Given.REFUSE))
    assert ends(stage) == [(WATCH, EndCause.REFUSED)]
    assert steps(stage) == [SecondStep.NOBODY]
    assert not stage.logged(log.WatchBegun)
    assert not stage.logged(log.WatchOver)
    assert persons(far) == []
    far.ask(Permission.CONTROL)
    assert stage.told(ShowPrompt)


def test_no_answer_is_a_no() -> None:
    stage = watched_stage()
    stage.viewing()
    sealed_second(stage).ask(Permission.VIEW)
    stage.give(Fired(Timer.PROMPT, second=True))
    assert ends(stage) == [(WATCH, EndCause.NO_ANSWER)]


def test_an_answer_of_the_technicians_number_answers_nothing_of_his() -> None:
    stage = watched_stage()
    stage.viewing()
    sealed_second(stage).ask(Permission.VIEW)
    stage.wait(1.5)
    stage.says(PromptAnswered(1, Given.ALLOW))
    assert stage.logged(log.WatchBegun) == []
    stage.says(InjectorBlocked(1 + SECOND))
    assert stage.logged(log.InjectorBlocked) == [log.InjectorBlocked(session_id=WATCH, ask=1)]


def test_what_cannot_be_recorded_is_not_seen() -> None:
    stage = watched_stage()
    stage.viewing()
    sealed_second(stage).ask(Permission.VIEW)
    stage.disk = False
    stage.allow()
    assert stage.told(StartCapture) == []
    assert ends(stage)[0] == (WATCH, EndCause.LOG_UNAVAILABLE)


# ---- view only


@pytest.mark.parametrize("permission", [each for each in Permission if each is not Permission.VIEW])
def test_every_other_right_is_refused_with_its_reason(permission: Permission) -> None:
    stage, watcher = seen()
    watcher.ask(permission)
    assert [(each.answer, each.reason) for each in watcher.answers()] == [(ledger.Answer.POLICY, Reason.VIEW_ONLY)]
    assert stage.told(ShowPrompt) == []
    assert ends(stage) == []


def test_he_has_no_ability_but_the_view() -> None:
    stage, _ = seen()
    visit = stage.core.second.visit
    assert visit is not None
    assert set(visit.standing.abilities) == {Permission.VIEW}
    assert visit.standing.control.grant == 0


@pytest.mark.parametrize("lane", [each for each in Lane if each not in {Lane.SCREEN, Lane.CONTROL}])
def test_a_record_on_any_other_lane_ends_him_and_nobody_else(lane: Lane) -> None:
    stage, watcher = seen()
    watcher.record(lane, 0 if lane is Lane.CHAT else 7, bytes(INPUT_PLAIN if lane is Lane.INPUT else 40))
    assert ends(stage) == [(WATCH, EndCause.PEER_MISBEHAVED)]
    assert stage.core.visit is not None
    assert not any(isinstance(each, CloseBulk) or each == CloseSession() for each in stage.did)
    assert CloseSession(second=True) in stage.did


def test_under_the_technicians_grant_he_sends_nothing() -> None:
    stage = watched_stage()
    stage.controlling()
    watcher = watching(stage)
    watcher.record(Lane.INPUT, 2, bytes(INPUT_PLAIN))
    assert ends(stage) == [(WATCH, EndCause.PEER_MISBEHAVED)]


# ---- pictures


def test_pictures_go_out_under_his_own_seals_and_credit() -> None:
    stage, watcher = seen()
    second, visit = stage.core.second, stage.core.visit
    assert visit is not None
    assert second.picture(1, END, stage.now) == ()
    assert visit.picture(1 + SECOND, END, stage.now) == ()
    (frame,) = second.picture(1 + SECOND, END, stage.now)
    stage.did = [SendSession(frame, second=True)]
    assert watcher.open(watcher.frames()) == [(Lane.SCREEN, b"\x00" + END)]
    watcher.record(Lane.SCREEN, 1, encode_ack(1))
    assert stage.told(PictureShown) == [PictureShown(1 + SECOND, 1, 0)]


def test_the_technicians_seals_open_nothing_of_his_and_his_nothing_of_hers() -> None:
    stage, watcher = seen()
    far = stage.far
    assert far is not None
    assert watcher.agreed is not None
    assert far.agreed is not None
    assert watcher.agreed.secret != far.agreed.secret
    stage.give(SessionReceived(WATCH, bytes((FrameKind.SEALED,)) + far.seal(Lane.CONTROL, 0, b"{}")))
    assert ends(stage) == [(WATCH, EndCause.PEER_MISBEHAVED)]


def test_nothing_is_seen_without_him() -> None:
    stage = watched_stage()
    stage.viewing()
    assert stage.core.second.picture(1 + SECOND, END, stage.now) == ()
    assert stage.core.second.cut() == ()
    assert stage.says(CaptureStopped(1 + SECOND, Reason.NO_SCREEN)) == []


def test_who_is_let_in_while_the_visit_is_paused_sees_nothing_yet() -> None:
    stage = watched_stage()
    stage.viewing()
    watcher = sealed_second(stage)
    stage.says(PausePressed())
    watcher.ask(Permission.VIEW)
    stage.allow()
    assert stage.told(StopCapture) == [StopCapture(1 + SECOND)]
    assert stage.core.second.picture(1 + SECOND, END, stage.now) == ()
