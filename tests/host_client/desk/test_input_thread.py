"""The gate between the link and the injector: live grant, no prompt, nobody at the mouse, nothing held afterwards.

Mutations, each seen to fail here: whoever touches the mouse lets nothing go; what comes meanwhile is injected; the hand is given back at
once; a hand that goes meanwhile is waited for; what waited for too long is injected.
"""

import queue
import time
from collections.abc import Iterator

import pytest

from host_client.desk.input_thread import InputThread
from host_client.link_frames import Input
from host_client.ports import ScreenLost
from tests.helpers.desk_driver import Drained
from wire.limits import INPUT_STALE_SECONDS
from wire.sealed.input import Batch, Button, Character, Event, Key, Move, Wheel, encode_batch

DEADLINE = 20.0
QUIET = 0.4


class Hands:
    """An injector that says what it did."""

    def __init__(self) -> None:
        self.did: queue.SimpleQueue[tuple[object, ...]] = queue.SimpleQueue()
        self.lost = self.hurried = False

    def move(self, x: int, y: int) -> None:
        if self.lost:
            raise ScreenLost("gone")
        self.did.put(("move", x, y))

    def button(self, number: int, down: bool) -> None:
        self.did.put(("button", number, down))

    def wheel(self, dx: int, dy: int) -> None:
        self.did.put(("wheel", dx, dy))

    def character(self, character: str) -> None:
        self.did.put(("character", character))

    def key(self, name: str, down: bool) -> None:
        self.did.put(("key", name, down))

    def release_all(self) -> None:
        self.did.put(("release",))

    def hurry(self) -> None:
        self.hurried = True

    def close(self) -> None:
        self.did.put(("close",))

    def next(self) -> tuple[object, ...]:
        return self.did.get(timeout=DEADLINE)


def batch(*events: Event, grant: int = 9) -> Input:
    return Input(grant, encode_batch(Batch(1, 0, events)))


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def told() -> queue.SimpleQueue[bool]:
    return queue.SimpleQueue()


@pytest.fixture
def thread(hands: Hands, told: queue.SimpleQueue[bool]) -> Iterator[InputThread]:
    made = InputThread(lambda: hands, told.put, quiet_seconds=QUIET)
    made._waiting = Drained()
    made.start()
    yield made
    made.end()
    made.join(DEADLINE)
    assert not made.is_alive()


def test_every_kind_of_event_reaches_the_injector_in_order(thread: InputThread, hands: Hands) -> None:
    thread.start_grant(9)
    thread.take(batch(Move(1, 2), Button(2, True), Wheel(0, -1), Character(233), Key("Enter", True)))
    did = [hands.next() for _ in range(5)]
    assert did == [("move", 1, 2), ("button", 3, True), ("wheel", 0, -1), ("character", "é"), ("key", "Enter", True)]


def test_only_the_live_grant_is_heard(thread: InputThread, hands: Hands) -> None:
    thread.take(batch(Move(1, 1)))
    thread.take(Input(9, b"no batch"))
    thread.start_grant(10)
    thread.take(batch(Move(2, 2)))
    thread.take(batch(Move(3, 3), grant=10))
    assert hands.next() == ("move", 3, 3)


def test_a_prompt_lets_go_and_drops_until_the_last_one_is_gone(thread: InputThread, hands: Hands) -> None:
    thread.start_grant(9)
    thread.close_gate(1)
    thread.close_gate(2)
    assert [hands.next(), hands.next()] == [("release",), ("release",)]
    thread.open_gate(1)
    thread.take(batch(Move(1, 1)))
    waiting = thread._waiting
    assert isinstance(waiting, Drained)
    waiting.join()
    assert hands.did.empty()
    thread.open_gate(2)
    thread.take(batch(Move(2, 2)))
    assert hands.next() == ("move", 2, 2)


def test_when_stop_returns_everything_was_let_go(thread: InputThread, hands: Hands) -> None:
    thread.start_grant(9)
    thread.stop_grant()
    assert hands.did.get_nowait() == ("close",)
    thread.stop_grant()
    assert hands.did.empty()


def test_a_screen_that_is_lost_ends_injection_and_not_the_thread(thread: InputThread, hands: Hands) -> None:
    thread.start_grant(9)
    hands.lost = True
    thread.take(batch(Move(1, 1)))
    assert hands.next() == ("close",)
    hands.lost = False
    thread.start_grant(9)
    thread.take(batch(Move(2, 2)))
    assert hands.next() == ("move", 2, 2)


def test_the_persons_hand_comes_first_and_the_technicians_waits_until_it_is_still(
    thread: InputThread, hands: Hands, told: queue.SimpleQueue[bool]
) -> None:
    thread.touched()
    assert told.empty()  # nobody but the person is here
    thread.start_grant(9)
    thread.take(batch(Key("KeyA", True)))
    assert hands.next() == ("key", "KeyA", True)
    thread.touched()
    assert (hands.next(), told.get(timeout=DEADLINE)) == (("release",), True)
    assert hands.hurried
    began = time.monotonic()
    thread.touched()
    thread.take(batch(Move(1, 1)))
    assert told.get(timeout=DEADLINE) is False
    assert time.monotonic() - began >= QUIET / 2
    thread.take(batch(Move(2, 2)))
    assert hands.next() == ("move", 2, 2)


def test_a_hand_that_goes_while_the_person_acts_is_waited_for_no_more(
    thread: InputThread, hands: Hands, told: queue.SimpleQueue[bool]
) -> None:
    thread.start_grant(9)
    thread.touched()
    thread.stop_grant()
    assert [told.get(timeout=DEADLINE), told.get(timeout=DEADLINE)] == [True, False]
    thread.start_grant(10)
    thread.take(batch(Move(3, 3), grant=10))
    assert [hands.next(), hands.next(), hands.next()] == [("release",), ("close",), ("move", 3, 3)]


def test_what_waited_here_for_too_long_is_dropped(thread: InputThread, hands: Hands) -> None:
    thread.start_grant(9)
    thread._waiting.put((time.monotonic() - INPUT_STALE_SECONDS - 1, batch(Move(1, 1))))
    thread.take(batch(Move(2, 2)))
    assert hands.next() == ("move", 2, 2)
