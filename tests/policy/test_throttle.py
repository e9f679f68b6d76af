"""Brakes on guessing."""

from policy.decision import Allow, Deny, Reason
from policy.instant import Instant
from policy.throttle import SIGN_IN_BRAKE, Tally, failed, may_try, succeeded

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
