"""A visit in which nobody does anything: warned at both ends, over a minute later, and kept open by whatever anybody does."""

from collections.abc import Callable

import pytest

from audit.events import visit as both
from host_client.core.commands import SendSession, StartTimer
from host_client.core.events import Fired, SessionClosed, Timer
from host_client.core.idling import Idling
from host_client.link import ChatSaid, KeepOpenPressed, LocalInput, PausePressed, ShowBanner, TakeBackPressed
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import SESSION, Far, Stage
from tests.helpers.host_visit import batch, controlled, notices, online, since
from tests.helpers.site_rules import ALL
from tests.helpers.views import rules
from wire.limits import IDLE_WARNING_SECONDS, SESSION_IDLE_SECONDS
from wire.sealed.inner import Notice, StillHere
from wire.sealed.screen import encode_ack

Deed = Callable[[Stage, Far], object]


def still(seconds: float = SESSION_IDLE_SECONDS) -> tuple[Stage, Far]:
    """A visit under control, and then nothing for so long."""
    stage, far = controlled()
    stage.wait(seconds)
    stage.give(Fired(Timer.IDLE))
    return stage, far


def count(stage: Stage) -> list[float]:
    return [each.seconds for each in stage.did if isinstance(each, StartTimer) and each.timer is Timer.IDLE]


def test_both_ends_are_warned_and_a_minute_later_it_is_over() -> None:
    stage, far = still()
    assert stage.told(ShowBanner)[0].idle == IDLE_WARNING_SECONDS
    assert notices(far) == [Notice.IDLE_WARNED]
    assert count(stage) == [IDLE_WARNING_SECONDS]
    stage.wait(IDLE_WARNING_SECONDS)
    stage.give(Fired(Timer.IDLE))
    assert stage.logged(both.SessionEnded)[-1].cause is EndCause.IDLE
    assert stage.core.visit is None


DEEDS: dict[str, Deed] = {
    "mouse and keys": lambda stage, far: far.record(Lane.INPUT, 2, batch(stage, since(stage))),
    "a request": lambda _, far: far.ask(Permission.FILE_TO_HOST),
    "keep open there": lambda _, far: far.whisper(StillHere()),
    "keep open here": lambda stage, _: stage.says(KeepOpenPressed()),
    "the person's own hand": lambda stage, _: stage.says(LocalInput(active=True)),
    "a pause": lambda stage, _: stage.says(PausePressed()),
    "a right that is taken back": lambda stage, _: stage.says(TakeBackPressed(Permission.CONTROL)),
    "a message": lambda stage, _: stage.says(ChatSaid("One moment.")),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_whatever_anybody_does_keeps_it_open(deed: Deed) -> None:
    stage, far = still()
    deed(stage, far)
    assert count(stage) == [SESSION_IDLE_SECONDS]
    assert {shown.idle for shown in stage.told(ShowBanner)} == {0}
    assert Notice.IDLE_OVER in notices(far)
    stage.wait(IDLE_WARNING_SECONDS)
    stage.give(Fired(Timer.IDLE))  # that of the warning, had it been on its way
    assert stage.core.visit is not None


def test_a_picture_that_changes_and_is_drawn_is_nobodys_doing() -> None:
    stage, far = still()
    far.record(Lane.SCREEN, 1, encode_ack(1))
    assert count(stage) == []
    stage.wait(IDLE_WARNING_SECONDS)
    stage.give(Fired(Timer.IDLE))
    assert stage.core.visit is None


def test_a_count_that_runs_out_after_a_deed_goes_on_for_what_is_left() -> None:
    stage, far = controlled()
    stage.wait(400)
    far.record(Lane.INPUT, 2, batch(stage, since(stage)))
    assert count(stage) == [], "a deed without a warning costs nothing"
    stage.wait(200)
    stage.give(Fired(Timer.IDLE))
    assert count(stage) == [400]
    assert stage.told(ShowBanner) == []


def test_rules_that_leave_less_time_count_at_once_and_a_warning_stands() -> None:
    stage, _ = controlled()
    stage.wait(200)
    stage.hears(stage.papers(vendor_policy=rules("vendor", f"[visits]\nidle_minutes = 3\n{ALL}")))
    assert count(stage) == [0.0]
    stage.give(Fired(Timer.IDLE))
    assert stage.told(ShowBanner)[0].idle == IDLE_WARNING_SECONDS
    stage.hears(stage.papers(vendor_policy=rules("vendor", f"[visits]\nidle_minutes = 9\n{ALL}")))
    assert count(stage) == []


def test_a_line_that_is_cut_hears_no_warning_and_the_person_sees_it() -> None:
    stage, _ = controlled()
    stage.wait(SESSION_IDLE_SECONDS - 1)
    stage.give(SessionClosed(SESSION))
    stage.wait(1)
    stage.give(Fired(Timer.IDLE))
    assert stage.told(ShowBanner)[0].idle == IDLE_WARNING_SECONDS
    assert not [each for each in stage.did if isinstance(each, SendSession)]


def test_nothing_is_counted_before_the_first_deed_and_after_the_end() -> None:
    stage = online()
    stage.admitted()
    assert stage.says(ChatSaid("Is anybody there?")) == []
    stage, _ = controlled()
    visit = stage.core.visit
    assert visit is not None
    fresh = Idling(visit.standing, visit.end)
    assert list(fresh.fired(stage.now)) == list(fresh.rules_changed(stage.now)) == []
    list(fresh.deed(stage.now))
    stage.perform(visit.end(EndCause.HOST_ENDED, stage.now))
    assert list(fresh.fired(stage.now)) == list(fresh.rules_changed(stage.now)) == list(fresh.deed(stage.now)) == []
