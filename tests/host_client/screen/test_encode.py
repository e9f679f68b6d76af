"""Which codec a piece gets, and that every one but JPEG keeps every pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_client.screen.change import Pixels
from host_client.screen.encode import Want, is_photograph, tile
from host_client.screen.palette import palette_of, sampled_colours
from tests.helpers.console_canvas import decoded
from tests.helpers.pictures import differing
from tests.helpers.screen_visit import image_of
from tests.helpers.screens import SCREENS
from wire.sealed.tiles import Codec, check_tile

PLAIN = Want(lossy=False, quality=80, slow=False)
LOSSY, SLOW = Want(lossy=True, quality=80, slow=False), Want(lossy=False, quality=80, slow=True)
TEXT: Pixels = SCREENS["table"](0)[100:300, 100:300]
PHOTOGRAPH: Pixels = SCREENS["photograph"](0)[300:500, 300:500]
GREY: Pixels = np.full((256, 256), 0x7F8081, dtype=np.uint32)


@pytest.mark.parametrize(
    ("pixels", "want", "codec"),
    [
        (GREY, PLAIN, Codec.FILL),
        (GREY, LOSSY, Codec.FILL),
        (TEXT[:20, :20], PLAIN, Codec.RAW),
        (TEXT[:20, :20], SLOW, Codec.WEBP),
        (GREY[10:14, 2:7], SLOW, Codec.FILL),
        (TEXT, PLAIN, Codec.PNG),
        (TEXT, LOSSY, Codec.PNG),
        (TEXT, SLOW, Codec.WEBP),
        (PHOTOGRAPH, PLAIN, Codec.PNG),
        (PHOTOGRAPH, LOSSY, Codec.JPEG),
        (PHOTOGRAPH[:60, :60], LOSSY, Codec.PNG),
        (PHOTOGRAPH, SLOW, Codec.WEBP),
    ],
)
def test_a_piece_gets_the_codec_that_suits_it(pixels: Pixels, want: Want, codec: Codec) -> None:
    made, data = tile(pixels, want)
    assert made is codec
    check_tile(made, pixels.shape[1], pixels.shape[0], data)
    shown = decoded(made, (pixels.shape[1], pixels.shape[0]), data)
    if codec is Codec.JPEG:
        apart = np.abs(np.asarray(shown).astype(int) - np.asarray(image_of(pixels)).astype(int))
        assert 0 < apart.mean() < 4
    else:
        assert differing(shown, image_of(pixels)) is None


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 80), st.integers(1, 80), st.integers(0, 2**32 - 1), st.integers(1, 400), st.booleans(), st.booleans())
def test_every_pixel_survives_without_loss(width: int, height: int, seed: int, colours: int, black: bool, slow: bool) -> None:
    dice = np.random.default_rng(seed)
    known = dice.integers(0, 2**32, colours, dtype=np.uint32)
    known[0] = 0 if black else known[0]
    pixels = known[dice.integers(0, colours, (height, width))]
    codec, data = tile(pixels, Want(lossy=False, quality=1, slow=slow))
    check_tile(codec, width, height, data)
    assert differing(decoded(codec, (width, height), data), image_of(pixels)) is None


def test_text_and_charts_are_no_photographs() -> None:
    assert is_photograph(PHOTOGRAPH)
    for name in ("table", "terminal", "chart", "dialog"):
        screen = SCREENS[name](3)
        cells = [screen[y : y + 256, x : x + 256] for y in range(0, 800, 256) for x in range(0, 1280, 256)]
        assert not any(is_photograph(cell) for cell in cells), name


def test_a_palette_finds_the_colours_that_its_sample_missed_and_black() -> None:
    pixels = np.full((256, 256), 0xFFFFFF, dtype=np.uint32)
    pixels[1, 1:200] = np.arange(199)
    few = palette_of(pixels, sampled_colours(pixels))
    assert few is not None
    colours, indexes = few
    assert np.array_equal(colours[indexes], pixels)
    pixels[3, :60] = np.arange(1000, 1060)
    assert palette_of(pixels, sampled_colours(pixels)) is None
