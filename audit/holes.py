"""Where a log has no entry that can be read: what retention let go, and what was altered, damaged or taken out.

A body that is missing is explained by retention inside a range that an entry says was let go, and nowhere else. Whoever
compares two logs asks here what became of the counterpart that is not there. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

NEVER_MS = 1 << 62
"""Stands for the time of the next entry where none follows."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Entries `first` to `last`. What stood there was written between `after_ms` and `before_ms`.

    `bare`: body and salt are gone, and the hashes alone are there, as retention leaves them.
    """

    first: int
    last: int
    bare: bool
    after_ms: int
    before_ms: int = NEVER_MS


@dataclass(slots=True)
class Holes:
    """The holes of one log, gathered in the order of its entries. Neighbours of one kind are one hole."""

    found: list[Hole] = field(default_factory=list)
    expired: list[tuple[int, int]] = field(default_factory=list)
    """Ranges that entries say were let go."""
    _newest: int = 0
    _newest_ms: int = 0
    _open: int = 0
    """How many of the last holes no entry that can be read has followed yet."""

    def readable(self, index: int, utc_ms: int) -> None:
        """Here stands an entry."""
        self._skipped(index)
        for place in range(len(self.found) - self._open, len(self.found)):
            self.found[place] = replace(self.found[place], before_ms=utc_ms)
        self._open, self._newest, self._newest_ms = 0, max(self._newest, index), utc_ms

    def lost(self, index: int, *, bare: bool) -> None:
        """Here stands none."""
        self._skipped(index)
        self._lost(index, index, bare)

    def let_go_until(self) -> int:
        """Everything that retention took was written before this moment; 0 if it took nothing."""
        gone = (each for each in self.found if each.bare and any(_overlap(each, reach) for reach in self.expired))
        return max((each.before_ms for each in gone), default=0)

    def broken(self) -> Iterator[Hole]:
        """The holes that nothing explains."""
        for hole in self.found:
            yield from _outside(hole, sorted(self.expired)) if hole.bare else (hole,)

    def _skipped(self, index: int) -> None:
        if index > self._newest + 1:
            self._lost(self._newest + 1, index - 1, bare=False)

    def _lost(self, first: int, last: int, bare: bool) -> None:
        self._newest = max(self._newest, last)
        if self._open and self.found[-1].bare is bare and self.found[-1].last == first - 1:
            self.found[-1] = replace(self.found[-1], last=last)
            return
        self.found.append(Hole(first, last, bare, self._newest_ms))
        self._open += 1


def _overlap(hole: Hole, reach: tuple[int, int]) -> bool:
    return hole.first <= reach[1] and reach[0] <= hole.last


def _outside(hole: Hole, ranges: Sequence[tuple[int, int]]) -> Iterator[Hole]:
    """The parts of a hole that lie in none of these ranges, which are sorted."""
    first = hole.first
    for begin, end in ranges:
        if begin > first:
            yield from _part(hole, first, min(begin - 1, hole.last))
        first = max(first, end + 1)
    yield from _part(hole, first, hole.last)


def _part(hole: Hole, first: int, last: int) -> Iterator[Hole]:
    if first <= last:
        yield replace(hole, first=first, last=last)
