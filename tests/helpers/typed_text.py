"""A window that writes down what reaches it. A process of its own: `python typed_text.py`, one JSON line per event.

It is a plain Qt text field, full screen and focused, so what it holds is what any program would have received.
"""

import json
import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from typing_extensions import override

HELD = {
    "Control": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Meta": Qt.KeyboardModifier.MetaModifier,
}


def tell(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


class Listener(QObject):
    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's own name
        if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            tell(
                kind=event.type().name,
                key=event.key(),
                text=event.text(),
                control=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
                held=sorted(name for name, bit in HELD.items() if event.modifiers() & bit),
            )
        elif isinstance(event, QWheelEvent):
            tell(kind="Wheel", dx=event.angleDelta().x(), dy=event.angleDelta().y())
        elif isinstance(event, QMouseEvent):
            place = event.globalPosition().toPoint()
            tell(kind=event.type().name, x=place.x(), y=place.y(), button=event.button().value)
        return super().eventFilter(watched, event)


def main() -> None:
    app = QApplication(sys.argv)
    field = QPlainTextEdit()
    field.setWindowFlag(Qt.WindowType.BypassWindowManagerHint)
    field.setGeometry(app.primaryScreen().geometry())
    listener = Listener()
    field.viewport().setMouseTracking(True)
    field.installEventFilter(listener)
    field.viewport().installEventFilter(listener)
    field.textChanged.connect(lambda: tell(kind="Text", text=field.toPlainText()))
    field.show()
    field.activateWindow()
    app.focusWindowChanged.connect(lambda window: tell(kind="Focus", focused=window is not None))
    app.exec()


if __name__ == "__main__":
    main()
