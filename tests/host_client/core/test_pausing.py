"""A screen that nobody may see for now: both sides are told, nothing goes either way, and it goes on."""

import pytest

from audit.events import host as log
from host_client.core.commands import Inject
from host_client.core.events import Fired, Timer
from host_client.link import BannerState, CapturePaused, CaptureResumed, InputVeiled, ShowBanner
from policy.decision import Reason
from policy.permissions import Lane
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_visit import notices, since
from tests.helpers.parcels import parcel
from wire.messages.session import LeaseHeld
from wire.sealed.inner import Notice
from wire.sealed.input import Batch, Key, encode_batch
from wire.sealed.screen import FrameEnd


def controlling() -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    return stage, stage.controlling()


def pictures(stage: Stage) -> int:
    assert stage.core.visit is not None
    return len(stage.core.visit.picture(1, parcel(FrameEnd(1, 0)), stage.now, stage.core.visit.standing.view.run))


@pytest.mark.parametrize(
    ("reason", "notice", "banner"),
    [
        (Reason.SCREEN_LOCKED, Notice.SCREEN_LOCKED, BannerState.LOCKED),
        (Reason.SESSION_AWAY, Notice.SESSION_AWAY, BannerState.LOCKED),
        (Reason.MASK_NOT_PLACED, Notice.MASK_NOT_PLACED, BannerState.UNMASKED),
        (Reason.NO_SCREEN, Notice.SESSION_AWAY, BannerState.LOCKED),
    ],
)
def test_both_sides_are_told_why_and_nothing_goes_either_way(reason: Reason, notice: Notice, banner: BannerState) -> None:
    stage, far = controlling()
    stage.says(CapturePaused(1, reason))
    assert [each.state for each in stage.told(ShowBanner)] == [banner]
    assert notices(far) == [notice]
    assert [each.ask for each in stage.logged(log.CapturePaused)] == [1]
    assert pictures(stage) == 0
    did = far.record(Lane.INPUT, 2, encode_batch(Batch(1, 0, (Key("KeyA", down=True),))))
    assert not [each for each in did if isinstance(each, Inject)]
    assert notices(far) == [notice]


def test_it_goes_on_under_the_same_grants() -> None:
    stage, far = controlling()
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    assert stage.did == []
    notices(far)
    stage.says(CaptureResumed(1))
    assert [each.state for each in stage.told(ShowBanner)] == [BannerState.CONTROLLING]
    assert notices(far) == [Notice.SCREEN_RESUMED]
    assert stage.logged(log.CaptureResumed) == [log.CaptureResumed(session_id=SESSION, ask=1)]
    assert pictures(stage) == 1
    stage.says(CaptureResumed(1))
    assert stage.did == []


def test_what_was_made_before_it_went_on_has_no_effect_and_says_why() -> None:
    stage, far = controlling()
    pictures(stage)
    stage.wait(10)  # the prompt for control is long over
    made_before = since(stage)
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    stage.wait(1)
    stage.says(CaptureResumed(1))
    notices(far)
    for made, injected, said in ((made_before, 0, [Notice.SCREEN_LOCKED]), (since(stage), 1, [])):
        did = far.record(Lane.INPUT, 2, encode_batch(Batch(1, made, (Key("KeyA", down=True),))))
        assert len([each for each in did if isinstance(each, Inject)]) == injected
        assert notices(far) == said


def test_a_pause_of_no_grant_means_nothing() -> None:
    stage, _ = controlling()
    for said in (
        CapturePaused(9, Reason.SCREEN_LOCKED),
        CapturePaused(0, Reason.SCREEN_LOCKED),
        CaptureResumed(9),
        InputVeiled(9),
        InputVeiled(0),
    ):
        stage.says(said)
        assert stage.did == []
    assert pictures(stage) == 1


def test_an_unlocked_screen_does_not_end_the_wait_for_the_broker() -> None:
    stage, far = controlling()
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    stage.give(Fired(Timer.LEASE))
    assert [each.state for each in stage.told(ShowBanner)] == [BannerState.SUSPENDED]
    notices(far)
    stage.says(CaptureResumed(1))
    assert notices(far) == [Notice.SUSPENDED]
    assert pictures(stage) == 0
    stage.hears(LeaseHeld(SESSION, 30))
    assert pictures(stage) == 1


def test_input_that_met_a_mask_is_told_and_recorded() -> None:
    stage, far = controlling()
    stage.says(InputVeiled(2))
    assert notices(far) == [Notice.INPUT_MASKED]
    assert stage.logged(log.InputDropped) == [log.InputDropped(session_id=SESSION, count=1, reason=Reason.MASKED)]
