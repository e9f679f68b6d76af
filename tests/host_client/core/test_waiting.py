"""A visit that waits, and goes on: what stops, who is told, what is recorded, and what of the technician's has no effect.

Mutations, each seen to fail here: a pause stops nothing; pictures or input pass in it; input that was made in it counts after it; a right
given in it begins; one cause that ends, ends them all; a person at the mouse stops the picture; a lock is told before a broker that is
not heard; touches are not written down at the end.
"""

import pytest

from audit.events import host as log
from host_client.core.commands import Inject
from host_client.core.events import Fired, Timer
from host_client.core.waiting import NOTED_EVERY
from host_client.link import (
    BannerState,
    CapturePaused,
    EndPressed,
    LocalInput,
    PausePressed,
    ResumePressed,
    ShowBanner,
    StartCapture,
    StartInput,
    StopCapture,
    StopInput,
    TakeBackPressed,
)
from host_client.link_frames import ToGuardian
from policy.decision import Reason
from policy.permissions import Lane, Permission
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_visit import batch, controlled, drawn, notices, online, since
from wire.messages.session import LeaseHeld
from wire.sealed.inner import Notice


def told_desk(stage: Stage) -> list[type]:
    return [type(each.said) for each in stage.did if hasattr(each, "said")]


def carried(stage: Stage, far: Far, at: int | None = None) -> bool:
    far.record(Lane.INPUT, 2, batch(stage, since(stage) if at is None else at))
    return any(isinstance(each, Inject) for each in stage.did)


def test_a_pause_stops_first_and_is_told_and_recorded_after_and_nothing_goes_either_way() -> None:
    stage, far = controlled()
    far.opened()
    stage.says(PausePressed())
    assert told_desk(stage) == [StopInput, StopCapture, ShowBanner]
    assert stage.told(ShowBanner)[0].state is BannerState.PAUSED
    assert stage.told(ShowBanner)[0].granted == (Permission.CONTROL, Permission.VIEW)
    assert notices(far) == [Notice.PAUSED_BY_PERSON]
    assert stage.logged(log.VisitPaused) == [log.VisitPaused(session_id=SESSION)]
    assert drawn(stage, 2) == ()
    assert not carried(stage, far)
    assert notices(far) == [Notice.PAUSED_BY_PERSON]
    stage.says(PausePressed())
    assert stage.did == []


def test_continue_starts_what_is_still_granted_and_what_was_made_before_is_dropped() -> None:
    stage, far = controlled()
    stage.says(ResumePressed())
    assert stage.did == []
    stage.says(PausePressed())
    stage.wait(1)
    made_before = since(stage)
    stage.wait(0.8)
    far.opened()
    stage.says(ResumePressed())
    assert told_desk(stage) == [StartCapture, StartInput, ShowBanner]
    assert stage.told(ShowBanner)[0].state is BannerState.CONTROLLING
    assert notices(far) == [Notice.SCREEN_RESUMED]
    assert stage.logged(log.VisitUnpaused) == [log.VisitUnpaused(session_id=SESSION)]
    assert not carried(stage, far, made_before)
    assert carried(stage, far)


def test_control_taken_back_in_a_pause_does_not_come_back_with_it() -> None:
    stage, _ = controlled()
    stage.says(PausePressed())
    stage.says(TakeBackPressed(Permission.CONTROL))
    assert stage.told(ShowBanner)[0].state is BannerState.PAUSED
    stage.says(ResumePressed())
    assert told_desk(stage) == [StartCapture, ShowBanner]


def test_a_right_that_is_given_in_a_pause_waits_too() -> None:
    stage = online()
    far = stage.viewing()
    drawn(stage)
    stage.says(PausePressed())
    far.ask(Permission.CONTROL)
    stage.allow()
    assert [each for each in told_desk(stage) if each in {StartInput, StopInput}] == [StartInput, StopInput]
    assert not carried(stage, far, 0)
    stage.says(ResumePressed())
    assert StartInput in told_desk(stage)


def test_two_causes_end_together_only() -> None:
    stage, far = controlled()
    stage.says(PausePressed())
    stage.give(Fired(Timer.LEASE))
    assert told_desk(stage) == [ShowBanner]
    assert stage.told(ShowBanner)[0].state is BannerState.SUSPENDED
    far.opened()
    stage.hears(LeaseHeld(SESSION, 30))
    assert told_desk(stage) == [ShowBanner]
    assert stage.told(ShowBanner)[0].state is BannerState.PAUSED
    assert notices(far) == [Notice.PAUSED_BY_PERSON]
    stage.says(ResumePressed())
    assert told_desk(stage) == [StartCapture, StartInput, ShowBanner]


def test_the_person_who_acts_makes_the_hand_wait_and_nothing_else() -> None:
    stage, far = controlled()
    far.opened()
    stage.says(LocalInput(active=True))
    assert told_desk(stage) == [ShowBanner]  # the desk let go by itself
    assert stage.told(ShowBanner)[0].state is BannerState.WAITING
    assert notices(far) == [Notice.LOCAL_INPUT]
    assert drawn(stage, 2) != ()
    assert not carried(stage, far)
    stage.says(LocalInput(active=False))
    assert stage.told(ShowBanner)[0].state is BannerState.CONTROLLING
    assert Notice.LOCAL_QUIET in notices(far)
    stage.wait(1)
    assert carried(stage, far)


def test_touches_of_a_minute_are_one_entry_and_none_is_lost_at_the_end() -> None:
    stage, _ = controlled()
    touch: tuple[ToGuardian, ...] = (LocalInput(active=True), LocalInput(active=False))
    for _ in range(3):
        for said in touch:
            stage.says(said)
    assert [each.count for each in stage.logged(log.RemoteInputWaited)] == [1]
    stage.wait(NOTED_EVERY)
    for said in touch * 2:
        stage.says(said)
    assert [each.count for each in stage.logged(log.RemoteInputWaited)] == [1, 3]
    stage.says(EndPressed())
    assert [each.count for each in stage.logged(log.RemoteInputWaited)] == [1, 3, 1]


def test_in_a_visit_in_which_nobody_is_proven_there_is_nobody_to_tell() -> None:
    stage = online()
    stage.admitted()
    stage.says(PausePressed())
    assert told_desk(stage) == []
    assert stage.logged(log.VisitPaused)


def test_a_visit_in_which_nobody_touched_anything_ends_without_an_entry_about_it() -> None:
    stage, _ = controlled()
    stage.says(EndPressed())
    assert not stage.logged(log.RemoteInputWaited)


@pytest.mark.parametrize("beside", [PausePressed(), LocalInput(active=True)])
def test_a_screen_that_nobody_may_see_is_told_before_what_the_person_does_and_after_a_silent_broker(beside: ToGuardian) -> None:
    stage, far = controlled()
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    stage.says(beside)
    far.opened()
    assert not carried(stage, far)
    assert notices(far) == [Notice.SCREEN_LOCKED]
    stage.give(Fired(Timer.LEASE))
    stage.wait(1)
    far.opened()
    assert not carried(stage, far)
    assert notices(far) == [Notice.SUSPENDED]
    stage.hears(LeaseHeld(SESSION, 30))
    assert notices(far) == [Notice.SCREEN_LOCKED]
