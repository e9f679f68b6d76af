"""All windows together: what replaces what, and that the thread of the windows shows that it lives."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from host_client.desk.qt.look import Theme
from host_client.desk.qt.ui import QtUi
from host_client.link import BannerState, Online, ShowBanner, ShowCode, ShowIdle, ShowPrompt, ShowSummary
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard, until

IDLE = ShowIdle(Online.READY, "Analyser 7", "Example Instruments", "K7QF 2M9X", None)
BANNER = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 0, 3600, ())


def prompt(ask: int) -> ShowPrompt:
    return ShowPrompt(ask, Permission.VIEW, ("Dana Ortiz asks.",), 60, 0)


@pytest.fixture
def beats() -> list[bool]:
    return []


@pytest.fixture
def ui(qt: QApplication, heard: Heard, beats: list[bool]) -> Iterator[QtUi]:
    calls = heard.append, lambda: beats.append(True), lambda _ask, _place: None
    made = QtUi(catalogue("en"), "en", Theme.LIGHT, *calls, display=None, managed=True)
    yield made
    made._pulse.stop()
    made._end_visit()
    made._main.hide()


def test_the_thread_of_the_windows_beats_and_does_what_is_posted_in_order(ui: QtUi, beats: list[bool]) -> None:
    done: list[int] = []
    for number in range(5):
        ui.post(lambda number=number: done.append(number))  # type: ignore[misc]
    assert until(lambda: len(done) == 5)
    assert done == list(range(5))
    assert until(lambda: bool(beats))


def test_a_visit_hides_the_code_and_its_end_takes_banner_and_prompt_away(ui: QtUi) -> None:
    ui.show(IDLE)
    ui.show(ShowCode("482-913 K7QF-2M9X", 600))
    assert ui._main.isVisible()
    ui.show(BANNER)
    assert not ui._main.isVisible()
    assert ui._banner.isVisible()
    ui.show(prompt(1))
    ui.show(ShowSummary(("Over.",)))
    assert not ui._banner.isVisible()
    assert ui._prompt is None
    assert ui._main.isVisible()


def test_one_prompt_at_a_time_and_only_its_own_number_closes_it(ui: QtUi) -> None:
    ui.show(prompt(1))
    first = ui._prompt
    ui.show(prompt(2))
    assert first is not None
    assert not first.isVisible()
    ui.close_prompt(1)
    assert ui._prompt is not None
    ui.close_prompt(2)
    assert ui._prompt is None


def test_a_covered_banner_is_raised_once_the_moment_has_passed(ui: QtUi, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[bool] = []
    ui.show(BANNER)
    monkeypatch.setattr(ui._banner, "raise_", lambda: raised.append(True))
    ui.uncover()
    assert raised == []
    assert until(lambda: raised == [True])
    assert ui.banner_window > 0


def test_while_windows_are_shown_no_other_thread_destroys_what_was_put_away(ui: QtUi) -> None:
    collects: list[bool] = []
    ui.post(lambda: collects.append(gc.isenabled()))
    ui.post(ui.stop)
    ui.run()
    assert collects == [False]
