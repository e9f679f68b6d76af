"""The pages of the main window, and which of them a state turns to."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from host_client.desk.qt.main_window import MainWindow
from host_client.link import (
    CallsRead,
    CancelHelp,
    GetHelp,
    Online,
    ShowAdmitted,
    ShowAttempt,
    ShowCalls,
    ShowCode,
    ShowCodeOver,
    ShowIdle,
    ShowSummary,
)
from policy.decision import Reason
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard

WORDS = catalogue("en")
IDLE = ShowIdle(Online.READY, "Analyser 7", "Example Instruments", "K7QF 2M9X", None)
CODE = ShowCode("482-913 K7QF-2M9X", 600)


@pytest.fixture
def window(heard: Heard) -> Iterator[MainWindow]:
    made = MainWindow(WORDS, heard.append)
    yield made
    made.code.rest()
    made.hide()
    made.deleteLater()


def shown(part: QWidget) -> list[str]:
    return [each.accessibleName() or each.text() for each in part.findChildren(QLabel) if each.isVisible()]


def test_help_can_be_asked_for_only_when_it_can_come(window: MainWindow, heard: Heard) -> None:
    for online in Online:
        window.present(replace(IDLE, online=online))
        assert window.idle.get_help.isEnabled() is (online is Online.READY)
        assert WORDS.text(f"online-{online.value}") in shown(window)
        assert (WORDS.text("desk-get-help-hint") in shown(window)) is (online is Online.READY)
        window.idle.get_help.click()
    assert heard == [GetHelp()]


def test_a_refusal_says_why_in_words_for_the_person_here(window: MainWindow) -> None:
    window.present(replace(IDLE, online=Online.REFUSED, why=Reason.HOST_NOT_LISTED))
    assert WORDS.text("reason-host_not_listed-host") in shown(window)
    window.present(IDLE)
    assert WORDS.text("reason-host_not_listed-host") not in shown(window)


def test_a_code_is_shown_whole_with_its_time_and_can_be_taken_back(window: MainWindow, heard: Heard) -> None:
    window.present(CODE)
    assert {"482-913 K7QF-2M9X", "Valid for 10:00", WORDS.text("desk-code-read")} <= set(shown(window))
    assert not window.code.again.isVisible()
    window.code._tick()
    assert "Valid for 9:59" in shown(window)
    window.code.cancel.click()
    assert heard == [CancelHelp()]


def test_a_wrong_try_is_told_until_the_next_code(window: MainWindow) -> None:
    window.present(CODE)
    window.present(ShowAttempt(1))
    assert "Somebody entered a wrong code. 1 try left." in shown(window)
    window.present(CODE)
    assert "Somebody entered a wrong code. 1 try left." not in shown(window)


def test_a_code_that_is_over_says_why_and_offers_a_new_one(window: MainWindow, heard: Heard) -> None:
    window.present(CODE)
    window.present(ShowCodeOver(Reason.CODE_BURNT))
    assert {WORDS.text("desk-code-over"), WORDS.text("reason-code_burnt-host")} <= set(shown(window))
    assert WORDS.text("desk-code-read") not in shown(window)
    assert not window.code._second.isActive()
    window.code.again.click()
    assert heard == [GetHelp()]


def test_an_admitted_code_stops_its_clock(window: MainWindow) -> None:
    window.present(CODE)
    window.present(ShowAdmitted())
    assert WORDS.text("desk-admitted") in shown(window)
    assert not window.code._second.isActive()


def test_a_summary_stays_until_it_was_read(window: MainWindow) -> None:
    window.present(ShowSummary(("Visitor: Dana Ortiz", "You ended the visit.")))
    window.present(IDLE)
    assert {"Visitor: Dana Ortiz", "You ended the visit."} <= set(shown(window))
    window.summary.close_button.click()
    assert WORDS.text("online-ready") in shown(window)


def test_closing_the_window_takes_a_code_back_and_ends_nothing_else(window: MainWindow, heard: Heard) -> None:
    window.present(CODE)
    window.close()
    assert heard == [CancelHelp()]
    window.present(ShowSummary(("Over.",)))
    window.close()
    assert window._pages.currentWidget() is window.idle
    window.close()
    assert heard == [CancelHelp()]
    assert window.isMinimized()


def test_who_asks_to_be_called_stands_above_get_help_until_it_was_read(window: MainWindow, heard: Heard) -> None:
    window.present(IDLE)
    assert not window.idle.calls_read.isVisible()
    window.showMinimized()
    window.present(ShowCalls(("Ann, Acme: Fault or error message, case 7",)))
    assert not window.isMinimized()
    assert "Ann, Acme: Fault or error message, case 7" in shown(window)
    assert WORDS.text("desk-calls-title", count=1) in shown(window)
    window.idle.calls_read.click()
    assert heard == [CallsRead()]
    window.present(ShowCalls(()))
    assert not window.idle.calls_read.isVisible()


def test_a_summary_is_read_before_a_request_to_call(window: MainWindow) -> None:
    window.present(ShowSummary(("Over.",)))
    window.present(ShowCalls(("Ann, Acme: Fault or error message, case 7",)))
    assert not window.idle.calls_read.isVisible()
    window.summary.close_button.click()
    assert window.idle.calls_read.isVisible()
