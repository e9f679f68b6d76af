"""A moment on two clocks."""

from policy.instant import Instant


def test_time_between_two_moments_is_read_from_the_clock_that_cannot_be_set() -> None:
    assert Instant(50.0, 20.0).elapsed_since(Instant(90.0, 5.0)) == 15.0


def test_after_moves_both_clocks() -> None:
    assert Instant(50.0, 20.0).after(3) == Instant(53.0, 23.0)
