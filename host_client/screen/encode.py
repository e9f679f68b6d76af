"""The pixels of one piece in the codec that suits them and the line. Pure.

one colour                            FILL   three bytes, and nothing for the browser to decode
a few pixels                          RAW    a decoder would take longer than the bytes take on the wire
many colours, where loss is allowed   JPEG   4:4:4, so that coloured lines and text keep their colour
a slow line                           WEBP   lossless: half of a PNG, for many times its work (docs/adr/0010)
everything else                       PNG    with a palette where there are few colours
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
import simplejpeg
from PIL import Image

from host_client.screen.change import Pixels
from host_client.screen.palette import sampled_colours
from host_client.screen.png import png
from wire.limits import RAW_PIXELS_MAX
from wire.sealed.tiles import Codec

PHOTOGRAPH_COLOURS: Final = 420
"""Colours among about a thousand sampled pixels; anti-aliased text and charts have fewer."""
PHOTOGRAPH_PIXELS: Final = 64 * 64
"""Smaller than this nothing is worth sending twice."""
_RAW_SLOW: Final = 24
"""Pixels that are shorter as they are than with the head of a file."""
_WEBP_EFFORT: Final = 50
_WEBP_METHOD: Final = 1


@dataclass(frozen=True, slots=True)
class Want:
    """What the line bears: whether loss is allowed and how much, and whether bytes are dearer than work."""

    lossy: bool
    quality: int
    slow: bool


def tile(pixels: Pixels, want: Want) -> tuple[Codec, bytes]:
    """The codec and data of BGRX pixels (height x width, neither zero). Only JPEG loses anything."""
    plain = np.ascontiguousarray(pixels) & np.uint32(0xFFFFFF)
    if (plain == plain[0, 0]).all():
        return Codec.FILL, int(plain[0, 0]).to_bytes(3, "big")
    if plain.size <= (_RAW_SLOW if want.slow else RAW_PIXELS_MAX):
        return Codec.RAW, _image(plain).tobytes()
    if want.lossy and is_photograph(plain):
        return Codec.JPEG, _jpeg(plain, want.quality)
    return (Codec.WEBP, _webp(plain)) if want.slow else (Codec.PNG, png(plain))


def is_photograph(pixels: Pixels) -> bool:
    """Whether so many colours are here that lossless coding hardly helps and loss hardly shows."""
    return pixels.size >= PHOTOGRAPH_PIXELS and len(sampled_colours(pixels & np.uint32(0xFFFFFF))) > PHOTOGRAPH_COLOURS


def _image(plain: Pixels) -> Image.Image:
    height, width = plain.shape
    return Image.frombuffer("RGB", (width, height), plain.view(np.uint8).reshape(-1), "raw", "BGRX", 0, 1)


def _jpeg(plain: Pixels, quality: int) -> bytes:
    channels = plain.view(np.uint8).reshape(*plain.shape, 4)
    data: bytes = simplejpeg.encode_jpeg(channels, quality=quality, colorspace="BGRX", colorsubsampling="444", fastdct=True)
    return data


def _webp(plain: Pixels) -> bytes:
    made = BytesIO()
    _image(plain).save(made, "WEBP", lossless=True, quality=_WEBP_EFFORT, method=_WEBP_METHOD)
    return made.getvalue()
