"""What a stop-watch makes of two logs: what a program drew and when, and what the glass showed and when. Pure; seconds.

A *step* of a moving picture carries its number several times, each as a strip of black and white cells in a part that
moves or arrives by itself. The glass has step N completely when every strip of it reads N.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

BITS = 12
NUMBERS = 1 << BITS
CLOCKS_APART = 0.005
"""The workload reads its clock after the round trip that proves the change; the console may be faster than that."""
LATEST = 3.0
GRID = 0.01


@dataclass(frozen=True, slots=True)
class Flip:
    """A square that changed its colour."""

    lit: bool
    at: float


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a moving picture."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What all strips said in one animation frame."""

    strips: tuple[int, ...]
    at: float


def cells(number: int) -> tuple[bool, ...]:
    """How a number is drawn: white cells and black ones, the highest bit first."""
    return tuple(bool(number >> bit & 1) for bit in reversed(range(BITS)))


def delays(drawn: Sequence[Flip], seen: Sequence[Flip]) -> list[float]:
    """Seconds from each change on the screen to its first sight on the glass.

    A change counts for none when the same square changed twice more before it was seen: then it was overtaken, and what is
    seen later is another change that looks the same.
    """
    found = []
    for place, each in enumerate(drawn):
        since = each.at - CLOCKS_APART
        until = drawn[place + 2].at if place + 2 < len(drawn) else each.at + LATEST
        at = next((other.at for other in seen if since <= other.at < until and other.lit is each.lit), None)
        if at is not None:
            found.append(at - each.at)
    return found


def complete(readings: Sequence[Reading], ahead: Sequence[int]) -> list[Step]:
    """The steps of which every strip was on the glass at once, in the order of their sight. `ahead` is how far each strip's
    number runs before the step's: the last row of a table is as many steps ahead as the table has rows.
    """
    found = []
    for each in readings:
        numbers = {(strip - offset) % NUMBERS for strip, offset in zip(each.strips, ahead, strict=True)}
        if len(numbers) == 1:
            found.append(Step(numbers.pop(), each.at))
    return found


def step_delays(drawn: Sequence[Step], seen: Sequence[Step]) -> list[float]:
    """Seconds from each step that was seen whole to its first sight."""
    times = {each.number: each.at for each in drawn}
    found: dict[int, float] = {}
    for each in seen:
        if each.number in times and each.at >= times[each.number] - CLOCKS_APART:
            found.setdefault(each.number, each.at - times[each.number])
    return list(found.values())


def ages(drawn: Sequence[Step], seen: Sequence[Step], since: float, until: float) -> list[float]:
    """How old the picture is, every GRID: the time since the first step that the glass does not show was drawn, 0 if it shows the last.

    Frames a second alone mislead: a picture may be smooth and seconds late.
    """
    times = {each.number: each.at for each in drawn}
    moments = [each.at for each in seen]
    found = []
    for tick in range(round((until - since) / GRID)):
        now = since + tick * GRID
        place = bisect_right(moments, now)
        missing = times.get(seen[place - 1].number + 1 if place else min(times, default=0))
        found.append(0.0 if missing is None else max(0.0, now - missing))
    return found


def left_over(drawn: Sequence[Step], seen: Sequence[Step]) -> int:
    """How many older steps were still shown after the last was drawn: frames that were queued when the screen came to rest."""
    if not drawn:
        return 0
    last = drawn[-1]
    return len({each.number for each in seen if each.at > last.at and each.number != last.number})


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """How much the values grow in a unit of time: the line with the least squares."""
    middle, mean = sum(times) / len(times), sum(values) / len(values)
    spread = sum((time - middle) ** 2 for time in times)
    return sum((time - middle) * (value - mean) for time, value in zip(times, values, strict=True)) / spread if spread else 0.0
