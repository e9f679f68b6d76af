"""Pictures, packed: the plaintext of the screen lane (docs/protocol.md, section 7). Big endian throughout.

    LAYOUT      1 u8 | width u16 | height u16                        the picture has this size from now on, and is black
    PIECE       2 u8 | frame u32 | x u16 | y u16 | width u16 | height u16 | codec u8 | data                (tiles.py)
    FRAME_END   3 u8 | frame u32 | boot u64                          the picture is whole; microseconds of the host's clock
    COPY        4 u8 | frame u32 | from_x u16 | from_y u16 | x u16 | y u16 | width u16 | height u16
    ACK         1 u8 | frame u32 | worked u16                        the other way: this frame is on the technician's screen, so many
                                                                     milliseconds after the last of it had come
    CURSOR, POINTER, MONITORS                                        what is no pixel: `scene.py`

A frame is its copies, one after the other on the picture as it stands, each reading what the one before it wrote, and then
its pieces. A copy may overlap itself: it reads all of its rectangle before it writes.

    record      more u8 | chunk                                      1: the parcel goes on in the next record, 0: it ends here

Messages that leave together are one parcel (`parcel.py`), which is what records are cut from.

Drawing and encoding of pixels live elsewhere; this file checks that what crosses is one of these and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct, error
from typing import assert_never

from wire.limits import PICTURE_MESSAGE_MAX, PICTURE_PARCEL_MAX, PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX, PIECE_PIXELS_MAX, RECORD_PLAIN_MAX
from wire.schema import SAFE_INTEGER, MalformedMessage
from wire.sealed.scene import (
    Cursor,
    Monitors,
    Pointer,
    pack_cursor,
    pack_monitors,
    pack_pointer,
    read_cursor,
    read_monitors,
    read_pointer,
)
from wire.sealed.tiles import Codec, check_tile


class ScreenMessage(IntEnum):
    """First byte of each message from the host."""

    LAYOUT = 1
    PIECE = 2
    FRAME_END = 3
    COPY = 4
    CURSOR = 16
    POINTER = 17
    MONITORS = 18


@dataclass(frozen=True, slots=True)
class Layout:
    """The size of the whole picture, in pixels. Pieces and pointer positions mean this picture until the next layout."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One rectangle of at most 256 x 256 pixels."""

    frame: int
    x: int
    y: int
    width: int
    height: int
    codec: Codec
    data: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """What the console shows at `from_x`, `from_y` is shown at `x`, `y` too: a scroll, or a window that was moved."""

    frame: int
    from_x: int
    from_y: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FrameEnd:
    """All copies and pieces of a frame have been sent. `boot` is the host's run-time clock in microseconds, for the age of input."""

    frame: int
    boot: int


Picture = Layout | Copy | Piece | FrameEnd | Cursor | Pointer | Monitors

_LAYOUT = Struct(">BHH")
_PIECE = Struct(">BIHHHHB")
_FRAME_END = Struct(">BIQ")
_COPY = Struct(">BI6H")
_ACK = Struct(">BIH")
_ACK_KIND = 1


def encode_picture(message: Picture) -> bytes:
    """Packed bytes of one message. Raises ValueError for one that no reader would accept."""
    try:
        data = _pack(message)
        decode_picture(data)
    except (error, MalformedMessage) as fault:
        raise ValueError(f"no such screen message: {fault}") from None
    return data


def _pack(message: Picture) -> bytes:
    match message:
        case Layout(width, height):
            return _LAYOUT.pack(ScreenMessage.LAYOUT, width, height)
        case Piece(frame, x, y, width, height, codec, data):
            return _PIECE.pack(ScreenMessage.PIECE, frame, x, y, width, height, codec) + data
        case Copy(frame, from_x, from_y, x, y, width, height):
            return _COPY.pack(ScreenMessage.COPY, frame, from_x, from_y, x, y, width, height)
        case FrameEnd(frame, boot):
            return _FRAME_END.pack(ScreenMessage.FRAME_END, frame, boot)
        case Cursor():
            return bytes((ScreenMessage.CURSOR,)) + pack_cursor(message)
        case Pointer():
            return bytes((ScreenMessage.POINTER,)) + pack_pointer(message)
        case Monitors():
            return bytes((ScreenMessage.MONITORS,)) + pack_monitors(message)
        case _:
            assert_never(message)


