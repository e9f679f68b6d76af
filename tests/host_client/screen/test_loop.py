"""The capture thread with a screen that misbehaves: never silent, never sending after its end."""

import queue
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from host_client.ports import Shot
from host_client.screen import loop
from host_client.screen.loop import CaptureLoop
from host_client.screen.pipeline import Pipeline
from policy.decision import Reason
from wire.sealed.parcel import unpacked

DEADLINE = 10.0
PIXELS = np.full((20, 30), 0x123456, dtype=np.uint32).tobytes()


class Screen:
    """Something is there at once, and then no more; `grab` may hang or fail."""

    def __init__(self, grab: Callable[[], Shot]) -> None:
        self._grab = grab
        self._taken = False

    def take(self) -> Shot:
        self._taken = True
        return self._grab()

    def wait_change(self, seconds: float) -> bool:
        return not self._taken

    def close(self) -> None:
        """Nothing is held."""


def capturing(grab: Callable[[], Shot]) -> tuple[CaptureLoop, "queue.Queue[bytes]", "queue.Queue[Reason]"]:
    sent: queue.Queue[bytes] = queue.Queue()
    over: queue.Queue[Reason] = queue.Queue()
    made = CaptureLoop(lambda: Screen(grab), sent.put, over.put, time.monotonic)
    made.start()
    return made, sent, over


def test_a_capture_that_hangs_ends_with_its_reason_and_sends_nothing_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "CAPTURE_STALL_SECONDS", 0.05)
    monkeypatch.setattr(loop, "WATCH_SECONDS", 0.02)
    released = threading.Event()

    def hang() -> Shot:
        released.wait(DEADLINE)
        return Shot(0, 0, 30, 20, (30, 20), PIXELS)

    made, sent, over = capturing(hang)
    assert over.get(timeout=DEADLINE) is Reason.CAPTURE_HUNG
    released.set()
    made.join(DEADLINE)
    assert sent.empty()
    assert over.empty()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_capture_that_dies_of_a_fault_is_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "CAPTURE_STALL_SECONDS", 0.05)
    monkeypatch.setattr(loop, "WATCH_SECONDS", 0.02)

    def fail() -> Shot:
        raise RuntimeError("a fault of ours")

    made, _sent, over = capturing(fail)
    assert over.get(timeout=DEADLINE) is Reason.CAPTURE_HUNG
    made.join(DEADLINE)


def test_a_still_screen_is_no_hung_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "WATCH_SECONDS", 0.02)
    made, sent, over = capturing(lambda: Shot(0, 0, 30, 20, (30, 20), PIXELS))
    parcel = sent.get(timeout=DEADLINE)
    made.halt()
    made.join(DEADLINE)
    assert [message[0] for message in unpacked(parcel)] == [1, 2, 3], "a small frame leaves together"
    assert over.empty()


def test_what_the_console_worked_is_told_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, float]] = []
    monkeypatch.setattr(Pipeline, "shown", lambda _self, frame, _now, worked: told.append((frame, worked)))
    made = CaptureLoop(lambda: Screen(lambda: Shot(0, 0, 30, 20, (30, 20), PIXELS)), lambda _: None, lambda _: None, time.monotonic)
    made.shown(3, 0.25)
    assert told == [(3, 0.25)]
