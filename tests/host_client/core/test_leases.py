"""A broker that is not heard: the visit is suspended, goes on, or is over.

Mutations that were tried, each of which makes this file fail:
    host_client/core/leases.py    a lease for longer than ours is believed; who may stay no longer goes on; a question outlives it
"""

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Inject, StartTimer
from host_client.core.events import Fired, SessionClosed, Timer
from host_client.core.leases import Lease
from host_client.core.parts import Parts
from host_client.link import BannerState, ClosePrompt, ShowBanner, StartCapture, StartInput, StopCapture, StopInput
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_visit import notices
from tests.helpers.parcels import parcel
from wire.messages.ledger import Answer
from wire.messages.session import LeaseHeld, LeaseRenew
from wire.sealed.inner import Notice
from wire.sealed.input import Batch, Key, encode_batch
from wire.sealed.screen import FrameEnd


def suspended(*, control: bool = True) -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    far = stage.controlling() if control else stage.viewing()
    stage.give(Fired(Timer.LEASE))
    return stage, far


def batch() -> bytes:
    """A key is pressed."""
    return encode_batch(Batch(1, 0, (Key("KeyA", down=True),)))


def test_the_hand_stops_before_the_eye_and_both_are_told_and_recorded_after() -> None:
    stage, far = suspended()
    kinds = [type(each.said) for each in stage.did if hasattr(each, "said")]
    assert kinds == [StopInput, StopCapture, ShowBanner]
    assert stage.told(ShowBanner)[0].state is BannerState.SUSPENDED
    assert notices(far) == [Notice.SUSPENDED]
    assert StartTimer(Timer.LEASE, 60) in stage.did
    assert stage.logged(log.VisitSuspended) == [log.VisitSuspended(session_id=SESSION)]
    assert stage.core.visit is not None


def test_nothing_goes_either_way_while_it_lasts() -> None:
    stage, far = suspended()
    assert stage.core.visit is not None
    assert stage.core.visit.picture(1, parcel(FrameEnd(2, 0)), stage.now) == ()
    did = far.record(Lane.INPUT, 2, batch())
    assert not [each for each in did if isinstance(each, Inject)]
    assert notices(far) == [Notice.SUSPENDED]


def test_what_was_granted_goes_on_when_the_lease_is_held_again() -> None:
    stage, far = suspended()
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StartCapture) == [StartCapture(1, run=1)]
    assert stage.told(StartInput) == [StartInput(2)]
    assert stage.told(ShowBanner)[0].state is BannerState.CONTROLLING
    assert notices(far) == [Notice.SCREEN_RESUMED]
    assert stage.logged(log.VisitResumed)
    assert stage.core.visit is not None
    assert stage.core.visit.picture(1, parcel(FrameEnd(1, 0)), stage.now) == (), "what was captured before has waited somewhere"
    assert stage.core.visit.picture(1, parcel(FrameEnd(1, 0)), stage.now, run=1)
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StartCapture) == []


def test_who_may_stay_no_longer_does_not_come_back() -> None:
    stage, _ = suspended()
    stage.papers(active=False)
    stage.trusted.documents = stage.published[stage.version]
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StartCapture) == []
    assert not stage.logged(log.VisitResumed)
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.POLICY


def test_a_visit_whose_broker_stays_away_is_over() -> None:
    stage, _ = suspended()
    stage.give(Fired(Timer.LEASE))
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.LEASE_EXPIRED


def test_a_question_before_the_person_goes_with_the_lease() -> None:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    far.ask(Permission.CONTROL)
    stage.give(Fired(Timer.LEASE))
    assert stage.told(ClosePrompt)
    assert (far.answers()[0].answer, far.answers()[0].reason) == (Answer.NO_ANSWER, Reason.NO_ANSWER)
    stage.hears(LeaseHeld(SESSION, 30))
    assert stage.told(StartCapture)
    assert stage.told(StartInput) == []


def test_the_lease_is_asked_for_at_once_and_again_and_its_second_end_is_the_end() -> None:
    stage = Stage()
    stage.online()
    stage.viewing()
    stage.give(Fired(Timer.RENEW))
    assert stage.to_broker(LeaseRenew)[0].session_id == SESSION
    stage.hears(LeaseHeld(SESSION, 3600))
    assert StartTimer(Timer.LEASE, 30) in stage.did
    stage.hears(LeaseHeld("s-2", 30))
    assert stage.did == []
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopCapture)
    stage.give(Fired(Timer.LEASE))
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.LEASE_EXPIRED


def test_a_visit_in_which_nobody_is_proven_yet_is_suspended_in_silence() -> None:
    stage = Stage()
    stage.online()
    stage.admitted()
    assert stage.core.visit is not None
    lease = Lease(Parts(stage.core.visit.standing))
    assert [type(each).__name__ for each in lease.ran_out(stage.now)] == ["StartTimer", "Note"]
    assert [type(each).__name__ for each in lease.held(30, stage.now)] == ["StartTimer", "Note"]


def test_a_line_that_is_cut_has_an_end_of_its_own_and_a_visit_that_is_over_has_no_lease() -> None:
    stage = Stage()
    stage.online()
    stage.viewing()
    visit = stage.core.visit
    assert visit is not None
    lease = Lease(Parts(visit.standing))
    stage.give(SessionClosed(SESSION))
    assert list(lease.ran_out(stage.now)) == []
    stage.perform(visit.end(EndCause.HOST_ENDED, stage.now))
    assert list(lease.renew()) == list(lease.held(30, stage.now)) == []
