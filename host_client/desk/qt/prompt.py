"""The prompt: who asks for what, *Refuse* focused, nothing to be allowed in its first moment.

1. *Allow* is out of reach until the prompt has been on the screen for `armed_after_ms`.
2. *Allow* counts only when every press and release that made it came from a device, never from an injector.
3. Where that cannot be told, view may be allowed and nothing else (product behaviour 8).
4. Esc, closing the window and Enter on the focused *Refuse* refuse. An answer is given once.
"""

from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout
from typing_extensions import override

from host_client.desk.qt.look import button, label, stay_on_top
from host_client.desk.qt.pages import Report
from host_client.desk.words import Words
from host_client.link import Given, InjectorBlocked, PromptAnswered, ShowPrompt
from policy.permissions import Permission

_PULSES = 6
_PULSE_MS = 300
_TOUCHES = 2
"""One press and one release make an *Allow*."""


class PressWitness(Protocol):
    """Tells presses of devices from presses of injectors."""

    available: bool

    def physical(self, times: list[int]) -> bool:
        """Whether all presses and releases at these moments (window system's clock) were made by devices."""


class AllowButton(QPushButton):
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


class PromptWindow(QDialog):
    """One prompt, from its first pixel to its answer."""

    def __init__(self, shown: ShowPrompt, words: Words, witness: PressWitness | None, report: Report, *, managed: bool) -> None:
        super().__init__()
        self.ask = shown.ask
        self._words, self._witness, self._report = words, witness, report
        self._permission = shown.permission
        self._armed_after_ms = shown.armed_after_ms
        self._left = shown.seconds
        self._answered = False
        self._pulses = _PULSES
        stay_on_top(self, managed=managed)
        self.setWindowTitle(words.text("desk-prompt-title"))
        self._build(shown)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self._pulse_timer = QTimer(self, interval=_PULSE_MS)
        self._pulse_timer.timeout.connect(self._pulse)

    def _build(self, shown: ShowPrompt) -> None:
        self._edge = QFrame()
        self._edge.setObjectName("edge")
        inside = QVBoxLayout(self._edge)
        inside.addWidget(label(shown.lines[0] if shown.lines else "", points=14, bold=True))
        for line in shown.lines[1:]:
            inside.addWidget(label(line, points=11))
        self._time, self._note = label(bold=True), label(bold=True)
        self._note.hide()
        inside.addWidget(self._time)
        inside.addWidget(self._note)
        inside.addStretch(1)
        inside.addLayout(self._answers())
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._edge)
        self.setMinimumWidth(520)
        self._edge.setStyleSheet("#edge { border: 6px solid #b45309; }")
        self._tell_time()

    def _answers(self) -> QHBoxLayout:
        self.allow = AllowButton(self._words.text("desk-allow"))
        self.allow.setObjectName("allow")
        self.allow.setAccessibleName(self.allow.text())
        self.allow.setMinimumSize(140, 44)
        self.allow.setEnabled(False)
        self.allow.clicked.connect(self._allow_pressed)
        self.refuse = button(self._words.text("desk-refuse"), "refuse")
        self.refuse.setDefault(True)
        self.refuse.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.allow)
        row.addStretch(1)
        row.addWidget(self.refuse)
        return row

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """From now on the person can read it: start both clocks."""
        super().showEvent(event)
        self.refuse.setFocus()
        QTimer.singleShot(self._armed_after_ms, self, self._arm)
        self._second.start()
        self._pulse_timer.start()
        QApplication.beep()

    def _arm(self) -> None:
        if self._answered:
            return
        if self._provable or self._permission is Permission.VIEW:
            self.allow.setEnabled(True)
        else:
            self._say("desk-prompt-unproven")

    @property
    def _provable(self) -> bool:
        return self._witness is not None and self._witness.available

    def _allow_pressed(self) -> None:
        touches, self.allow.touches = self.allow.touches, []
        if self._answered:
            return
        if self._witness is None or not self._witness.available:
            if self._permission is Permission.VIEW:
                self._answer(Given.ALLOW)
            else:
                self._say("desk-prompt-unproven")
        elif touches and self._witness.physical(touches):
            self._answer(Given.ALLOW)
        else:
            self._say("desk-prompt-injected")
            self._report(InjectorBlocked(self.ask))

    @override
    def reject(self) -> None:
        """*Refuse*, Esc and the window's close button."""
        self._answer(Given.REFUSE)

    def _answer(self, given: Given) -> None:
        if not self._answered:
            self._answered = True
            self.allow.setEnabled(False)
            self.refuse.setEnabled(False)
            self._report(PromptAnswered(self.ask, given))

    def _say(self, identity: str) -> None:
        self._note.setText(self._words.text(identity))
        self._note.show()
        self.refuse.setFocus()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        self._time.setText(self._words.text("desk-prompt-left", seconds=self._left))

    def _pulse(self) -> None:
        self._pulses -= 1
        colour = "#b45309" if self._pulses % 2 == 0 else "#fbbf24"
        self._edge.setStyleSheet(f"#edge {{ border: 6px solid {colour}; }}")
        if self._pulses <= 0:
            self._pulse_timer.stop()

    def put_away(self) -> None:
        """Close without giving an answer: it was given already, or time ran out."""
        self._answered = True
        self._second.stop()
        self._pulse_timer.stop()
        self.hide()
        self.deleteLater()
