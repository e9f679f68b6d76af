"""What belongs to a picture and is no pixel of it: the shape of the pointer, where it is, and the monitors (section 7). Big endian.

    CURSOR      16 u8 | slot u8 | width u8 | height u8 | hot x u8 | hot y u8 | RGBA, width x height x 4     kept in that slot
    POINTER     17 u8 | slot u8 | x u16 | y u16               where its hot spot is, and the slot of its shape; 255: not to be seen
    MONITORS    18 u8 | count u8 | count x (x u16 | y u16 | width u16 | height u16 | primary u8)      of the layout before it

A shape crosses as plain pixels, so that no decoder of pictures is asked, and once while its slot is not used for another.
The first byte is read and written in `screen.py`.
"""

from dataclasses import dataclass
from struct import Struct

from wire.limits import CURSOR_SIDE_MAX, CURSOR_SLOTS, MONITORS_MAX, PICTURE_SIDE_MAX, POINTER_HIDDEN
from wire.schema import MalformedMessage


@dataclass(frozen=True, slots=True)
class Cursor:
    """A shape of the pointer, straight alpha. The hot spot is the pixel of it that points."""

    slot: int
    width: int
    height: int
    hot_x: int
    hot_y: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is, in pixels of the picture, and which shape it has."""

    slot: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor's part of the picture. `primary` is 1 for at most one of them, else 0."""

    x: int
    y: int
    width: int
    height: int
    primary: int


@dataclass(frozen=True, slots=True)
class Monitors:
    """All monitors of the picture, from left to right. None: the picture is one."""

    monitors: tuple[Monitor, ...]


_CURSOR = Struct(">BBBBB")
_POINTER = Struct(">BHH")
_MONITOR = Struct(">HHHHB")


def pack_cursor(shape: Cursor) -> bytes:
    """Without its first byte. Raises struct.error."""
    return _CURSOR.pack(shape.slot, shape.width, shape.height, shape.hot_x, shape.hot_y) + shape.data


def pack_pointer(at: Pointer) -> bytes:
    """Without its first byte. Raises struct.error."""
    return _POINTER.pack(at.slot, at.x, at.y)


def pack_monitors(told: Monitors) -> bytes:
    """Without its first byte. Raises struct.error."""
    every = (_MONITOR.pack(each.x, each.y, each.width, each.height, each.primary) for each in told.monitors)
    return bytes((min(len(told.monitors), 255),)) + b"".join(every)


def read_cursor(body: bytes) -> Cursor:
    """What follows the first byte. Raises MalformedMessage and struct.error."""
    slot, width, height, hot_x, hot_y = _CURSOR.unpack_from(body)
    if slot >= CURSOR_SLOTS:
        raise MalformedMessage("screen.cursor", "has no such slot")
    if not (0 < width <= CURSOR_SIDE_MAX and 0 < height <= CURSOR_SIDE_MAX and hot_x < width and hot_y < height):
        raise MalformedMessage("screen.cursor", "has a wrong size")
    pixels = body[_CURSOR.size :]
    if len(pixels) != width * height * 4:
        raise MalformedMessage("screen.cursor", "is not a shape of its size")
    return Cursor(slot, width, height, hot_x, hot_y, pixels)


def read_pointer(body: bytes) -> Pointer:
    """What follows the first byte. Raises MalformedMessage and struct.error."""
    slot, x, y = _POINTER.unpack(body)
    if slot >= CURSOR_SLOTS and slot != POINTER_HIDDEN:
        raise MalformedMessage("screen.pointer", "has no such shape")
    if max(x, y) >= PICTURE_SIDE_MAX:
        raise MalformedMessage("screen.pointer", "lies outside any screen")
    return Pointer(slot, x, y)


def read_monitors(body: bytes) -> Monitors:
    """What follows the first byte. Raises MalformedMessage and struct.error."""
    if not body or len(body) != 1 + body[0] * _MONITOR.size or body[0] > MONITORS_MAX:
        raise MalformedMessage("screen.monitors", "has a wrong length")
    told = tuple(Monitor(*fields) for fields in _MONITOR.iter_unpack(body[1:]))
    for each in told:
        within = max(each.x + each.width, each.y + each.height) <= PICTURE_SIDE_MAX
        if not (each.width and each.height and within and each.primary <= 1):
            raise MalformedMessage("screen.monitors", "lies outside any screen")
    if sum(each.primary for each in told) > 1:
        raise MalformedMessage("screen.monitors", "has two that are the first")
    return Monitors(told)
