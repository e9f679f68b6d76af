"""Rates: of one channel, and of two carriers against each other."""

import pytest

from host_client.core.pacing import (
    BURST_LEAST,
    GROWTH,
    MARGIN,
    RATE_LEAST,
    RATE_MOST,
    RATE_START,
    RELAY_UNTRIED,
    STRIKE_SECONDS,
    Pacer,
    Rivals,
)


def test_a_burst_goes_at_once_and_then_the_rate_holds() -> None:
    pacer = Pacer(0.0)
    assert pacer.delay(0.0) == 0.0
    pacer.spend(int(RATE_START * 0.05))
    wait = pacer.delay(0.0)
    assert wait == pytest.approx(1 / RATE_START)
    pacer.spend(1_000_000)
    assert pacer.delay(0.0) == pytest.approx(1_000_001 / RATE_START)
    assert pacer.delay(1.0) == 0.0


def test_the_rate_follows_what_is_taken_while_there_is_more_to_send() -> None:
    pacer = Pacer(0.0)
    pacer.taken(500_000, 0.1, busy=True)
    assert pacer.rate == RATE_START
    pacer.taken(500_000, 0.5, busy=True)
    assert pacer.rate == pytest.approx(GROWTH * 2_000_000)
    pacer.taken(1, 1.0, busy=False)
    assert pacer.rate == pytest.approx(GROWTH * 2_000_000)


def test_the_rate_has_bounds() -> None:
    pacer = Pacer(0.0)
    pacer.taken(1, 1.0, busy=True)
    assert pacer.rate == RATE_LEAST
    pacer.spend(BURST_LEAST)
    pacer.taken(10**12, 2.0, busy=True)
    assert pacer.rate == RATE_MOST


def test_what_was_saved_up_is_one_burst_and_no_more() -> None:
    pacer = Pacer(0.0)
    pacer.delay(1000.0)
    pacer.spend(int(RATE_START * 0.05))
    assert pacer.delay(1000.0) > 0


def busy(rivals: Rivals, rate: int, begin: float, *, direct: bool) -> bool:
    rivals.idle()
    rivals.moved(999, begin, direct=direct)
    rivals.moved(rate // 2, begin + 0.5, direct=direct)
    return rivals.moved(rate // 2, begin + 1.0, direct=direct)


def test_a_channel_that_is_slower_twice_is_not_worth_it() -> None:
    rivals = Rivals()
    assert not busy(rivals, 1000, 0.0, direct=False)
    assert not busy(rivals, 899, 10.0, direct=True)
    assert busy(rivals, 899, 20.0, direct=True)


def test_a_tenth_is_no_difference() -> None:
    rivals = Rivals()
    busy(rivals, 1000, 0.0, direct=False)
    for begin in (10.0, 12.0, 14.0):
        assert not busy(rivals, 900, begin, direct=True)


def test_strikes_are_forgotten() -> None:
    rivals = Rivals()
    busy(rivals, 1000, 0.0, direct=False)
    assert not busy(rivals, 100, 10.0, direct=True)
    assert not busy(rivals, 100, 11.0 + STRIKE_SECONDS, direct=True)
    assert busy(rivals, 100, 13.0 + STRIKE_SECONDS, direct=True)


def test_of_a_relay_that_was_never_busy_a_little_is_expected_until_it_was() -> None:
    enough, less = int(RELAY_UNTRIED * MARGIN) // 2 * 2, int(RELAY_UNTRIED * MARGIN) // 2 * 2 - 2
    rivals = Rivals()
    for begin in (0.0, 2.0, 4.0):
        assert not busy(rivals, enough, begin, direct=True)
    assert not busy(rivals, less, 6.0, direct=True)
    assert busy(rivals, less, 8.0, direct=True)
    rivals = Rivals()
    busy(rivals, 1000, 0.0, direct=False)
    for begin in (10.0, 12.0, 14.0):
        assert not busy(rivals, 1000, begin, direct=True)
