"""The instrument that demonstrations and journeys help with."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from host_client.desk.input_x11 import XInjector
from host_client.screen.capture_x11 import XScreenCapture
from tests.helpers.x_server import openbox, stop, xvfb

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "runtime.sample_instrument"]


def test_it_draws_itself_stands_still_and_takes_typed_text() -> None:
    with xvfb(1280, 800) as screen, openbox(screen), closing(XScreenCapture(screen.display)) as capture:
        empty = capture.grab()
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=screen.environment())
        try:
            while capture.grab()[:4] == empty[:4] and len(set(capture.grab())) < 64:
                assert capture.wait_change(20)
            while capture.wait_change(1.5):  # until it has drawn all of itself
                continue
            still = capture.grab()
            assert still != empty
            with XInjector(screen.display) as injector:
                injector.move(780, 500)
                injector.button(1, True)
                injector.button(1, False)
                injector.character("é")
                assert capture.wait_change(20)
            assert capture.grab() != still
        finally:
            stop(process)


def test_a_geometry_that_is_none_is_refused() -> None:
    refused = subprocess.run([*COMMAND, "--geometry", "large"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "WIDTHxHEIGHT+X+Y" in refused.stderr
