"""A second person in the windows: his part of the banner, his code while it is out, and who may press what."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from host_client.desk.qt.banner import Banner, bottom
from host_client.desk.qt.second import SecondWindow
from host_client.link import BannerState, SecondStep, ShowBanner, ShowSecond, WatchStopped, WatchWanted
from policy.decision import Reason
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard

VIEWING = ShowBanner("Dana Ortiz", "Example Instruments", BannerState.VIEWING, 754, 2846, (Permission.VIEW,))
CODE = ShowSecond(SecondStep.CODE, code="482-913 K7QF-2M9X", seconds=600)
BOB = ShowSecond(SecondStep.WATCHING, name="Bob", company="Acme")
NOBODY = ShowSecond(SecondStep.NOBODY)


class Hands:
    """Says whose presses count."""

    physical = True

    def counts(self, touches: list[int]) -> bool:
        return self.physical and bool(touches)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def banner(heard: Heard, hands: Hands) -> Iterator[Banner]:
    made = Banner(catalogue("en"), heard.append, hands.counts)
    yield made
    made.put_away()
    made.deleteLater()


@pytest.fixture
def window(heard: Heard) -> Iterator[SecondWindow]:
    made = SecondWindow(catalogue("en"), heard.append)
    yield made
    made.put_away()
    made.deleteLater()


def press(banner: Banner) -> None:
    QTest.mouseClick(banner.second.button, Qt.MouseButton.LeftButton)


def test_a_code_is_asked_for_on_a_press_of_a_person(banner: Banner, heard: Heard, hands: Hands) -> None:
    banner.present(VIEWING)
    assert banner.second.button.isVisible()
    assert banner.second.button.text() == "2nd person"
    hands.physical = False
    press(banner)
    assert heard == []
    hands.physical = True
    press(banner)
    assert heard == [WatchWanted()]


def test_nobody_is_let_in_before_the_technician_sees_the_screen(banner: Banner) -> None:
    banner.present(replace(VIEWING, granted=(), state=BannerState.ASKED))
    assert not banner.second.button.isVisible()


def test_who_watches_is_named_and_stopped_by_one_press_from_anywhere(banner: Banner, heard: Heard, hands: Hands) -> None:
    banner.present(VIEWING)
    banner.second.present(CODE)
    assert not banner.second.button.isVisible()
    banner.second.present(BOB)
    assert banner.second.name.text() == "Bob, Acme is WATCHING too"
    assert banner.second.button.text() == "Stop watching"
    assert banner.second.button.accessibleDescription() == "Stop Bob watching. The visit goes on"
    hands.physical = False
    press(banner)
    assert heard == [WatchStopped()]
    banner.second.present(NOBODY)
    assert not banner.second.name.isVisible()
    assert banner.second.button.text() == "2nd person"


def test_a_long_name_leaves_room_for_the_buttons(banner: Banner) -> None:
    banner.present(VIEWING)
    banner.second.present(replace(BOB, name="Maximiliana " * 9, company="Company " * 9))
    whole = banner.geometry()
    end = banner.buttons.end
    assert end.mapTo(banner, end.rect().bottomRight()).x() <= whole.width()
    assert banner.second.name.text().endswith("…")
    assert "Maximiliana Maximiliana" in banner.second.name.toolTip()


def test_both_who_controls_and_who_watches_are_named_where_there_is_little_room(banner: Banner) -> None:
    banner.present(replace(VIEWING, state=BannerState.CONTROLLING, granted=(Permission.CONTROL, Permission.VIEW)))
    banner.tell_messages(0)
    banner.second.present(replace(BOB, name="Alex Marten", company="Meridian Diagnostics and Analytics"))
    assert banner._line.text().startswith("Dana Ortiz, ")
    assert banner.second.name.text().startswith("Alex Marten")
    end = banner.buttons.end
    assert end.mapTo(banner, end.rect().bottomRight()).x() <= banner.geometry().width()


def test_where_two_names_have_no_room_the_buttons_stand_below_until_the_visit_is_over(banner: Banner) -> None:
    banner.present(VIEWING)
    one_row = banner.height()
    controlling = replace(VIEWING, state=BannerState.CONTROLLING, granted=(Permission.CONTROL, Permission.VIEW))
    banner.present(replace(controlling, technician="Dana Ortiz of the Second Shift"))
    banner.tell_messages(0)
    banner.second.present(replace(BOB, name="Maximiliana Alexandra Marten", company="Acme"))
    assert banner.height() > one_row
    assert banner.geometry().bottom() < bottom()
    assert banner._line.text().startswith("Dana Ortiz of the Second Shift, ")
    assert banner.second.name.text().startswith("Maximiliana Alexandra Marten, ")
    assert banner.second.name.text().endswith(" is WATCHING too")
    assert banner.buttons.mapTo(banner, banner.buttons.end.pos()).y() >= banner._line.geometry().bottom()
    end = banner.buttons.end
    assert end.mapTo(banner, end.rect().bottomRight()).x() <= banner.geometry().width()
    two_rows = banner.height()
    banner.second.present(NOBODY)
    banner.present(VIEWING)
    assert banner.height() == two_rows
    banner.put_away()
    banner.present(VIEWING)
    assert banner.height() == one_row


def test_buttons_that_have_no_room_lose_their_edges_and_not_their_words(banner: Banner) -> None:
    banner.present(replace(VIEWING, state=BannerState.CONTROLLING, granted=(Permission.CONTROL, Permission.VIEW)))
    banner.tell_messages(7)
    banner.second.present(BOB)
    assert banner.messages.text() == "● Messages: 7 new"
    assert banner._done(700) <= 700
    banner.tell_messages(8)
    assert (banner.messages.text(), banner.messages.accessibleName()) == ("● 8", "● Messages: 8 new")
    metrics = banner.messages.fontMetrics()
    for each in (banner.second.button, banner.buttons.take_back, banner.buttons.pause, banner.buttons.end):
        assert each.width() >= metrics.horizontalAdvance(each.text())
    banner.put_away()
    banner.tell_messages(0)
    assert banner.messages.text() == "Messages"


def test_nothing_of_him_is_left_for_the_next_visit(banner: Banner) -> None:
    banner.present(VIEWING)
    banner.second.present(BOB)
    banner.put_away()
    banner.present(VIEWING)
    assert not banner.second.name.isVisible()
    assert banner.second.button.text() == "2nd person"


def test_his_code_is_shown_tried_and_gone(window: SecondWindow, heard: Heard) -> None:
    window.present(CODE)
    assert window.isVisible()
    assert window._code.accessibleName() == CODE.code
    assert window._time._words.text().endswith("10:00")
    window._tick()
    assert window._time._words.text().endswith("9:59")
    window.present(replace(CODE, seconds=0, tries_left=3))
    assert "3" in window._notice._words.text()
    window.present(ShowSecond(SecondStep.CHECKING))
    assert not window._code.isEnabled()
    window.present(ShowSecond(SecondStep.NOBODY, reason=Reason.CODE_BURNT))
    assert window.isVisible()
    assert window._notice._words.text()
    window.present(BOB)
    assert not window.isVisible()
    assert window._code.text() == ""
    window.present(ShowSecond(SecondStep.NOBODY, reason=Reason.SESSION_OVER))
    assert not window.isVisible()
    assert heard == []


def test_closing_and_cancel_take_the_code_back(window: SecondWindow, heard: Heard) -> None:
    window.present(CODE)
    window.close()
    QTest.mouseClick(window.cancel, Qt.MouseButton.LeftButton)
    assert heard == [WatchStopped(), WatchStopped()]
