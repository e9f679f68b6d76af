"""What of a changed region only moved: scrolled contents, a dragged window. Pure.

A run of pixels from the new picture that is unlike its surroundings is looked for in the old one. Where it is found tells
how far the region may have moved; whether it did is then counted, pixel by pixel in some of its rows, and the rectangle for which
copying puts most right is the answer. Nothing rests on the guess: what the copy leaves wrong differs afterwards as before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from host_client.screen.change import Pixels, Rectangle

REGION_GAP: Final = 48
"""Changed rectangles as near to each other as this are one region: lines of text have gaps between them."""
GAIN_MIN: Final = 2048
"""What a copy must be worth, or pieces are cheaper: pixels put right, those at the edge of a colour counted ten times."""
_DETAIL: Final = np.int8(9)
_RUN: Final = 64
"""Pixels that are looked for; in narrow regions fewer."""
_RUN_MIN: Final = 12
_RUNS: Final = 6
_BANDS: Final = 4 * _RUNS
_UNEVEN: Final = 0.618
"""The golden ratio's part: multiples of it fall everywhere between two whole numbers."""
_ENOUGH: Final = 0.7
"""Share of what differs; a move that explains so much needs no better one."""
_SOME: Final = 0.4
"""Of that. A way that something went before and that explains so much is taken without a search: what is left is looked at again."""
_LITTLE: Final = 32
"""Where no more than one pixel in so many differs, pieces cost less than the search: so the one line that is new after a scroll."""
_TRIED: Final = 8
_ROWS: Final = 64
"""Rows of a tall region that are counted at least; the others are taken to be like them."""
_FOUND: Final = 3
"""Places tried for each run: a table may repeat itself."""
_COLOUR_CHANGES: Final = 6
"""A run of fewer steps between colours would be found everywhere."""


Shift = tuple[int, int]
"""So far to the right, and down."""
Worth = NDArray[np.int8]
Span = tuple[int, int]
"""First, and end."""


@dataclass(frozen=True, slots=True)
class Move:
    """What stands in `source` stands `dx` to the right and `dy` below it too."""

    source: Rectangle
    dx: int
    dy: int

    @property
    def target(self) -> Rectangle:
        """Where it stands then."""
        return self.source.moved(self.dx, self.dy)


def regions(rectangles: list[Rectangle]) -> list[Rectangle]:
    """Boxes around what lies close together; boxes that come close by growing become one too."""
    found: list[Rectangle] = []
    for rectangle in rectangles:
        box = rectangle
        while near := [other for other in found if _near(box, other)]:
            for other in near:
                found.remove(other)
                box = box.joined(other)
        found.append(box)
    return found


def _near(one: Rectangle, other: Rectangle) -> bool:
    across = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    down = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(across, down) <= REGION_GAP


def find_move(before: Pixels, after: Pixels, likely: Sequence[Shift]) -> Move | None:
    """The move that explains most of the difference of two pictures of one region; None when none explains enough.

    `likely` is how the last moves went: who scrolls goes on scrolling.
    """
    looked = _Looked(before, after)
    if looked.differs * _LITTLE < looked.size:
        return None
    best, most = _best_of(looked, likely, enough=looked.enough)
    if most < _SOME * looked.enough:
        searched, more = _best_of(looked, islice(_unlike(likely, _shifts(before, after)), _TRIED), enough=looked.enough)
        best = searched if more > most else best
    return None if best is None else looked.trimmed(best)


def _best_of(looked: "_Looked", shifts: Iterable[Shift], *, enough: float) -> tuple[Move | None, int]:
    """The best of these moves and what it is worth, without looking for a better one than is enough."""
    best, most = None, GAIN_MIN - 1
    for shift in shifts:
        move, gain = looked.best(*shift)
        if gain > most:
            best, most = move, gain
        if most >= enough:
            break
    return best, most


def _unlike(tried: Iterable[Shift], shifts: Iterable[Shift]) -> Iterator[Shift]:
    """Each once, and none that was tried."""
    seen = set(tried)
    for shift in shifts:
        if shift not in seen:
            seen.add(shift)
            yield shift


def goes_on(before: Pixels, after: Pixels, shifts: Sequence[Shift]) -> Move | None:
    """One of these moves once more, if it alone explains most of the difference: then nothing needs to be searched, or even compared.

    They are several, because of what moves evenly some frames bring one step and some two.
    """
    looked = _Looked(before, after)
    for shift in shifts:
        move, gain = looked.best(*shift)
        if move is not None and gain >= max(GAIN_MIN, looked.enough):
            return looked.trimmed(move)
    return None


def _shifts(before: Pixels, after: Pixels) -> Iterator[Shift]:
    """How far runs of the new picture are from where they stood in the old one."""
    old, width = before.ravel(), before.shape[1]
    for x, y, run in _runs(before, after):
        for place in _places(old, run)[:_FOUND]:
            from_y, from_x = divmod(int(place), width)
            if (from_x, from_y) != (x, y) and from_x + len(run) <= width:
                yield x - from_x, y - from_y


def _places(old: Pixels, run: Pixels) -> NDArray[np.intp]:
    """Pixels at which the run begins. Where its rarest colour stands is looked up first: few places are left to compare."""
    colours, first, times = np.unique(run, return_index=True, return_counts=True)
    rare = int(times.argmin())
    begins: NDArray[np.intp] = np.flatnonzero(old == colours[rare]) - first[rare]
    begins = begins[(begins >= 0) & (begins <= len(old) - len(run))]
    for step in sorted(range(len(run)), key=lambda step: step % 8):  # neighbours are often alike: every eighth tells more
        if not len(begins):
            break
        begins = begins[old[begins + step] == run[step]]
    return begins


