"""What is told of the pointer: each shape once, the newest place, at a bounded pace."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_client.screen.pointer import SHAPE_BYTES_PER_SECOND, TELL_SECONDS, PointerLane, Seen, Shape, shape_of
from wire.limits import CURSOR_SIDE_MAX, CURSOR_SLOTS, POINTER_HIDDEN
from wire.sealed.scene import Cursor, Pointer
from wire.sealed.screen import Picture, decode_picture

ARROW = Shape(1, 1, 0, 0, bytes((1, 2, 3, 255)))
CARET = Shape(1, 2, 0, 1, bytes(8))


def said(lane: PointerLane, now: float) -> list[Picture]:
    return [decode_picture(each) for each in lane.messages(now)]


def test_a_shape_is_told_once_and_then_by_its_slot() -> None:
    lane = PointerLane()
    assert lane.pause(0) is None
    assert said(lane, 0) == []
    lane.see(Seen(ARROW, 5, 6))
    assert lane.pause(0) == 0
    assert said(lane, 0) == [Cursor(0, 1, 1, 0, 0, ARROW.data), Pointer(0, 5, 6)]
    assert lane.pause(0) is None
    lane.see(Seen(CARET, 5, 6))
    assert said(lane, 1) == [Cursor(1, 1, 2, 0, 1, CARET.data), Pointer(1, 5, 6)]
    lane.see(Seen(ARROW, 7, 6))
    assert said(lane, 2) == [Pointer(0, 7, 6)]
    lane.see(Seen(ARROW, 7, 6))
    assert said(lane, 3) == []


def test_of_many_movements_the_newest_is_told_at_a_steady_pace() -> None:
    lane = PointerLane()
    lane.see(Seen(ARROW, 0, 0))
    said(lane, 0)
    for x in range(10):
        lane.see(Seen(ARROW, x, 0))
        assert said(lane, TELL_SECONDS / 2) == []
    assert lane.pause(TELL_SECONDS / 2) == pytest.approx(TELL_SECONDS / 2)
    assert said(lane, TELL_SECONDS) == [Pointer(0, 9, 0)]


def test_a_pointer_that_is_not_to_be_seen_is_told_so_without_a_shape() -> None:
    lane = PointerLane()
    lane.see(Seen(None, 0, 0))
    assert said(lane, 0) == [Pointer(POINTER_HIDDEN, 0, 0)]


def test_a_shape_waits_for_its_turn_while_the_place_goes_on() -> None:
    lane = PointerLane()
    large = Shape(128, 128, 0, 0, bytes(128 * 128 * 4))
    lane.see(Seen(large, 0, 0))
    assert said(lane, 0) == [Cursor(0, 128, 128, 0, 0, large.data), Pointer(0, 0, 0)]
    lane.see(Seen(ARROW, 1, 1))
    assert said(lane, 0.5) == [Pointer(0, 1, 1)]
    lane.see(Seen(CARET, 1, 1))
    turn = len(large.data) / SHAPE_BYTES_PER_SECOND
    assert lane.pause(1) == 0
    assert said(lane, turn) == [Cursor(1, 1, 2, 0, 1, CARET.data), Pointer(1, 1, 1)]
    lane = PointerLane()
    lane.see(Seen(None, 0, 0))
    said(lane, 0)
    lane.see(Seen(large, 0, 0))
    said(lane, 1)
    lane.see(Seen(None, 3, 3))
    said(lane, 2)
    lane.see(Seen(ARROW, 3, 3))
    assert said(lane, 2.5) == []  # nothing was to be seen, and the new shape is not there yet


def test_the_shape_before_the_first_could_be_sent_is_none() -> None:
    lane = PointerLane()
    lane._next_shape = 1.0
    lane.see(Seen(ARROW, 3, 3))
    assert said(lane, 0) == [Pointer(POINTER_HIDDEN, 3, 3)]


def test_the_shape_that_was_not_shown_for_longest_gives_way() -> None:
    lane = PointerLane()
    shapes = [Shape(1, 1, 0, 0, bytes((place, 0, 0, 255))) for place in range(CURSOR_SLOTS + 1)]
    for place, shape in enumerate(shapes[:CURSOR_SLOTS]):
        lane.see(Seen(shape, 0, 0))
        assert said(lane, place)[-1] == Pointer(place, 0, 0)
    lane.see(Seen(shapes[0], 0, 0))
    assert said(lane, 50) == [Pointer(0, 0, 0)]
    lane.see(Seen(shapes[-1], 0, 0))
    assert said(lane, 51) == [Cursor(1, 1, 1, 0, 0, shapes[-1].data), Pointer(1, 0, 0)]


def test_a_place_outside_of_any_screen_is_told_as_the_nearest() -> None:
    lane = PointerLane()
    lane.see(Seen(None, -5, 70_000))
    assert said(lane, 0) == [Pointer(POINTER_HIDDEN, 0, 16383)]


def test_premultiplied_pixels_become_straight_ones() -> None:
    shape = shape_of([0xFF102030, 0x80402010, 0x00000000, 0x01000000], 2, 2, (1, 1))
    assert shape is not None
    assert list(shape.data) == [0x10, 0x20, 0x30, 0xFF, 0x80, 0x40, 0x20, 0x80, 0, 0, 0, 0, 0, 0, 0, 1]
    assert shape_of([0, 0], 2, 1, (0, 0)) is None


@given(st.integers(1, 300), st.integers(1, 300), st.integers(-5, 400), st.integers(-5, 400))
def test_a_shape_of_any_size_is_one_that_can_be_told_and_keeps_what_points(width: int, height: int, x: int, y: int) -> None:
    pixels = np.full(width * height, 0xFF000000, dtype=np.uint32)
    at_x, at_y = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
    pixels[at_y * width + at_x] = 0xFFFF0000
    shape = shape_of(pixels.tolist(), width, height, (x, y))
    assert shape is not None
    assert (shape.width, shape.height) == (min(width, CURSOR_SIDE_MAX), min(height, CURSOR_SIDE_MAX))
    at = (shape.hot_y * shape.width + shape.hot_x) * 4
    assert shape.data[at : at + 4] == b"\xff\0\0\xff"
