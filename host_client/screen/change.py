"""Which rectangles of the screen changed between two frames. Pure: two arrays in, rectangles out.

Whole bands of rows are compared first, because most of a screen stands still and a comparison of long rows runs at
the speed of memory. Only bands that differ are looked at in columns, and each cell is trimmed to what changed in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wire.limits import PIECE_PIXELS_MAX

Pixels = NDArray[np.uint32]
"""A frame: height x width, one BGRX pixel each."""

BAND_ROWS = 64
MERGE_WASTE = 1.25
"""Two rectangles become one when that covers at most this many times their pixels: each piece costs a header."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Pixels `x <= column < x + width`, `y <= row < y + height`."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Pixels covered."""
        return self.width * self.height

    def moved(self, dx: int, dy: int) -> "Rectangle":
        """The same rectangle, so far to the right and down."""
        return Rectangle(self.x + dx, self.y + dy, self.width, self.height)

    def within(self, width: int, height: int) -> "Rectangle":
        """What of it lies on a screen of this size, and never less than one pixel."""
        x, y = min(max(self.x, 0), width - 1), min(max(self.y, 0), height - 1)
        right, bottom = min(self.x + self.width, width), min(self.y + self.height, height)
        return Rectangle(x, y, max(1, right - x), max(1, bottom - y))

    def meets(self, other: "Rectangle") -> bool:
        """Whether they have a pixel in common."""
        across = max(self.x, other.x) < min(self.x + self.width, other.x + other.width)
        return across and max(self.y, other.y) < min(self.y + self.height, other.y + other.height)

    def joined(self, other: "Rectangle") -> "Rectangle":
        """The smallest rectangle around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Rectangle(x, y, right - x, bottom - y)


def pixels_of(frame: bytes | bytearray, width: int, height: int) -> Pixels:
    """A grabbed frame as rows of pixels, without copying. Raises ValueError when the size does not fit."""
    return np.frombuffer(frame, dtype=np.uint32).reshape(height, width)


def whole(width: int, height: int) -> Iterator[Rectangle]:
    """The whole screen in pieces, top to bottom."""
    side = PIECE_PIXELS_MAX
    for y in range(0, height, side):
        for x in range(0, width, side):
            yield Rectangle(x, y, min(side, width - x), min(side, height - y))


def changed(before: Pixels, after: Pixels) -> list[Rectangle]:
    """Rectangles that cover every pixel that differs, in reading order, neither side longer than PIECE_PIXELS_MAX.

    Both frames have the same shape. The fourth byte of a pixel is padding and is compared too; a server that scribbles
    there only costs a piece.
    """
    columns: dict[int, list[Rectangle]] = {}
    height = before.shape[0]
    for top in range(0, height, BAND_ROWS):
        old, new = before[top : top + BAND_ROWS], after[top : top + BAND_ROWS]
        differs = old != new
        if differs.any():
            for cell in _cells(differs, top):
                _add(columns.setdefault(cell.x // PIECE_PIXELS_MAX, []), cell)
    return sorted((found for column in columns.values() for found in column), key=lambda found: (found.y, found.x))


def _cells(differs: NDArray[np.bool_], top: int) -> Iterator[Rectangle]:
    """The changed parts of one band, trimmed, one for each column of PIECE_PIXELS_MAX."""
    touched = np.logical_or.reduce(differs, axis=0)
    for left in range(0, differs.shape[1], PIECE_PIXELS_MAX):
        across = touched[left : left + PIECE_PIXELS_MAX]
        if across.any():
            down = np.logical_or.reduce(differs[:, left : left + PIECE_PIXELS_MAX], axis=1)
            first_x, last_x = _ends(across)
            first_y, last_y = _ends(down)
            yield Rectangle(left + first_x, top + first_y, last_x - first_x + 1, last_y - first_y + 1)


def _ends(line: NDArray[np.bool_]) -> tuple[int, int]:
    return int(line.argmax()), len(line) - 1 - int(line[::-1].argmax())


def _add(column: list[Rectangle], cell: Rectangle) -> None:
    """Grow the last rectangle of a column by the cell below it, or begin a new one."""
    if column:
        both = column[-1].joined(cell)
        if both.height <= PIECE_PIXELS_MAX and both.area <= MERGE_WASTE * (column[-1].area + cell.area):
            column[-1] = both
            return
    column.append(cell)
