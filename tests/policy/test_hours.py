"""Hours by the wall clock, also on the two days of the year that have none of one hour, or two."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.hours import changes, is_open, jumps, wall
from policy.language import Weekday, When
from policy.shape import Hours
from tests.policy.policies import BEGIN, END, ZONES, moments, paris, utc, whens

PARIS = ZoneInfo("Europe/Paris")
OFFICE = When(hours=frozenset({Hours(8 * 60, 18 * 60)}))
NIGHT = When(hours=frozenset({Hours(2 * 60 + 15, 2 * 60 + 45)}))
DAY = 24 * 3600


def opened(when: When, moment: float) -> bool:
    return is_open(when, wall(moment, PARIS))


def test_a_part_of_the_day_begins_with_its_first_minute_and_ends_before_its_last() -> None:
    edges = ((7, 59), (8, 0), (17, 59), (18, 0))
    assert [opened(OFFICE, paris(2026, 6, 1, *edge)) for edge in edges] == [False, True, True, False]
    whole = When(hours=frozenset({Hours(0, 1440)}))
    assert opened(whole, paris(2026, 6, 1, 0, 0))
    assert opened(whole, paris(2026, 6, 1, 23, 59))


def test_hours_are_those_of_the_wall_in_summer_and_in_winter() -> None:
    assert opened(OFFICE, utc(2026, 1, 5, 7, 0))
    assert not opened(OFFICE, utc(2026, 1, 5, 6, 0))
    assert opened(OFFICE, utc(2026, 7, 6, 6, 0))
    assert not opened(OFFICE, utc(2026, 7, 6, 16, 0))


def test_the_weekday_is_that_of_the_zone() -> None:
    monday = When(weekdays=frozenset({Weekday.MONDAY}))
    assert opened(monday, utc(2026, 6, 7, 22, 0))
    assert not is_open(monday, wall(utc(2026, 6, 7, 22, 0), ZoneInfo("UTC")))


def test_dates_count_from_their_first_minute_to_before_the_last_reading() -> None:
    march = When(begins=datetime(2026, 3, 1), ends=datetime(2026, 3, 3))  # noqa: DTZ001 - by the wall
    assert [opened(march, paris(2026, *day)) for day in ((2, 28, 23, 59), (3, 1), (3, 2, 23, 59), (3, 3))] == [False, True, True, False]


def test_what_says_nothing_is_always_open_and_what_fits_nothing_never() -> None:
    assert opened(When(), 0)
    assert not opened(When(hours=frozenset()), paris(2026, 6, 1, 12))
    assert not opened(When(weekdays=frozenset()), paris(2026, 6, 1, 12))


def test_an_hour_that_is_skipped_in_spring_does_not_happen() -> None:
    midnight = paris(2026, 3, 29)
    assert not any(opened(NIGHT, midnight + minute * 60) for minute in range(12 * 60))


def test_an_hour_that_is_repeated_in_autumn_happens_twice() -> None:
    midnight = paris(2026, 10, 25)
    assert sum(opened(NIGHT, midnight + minute * 60) for minute in range(12 * 60)) == 60
    assert paris(2026, 10, 25, 2, 30, fold=1) - paris(2026, 10, 25, 2, 30) == 3600


def test_the_moment_the_clocks_are_changed_is_found_to_the_second() -> None:
    assert list(jumps(PARIS, paris(2026, 3, 28, 12), DAY)) == [utc(2026, 3, 29, 1, 0)]
    assert list(jumps(PARIS, paris(2026, 10, 24, 12) + 1234, DAY)) == [utc(2026, 10, 25, 1, 0)]
    assert list(jumps(PARIS, paris(2026, 6, 1), DAY)) == []
    assert list(jumps(ZoneInfo("UTC"), 0, DAY)) == []


def test_changes_are_those_of_hours_days_and_dates_and_none_where_there_are_none() -> None:
    assert changes(OFFICE, PARIS, paris(2026, 6, 1, 12), DAY) == {paris(2026, 6, 1, 18), paris(2026, 6, 2, 8)}
    assert changes(When(weekdays=frozenset({Weekday.MONDAY})), PARIS, paris(2026, 6, 1, 12), DAY) == {paris(2026, 6, 2)}
    ends = When(ends=datetime(2026, 6, 1, 13))  # noqa: DTZ001 - by the wall
    assert changes(ends, PARIS, paris(2026, 6, 1, 12), 3600) == {paris(2026, 6, 1, 13)}
    assert changes(When(), PARIS, paris(2026, 6, 1, 12), DAY) == set()


@settings(max_examples=50)
@pytest.mark.parametrize("within", [600, DAY, 3 * DAY])
@given(when=whens(), zone=st.sampled_from(ZONES).map(ZoneInfo), moment=moments(), back=st.integers(0, 40))
def test_nothing_opens_or_closes_between_two_changes(within: int, when: When, zone: ZoneInfo, moment: int, back: int) -> None:
    told = sorted({moment, *changes(when, zone, moment, within), moment + within})
    assert all(moment <= each <= moment + within for each in told)
    for begin, end in pairwise(told):
        inside = {begin, end - 1, (begin + end) // 2, max(begin, end - back * 60)}
        assert len({is_open(when, wall(each, zone)) for each in inside if begin <= each < end}) == 1
    assert BEGIN <= moment <= END
