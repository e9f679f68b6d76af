"""The instrument that demonstrations and journeys help with."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from host_client.desk.input_x11 import XInjector
from host_client.screen.capture_x11 import XScreenCapture
from tests.helpers.x_server import openbox, stop, xvfb

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 30.0
DRAWINGS_MOST = 500
COMMAND = [sys.executable, "-m", "runtime.sample_instrument"]


def drawn(capture: XScreenCapture, calm: float) -> bytes:
    """The screen once something was drawn and then nothing more for `calm` seconds."""
    assert capture.wait_change(STARTS_WITHIN)
    for _ in range(DRAWINGS_MOST):
        capture.take()
        if not capture.wait_change(calm):
            return bytes(capture.grab())
    raise AssertionError("the screen never stands still")


def test_it_draws_itself_stands_still_and_takes_typed_text() -> None:
    with xvfb(1280, 800) as screen, openbox(screen), closing(XScreenCapture(screen.display)) as capture:
        capture.take()
        empty = bytes(capture.grab())
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=screen.environment())
        try:
            still = drawn(capture, 3.0)
            assert len(set(zip(still[::4], still[1::4], still[2::4], strict=True))) > 16, "the instrument is not on the screen"
            assert still != empty
            with XInjector(screen.display) as injector:
                injector.move(780, 500)
                injector.button(1, True)
                injector.button(1, False)
                injector.character("é")
                assert drawn(capture, 1.0) != still
        finally:
            stop(process)


def test_a_geometry_that_is_none_is_refused() -> None:
    refused = subprocess.run([*COMMAND, "--geometry", "large"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "WIDTHxHEIGHT+X+Y" in refused.stderr