def _runs(before: Pixels, after: Pixels) -> Iterator[tuple[int, int, Pixels]]:
    """The most colourful runs that changed, spread over the rows, but unevenly: at even distances every one of them may fall
    between two lines of a table.
    """
    height, width = after.shape
    length = min(_RUN, width // 2)
    if length < _RUN_MIN:
        return
    found = []
    for y in sorted({int((band + band * _UNEVEN % 1) * height / _BANDS) for band in range(_BANDS)}):
        differing = (after[y, 1:] != after[y, :-1]) & (after[y, 1:] != before[y, 1:])  # beside what stands already
        steps = np.concatenate(((0,), np.cumsum(differing)))
        many = steps[length - 1 :] - steps[: width - length + 1]
        x = int(many.argmax())
        if many[x] >= _COLOUR_CHANGES:
            found.append((int(many[x]), x, y))
    for _, x, y in sorted(found, key=lambda each: -each[0])[:_RUNS]:
        yield x, y, after[y, x : x + length]


class _Looked:
    """Two pictures of one region, counted in every so manyth row. What is counted stands for the rows between."""

    def __init__(self, before: Pixels, after: Pixels) -> None:
        self._before, self._after = before, after
        self._step = max(1, after.shape[0] // _ROWS)
        seen = after[:: self._step]
        self._stood = before[:: self._step] == seen
        self._worth = _worth(seen)
        self.size = self._stood.size
        differs = ~self._stood
        self.differs = int(np.count_nonzero(differs))
        """Of `size`."""
        self.enough = _ENOUGH * self._step * int((self._worth * differs).sum(dtype=np.int64))

    def best(self, dx: int, dy: int) -> tuple[Move | None, int]:
        """The rectangle in which this move puts most right and least wrong, and what that is worth. Its upper and lower edge are
        those of rows that were counted.
        """
        height, width = self._after.shape
        if (dx, dy) == (0, 0) or abs(dx) >= width or abs(dy) >= height:
            return None, 0
        step, x, across = self._step, max(0, dx), width - abs(dx)
        first, end = -(-max(0, dy) // step), -(-min(height, height + dy) // step)
        if first == end:
            return None, 0
        columns, rows = slice(x, x + across), slice(first, end)
        moved = self._before[first * step - dy : (end - 1) * step - dy + 1 : step, x - dx : x - dx + across]
        right = self._after[first * step : (end - 1) * step + 1 : step, columns] == moved
        gain = (right.view(np.int8) - self._stood[rows, columns].view(np.int8)) * self._worth[rows, columns]
        total, (top, bottom), (left, right_end) = _box(gain)
        y = (first + top) * step
        source = Rectangle(x - dx + left, y - dy, right_end - left, (bottom - top - 1) * step + 1)
        return Move(source, dx, dy), step * total

    def trimmed(self, move: Move) -> Move:
        """With the rows up to the next that was counted, above and below, as far as they gain too."""
        target, reach = move.target, self._step - 1
        above = self._gaining(move, range(target.y - 1, target.y - 1 - reach, -1))
        below = self._gaining(move, range(target.y + target.height, target.y + target.height + reach))
        source = move.source
        return Move(Rectangle(source.x, source.y - above, source.width, source.height + above + below), move.dx, move.dy)

    def _gaining(self, move: Move, rows: range) -> int:
        """How many of these rows to take, from the first on, to gain most."""
        height = self._after.shape[0]
        target = move.target
        here = slice(target.x, target.x + target.width)
        there = slice(move.source.x, move.source.x + target.width)
        total, most, taken = 0, 0, 0
        for count, row in enumerate(rows, 1):
            if not (0 <= row < height and 0 <= row - move.dy < height):
                break
            right = np.count_nonzero(self._before[row - move.dy, there] == self._after[row, here])
            total += int(right) - int(np.count_nonzero(self._before[row, here] == self._after[row, here]))
            if total > most:
                most, taken = total, count
        return taken


def _worth(after: Pixels) -> Worth:
    """What each pixel is worth: the paper under a text costs next to nothing to send, its letters do."""
    worth = np.ones(after.shape, dtype=np.int8)
    worth[:, 1:] += _DETAIL * (after[:, 1:] != after[:, :-1])
    return worth


def _box(gain: Worth) -> tuple[int, Span, Span]:
    """The rows and columns that gain most together, and how much. Looked for both ways: beside what moves something may stand, and
    then what a whole row gains on one side it loses on the other.
    """
    across = _span(gain.sum(axis=1, dtype=np.int32))
    down = _span(gain.sum(axis=0, dtype=np.int32))
    by_rows = across, _span(gain[slice(*across)].sum(axis=0, dtype=np.int32))
    by_columns = _span(gain[:, slice(*down)].sum(axis=1, dtype=np.int32)), down
    return max((int(gain[slice(*rows), slice(*columns)].sum(dtype=np.int32)), rows, columns) for rows, columns in (by_rows, by_columns))


def _span(gains: NDArray[np.int32]) -> Span:
    """First and end of the neighbours that gain most together."""
    total = np.concatenate(((0,), np.cumsum(gains)))
    lowest = np.minimum.accumulate(total)
    end = int((total - lowest).argmax())
    return end - int(total[end::-1].argmin()), end  # the shortest: what gains nothing need not be copied
