"""Files on their way: one line each with a *Cancel* that can be reached, also of the second, and of one that comes after others."""

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from host_client.desk.qt.files import FilesWindow
from host_client.link_files import FileShown, FileStop
from policy.permissions import Permission
from runtime.catalogues import catalogue
from tests.host_client.desk.qt.conftest import Heard


def shown(grant: int, permission: Permission = Permission.FILE_TO_HOST) -> FileShown:
    return FileShown(grant, permission, f"a name that does not fit {80 * chr(120)}.bin", 10, 100, 1, 5, waits=False)


@pytest.fixture
def window(qt: QApplication, heard: Heard) -> FilesWindow:
    return FilesWindow(catalogue("en"), heard.append)


def has_room(window: FilesWindow) -> bool:
    """Is every *Cancel* drawn whole, inside the window?"""
    QApplication.processEvents()
    buttons = [each for each in window.findChildren(QPushButton) if each.isVisible()]
    whole = all(each.height() >= each.minimumHeight() for each in buttons)
    return bool(buttons) and whole and all(window.rect().contains(each.mapTo(window, each.rect().bottomRight())) for each in buttons)


def test_each_file_has_a_cancel_that_can_be_reached(window: FilesWindow, heard: Heard) -> None:
    window.present(shown(2))
    assert has_room(window)
    window.present(shown(3, Permission.FILE_FROM_HOST))
    assert has_room(window)
    window.over(2)
    window.over(3)
    assert not window.isVisible()
    window.present(shown(4))
    assert has_room(window)
    (cancel,) = [each for each in window.findChildren(QPushButton) if each.isVisible()]
    cancel.click()
    assert heard == [FileStop(4)]
    window.put_away()
    assert not window.isVisible()
