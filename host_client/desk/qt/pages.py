"""The pages of the main window: idle, code, summary. Each is built once and filled when it is shown."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QFontDatabase, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from host_client.desk.qt.look import button, label
from host_client.desk.words import Words
from host_client.link import CancelHelp, GetHelp, Online, ShowAttempt, ShowCode, ShowCodeOver, ShowIdle, ShowSummary
from host_client.link_frames import ToGuardian

Report = Callable[[ToGuardian], None]


class IdlePage(QWidget):
    """Nothing is going on: one large button, and who this PC is."""

    def __init__(self, words: Words, report: Report) -> None:
        super().__init__()
        self._words = words
        self.get_help = button(words.text("desk-get-help"), "get-help", large=True)
        self.get_help.clicked.connect(lambda: report(GetHelp()))
        self._state = label(bold=True)
        self._why = label()
        self._name, self._vendor = label(quiet=True), label(quiet=True)
        self._fingerprint = label(quiet=True, points=8)
        page = QVBoxLayout(self)
        page.addStretch(1)
        page.addWidget(self.get_help)
        for line in (label(words.text("desk-get-help-hint")), self._state, self._why):
            page.addWidget(line)
        page.addStretch(2)
        for line in (self._name, self._vendor, self._fingerprint):
            page.addWidget(line)

    def fill(self, shown: ShowIdle) -> None:
        """Show this state; *Get help* can be pressed only when it can work."""
        self._state.setText(self._words.text(f"online-{shown.online.value}"))
        self._why.setText(self._words.text(f"reason-{shown.why.value}") if shown.why else "")
        self._why.setVisible(shown.why is not None)
        self._name.setText(self._words.text("desk-this-pc", name=shown.host_name))
        self._vendor.setText(self._words.text("desk-vendor", vendor=shown.vendor))
        self._fingerprint.setText(self._words.text("desk-fingerprint", fingerprint=shown.fingerprint))
        self.get_help.setEnabled(shown.online is Online.READY)
        self.get_help.setFocus()


class CodePage(QWidget):
    """The code to read out, large and in groups, with its remaining time."""

    def __init__(self, words: Words, report: Report) -> None:
        super().__init__()
        self._words = words
        self._left = 0
        self._code = label()
        self._code.setFont(_large_fixed_font())
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._code.setWordWrap(False)
        self._time, self._notice = label(), label(bold=True)
        self.cancel = button(words.text("desk-code-cancel"), "cancel-help")
        self.cancel.clicked.connect(lambda: report(CancelHelp()))
        self.again = button(words.text("desk-code-new"), "new-code")
        self.again.clicked.connect(lambda: report(GetHelp()))
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        page = QVBoxLayout(self)
        page.addWidget(label(words.text("desk-code-title"), points=14, bold=True))
        page.addStretch(1)
        for line in (self._code, label(words.text("desk-code-read"), points=12), self._time, self._notice):
            page.addWidget(line)
        page.addStretch(1)
        page.addWidget(label(words.text("desk-code-nobody"), quiet=True))
        page.addLayout(_row(self.again, self.cancel))

    def fill(self, shown: ShowCode) -> None:
        """A fresh code."""
        self._code.setText(shown.code.replace(" ", "\n"))
        self._code.setAccessibleName(shown.code)
        self._code.setEnabled(True)
        self._left = shown.seconds
        self._notice.clear()
        self._tell_time()
        self._second.start()
        self.again.hide()
        self.cancel.show()
        self.cancel.setFocus()

    def attempt(self, shown: ShowAttempt) -> None:
        """Somebody entered a wrong code."""
        self._notice.setText(self._words.text("desk-attempt", left=shown.tries_left))

    def over(self, shown: ShowCodeOver) -> None:
        """The code is worth nothing any more."""
        self.rest()
        self._code.setEnabled(False)
        self._time.setText(self._words.text("desk-code-over"))
        self._notice.setText(self._words.text(f"reason-{shown.reason.value}"))
        self.again.show()
        self.again.setFocus()

    def admitted(self) -> None:
        """The right code was entered."""
        self.rest()
        self._time.setText(self._words.text("desk-admitted"))
        self._notice.clear()

    def rest(self) -> None:
        """Stop the clock."""
        self._second.stop()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        self._time.setText(self._words.text("desk-code-left", minutes=str(minutes), seconds=f"{seconds:02}"))


class SummaryPage(QWidget):
    """What happened, after the visit."""

    def __init__(self, words: Words, close: Callable[[], None]) -> None:
        super().__init__()
        self._lines = label()
        self.close_button = button(words.text("desk-summary-close"), "close-summary")
        self.close_button.clicked.connect(close)
        page = QVBoxLayout(self)
        page.addWidget(label(words.text("desk-summary-title"), points=14, bold=True))
        page.addWidget(self._lines)
        page.addStretch(1)
        page.addLayout(_row(self.close_button))

    def fill(self, shown: ShowSummary) -> None:
        """These lines."""
        self._lines.setText("\n".join(shown.lines))
        self._lines.setAccessibleName("\n".join(shown.lines))
        self.close_button.setFocus()


def _row(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    for each in buttons:
        row.addWidget(each)
    return row


def _large_fixed_font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSize(34)
    font.setBold(True)
    return font
