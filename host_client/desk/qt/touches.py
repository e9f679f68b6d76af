"""Who pressed: widgets that ask, before they do anything, whether a press came from a device or from an injector."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from typing_extensions import override

from wire.sealed.plain_text import cleaned

Counts = Callable[[list[int]], bool]
"""Do presses at these moments (window system's clock) count as the person's? 0 is a key whose moment nobody knows."""
_SENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class TouchButton(QPushButton):
    """A button that remembers when the touches were that activate it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.touches: list[int] = []

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin anew with this press."""
        self.touches = [event.timestamp()]
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The release that clicks."""
        self.touches.append(event.timestamp())
        super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin anew with this key; Enter clicks on the press."""
        if not event.isAutoRepeat():
            self.touches = [event.timestamp()]
        super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space clicks on the release."""
        if not event.isAutoRepeat():
            self.touches.append(event.timestamp())
        super().keyReleaseEvent(event)

    def taken(self) -> list[int]:
        """The touches, for one use."""
        touches, self.touches = self.touches, []
        return touches


class PersonsField(QPlainTextEdit):
    """A field that only a device's keys and mouse reach. Enter says that it is ready, with Shift it is a new line."""

    entered = Signal()
    blocked = Signal()
    """Somebody else than the person tried."""

    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self._counts = counts
        self._last_counted = False
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that is held repeats what its press was."""
        if not event.isAutoRepeat():
            self._last_counted = self._counts([event.timestamp()])
        if not self._last_counted:
            self.blocked.emit()
        elif event.key() in _SENDS and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Dead keys and input methods give whole characters and no moment: they count as the key before them did."""
        if self._counts([0]):
            super().inputMethodEvent(event)
        else:
            self.blocked.emit()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Places the cursor. The middle button would paste what anybody may have selected."""
        if event.button() is not Qt.MouseButton.MiddleButton:
            super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """As the press."""
        if event.button() is not Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: it would paste without a key."""
        event.accept()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        """Text alone, without what steers."""
        if source.hasText():
            self.insertPlainText(cleaned(source.text()))
