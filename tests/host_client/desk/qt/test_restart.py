"""The countdown before a restart, and the page of who may come back after it."""

from collections.abc import Iterator

import pytest

from host_client.desk.qt.main_window import MainWindow
from host_client.desk.qt.restart import RestartWindow
from host_client.link import CancelHelp, Online, ShowAdmitted, ShowIdle
from host_client.link_restart import RestartStopped, ShowRestart, ShowReturning
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard

WORDS = catalogue("en")


@pytest.fixture
def countdown(heard: Heard) -> Iterator[RestartWindow]:
    made = RestartWindow(WORDS, heard.append)
    yield made
    made.put_away()
    made.deleteLater()


def test_it_counts_and_can_be_stopped_until_it_is_over(countdown: RestartWindow, heard: Heard) -> None:
    countdown.present(ShowRestart(4, 2))
    assert countdown.isVisible()
    for _ in range(3):
        countdown._tick()
    assert countdown._left == 0
    countdown.stop.click()
    assert heard == [RestartStopped(4)]
    countdown.over(3)
    assert countdown.isVisible()
    countdown.over(4)
    assert not countdown.isVisible()


def test_who_may_come_back_stands_there_and_can_be_refused(heard: Heard) -> None:
    window = MainWindow(WORDS, heard.append)
    window.present(ShowReturning("Dana Ortiz", "Example Instruments", 61))
    assert window.returning.isVisible()
    assert window.returning._who.text() == WORDS.text("desk-returning-who", technician="Dana Ortiz", company="Example Instruments")
    window.returning._tick()
    assert window.returning._left == 60
    window.returning.cancel.click()
    assert heard == [CancelHelp()]
    window.present(ShowAdmitted())
    assert window.code.isVisible()
    window.present(ShowIdle(Online.READY, "Analyser 7", "Example Instruments", "K7QF 2M9X", None))
    assert not window.returning._second.isActive()
    window.hide()
    window.deleteLater()
