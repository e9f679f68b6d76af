"""What the person can press on the banner in each state, and what then is said.

Mutations, each seen to fail here: *Continue* counts from an injector; it counts from nobody at all.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from host_client.desk.qt.banner_buttons import BannerButtons
from host_client.link import BannerState, EndPressed, KeepOpenPressed, PausePressed, ResumePressed, ShowBanner, TakeBackPressed
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard

CONTROL = (Permission.CONTROL, Permission.VIEW)


class Opinion:
    """A witness of one opinion."""

    def __init__(self, *, available: bool, physical: bool) -> None:
        self.available, self._physical = available, physical

    def physical(self, times: list[int]) -> bool:
        return self._physical


def state(of: BannerState, *granted: Permission) -> ShowBanner:
    return ShowBanner("Dana Ortiz", "Example Instruments", of, 0, 3600, granted)


@pytest.fixture
def buttons(heard: Heard) -> Iterator[BannerButtons]:
    made = BannerButtons(catalogue("en"), heard.append)
    made.show()
    yield made
    made.deleteLater()


def shown(buttons: BannerButtons) -> list[str]:
    return [each.text() for each in buttons.findChildren(QPushButton) if not each.isHidden()]


@pytest.mark.parametrize(
    ("presented", "names"),
    [
        (state(BannerState.ASKED), ["End"]),
        (state(BannerState.VIEWING, Permission.VIEW), ["Pause", "End"]),
        (state(BannerState.CONTROLLING, *CONTROL), ["Take back control", "Pause", "End"]),
        (state(BannerState.WAITING, *CONTROL), ["Take back control", "Pause", "End"]),
        (state(BannerState.PAUSED, *CONTROL), ["Take back control", "Continue", "End"]),
        (state(BannerState.SUSPENDED, *CONTROL), ["Take back control", "End"]),
        (replace(state(BannerState.VIEWING, Permission.VIEW), idle=60), ["Keep open", "End"]),
        (state(BannerState.CONTROLLING, Permission.RESTART, *CONTROL), ["Take back…", "Pause", "End"]),
    ],
)
def test_each_state_offers_what_can_be_done_in_it(buttons: BannerButtons, presented: ShowBanner, names: list[str]) -> None:
    buttons.present(presented)
    assert shown(buttons) == names
    assert buttons.room() >= buttons.sizeHint().width()
    assert all(each.accessibleDescription() for each in buttons.findChildren(QPushButton))


def test_each_press_is_said_once(buttons: BannerButtons, heard: Heard) -> None:
    buttons.present(state(BannerState.CONTROLLING, *CONTROL))
    for each in (buttons.take_back, buttons.pause, buttons.keep_open, buttons.end):
        each.click()
    assert heard == [TakeBackPressed(Permission.CONTROL), PausePressed(), KeepOpenPressed(), EndPressed()]


def test_of_several_rights_each_can_be_taken_back_alone(buttons: BannerButtons, heard: Heard) -> None:
    granted = (Permission.FILE_TO_HOST, *CONTROL)
    buttons.present(state(BannerState.CONTROLLING, *granted))
    menu = buttons.choice()
    assert len({action.text() for action in menu.actions()}) == len(granted)
    for action in menu.actions():
        action.trigger()
    assert heard == [TakeBackPressed(each) for each in granted]


@pytest.mark.parametrize(("available", "physical", "counts"), [(True, True, True), (True, False, False), (False, False, True)])
def test_continue_counts_only_from_a_device_where_that_can_be_told(
    buttons: BannerButtons, heard: Heard, *, available: bool, physical: bool, counts: bool
) -> None:
    buttons.witness = Opinion(available=available, physical=physical)
    buttons.present(state(BannerState.PAUSED, *CONTROL))
    QTest.mouseClick(buttons.resume, Qt.MouseButton.LeftButton)
    assert heard == ([ResumePressed()] if counts else [])


def test_continue_that_nobody_touched_does_not_count(buttons: BannerButtons, heard: Heard) -> None:
    buttons.witness = Opinion(available=True, physical=True)
    buttons.present(state(BannerState.PAUSED, *CONTROL))
    buttons.resume.click()
    assert heard == []
