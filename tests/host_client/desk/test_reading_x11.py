"""Signs of life of programs: asked for, waited for, and not for ever."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from host_client.desk.reading_x11 import PAUSE_SECONDS, Reading
from tests.helpers import typed_text, typed_text_tk
from tests.helpers.typing_program import typing_program
from tests.helpers.x_server import XScreen

LONG = 20.0


@pytest.fixture
def reading(screen: XScreen) -> Iterator[Reading]:
    made = Reading(screen.display)
    yield made
    made.close()


def test_a_program_that_answers_is_waited_for_and_no_longer(screen: XScreen, reading: Reading) -> None:
    with typing_program(screen, typed_text) as program:
        began = time.monotonic()
        assert reading.caught_up(LONG)
        assert time.monotonic() - began < LONG / 2
        os.kill(program.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        assert reading.caught_up(0.2)
        assert time.monotonic() - began >= 0.2
        waker = threading.Timer(0.05, reading.hurry)
        waker.start()
        assert not reading.caught_up(LONG)
        waker.join()
        os.kill(program.process.pid, signal.SIGCONT)
        assert reading.caught_up(LONG)


def test_a_program_that_gives_no_sign_is_given_a_pause(screen: XScreen, reading: Reading) -> None:
    with typing_program(screen, typed_text_tk):
        began = time.monotonic()
        assert reading.caught_up(LONG)
        assert PAUSE_SECONDS <= time.monotonic() - began < LONG / 2
        reading.hurry()
        assert not reading.caught_up(LONG)


def test_without_a_focus_there_is_only_the_pause(reading: Reading) -> None:
    began = time.monotonic()
    assert reading.caught_up(0.01)
    assert time.monotonic() - began < LONG / 2
