"""Runs a real desk, and says beside it where its buttons are: `python desk_driver.py SOCKET UI LANGUAGE THEME`.

Standard output carries one JSON line whenever the visible buttons change, or what stands in a field, as the tool kit itself
knows them. This desk sends a heartbeat not by the clock but once for each thing it was told, after it was done: a test need
not guess when.
"""

import json
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from typing_extensions import override

from host_client.desk import main as desk_main
from host_client.desk.backend import Backend
from host_client.desk.main import Desk, run_desk
from host_client.desk.qt.touches import PersonsField
from host_client.link import Heartbeat, UiKind
from host_client.link_frames import FilePiece, Input, ToDesk

_DONE_SECONDS = 20.0


class Drained(SimpleQueue[tuple[float, Input] | None]):
    """A queue whose one reader asks for the next batch only when it has done the last."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._given = self._asked = 0

    @override
    def put(self, item: tuple[float, Input] | None, block: bool = True, timeout: float | None = None) -> None:
        with self._turn:
            self._given += 1
        super().put(item)

    @override
    def get(self, block: bool = True, timeout: float | None = None) -> tuple[float, Input] | None:
        with self._turn:
            self._asked += 1
            self._turn.notify_all()
        try:
            return super().get(block, timeout)
        except Empty:
            with self._turn:
                self._asked -= 1
            raise

    def join(self) -> None:
        """Wait until everything given was done."""
        with self._turn:
            assert self._turn.wait_for(lambda: self._asked > self._given, _DONE_SECONDS), "the injection thread hangs"


class TellingDesk(Desk):
    """A desk that says of each thing when it was done."""

    def __init__(self, backend: Backend, files: Path | None = None) -> None:
        super().__init__(backend, files)
        self._batches = Drained()
        self._input._waiting = self._batches

    @override
    def heard(self, said: ToDesk | Input | FilePiece) -> None:
        """Do it, and say so from the interface's thread, after what was posted there."""
        super().heard(said)
        if isinstance(said, Input):
            self._batches.join()
        self._post(lambda: self.say(Heartbeat()))

    @override
    def beat(self) -> None:
        """The thread lives; nothing is said of it."""
        self._beat_at = time.monotonic()


_LOOK_MS = 50


class Geometry:
    """Tells about buttons and fields when they changed."""

    def __init__(self, app: QApplication) -> None:
        self._app, self._told = app, ""

    def tell(self) -> None:
        """One line, if there is news."""
        there = [widget for widget in self._app.allWidgets() if isinstance(widget, QPushButton | PersonsField) and widget.isVisible()]
        line = json.dumps({_key(widget): _place(widget) for widget in there})
        if line != self._told:
            self._told = line
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def _key(widget: QWidget) -> str:
    return "field" if isinstance(widget, PersonsField) else widget.objectName()


def _place(widget: QWidget) -> dict[str, int | bool | str]:
    centre = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
    name = widget.toPlainText() if isinstance(widget, PersonsField) else widget.accessibleName()
    state = {"enabled": widget.isEnabled(), "focused": widget.hasFocus(), "chosen": widget.window().focusWidget() is widget}
    return {"x": centre.x(), "y": centre.y(), "name": name, **state}


def main() -> int:
    path, kind, language, theme = sys.argv[1:5]
    timer = QTimer()
    if kind == UiKind.WINDOW:
        app = QApplication(["chaperone"])
        geometry = Geometry(app)
        timer.timeout.connect(geometry.tell)
        timer.start(_LOOK_MS)
    desk_main.Desk = TellingDesk  # type: ignore[misc]  # the same desk, with a voice for its test
    return run_desk(Path(path), UiKind(kind), language=language, theme=theme)


if __name__ == "__main__":
    sys.exit(main())
