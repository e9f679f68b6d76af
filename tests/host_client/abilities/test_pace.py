"""The window follows what the line carries, within its bounds."""

from host_client.abilities.pace import FIRST, Pace
from tests.helpers.playbook import NOON
from wire.limits import FILE_WINDOW, FILE_WINDOW_LEAST


def test_the_window_is_half_a_second_of_what_the_line_carries() -> None:
    pace = Pace(NOON)
    assert (pace.window, pace.left(100)) == (FIRST, 0)
    pace.came(1_000_000, NOON.after(1))
    assert pace.window == 500_000
    assert pace.left(2_000_000) == 3
    assert pace.left(0) == 0


def test_a_slow_line_is_not_filled_and_a_fast_one_not_without_end() -> None:
    slow, fast = Pace(NOON), Pace(NOON)
    slow.came(1000, NOON.after(1))
    fast.came(10**9, NOON.after(1))
    assert (slow.window, fast.window) == (FILE_WINDOW_LEAST, FILE_WINDOW)


def test_what_was_measured_before_counts_too() -> None:
    pace = Pace(NOON)
    pace.came(1_000_000, NOON.after(1))
    pace.came(1_000_000, NOON.after(2))
    assert 0 < pace.rate < 1_000_000
    before = pace.rate
    pace.came(2_000_000, NOON.after(2))
    assert pace.rate == before, "no time has passed"
