"""What is no pixel of a picture: shapes, places and monitors come back as they were, and nothing else is read."""

import json
from pathlib import Path
from struct import error
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.limits import CURSOR_SIDE_MAX, CURSOR_SLOTS, MONITORS_MAX, PICTURE_SIDE_MAX, POINTER_HIDDEN
from wire.schema import MalformedMessage
from wire.sealed.scene import (
    Cursor,
    Monitor,
    Monitors,
    Pointer,
    pack_cursor,
    pack_monitors,
    pack_pointer,
    read_cursor,
    read_monitors,
    read_pointer,
)

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "screen.json").read_text())
READERS = {16: read_cursor, 17: read_pointer, 18: read_monitors}
SIDES = st.integers(1, CURSOR_SIDE_MAX)
PLACES = st.integers(0, PICTURE_SIDE_MAX - 1)


@st.composite
def cursors(draw: st.DrawFn) -> Cursor:
    width, height = draw(SIDES), draw(SIDES)
    hot_x, hot_y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    return Cursor(
        draw(st.integers(0, CURSOR_SLOTS - 1)), width, height, hot_x, hot_y, draw(st.binary(max_size=4)).ljust(width * height * 4)
    )


@st.composite
def monitors(draw: st.DrawFn) -> Monitors:
    count = draw(st.integers(0, MONITORS_MAX))
    first = draw(st.integers(-1, count))
    sides = st.integers(1, PICTURE_SIDE_MAX // 2)
    places = st.integers(0, PICTURE_SIDE_MAX // 2)
    return Monitors(tuple(Monitor(draw(places), draw(places), draw(sides), draw(sides), int(at == first)) for at in range(count)))


@given(cursors())
def test_a_shape_survives_the_journey(shape: Cursor) -> None:
    assert read_cursor(pack_cursor(shape)) == shape


@given(st.builds(Pointer, st.integers(0, CURSOR_SLOTS - 1) | st.just(POINTER_HIDDEN), PLACES, PLACES))
def test_a_place_survives_the_journey(at: Pointer) -> None:
    assert read_pointer(pack_pointer(at)) == at


@given(monitors())
def test_monitors_survive_the_journey(told: Monitors) -> None:
    assert read_monitors(pack_monitors(told)) == told


@pytest.mark.parametrize(
    "case", [each for each in VECTORS["bad"] if each["hex"][:2] in {"10", "11", "12"}], ids=lambda case: str(case["why"])
)
def test_what_is_none_is_refused(case: dict[str, str]) -> None:
    data = bytes.fromhex(case["hex"])
    with pytest.raises((MalformedMessage, error)):
        READERS[data[0]](data[1:])


@given(st.sampled_from([read_cursor, read_pointer, read_monitors]), st.binary(max_size=64))
def test_no_bytes_do_more_than_be_refused(read: Any, body: bytes) -> None:
    try:
        told = read(body)
    except (MalformedMessage, error):
        return
    pack: dict[Any, Any] = {Cursor: pack_cursor, Pointer: pack_pointer, Monitors: pack_monitors}
    assert pack[type(told)](told) == body


def test_one_of_each_survives_the_journey() -> None:
    shape = Cursor(2, 1, 2, 0, 1, bytes(8))
    assert read_cursor(pack_cursor(shape)) == shape
    assert read_pointer(pack_pointer(Pointer(POINTER_HIDDEN, 3, 4))) == Pointer(POINTER_HIDDEN, 3, 4)
    told = Monitors((Monitor(0, 0, 640, 480, 1), Monitor(640, 0, 320, 480, 0)))
    assert read_monitors(pack_monitors(told)) == told
