"""The deadlines of a running visit."""

from dataclasses import replace

from host_client.core.commands import StartTimer
from host_client.core.events import SiteRulesRead, Timer
from host_client.core.watching import LEAST_SECONDS, watch_hours
from tests.helpers.host_core import Stage
from tests.helpers.site_rules import ALL, LOOK, NOTHING, site
from wire.limits import SESSION_HARD_LIMIT_SECONDS


def test_before_the_proof_and_after_the_end_there_is_nothing_to_watch() -> None:
    stage = Stage()
    stage.online()
    stage.admitted()
    assert stage.core.visit is not None
    assert list(watch_hours(stage.core.visit.standing, stage.now)) == []


def test_without_hours_only_the_longest_time_is_watched_and_with_control_open_both_are() -> None:
    stage = Stage()
    stage.give(SiteRulesRead(site(ALL)))
    stage.online()
    stage.controlling()
    assert stage.core.visit is not None
    standing = stage.core.visit.standing
    left = standing.limit_left(stage.now)
    assert 0 < left < SESSION_HARD_LIMIT_SECONDS
    assert list(watch_hours(standing, stage.now)) == [StartTimer(Timer.HARD_LIMIT, left)]
    for rules in (LOOK, NOTHING):
        stage.trusted.site = replace(stage.trusted.site, pages=(site(rules).page,))  # type: ignore[arg-type]
        assert list(watch_hours(standing, stage.now))[-1] == StartTimer(Timer.POLICY, LEAST_SECONDS)
