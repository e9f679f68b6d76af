"""Which screen the demo's host shares, decided on real X servers."""

import os
from pathlib import Path

import pytest

from runtime.screens import ScreenKind, answers, find_screen
from runtime.supervisor import Supervisor
from tests.helpers.x_server import xvfb


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path / "log")


async def test_the_persons_own_display_is_taken_when_it_answers(supervisor: Supervisor) -> None:
    with xvfb(320, 240) as screen:
        found = await find_screen(supervisor, screen.environment())
        assert found.kind is ScreenKind.OWN
        assert found.environment["DISPLAY"] == screen.display
    assert supervisor.running == ()


async def test_without_a_display_one_is_made_and_goes_with_the_supervisor(supervisor: Supervisor) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    found = await find_screen(supervisor, plain)
    assert found.kind is ScreenKind.VIRTUAL
    assert answers(found.environment["DISPLAY"])
    await supervisor.stop_all()
    assert not answers(found.environment["DISPLAY"])


async def test_a_display_that_nobody_serves_counts_as_none(supervisor: Supervisor) -> None:
    found = await find_screen(supervisor, {"DISPLAY": ":65000", "PATH": "/nowhere"})
    assert found.kind is ScreenKind.NONE
    assert "DISPLAY" not in found.environment


@pytest.mark.parametrize("display", ["", "screen", ":x", "localhost:59000"])
def test_words_that_are_no_display_do_not_answer(display: str) -> None:
    assert not answers(display)