def decode_picture(data: bytes) -> Picture:
    """Read one whole message. Raises MalformedMessage."""
    if len(data) > PICTURE_MESSAGE_MAX:
        raise MalformedMessage("screen", "is too long")
    try:
        kind = ScreenMessage(data[0])
        return _READERS[kind](data)
    except (IndexError, ValueError, error):
        raise MalformedMessage("screen", "is unknown or has a wrong length") from None


def _read_layout(data: bytes) -> Layout:
    _, width, height = _LAYOUT.unpack(data)
    if not width or not height:
        raise MalformedMessage("screen.layout", "is empty")
    if max(width, height) > PICTURE_SIDE_MAX or width * height > PICTURE_PIXELS_MAX:
        raise MalformedMessage("screen.layout", "is larger than any screen")
    return Layout(width, height)


def _read_piece(data: bytes) -> Piece:
    _, frame, x, y, width, height, codec = _PIECE.unpack_from(data)
    if not (0 < width <= PIECE_PIXELS_MAX and 0 < height <= PIECE_PIXELS_MAX):
        raise MalformedMessage("screen.piece", "has a wrong size")
    pixels = data[_PIECE.size :]
    check_tile(Codec(codec), width, height, pixels)
    return Piece(frame, x, y, width, height, Codec(codec), pixels)


def _read_copy(data: bytes) -> Copy:
    _, frame, from_x, from_y, x, y, width, height = _COPY.unpack(data)
    if not width or not height:
        raise MalformedMessage("screen.copy", "is empty")
    return Copy(frame, from_x, from_y, x, y, width, height)


def _read_frame_end(data: bytes) -> FrameEnd:
    _, frame, boot = _FRAME_END.unpack(data)
    if boot > SAFE_INTEGER:
        raise MalformedMessage("screen.frame_end", "is out of range")
    return FrameEnd(frame, boot)


_READERS: dict[ScreenMessage, Callable[[bytes], Picture]] = {
    ScreenMessage.LAYOUT: _read_layout,
    ScreenMessage.PIECE: _read_piece,
    ScreenMessage.FRAME_END: _read_frame_end,
    ScreenMessage.COPY: _read_copy,
    ScreenMessage.CURSOR: lambda data: read_cursor(data[1:]),
    ScreenMessage.POINTER: lambda data: read_pointer(data[1:]),
    ScreenMessage.MONITORS: lambda data: read_monitors(data[1:]),
}


@dataclass(frozen=True, slots=True)
class Ack:
    """This frame is shown. `worked`: milliseconds that the console took from its FRAME_END on, 65535 for more."""

    frame: int
    worked: int


def encode_ack(frame: int, worked: int = 0) -> bytes:
    """The console's answer to a FRAME_END. Raises ValueError outside u32, and u16."""
    try:
        return _ACK.pack(_ACK_KIND, frame, worked)
    except error:
        raise ValueError(f"no such frame: {frame}") from None


def decode_ack(data: bytes) -> Ack:
    """The frame that was acknowledged. Raises MalformedMessage."""
    if len(data) != _ACK.size or data[0] != _ACK_KIND:
        raise MalformedMessage("screen.ack", "is not an acknowledgement")
    _, frame, worked = _ACK.unpack(data)
    return Ack(frame, worked)


def records_of(parcel: bytes) -> Iterator[bytes]:
    """Cut one parcel into record plaintexts, each at most RECORD_PLAIN_MAX bytes with its `more` byte."""
    step = RECORD_PLAIN_MAX - 1
    for start in range(0, len(parcel), step):
        more = start + step < len(parcel)
        yield bytes((more,)) + parcel[start : start + step]


class Reassembly:
    """Puts one lane's records together again. Holds at most one parcel, and never more than PICTURE_PARCEL_MAX bytes."""

    def __init__(self) -> None:
        self._held = bytearray()

    def add(self, plain: bytes) -> bytes | None:
        """Take one record's plaintext; the whole parcel when this was its last part. Raises MalformedMessage."""
        if len(plain) < 2 or plain[0] > 1:
            raise MalformedMessage("screen.record", "carries no part of a parcel")
        if len(self._held) + len(plain) - 1 > PICTURE_PARCEL_MAX:
            raise MalformedMessage("screen.record", "makes a parcel that is too long")
        self._held += plain[1:]
        if plain[0]:
            return None
        whole = bytes(self._held)
        self._held.clear()
        return whole
