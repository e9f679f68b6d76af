"""One rectangle of the screen as a PNG (W3C PNG, third edition) that the browser decodes by itself. Pure.

    signature | IHDR (8 bit, colour type 2: RGB) | IDAT (one zlib stream) | IEND
    signature | IHDR (1 to 8 bit, colour type 3) | PLTE | IDAT | IEND                   where there are at most 256 colours

Built by hand on ISA-L's deflate, which is several times faster than a general encoder. One filter for all rows of a
piece: none where there are few colours (text and interface: repeats are worth more than small differences), the
better of *sub* and *up* elsewhere (photographs, gradients).
"""

from struct import Struct
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from host_client.screen.change import Pixels
from host_client.screen.palette import Colours, Indexes, palette_of, sampled_colours

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_IHDR: Final = Struct(">IIBBBBB")
_U32: Final = Struct(">I")
_LEVEL: Final = 1
_NONE, _SUB, _UP = 0, 1, 2
_RGB, _PALETTE = 2, 3
_SAMPLE: Final = 32
"""Rows and columns looked at when choosing the filter."""
_FEW_COLOURS: Final = 420
"""Of 1024 pixels looked at. Anti-aliased text in several colours has fewer, photographs have more."""


def png(pixels: Pixels) -> bytes:
    """Encode BGRX pixels (height x width, neither zero) without loss of any of their 24 bits."""
    plain = pixels & np.uint32(0xFFFFFF)
    sampled = sampled_colours(plain)
    few = palette_of(plain, sampled)
    if few is not None:
        return _with_palette(*few)
    return _with_rgb(plain, len(sampled) > _FEW_COLOURS)


def _with_palette(colours: Colours, indexes: Indexes) -> bytes:
    height, width = indexes.shape
    depth = next(bits for bits in (1, 2, 4, 8) if len(colours) <= 1 << bits)
    rows = _packed(indexes, depth)
    scan = np.empty((height, 1 + rows.shape[1]), dtype=np.uint8)
    scan[:, 0] = _NONE
    scan[:, 1:] = rows
    palette = _chunk(b"PLTE", _rgb(colours.reshape(1, -1)).tobytes())
    return _file(_IHDR.pack(width, height, depth, _PALETTE, 0, 0, 0), palette, scan)


def _packed(indexes: Indexes, depth: int) -> NDArray[np.uint8]:
    """Several indexes in a byte, the leftmost in its high bits; each row fills whole bytes."""
    each = 8 // depth
    if each == 1:
        return indexes
    height, width = indexes.shape
    padded = np.zeros((height, -(-width // each) * each), dtype=np.uint8)
    padded[:, :width] = indexes
    rows = np.zeros((height, padded.shape[1] // each), dtype=np.uint8)
    for place in range(each):
        rows |= padded[:, place::each] << np.uint8(8 - depth * (place + 1))
    return rows


def _with_rgb(plain: Pixels, smooth: bool) -> bytes:
    height, width = plain.shape
    rgb = _rgb(plain)
    scan = np.empty((height, 1 + 3 * width), dtype=np.uint8)
    filtered = _filter(rgb) if smooth else _NONE
    scan[:, 0] = filtered
    _fill(scan[:, 1:], rgb.reshape(height, 3 * width), filtered)
    return _file(_IHDR.pack(width, height, 8, _RGB, 0, 0, 0), b"", scan)


def _file(header: bytes, palette: bytes, scan: NDArray[np.uint8]) -> bytes:
    packed = isal_zlib.compress(scan.data, _LEVEL)
    return b"".join((_SIGNATURE, _chunk(b"IHDR", header), palette, _chunk(b"IDAT", packed), _chunk(b"IEND", b"")))


def _rgb(pixels: Pixels) -> NDArray[np.uint8]:
    """Bytes of each pixel in the order that PNG wants. Channel by channel: one copy of three would take seven times as long."""
    channels = np.ascontiguousarray(pixels).view(np.uint8).reshape(*pixels.shape, 4)
    rgb = np.empty((*pixels.shape, 3), dtype=np.uint8)
    for place in range(3):
        rgb[:, :, place] = channels[:, :, 2 - place]
    return rgb


def _chunk(name: bytes, body: bytes) -> bytes:
    check = isal_zlib.crc32(body, isal_zlib.crc32(name))
    return b"".join((_U32.pack(len(body)), name, body, _U32.pack(check)))


def _filter(rgb: NDArray[np.uint8]) -> int:
    """Choose from a sample, so that choosing costs less than it saves."""
    rows = max(1, rgb.shape[0] // _SAMPLE)
    seen = rgb[1::rows].astype(np.int16)
    above = rgb[:-1:rows].astype(np.int16)
    if not len(seen):
        return _SUB
    aside = np.abs(np.diff(seen, axis=1)).mean() if seen.shape[1] > 1 else np.inf
    return _UP if np.abs(seen - above).mean() < aside else _SUB


def _fill(scan: NDArray[np.uint8], plain: NDArray[np.uint8], filtered: int) -> None:
    """Write the rows, each byte less its neighbour where the filter says so (modulo 256, PNG section 9.2)."""
    scan[:] = plain
    if filtered == _SUB:
        scan[:, 3:] -= plain[:, :-3]
    elif filtered == _UP:
        scan[1:] -= plain[:-1]
