"""What the stop-watch makes of two logs."""

import pytest

from benchmarks.timing import Flip, Reading, Step, ages, cells, complete, delays, left_over, slope, step_delays

DRAWN = [Step(number, 10.0 + number / 10) for number in range(1, 6)]


def flips(*times: float) -> list[Flip]:
    return [Flip(lit=place % 2 == 0, at=at) for place, at in enumerate(times)]


def test_each_change_is_timed_to_its_first_sight() -> None:
    assert delays(flips(1.0, 2.0, 3.0), flips(1.02, 2.03, 3.04)) == pytest.approx([0.02, 0.03, 0.04])


def test_a_change_that_was_overtaken_counts_for_none() -> None:
    drawn = flips(1.0, 1.1, 1.2, 1.3)
    assert delays(drawn, [Flip(lit=True, at=1.25), Flip(lit=False, at=1.35)]) == pytest.approx([0.05, 0.05])


def test_a_change_that_nobody_sees_has_no_delay() -> None:
    assert delays(flips(1.0), [Flip(lit=True, at=4.5), Flip(lit=False, at=1.1)]) == []


def test_a_console_may_be_faster_than_the_clock_of_whoever_draws() -> None:
    assert delays(flips(1.0), flips(0.998)) == pytest.approx([-0.002])


def test_a_number_is_drawn_with_its_highest_bit_first() -> None:
    assert cells(5) == (False,) * 9 + (True, False, True)


def test_a_step_is_there_when_every_strip_says_so() -> None:
    readings = [Reading((7, 20, 53), 1.0), Reading((8, 30, 53), 1.1), Reading((8, 31, 53), 1.2), Reading((9, 32, 55), 1.3)]
    assert complete(readings, (0, 23, 45)) == [Step(8, 1.2)]


def test_strips_that_have_begun_again_from_zero_still_agree() -> None:
    assert complete([Reading((4090, 17), 1.0)], (0, 23)) == [Step(4090, 1.0)]


def test_a_step_is_late_by_its_first_sight_alone() -> None:
    seen = [Step(1, 10.15), Step(3, 10.4), Step(1, 10.5), Step(9, 10.6)]
    assert step_delays(DRAWN, seen) == pytest.approx([0.05, 0.1])


def test_a_sight_of_an_earlier_phase_is_no_sight() -> None:
    assert step_delays(DRAWN, [Step(2, 9.0)]) == []


def test_the_age_grows_from_the_first_step_that_is_not_shown() -> None:
    age = ages(DRAWN, [Step(1, 10.15), Step(4, 10.45)], 10.1, 10.5)
    assert age[4] == pytest.approx(0.04)
    assert age[5] == pytest.approx(0.0, abs=1e-9)
    assert age[34] == pytest.approx(10.44 - 10.2)
    assert age[36] == pytest.approx(0.0, abs=1e-9)


def test_a_picture_that_shows_the_last_step_is_not_old() -> None:
    assert ages(DRAWN, [Step(5, 10.5)], 10.6, 11.0) == [0.0] * 40


def test_without_a_sight_the_picture_is_as_old_as_the_first_step() -> None:
    assert ages(DRAWN, [], 10.1, 10.3)[-1] == pytest.approx(0.19)
    assert ages([], [], 10.1, 10.12) == [0.0, 0.0]


def test_what_was_queued_shows_after_the_last_step() -> None:
    assert left_over(DRAWN, [Step(2, 10.4), Step(3, 10.55), Step(4, 10.6), Step(5, 10.7)]) == 2
    assert left_over(DRAWN, [Step(5, 10.51)]) == 0
    assert left_over([], []) == 0


def test_growth_is_the_line_with_the_least_squares() -> None:
    assert slope([0.0, 1.0, 2.0, 3.0], [5.0, 7.0, 9.0, 11.0]) == pytest.approx(2.0)
    assert slope([1.0], [5.0]) == 0.0
