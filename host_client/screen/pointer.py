"""What is told of the pointer, and when: its shapes once each, where it is, never faster than the line can bear. Pure.

A shape is kept in one of CURSOR_SLOTS slots at the console; the one that was not shown for longest gives way. While a new
shape must wait its turn, the old one is shown where the pointer is, and of several that come meanwhile only the last is sent.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wire.limits import CURSOR_SIDE_MAX, CURSOR_SLOTS, PICTURE_SIDE_MAX, POINTER_HIDDEN
from wire.sealed.scene import Cursor, Pointer
from wire.sealed.screen import encode_picture

TELL_SECONDS = 1 / 30
SHAPE_BYTES_PER_SECOND = 32 * 1024
"""A pointer that a program animates must not take the line from the picture."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Straight RGBA, and the pixel of it that points."""

    width: int
    height: int
    hot_x: int
    hot_y: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """The pointer as it is now. `shape` None: it is not to be seen, or lies where nobody may see it."""

    shape: Shape | None
    x: int
    y: int


def shape_of(argb: list[int], width: int, height: int, hot: tuple[int, int]) -> Shape | None:
    """A shape from premultiplied pixels, as X gives them; what is too large is cut around its hot spot. None: nothing to see in it."""
    pixels = np.array(argb, dtype=np.uint32).reshape(height, width)
    x, width = _cut(width, hot[0])
    y, height = _cut(height, hot[1])
    pixels = np.ascontiguousarray(pixels[y : y + height, x : x + width])
    alpha = pixels >> 24
    if not alpha.any():
        return None
    straight = np.zeros((height, width, 4), dtype=np.uint8)
    for place, shift in enumerate((16, 8, 0)):
        colour = (pixels >> shift) & 0xFF
        straight[:, :, place] = np.minimum(255, (colour * 255 + alpha // 2) // np.maximum(alpha, 1))
    straight[:, :, 3] = alpha
    hot_x, hot_y = min(max(hot[0] - x, 0), width - 1), min(max(hot[1] - y, 0), height - 1)
    return Shape(width, height, hot_x, hot_y, straight.tobytes())


def _cut(side: int, hot: int) -> tuple[int, int]:
    """Where the part begins that is kept, and how long it is."""
    kept = min(side, CURSOR_SIDE_MAX)
    return min(max(hot - kept // 2, 0), side - kept), kept


class PointerLane:
    """The pointer of one grant. Knows which shapes the console holds. Times are seconds of a steady clock."""

    def __init__(self) -> None:
        self._slots: OrderedDict[Shape, int] = OrderedDict()
        self._said: Pointer | None = None
        self._next = 0.0
        self._next_shape = 0.0
        self._wanted: Seen | None = None

    def see(self, seen: Seen) -> None:
        """The pointer is like this now."""
        self._wanted = seen

    def pause(self, now: float) -> float | None:
        """Seconds until there is something to say; None: nothing, until something else is seen."""
        return None if self._wanted is None else max(0.0, self._next - now)

    def messages(self, now: float) -> Iterator[bytes]:
        """What to say now; they must all be sent, in order."""
        wanted = self._wanted
        if wanted is None or now < self._next:
            return
        shape = wanted.shape
        if shape is not None and shape not in self._slots and now >= self._next_shape:
            yield encode_picture(self._keep(shape, now))
        place = Pointer(self._slot_of(shape), _on_screen(wanted.x), _on_screen(wanted.y))
        waits = shape is not None and shape not in self._slots
        self._wanted = wanted if waits else None
        self._next = now + TELL_SECONDS
        if place != self._said:
            self._said = place
            yield encode_picture(place)

    def _slot_of(self, shape: Shape | None) -> int:
        """A shape that waits for its turn is shown as the one before."""
        if shape is None:
            return POINTER_HIDDEN
        if shape in self._slots:
            self._slots.move_to_end(shape)
            return self._slots[shape]
        return self._said.slot if self._said is not None else POINTER_HIDDEN

    def _keep(self, shape: Shape, now: float) -> Cursor:
        slot = len(self._slots)
        if slot == CURSOR_SLOTS:
            _, slot = self._slots.popitem(last=False)
        self._slots[shape] = slot
        self._next_shape = now + len(shape.data) / SHAPE_BYTES_PER_SECOND
        return Cursor(slot, shape.width, shape.height, shape.hot_x, shape.hot_y, shape.data)


def _on_screen(place: int) -> int:
    return min(max(place, 0), PICTURE_SIDE_MAX - 1)
