"""What the data of a piece may look like: one picture, of exactly the size that the piece has, and nothing beside it.

A decoder obeys the size and the chunks inside a file, so these are checked before any decoder sees it: a small piece must
not unfold into a large picture, and no part that we never write (profiles, texts, animations, further scans) is unpacked.

    PNG    signature | IHDR (no interlace; RGB of 8 bits, or a palette of 1 to 8) | PLTE if and only if palette | IDAT ... | IEND
    JPEG   SOI | APP0, DQT, DHT ... | SOF0 (8 bits, three components, none subsampled) | ... | SOS of all three | data | EOI
    WEBP   RIFF | "WEBP" | one chunk VP8L, whose header has the size and no transparency; nothing else, and nothing behind it
    RAW    red, green, blue of each pixel, row by row; at most RAW_PIXELS_MAX pixels
    FILL   red, green, blue of the whole piece
"""

import re
from enum import IntEnum
from struct import Struct
from typing import Final, assert_never

from wire.limits import RAW_PIXELS_MAX
from wire.schema import MalformedMessage


class Codec(IntEnum):
    """How the pixels of a piece are written."""

    PNG = 1
    JPEG = 2
    RAW = 3
    FILL = 4
    WEBP = 5


PIXEL: Final = 3
"""Bytes of a pixel without loss."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK: Final = Struct(">I4s")
_CHECK: Final = 4
_IHDR: Final = Struct(">IIBBBBB")
_RGB, _PALETTE = (8, 2), ((1, 3), (2, 3), (4, 3), (8, 3))
"""Bit depth and colour type."""
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOF, _SOS = 0xC0, 0xDA
_TABLES: Final = frozenset({0xE0, 0xDB, 0xC4})
_SEGMENT: Final = Struct(">BBH")
_SOF_FIXED: Final = Struct(">BHHB")
_COMPONENTS: Final = 3
_SOS_SIZE: Final = 4 + 2 * _COMPONENTS
_WEBP: Final = Struct("<4sI4s4sIBI")
_VP8L: Final = 0x2F
_MARKER: Final = re.compile(rb"\xff[^\0]", re.DOTALL)


def check_tile(codec: Codec, width: int, height: int, data: bytes) -> None:
    """Raises MalformedMessage unless `data` is a picture of this codec and size."""
    match codec:
        case Codec.PNG:
            fits = _is_png(width, height, data)
        case Codec.JPEG:
            fits = _is_jpeg(width, height, data)
        case Codec.WEBP:
            fits = _is_webp(width, height, data)
        case Codec.RAW:
            fits = width * height <= RAW_PIXELS_MAX and len(data) == PIXEL * width * height
        case Codec.FILL:
            fits = len(data) == PIXEL
        case _:
            assert_never(codec)
    if not fits:
        raise MalformedMessage("screen.piece", "is not a picture of its size")


def _is_png(width: int, height: int, data: bytes) -> bool:
    names: list[bytes] = []
    header, palette = b"", 0
    at = len(_SIGNATURE)
    while at + _CHUNK.size <= len(data):
        length, name = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if name == b"IHDR":
            header = data[at : at + length]
        elif name == b"PLTE":
            palette = length
        if name != b"IDAT" or names[-1:] != [name]:
            names.append(name)
        at += length + _CHECK
    if at != len(data) or not data.startswith(_SIGNATURE) or len(header) != _IHDR.size:
        return False
    told = _IHDR.unpack(header)
    colours = palette and palette % PIXEL == 0 and palette <= PIXEL << told[2]
    wanted = [b"IHDR", b"IDAT", b"IEND"] if told[2:4] == _RGB else [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    shaped = told[2:4] == _RGB or (told[2:4] in _PALETTE and bool(colours))
    return names == wanted and shaped and told == (width, height, *told[2:4], 0, 0, 0)


def _is_jpeg(width: int, height: int, data: bytes) -> bool:
    """Walks the segments up to the one scan; inside it no marker may stand but the end."""
    at, framed = len(_SOI), False
    while at + _SEGMENT.size <= len(data):
        begins, marker, length = _SEGMENT.unpack_from(data, at)
        body = data[at + _SEGMENT.size : at + 2 + length]
        at += 2 + length
        if begins != 0xFF or length < 2 or (marker == _SOF and (framed or not _is_frame(width, height, body))):
            return False
        if marker == _SOS:
            return framed and data.startswith(_SOI) and len(body) == _SOS_SIZE and body[0] == _COMPONENTS and _ends(data, at)
        if marker != _SOF and marker not in _TABLES:
            return False
        framed = framed or marker == _SOF
    return False


def _is_frame(width: int, height: int, body: bytes) -> bool:
    """The frame header: precision, height, width, and for each component its id, its sampling, its table."""
    fixed = _SOF_FIXED.pack(8, height, width, _COMPONENTS)
    whole = len(body) == len(fixed) + 3 * _COMPONENTS
    return whole and body.startswith(fixed) and body[len(fixed) + 1 :: 3] == b"\x11" * _COMPONENTS


def _ends(data: bytes, scan: int) -> bool:
    found = _MARKER.search(data, scan)
    return found is not None and found.start() == len(data) - len(_EOI) and found.group() == _EOI


def _is_webp(width: int, height: int, data: bytes) -> bool:
    """RIFF counts what follows it, the chunk what is its own; the last byte may be there to make that even."""
    if len(data) <= _WEBP.size:
        return False
    chunk = len(data) - 20
    told = _WEBP.unpack_from(data)
    sized = (width - 1) | (height - 1) << 14
    return told in [(b"RIFF", len(data) - 8, b"WEBP", b"VP8L", chunk - odd, _VP8L, sized) for odd in (0, 1)] and chunk % 2 == 0
