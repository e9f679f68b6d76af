"""What the console holds: its picture, which of its pixels are exact, and when each part of it last changed. Pure.

Every pixel knows whether the console has it as it is or only nearly so (JPEG). A copy carries that knowledge along: what
was copied from lossy pixels is lossy. So at rest it is known what must still be sent, to the pixel.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from host_client.screen.change import Pixels, Rectangle
from host_client.screen.moves import Move
from wire.limits import PIECE_PIXELS_MAX

TILE: Final = 64
"""Pixels along which rest and motion are told apart."""
REST_SECONDS: Final = 0.15
"""Stillness after which what was sent with loss is sent again without; docs/protocol.md promises 0.3 until it is there."""
MOTION_SECONDS: Final = 0.25
"""A part that changed twice within this moves."""


class Held:
    """The console's picture, black at first. Times are seconds on one steady clock."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.zeros((height, width), dtype=np.uint32)
        """As the host meant it: where the console's pixel is not exact, what it should be."""
        self._lossy = np.zeros((height, width), dtype=np.bool_)
        grid = (-(-height // TILE), -(-width // TILE))
        self._lossy_tiles = np.zeros(grid, dtype=np.bool_)
        self._changed = np.full(grid, -np.inf)
        self._before = np.full(grid, -np.inf)

    @property
    def is_exact(self) -> bool:
        """Whether the console has every pixel as it is."""
        return not self._lossy_tiles.any()

    def has(self, at: Rectangle, pixels: Pixels) -> bool:
        """Whether the console shows exactly these pixels here."""
        return not self._lossy[_inside(at)].any() and np.array_equal(self.pixels[_inside(at)], pixels)

    def touch(self, at: Rectangle, now: float) -> None:
        """Something changes here, now."""
        tiles = _tiles(at)
        earlier = self._changed[tiles]
        self._before[tiles] = np.where(earlier < now, earlier, self._before[tiles])
        self._changed[tiles] = now

    def moves(self, at: Rectangle, now: float) -> bool:
        """Whether most of this rectangle changes again and again."""
        return bool(np.median(self._before[_tiles(at)]) >= now - MOTION_SECONDS)

    def copy(self, move: Move) -> None:
        """The console copies a rectangle, and what is known of its pixels goes with it."""
        source, target = _inside(move.source), _inside(move.target)
        self.pixels[target] = self.pixels[source].copy()
        if not self.is_exact:
            self._lossy[target] = self._lossy[source].copy()
            self._count(move.target)

    def draw(self, at: Rectangle, pixels: Pixels, *, exact: bool) -> None:
        """The console is sent these pixels."""
        self.pixels[_inside(at)] = pixels
        if not exact or not self.is_exact:
            self._lossy[_inside(at)] = not exact
            self._count(at)

    def _count(self, at: Rectangle) -> None:
        rows, columns = _tiles(at)
        for row in range(rows.start, min(rows.stop, self._changed.shape[0])):
            for column in range(columns.start, min(columns.stop, self._changed.shape[1])):
                self._lossy_tiles[row, column] = self._lossy[_inside(Rectangle(column * TILE, row * TILE, TILE, TILE))].any()

    def rest_in(self, now: float) -> float | None:
        """Seconds until the next lossy part has been still for long enough; None when there is none."""
        if self.is_exact:
            return None
        return float(self._changed[self._lossy_tiles].min()) + REST_SECONDS - now

    def at_rest(self, now: float) -> Iterator[Rectangle]:
        """Boxes around the lossy pixels of parts that are still, none larger than a piece, those still for longest first."""
        due = self._lossy_tiles & (self._changed <= now - REST_SECONDS)
        each = PIECE_PIXELS_MAX // TILE
        found = []
        for row in range(0, due.shape[0], each):
            for column in range(0, due.shape[1], each):
                cells = due[row : row + each, column : column + each]
                if cells.any():
                    since = self._changed[row : row + each, column : column + each][cells].min()
                    found.append((float(since), self._box(row, column, cells)))
        yield from (box for _, box in sorted(found, key=lambda pair: pair[0]))

    def _box(self, row: int, column: int, cells: NDArray[np.bool_]) -> Rectangle:
        top, bottom = _ends(np.logical_or.reduce(cells, axis=1))
        left, right = _ends(np.logical_or.reduce(cells, axis=0))
        x, y = (column + left) * TILE, (row + top) * TILE
        marked = self._lossy[y : (row + bottom) * TILE, x : (column + right) * TILE]
        top, bottom = _ends(np.logical_or.reduce(marked, axis=1))
        left, right = _ends(np.logical_or.reduce(marked, axis=0))
        return Rectangle(x + left, y + top, right - left, bottom - top)


def _ends(line: NDArray[np.bool_]) -> tuple[int, int]:
    """First that is set, and the end of the last."""
    return int(line.argmax()), len(line) - int(line[::-1].argmax())


def _inside(at: Rectangle) -> tuple[slice, slice]:
    return slice(at.y, at.y + at.height), slice(at.x, at.x + at.width)


def _tiles(at: Rectangle) -> tuple[slice, slice]:
    return slice(at.y // TILE, -(-(at.y + at.height) // TILE)), slice(at.x // TILE, -(-(at.x + at.width) // TILE))
