"""What is learned of a line: its rate through sizes and delays, and what follows for frames, messages and loss."""

import pytest

from host_client.screen.credit import FRAME_BYTES_FIRST, FRAME_BYTES_MIN, NARROW_MESSAGE, Credit
from wire.limits import PICTURE_MESSAGE_MAX


def run(credit: Credit, rate: float, trip: float, sizes: list[int], now: float = 0.0) -> float:
    """Frames one after the other over a line."""
    for number, size in enumerate(sizes, start=1):
        credit.begin(number, now)
        credit.add(size)
        credit.sent(now)
        now += size / rate + trip
        credit.shown(number, now)
        now += 0.01
    return now


@pytest.mark.parametrize("rate", [32_000.0, 125_000.0, 1_250_000.0, 12_500_000.0, 125_000_000.0])
@pytest.mark.parametrize("trip", [0.002, 0.08])
def test_the_rate_of_a_line_is_found_whatever_its_delay(rate: float, trip: float) -> None:
    credit = Credit()
    run(credit, rate, trip, [500, 500, 40_000, 600_000])
    assert credit.rate is not None
    assert rate / 2 < credit.rate < rate * 2 or credit.rate > 20_000_000


def test_while_nothing_is_known_frames_are_small_and_small_frames_tell_nothing() -> None:
    credit = Credit()
    run(credit, 32_000.0, 0.01, [100] * 9)
    assert (credit.rate, credit.frame_bytes, credit.message_bytes, credit.is_slow) == (None, FRAME_BYTES_FIRST, FRAME_BYTES_FIRST, False)


def test_a_line_that_collapses_is_believed_at_once_and_one_slow_frame_is_not() -> None:
    credit = Credit()
    now = run(credit, 10_000_000.0, 0.002, [500, 100_000, 100_000])
    fast = credit.rate
    now = run(credit, 4_000_000.0, 0.002, [100_000], now)
    assert credit.rate == fast
    run(credit, 32_000.0, 0.002, [100_000], now)
    assert credit.rate is not None
    assert credit.rate < 40_000


def test_on_a_narrow_line_frames_and_messages_are_small_and_loss_is_allowed() -> None:
    credit = Credit()
    run(credit, 32_000.0, 0.02, [500, 30_000, 30_000])
    assert (credit.frame_bytes, credit.message_bytes, credit.is_slow) == (FRAME_BYTES_MIN, NARROW_MESSAGE, True)
    want = credit.want(moving=False, lossless_bytes=10_000)
    assert (want.lossy, want.slow, want.quality) == (True, True, 45)
    assert not credit.exactly.lossy


def test_on_a_fast_line_only_motion_is_sent_with_loss() -> None:
    credit = Credit()
    run(credit, 100_000_000.0, 0.001, [500, 1_000_000, 1_000_000])
    wants = [credit.want(moving=moving, lossless_bytes=1_000_000) for moving in (False, True)]
    assert [want.lossy for want in wants] == [False, True]
    assert [want.quality for want in wants] == [90, 90]
    assert credit.message_bytes == PICTURE_MESSAGE_MAX


def test_two_frames_on_their_way_share_the_line() -> None:
    credit = Credit()
    for number in (1, 2):
        credit.begin(number, 0.0)
        credit.add(100_000)
        credit.sent(0.0)
    may_send = [credit.may_send]
    credit.shown(1, 1.0)
    may_send.append(credit.may_send)
    assert may_send == [False, True]
    credit.shown(2, 2.0)
    assert credit.rate == pytest.approx(100_000, rel=0.1)
    credit.shown(99, 3.0)
    assert credit.rate == pytest.approx(100_000, rel=0.1)


def test_what_encoding_took_is_not_the_lines_time() -> None:
    credit = Credit()
    credit.begin(1, 0.0)
    credit.add(500_000)
    credit.sent(5.0)
    credit.shown(1, 5.5)
    assert credit.rate == pytest.approx(1_000_000, rel=0.1)


@pytest.mark.parametrize("work", [0.05, 0.2])
def test_a_console_that_works_long_is_no_slow_line(work: float) -> None:
    """Mutations: work is not taken off; it is taken off the second of two frames only, or counted twice."""
    credit, now = Credit(), 0.0
    for number in range(1, 21, 2):
        for each in (number, number + 1):  # both are there at once, and wait for each other at the console
            credit.begin(each, now)
            credit.add(40_000)
            credit.sent(now)
        came = now + 2 * 40_000 / 12_500_000
        for turn, each in enumerate((number, number + 1), start=1):
            credit.shown(each, came + turn * work, turn * work)
        now = came + 2 * work
    assert not credit.is_slow
    assert credit.message_bytes == PICTURE_MESSAGE_MAX


def test_a_slow_line_is_one_whatever_the_console_works() -> None:
    credit, now = Credit(), 0.0
    for number in range(1, 10):
        credit.begin(number, now)
        credit.add(40_000)
        credit.sent(now)
        now += 40_000 / 125_000 + 0.1
        credit.shown(number, now, 0.1)
    assert credit.rate == pytest.approx(125_000, rel=0.15)


def waited(credit: Credit, number: int, size: int, seconds: float) -> None:
    credit.begin(number, 10.0 * number)
    credit.add(size)
    credit.sent(10.0 * number)
    credit.shown(number, 10.0 * number + seconds)


@pytest.mark.parametrize("size", [9_000, 24_000])
def test_a_busy_machine_is_no_slow_line(size: int) -> None:
    """Scrolled rows while every process waits for its turn. Mutation: what they waited for is taken for the line's time."""
    credit = Credit()
    for number in range(1, 40):
        waited(credit, number, size, (0.004, 0.021, 0.039)[number % 3])
    assert not credit.is_slow


def test_a_first_frame_that_comes_at_once_is_no_slow_lines() -> None:
    """The first picture of a screen is made while the console still starts."""
    credit = Credit()
    waited(credit, 1, 30_000, 0.035)
    assert not credit.is_slow
    waited(credit, 2, 500_000, 0.5)
    assert credit.is_slow


def test_two_frames_that_were_held_up_say_nothing_and_a_third_is_believed() -> None:
    credit = Credit()
    waited(credit, 1, 400_000, 0.03)
    fast = credit.rate
    for number in (2, 3):
        waited(credit, number, 20_000, 0.14)
    waited(credit, 4, 400_000, 0.03)
    for number in (5, 6):
        waited(credit, number, 20_000, 0.14)
    assert credit.rate == fast
    waited(credit, 7, 20_000, 0.12)
    assert credit.rate == pytest.approx(20_000 / 0.08)


def test_what_a_frame_shows_to_be_possible_is_believed_at_once() -> None:
    credit = Credit()
    waited(credit, 1, 30_000, 0.5)
    assert credit.is_slow
    waited(credit, 2, 200_000, 0.05)
    assert credit.rate == pytest.approx(4_000_000)


@pytest.mark.parametrize("work", [0.5, 65.535])
def test_a_console_that_says_it_worked_longer_than_it_had_the_frame_gets_what_it_asked_for_and_nothing_breaks(work: float) -> None:
    credit = Credit()
    for number in range(1, 4):
        credit.begin(number, number)
        credit.add(40_000)
        credit.sent(number)
        credit.shown(number, number + 0.4, work)
    assert credit.rate == 40_000 / 0.0005
    assert credit.may_send
