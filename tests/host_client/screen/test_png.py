"""The PNG writer against an independent reader."""

import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from host_client.screen.change import Pixels
from host_client.screen.png import png


def shown(data: bytes) -> Pixels:
    image = Image.open(BytesIO(data))
    image.load()
    red, green, blue = (np.asarray(image.convert("RGB"))[:, :, channel].astype(np.uint32) for channel in range(3))
    together = (red << 16) | (green << 8) | blue
    return together.astype(np.uint32)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32 - 1), st.sampled_from(["few", "noise", "ramp"]))
def test_every_pixel_survives(width: int, height: int, seed: int, content: str) -> None:
    dice = np.random.default_rng(seed)
    if content == "ramp":
        rows, columns = np.mgrid[0:height, 0:width].astype(np.uint32)
        pixels = (rows * 65793 + columns * 263) & 0xFFFFFF
    else:
        pixels = dice.integers(0, 3 if content == "few" else 2**32, (height, width), dtype=np.uint32)
    assert np.array_equal(shown(png(pixels)), pixels & 0xFFFFFF)


def filter_of(data: bytes) -> int:
    """The filter byte of the second row, read as an independent decoder would."""
    width = int.from_bytes(data[16:20], "big")
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start], "big")
    return zlib.decompress(data[start + 4 : start + 4 + length])[1 + 3 * width]


@pytest.mark.parametrize(("across", "down", "filtered"), [(0x010101, 0x170B05, 1), (0x170B05, 0x010101, 2), (0, 0, 0)])
def test_smooth_pictures_are_filtered_along_their_grain(across: int, down: int, filtered: int) -> None:
    rows, columns = np.mgrid[0:200, 0:200].astype(np.uint32)
    pixels: Pixels = ((rows * down + columns * across) & 0xFFFFFF).astype(np.uint32)
    data = png(pixels)
    assert np.array_equal(shown(data), pixels)
    assert filter_of(data) == filtered


def test_a_slice_of_a_frame_is_encoded_as_it_lies() -> None:
    frame = np.arange(100 * 100, dtype=np.uint32).reshape(100, 100)
    assert np.array_equal(shown(png(frame[10:30, 40:75])), frame[10:30, 40:75])
