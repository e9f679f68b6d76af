"""A tool kit without a screen, with two monitors side by side. What needs a real X screen is tested through desk_process."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from host_client.desk.qt.look import Theme, use_theme
from host_client.link_frames import ToGuardian

DEADLINE_MS = 10_000
MONITORS = ((0, 0, 1280, 800), (1280, 0, 1024, 768))


def until(holds: Callable[[], bool]) -> bool:
    """Let windows live until this holds; False if it does not within DEADLINE_MS."""
    loop, look, deadline = QEventLoop(), QTimer(interval=10), QDeadlineTimer(DEADLINE_MS)

    def leave_when_it_holds() -> None:
        if holds() or deadline.hasExpired():
            loop.quit()

    look.timeout.connect(leave_when_it_holds)
    look.start()
    loop.exec()
    look.stop()
    return holds()


class Heard(list[ToGuardian]):
    """What windows reported, in order."""


@pytest.fixture(scope="session")
def qt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QApplication]:
    """The one application of this process."""
    screens = [
        {"name": f"m{number}", "x": x, "y": y, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for number, (x, y, width, height) in enumerate(MONITORS)
    ]
    places = Path(tmp_path_factory.mktemp("qt"), "monitors.json")
    places.write_text(json.dumps({"synchronousWindowSystemEvents": False, "windowFrameMargins": False, "screens": screens}))
    app = QApplication(["chaperone", "-platform", f"offscreen:configfile={places}"])
    app.setStyle("Fusion")
    use_theme(app, Theme.LIGHT)
    yield app
    app.shutdown()


@pytest.fixture
def heard(qt: QApplication) -> Heard:
    """What windows reported."""
    return Heard()
