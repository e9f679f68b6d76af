"""The pages of the main window: idle, code, summary. Each is built once and filled when it is shown."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from host_client.desk.qt.parts import (
    BODY,
    GAP,
    LEAD,
    MARGIN,
    SMALL,
    TITLE,
    Facts,
    Note,
    TimeLeft,
    button,
    fixed_font,
    label,
    panel,
    row,
    rule,
)
from host_client.link import CallsRead, CancelHelp, GetHelp, Online, ShowAttempt, ShowCalls, ShowCode, ShowCodeOver, ShowIdle, ShowSummary
from host_client.link_frames import ToGuardian
from runtime.catalogues import Catalogue

Report = Callable[[ToGuardian], None]
_CODE_POINTS = 44
_MARKS = {Online.CONNECTING: "○", Online.READY: "●", Online.NEW: "○", Online.REFUSED: "▲", Online.DOUBTED: "▲"}
"""A sign beside each state, for whoever does not see colours."""


class IdlePage(QWidget):
    """Nothing is going on: one large button, and who this PC is."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__()
        self._words = words
        self.get_help = button(words.text("desk-get-help"), "get-help", first=True, points=TITLE + 2)
        self.get_help.clicked.connect(lambda: report(GetHelp()))
        self._mark, self._state = label(points=LEAD, kind="accent"), label(points=LEAD, bold=True)
        self._mark.setWordWrap(False)
        self._hint = label(words.text("desk-get-help-hint"))
        self._why = Note()
        self._who = Facts(points=SMALL)
        page = page_of(self)
        page.addLayout(self._standing())
        page.addStretch(1)
        page.addWidget(self._calls(report))
        page.addWidget(self.get_help)
        page.addWidget(self._hint)
        page.addWidget(self._why)
        page.addStretch(1)
        page.addWidget(rule())
        page.addWidget(self._who)

    def _standing(self) -> QHBoxLayout:
        made = QHBoxLayout()
        made.setSpacing(GAP - 2)
        made.addWidget(self._mark)
        made.addWidget(self._state, 1)
        return made

    def _calls(self, report: Report) -> QWidget:
        self._asked, inside = panel()
        self._asked_title, self._asked_lines = label(points=LEAD, bold=True), Facts()
        self.calls_read = button(self._words.text("desk-calls-read"), "calls-read")
        self.calls_read.clicked.connect(lambda: report(CallsRead()))
        inside.addWidget(self._asked_title)
        inside.addWidget(self._asked_lines)
        inside.addWidget(label(self._words.text("desk-calls-what"), kind="quiet"))
        inside.addLayout(row(self.calls_read))
        self._asked.hide()
        return self._asked

    def calls(self, shown: ShowCalls) -> None:
        """Who asks to be called; no lines, no notice."""
        self._asked_title.setText(self._words.text("desk-calls-title", count=len(shown.lines)))
        self._asked_lines.fill(shown.lines)
        self._asked.setVisible(bool(shown.lines))
        self._asked.setAccessibleDescription("\n".join(shown.lines))

    def height_at(self, width: int) -> int:
        """What this page needs at this width, in pixels. A frame is given no more than its shortest form unless it is asked for."""
        inside, page = self._asked.layout(), self.layout()
        assert inside is not None
        assert page is not None
        self._asked.setMinimumHeight(inside.totalHeightForWidth(width - 2 * MARGIN))
        return page.totalHeightForWidth(width)

    def fill(self, shown: ShowIdle) -> None:
        """Show this state; *Get help* can be pressed only when it can work."""
        self._mark.setText(_MARKS[shown.online])
        self._state.setText(self._words.text(f"online-{shown.online.value}"))
        self._hint.setVisible(shown.online is Online.READY)
        self._why.tell(self._words.text_at_host(f"reason-{shown.why.value}") if shown.why else "")
        told = (
            self._words.text("desk-this-pc", name=shown.host_name),
            self._words.text("desk-vendor", vendor=shown.vendor),
            self._words.text("desk-fingerprint", fingerprint=shown.fingerprint),
        )
        self._who.fill(told)
        self.get_help.setEnabled(shown.online is Online.READY)
        self.get_help.setFocus()


class CodePage(QWidget):
    """The code to read out, large and in groups, with its remaining time."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__()
        self._words = words
        self._left = self._whole = 0
        self._code = label(kind="code")
        self._code.setFont(fixed_font(_CODE_POINTS, bold=True))
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._code.setWordWrap(False)
        self._read = label(words.text("desk-code-read"), points=LEAD, bold=True)
        self._time, self._notice = TimeLeft(), Note()
        self.cancel = button(words.text("desk-code-cancel"), "cancel-help")
        self.cancel.clicked.connect(lambda: report(CancelHelp()))
        self.again = button(words.text("desk-code-new"), "new-code", first=True)
        self.again.clicked.connect(lambda: report(GetHelp()))
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        page = page_of(self)
        page.addWidget(label(words.text("desk-code-title"), points=TITLE, bold=True))
        for part in (self._code, self._read, self._time, self._notice):
            page.addWidget(part)
        page.addStretch(1)
        page.addWidget(label(words.text("desk-code-nobody"), points=BODY, kind="quiet"))
        page.addLayout(row(self.cancel, self.again))

    def fill(self, shown: ShowCode) -> None:
        """A fresh code."""
        self._code.setText(shown.code.replace(" ", "\n"))
        self._code.setAccessibleName(shown.code)
        self._code.setEnabled(True)
        self._read.show()
        self._left = self._whole = shown.seconds
        self._notice.tell("")
        self._tell_time()
        self._second.start()
        self.again.hide()
        self.cancel.show()
        self.cancel.setFocus()

    def attempt(self, shown: ShowAttempt) -> None:
        """Somebody entered a wrong code."""
        self._notice.tell(self._words.text("desk-attempt", left=shown.tries_left))

    def over(self, shown: ShowCodeOver) -> None:
        """The code is worth nothing any more."""
        self.rest()
        self._code.setEnabled(False)
        self._read.hide()
        self._time.tell(self._words.text("desk-code-over"))
        self._notice.tell(self._words.text_at_host(f"reason-{shown.reason.value}"))
        self.again.show()
        self.again.setFocus()

    def admitted(self) -> None:
        """The right code was entered."""
        self.rest()
        self._code.setEnabled(False)
        self._read.hide()
        self._time.tell(self._words.text("desk-admitted"))
        self._notice.tell("")

    def rest(self) -> None:
        """Stop the clock."""
        self._second.stop()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        words = self._words.text("desk-code-left", minutes=str(minutes), seconds=f"{seconds:02}")
        self._time.tell(words, self._left, self._whole)


class SummaryPage(QWidget):
    """What happened, after the visit."""

    def __init__(self, words: Catalogue, close: Callable[[], None]) -> None:
        super().__init__()
        self._facts = Facts()
        self.close_button = button(words.text("desk-summary-close"), "close-summary", first=True)
        self.close_button.clicked.connect(close)
        place, inside = panel()
        inside.addWidget(self._facts)
        page = page_of(self)
        page.addWidget(label(words.text("desk-summary-title"), points=TITLE, bold=True))
        page.addWidget(place)
        page.addStretch(1)
        page.addLayout(row(self.close_button))

    def fill(self, shown: ShowSummary) -> None:
        """These lines."""
        self._facts.fill(shown.lines)
        self.setAccessibleDescription("\n".join(shown.lines))
        self.close_button.setFocus()


def page_of(widget: QWidget) -> QVBoxLayout:
    """The column that a page of the main window stands in."""
    made = QVBoxLayout(widget)
    made.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    made.setSpacing(GAP + 4)
    return made
