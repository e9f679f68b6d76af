"""Comparison of two frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_client.screen.change import Pixels, Rectangle, changed, pixels_of, whole
from wire.limits import PIECE_PIXELS_MAX

WIDTH, HEIGHT = 700, 500


def painted(frame: Pixels, rectangles: list[Rectangle]) -> Pixels:
    after = frame.copy()
    for number, at in enumerate(rectangles, 1):
        after[at.y : at.y + at.height, at.x : at.x + at.width] = number
    return after


@st.composite
def rectangles(draw: st.DrawFn) -> Rectangle:
    x, y = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    return Rectangle(x, y, draw(st.integers(1, WIDTH - x)), draw(st.integers(1, HEIGHT - y)))


@settings(deadline=None)
@given(st.lists(rectangles(), max_size=6))
def test_rectangles_cover_every_changed_pixel_and_stay_small(drawn: list[Rectangle]) -> None:
    before = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    after = painted(before, drawn)
    copied = before.copy()
    for at in changed(before, after):
        assert 0 < at.width <= PIECE_PIXELS_MAX
        assert 0 < at.height <= PIECE_PIXELS_MAX
        area = np.s_[at.y : at.y + at.height, at.x : at.x + at.width]
        copied[area] = after[area]
    assert np.array_equal(copied, after)


def test_a_still_screen_has_no_rectangles() -> None:
    frame = np.full((HEIGHT, WIDTH), 7, dtype=np.uint32)
    assert changed(frame, frame.copy()) == []


def test_a_small_change_is_trimmed_to_its_pixels() -> None:
    frame = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    assert changed(frame, painted(frame, [Rectangle(300, 100, 10, 20)])) == [Rectangle(300, 100, 10, 20)]


def test_a_tall_change_becomes_one_piece_as_far_as_pieces_go() -> None:
    frame = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    found = changed(frame, painted(frame, [Rectangle(0, 0, 40, HEIGHT)]))
    assert found == [Rectangle(0, 0, 40, 256), Rectangle(0, 256, 40, HEIGHT - 256)]


def test_the_whole_screen_is_covered_once() -> None:
    count = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    for at in whole(WIDTH, HEIGHT):
        count[at.y : at.y + at.height, at.x : at.x + at.width] += 1
    assert (count == 1).all()


def test_a_frame_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        pixels_of(bytes(12), 2, 2)
