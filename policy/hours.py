"""Opening hours by the wall clock: is a `When` open at a moment, and at which moments may that change?

Summer time is the zone's business: hours are what a clock on the wall of that zone shows. An hour that is skipped in
spring does not happen, one that is repeated in autumn happens twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from math import floor

from policy.language import Weekday, When
from policy.shape import Hours

WEEKDAYS = tuple(Weekday)
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Wall:
    """What clock and calendar on the wall show: weekday, minute of the day, and both together without a zone."""

    weekday: Weekday
    minute: int
    reading: datetime


def wall(moment: float, zone: tzinfo) -> Wall:
    """The wall of this zone at a moment in seconds since 1970. A second counts from its beginning."""
    local = datetime.fromtimestamp(floor(moment), zone)
    return Wall(WEEKDAYS[local.weekday()], local.hour * 60 + local.minute, local.replace(tzinfo=None, fold=0))


def is_open(when: When, at: Wall) -> bool:
    """Does this moment fit every key of `when`?"""
    return (
        (when.weekdays is None or at.weekday in when.weekdays)
        and (when.hours is None or any(part.begin <= at.minute < part.end for part in when.hours))
        and (when.begins is None or when.begins <= at.reading)
        and (when.ends is None or at.reading < when.ends)
    )


def changes(when: When, zone: tzinfo, moment: float, within: int) -> set[int]:
    """Every moment after `moment`, and at most `within` seconds later, at which `is_open` may change; perhaps some more."""
    readings = {*_of_days(when, zone, moment, within), *(each for each in (when.begins, when.ends) if each is not None)}
    fixed = {floor(reading.replace(tzinfo=zone, fold=fold).timestamp()) for reading in readings for fold in (0, 1)}
    return {each for each in (*fixed, *jumps(zone, moment, within)) if moment < each <= moment + within}


def _of_days(when: When, zone: tzinfo, moment: float, within: int) -> Iterator[datetime]:
    """Readings of the wall at which an hour begins or ends, or a day, from the day before to the day after."""
    minutes = {0} if when.weekdays is not None else set()
    for part in when.hours or frozenset[Hours]():
        minutes |= {part.begin, part.end}
    first = wall(moment, zone).reading.replace(hour=0, minute=0, second=0)
    for day in range(-1, within // (24 * _HOUR) + 3):
        for minute in minutes:
            yield first + timedelta(days=day, minutes=minute)


def jumps(zone: tzinfo, moment: float, within: int) -> Iterator[int]:
    """Moments at which the clocks of the zone are put forward or back."""
    for begin in range(floor(moment), floor(moment) + within + 1, _HOUR):
        before, after = begin, begin + _HOUR
        if _offset(zone, before) == _offset(zone, after):
            continue
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if _offset(zone, middle) == _offset(zone, begin) else (before, middle)
        yield after


def _offset(zone: tzinfo, moment: int) -> timedelta | None:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
