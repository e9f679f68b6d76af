"""What only moved is found, and nothing is called moved that is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_client.screen.change import Pixels, Rectangle
from host_client.screen.moves import GAIN_MIN, Move, find_move, goes_on, regions

DICE = np.random.default_rng(3)
TALL: Pixels = np.where(DICE.random((660, 260)) < 0.2, np.uint32(0x202020), np.uint32(0xFFFFFF)).astype(np.uint32)
TEXT = TALL[:220]


def after_copy(before: Pixels, move: Move) -> Pixels:
    """The picture that the console has after it."""
    picture = before.copy()
    source, target = move.source, move.target
    block = before[source.y : source.y + source.height, source.x : source.x + source.width]
    picture[target.y : target.y + target.height, target.x : target.x + target.width] = block
    return picture


@pytest.mark.parametrize(("dx", "dy"), [(0, -13), (0, 40), (-25, 0), (17, 11), (-3, -1)])
def test_a_shift_is_found_and_copied_whole(dx: int, dy: int) -> None:
    after = np.roll(TEXT, (dy, dx), (0, 1))
    move = find_move(TEXT, after, ())
    assert move is not None
    assert (move.dx, move.dy) == (dx, dy)
    assert np.count_nonzero(after_copy(TEXT, move) != after) <= abs(dy) * 260 + abs(dx) * 220


def test_a_window_is_found_on_a_ground_that_stands() -> None:
    before = np.full((220, 260), 0xD0D0D0, dtype=np.uint32)
    after = before.copy()
    before[20:120, 30:130] = TEXT[:100, :100]
    after[60:160, 50:150] = TEXT[:100, :100]
    move = find_move(before, after, ())
    assert move is not None
    assert (move.dx, move.dy) == (20, 40)
    assert move.source.area <= 130 * 120
    assert np.array_equal(after_copy(before, move)[60:160, 50:150], after[60:160, 50:150])


def test_the_last_move_is_tried_first_and_given_up_when_it_does_not_fit() -> None:
    after = np.roll(TEXT, -13, 0)
    for likely in ((0, -13), (0, -12), (0, 0), (900, 0), (0, 900)):
        move = find_move(TEXT, after, (likely,))
        assert move is not None
        assert (move.dx, move.dy) == (0, -13)


def test_a_table_that_repeats_itself_is_moved_by_what_its_words_say() -> None:
    before = np.full((440, 260), 0xFFFFFF, dtype=np.uint32)
    for row in range(22):
        before[row * 20 + 4 : row * 20 + 14, 10:90] = TEXT[:10, :80]  # the same word in each line
        before[row * 20 + 4 : row * 20 + 14, 120:240] = TEXT[row * 9 : row * 9 + 10, 80:200]
    after = np.roll(before, -60, 0)
    move = find_move(before, after, ())
    assert move is not None
    assert (move.dx, move.dy) == (0, -60)


def test_a_table_whose_lines_stand_as_far_apart_as_the_looks_is_moved_too() -> None:
    before = np.full((920, 260), 0xFFFFFF, dtype=np.uint32)
    for row in range(46):
        words = np.roll(TEXT, (row * 7, row * 11), (0, 1))
        before[row * 20 + 4 : row * 20 + 15, 10:250] = words[:11, :240]
    after = np.roll(before, -20, 0)
    move = find_move(before, after, ())
    assert move is not None
    assert (move.dx, move.dy) == (0, -20)


def test_the_one_line_that_is_new_after_a_scroll_is_not_searched_for() -> None:
    before = np.tile(TEXT, (3, 1))
    after = before.copy()
    after[-20:] = after[:20]
    assert find_move(before, after, ()) is None
    after[:] = np.roll(before, -20, 0)
    assert find_move(before, after, ()) is not None


def test_what_goes_on_is_copied_without_a_search() -> None:
    before, after = TALL, np.roll(TALL, -20, 0)
    move = goes_on(before, after, ((0, -20),))
    assert move == Move(Rectangle(0, 20, 260, 640), 0, -20)
    assert np.array_equal(after_copy(before, move)[:-20], after[:-20])
    for shift in ((0, -19), (0, 20), (1, -20), (0, 0), (300, 0), (0, 700), (0, 659), (0, -659)):
        assert goes_on(before, after, (shift,)) is None
    assert goes_on(before, before.copy(), ((0, -20),)) is None


def test_what_moves_evenly_goes_on_by_one_step_or_by_two() -> None:
    for step in (-20, -40):
        move = goes_on(TALL, np.roll(TALL, step, 0), ((0, -20), (0, -40)))
        assert move is not None
        assert (move.dx, move.dy) == (0, step)


def test_what_goes_on_in_a_small_part_of_what_differs_is_searched_for_beside_the_rest() -> None:
    before, after = TALL, np.roll(TALL, -20, 0)
    after[200:] = np.roll(before[200:], 9, 1)
    assert goes_on(before, after, ((0, -20),)) is None
    assert find_move(before, after, ((0, -20),)) is not None


@pytest.mark.parametrize(("dy", "top", "bottom"), [(40, 233, 431), (-37, 120, 611), (3, 0, 600), (-1, 1, 660)])
def test_a_copy_ends_at_the_row_where_the_move_ends(dy: int, top: int, bottom: int) -> None:
    before, after = TALL, TALL.copy()
    after[top + max(0, dy) : bottom + min(0, dy)] = before[top - min(0, dy) : bottom - max(0, dy)]
    move = find_move(before, after, ())
    assert move is not None
    assert (move.dx, move.dy) == (0, dy)
    assert np.array_equal(after_copy(before, move), after)


def test_something_new_is_no_move() -> None:
    assert find_move(TEXT, DICE.integers(0, 2**24, TEXT.shape, dtype=np.uint32), ()) is None
    assert find_move(TEXT, np.full_like(TEXT, 7), ((0, -13),)) is None
    assert find_move(TEXT[:, :20], np.roll(TEXT[:, :20], 5, 0), ()) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-60, 60), st.integers(-60, 60))
def test_a_copy_puts_more_right_than_wrong(seed: int, dx: int, dy: int) -> None:
    dice = np.random.default_rng(seed)
    after = np.roll(TEXT, (dy, dx), (0, 1))
    x, y = (int(each) for each in dice.integers(0, 150, 2))
    after[y : y + 60, x : x + 60] = dice.integers(0, 2**24)
    move = find_move(TEXT, after, ((int(dice.integers(-60, 60)), int(dice.integers(-60, 60))),))
    if move is not None:
        assert min(move.source.x, move.source.y, move.target.x, move.target.y) >= 0
        assert max(move.source.x, move.target.x) + move.source.width <= 260
        assert max(move.source.y, move.target.y) + move.source.height <= 220
        mended = np.count_nonzero(after != TEXT) - np.count_nonzero(after_copy(TEXT, move) != after)
        assert mended >= GAIN_MIN // 10


def test_regions_are_what_lies_close_together() -> None:
    lines = [Rectangle(0, y, 100, 10) for y in range(0, 100, 20)]
    far = Rectangle(300, 300, 5, 5)
    bridge = [Rectangle(400, 0, 10, 10), Rectangle(500, 0, 10, 10), Rectangle(455, 0, 10, 10)]
    assert sorted(regions([*lines, far]), key=lambda box: box.x) == [Rectangle(0, 0, 100, 90), far]
    assert regions(bridge) == [Rectangle(400, 0, 110, 10)]
    assert regions([]) == []
