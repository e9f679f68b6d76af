"""Which pixels the console has exactly, through draws and copies, against a plain model; what is due at rest, and when."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_client.screen.change import Rectangle
from host_client.screen.held import REST_SECONDS, Held
from host_client.screen.moves import Move

WIDTH, HEIGHT = 300, 200


@st.composite
def boxes(draw: st.DrawFn) -> Rectangle:
    x, y = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    return Rectangle(x, y, draw(st.integers(1, WIDTH - x)), draw(st.integers(1, HEIGHT - y)))


DEEDS = st.tuples(st.sampled_from(["exact", "lossy", "copy"]), boxes(), boxes())


@settings(max_examples=60, deadline=None)
@given(st.lists(DEEDS, max_size=12))
def test_every_pixel_knows_whether_the_console_has_it(deeds: list[tuple[str, Rectangle, Rectangle]]) -> None:
    held, lossy = Held(WIDTH, HEIGHT), np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    for number, (deed, at, other) in enumerate(deeds):
        if deed == "copy":
            source = Rectangle(at.x, at.y, min(at.width, WIDTH - other.x), min(at.height, HEIGHT - other.y))
            held.copy(Move(source, other.x - at.x, other.y - at.y))
            block = lossy[source.y : source.y + source.height, source.x : source.x + source.width].copy()
            lossy[other.y : other.y + source.height, other.x : other.x + source.width] = block
        else:
            held.touch(at, float(number))
            held.draw(at, np.full((at.height, at.width), number, dtype=np.uint32), exact=deed == "exact")
            lossy[at.y : at.y + at.height, at.x : at.x + at.width] = deed == "lossy"
    assert held.is_exact == (not lossy.any())
    due = list(held.at_rest(1000.0))
    covered = np.zeros_like(lossy)
    for box in due:
        assert max(box.width, box.height) <= 256
        covered[box.y : box.y + box.height, box.x : box.x + box.width] = True
    assert not (lossy & ~covered).any()
    for box in due:
        held.draw(box, held.pixels[box.y : box.y + box.height, box.x : box.x + box.width], exact=True)
    assert held.is_exact
    assert held.rest_in(1000.0) is None


def test_what_still_changes_is_not_due() -> None:
    held = Held(WIDTH, HEIGHT)
    still, busy = Rectangle(0, 0, 10, 10), Rectangle(280, 180, 20, 20)
    for box in (still, busy):
        held.draw(box, np.ones((box.height, box.width), dtype=np.uint32), exact=False)
    held.touch(still, 5.0)
    held.touch(busy, 5.0 + REST_SECONDS)
    assert held.rest_in(5.0) == pytest.approx(REST_SECONDS)
    assert list(held.at_rest(5.0 + REST_SECONDS / 2)) == []
    assert list(held.at_rest(5.01 + REST_SECONDS)) == [still]


def test_motion_is_change_again_and_again() -> None:
    held, at = Held(WIDTH, HEIGHT), Rectangle(0, 0, 128, 128)
    told = []
    for now in (1.0, 1.0, 1.1, 9.0, 9.1):
        held.touch(at, now)
        told.append(held.moves(at, now))
    assert told == [False, False, True, False, True]


def test_the_console_has_what_it_was_sent_exactly() -> None:
    held, at = Held(WIDTH, HEIGHT), Rectangle(5, 5, 4, 4)
    pixels = np.full((4, 4), 9, dtype=np.uint32)
    has = [held.has(at, pixels)]
    for exact in (True, False):
        held.draw(at, pixels, exact=exact)
        has.append(held.has(at, pixels))
    assert has == [False, True, False]
