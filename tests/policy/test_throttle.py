"""Brakes on guessing."""

import pytest

from policy.decision import Allow, Deny, Reason
from policy.instant import Instant
from policy.throttle import SIGN_IN_BRAKE, Tally, address_group, begins_pause, failed, may_try, succeeded

START = Instant(1_800_000_000.0, 100.0)


def tally_after(failures: int) -> Tally:
    tally = Tally()
    for number in range(failures):
        tally = failed(tally, SIGN_IN_BRAKE, START.after(number))
    return tally


def test_two_failures_leave_the_third_try_open() -> None:
    assert may_try(tally_after(2), SIGN_IN_BRAKE, START.after(3)) == Allow()


def test_three_failures_pause_for_an_hour_and_then_let_go() -> None:
    tally = tally_after(3)
    assert may_try(tally, SIGN_IN_BRAKE, START.after(3601)) == Deny(Reason.SIGN_IN_PAUSED)
    assert may_try(tally, SIGN_IN_BRAKE, START.after(3602)) == Allow()


def test_setting_the_clock_does_not_end_a_pause() -> None:
    tally = tally_after(3)
    assert may_try(tally, SIGN_IN_BRAKE, Instant(START.utc + 10_000, START.boot + 10)) == Deny(Reason.SIGN_IN_PAUSED)


def test_failures_older_than_the_window_do_not_count() -> None:
    tally = failed(tally_after(2), SIGN_IN_BRAKE, START.after(3700))
    assert may_try(tally, SIGN_IN_BRAKE, START.after(3701)) == Allow()


def test_a_success_wipes_the_count() -> None:
    tally = failed(succeeded(tally_after(2)), SIGN_IN_BRAKE, START.after(5))
    assert may_try(tally, SIGN_IN_BRAKE, START.after(6)) == Allow()


def test_the_failure_that_begins_a_pause_is_told_apart_from_those_before_and_after() -> None:
    third = tally_after(3)
    assert [begins_pause(tally_after(count), START.after(count - 1)) for count in (1, 2, 3)] == [False, False, True]
    assert not begins_pause(third, START.after(5))


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_whoever_has_a_network_of_addresses_counts_once(address: str, group: str) -> None:
    assert address_group(address) == group
