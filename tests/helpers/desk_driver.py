"""Runs a real desk, and says beside it where its buttons are: `python desk_driver.py SOCKET UI LANGUAGE THEME`.

Standard output carries one JSON line whenever the visible buttons change, as the tool kit itself knows them.
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from host_client.desk.main import run_desk
from host_client.link import UiKind

_LOOK_MS = 50


class Geometry:
    """Tells about buttons when they changed."""

    def __init__(self, app: QApplication) -> None:
        self._app, self._told = app, ""

    def tell(self) -> None:
        """One line, if there is news."""
        line = json.dumps({widget.objectName(): _place(widget) for widget in self._app.allWidgets() if _is_there(widget)})
        if line != self._told:
            self._told = line
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def _is_there(widget: object) -> bool:
    return isinstance(widget, QPushButton) and widget.isVisible()


def _place(widget: object) -> dict[str, int | bool | str]:
    assert isinstance(widget, QPushButton)
    centre = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
    name = widget.accessibleName()
    return {"x": centre.x(), "y": centre.y(), "enabled": widget.isEnabled(), "focused": widget.hasFocus(), "name": name}


def main() -> int:
    path, kind, language, theme = sys.argv[1:5]
    timer = QTimer()
    if kind == UiKind.WINDOW:
        app = QApplication(["chaperone"])
        geometry = Geometry(app)
        timer.timeout.connect(geometry.tell)
        timer.start(_LOOK_MS)
    return run_desk(Path(path), UiKind(kind), language=language, theme=theme)


if __name__ == "__main__":
    sys.exit(main())
