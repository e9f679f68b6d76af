"""A second person who only watches, as the person at the PC sees him: his part of the banner, and his code while it is out."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from host_client.desk.qt.on_top import stay_on_top
from host_client.desk.qt.pages import Report
from host_client.desk.qt.parts import BODY, GAP, LEAD, MARGIN, Note, TimeLeft, button, dress, fixed_font, label, row
from host_client.desk.qt.touches import Counts, TouchButton
from host_client.link import BannerState, SecondStep, ShowBanner, ShowSecond, WatchStopped, WatchWanted
from policy.permissions import Permission
from runtime.catalogues import Catalogue

_ROOM = frozenset({BannerState.VIEWING, BannerState.CONTROLLING, BannerState.WAITING})
"""States that leave room in the banner to ask for a code; whoever watches can be stopped in any."""
_CODE_POINTS, _WIDTH, _BELOW = 30, 460, 80


class SecondParts:
    """The label that names him and the button beside it. `changed` is called when they take another room."""

    def __init__(self, words: Catalogue, report: Report, counts: Counts, changed: Callable[[], None]) -> None:
        self._words, self._report, self._counts, self._changed = words, report, counts, changed
        self.name = label(points=BODY, bold=True)
        self.name.setWordWrap(False)
        self.button = TouchButton("")
        dress(self.button, "second")
        self.button.setMinimumSize(60, 40)
        self.button.clicked.connect(self._pressed)
        self._step, self._seen, self._who = SecondStep.NOBODY, False, ("", "")
        self.put_away()

    def banner(self, shown: ShowBanner) -> None:
        """Nobody is asked in before the technician sees the screen himself."""
        self._seen = Permission.VIEW in shown.granted and shown.state in _ROOM
        self._tell()

    def present(self, shown: ShowSecond) -> None:
        """How far he has come."""
        self._step = shown.step
        self._who = shown.name, shown.company
        whole = self._said(shown.company)
        self.name.setToolTip(whole)
        self.name.setAccessibleName(whole)
        stop = self._words.text("desk-second-stop-hint", name=shown.name)
        self.button.setAccessibleDescription(stop if shown.step is SecondStep.WATCHING else self._words.text("desk-second-hint"))
        self._tell()

    def _said(self, company: str) -> str:
        return self._words.text("desk-second-watching", name=self._who[0], company=company)

    def fit(self, room: int) -> None:
        """Name him in so many pixels, and his company if there is room. His whole name is in the tooltip, and was in his prompt."""
        metrics, right = self.name.fontMetrics(), Qt.TextElideMode.ElideRight
        of = metrics.elidedText(self._who[1], right, max(metrics.horizontalAdvance("…"), room - metrics.horizontalAdvance(self._said(""))))
        self.name.setText(metrics.elidedText(self._said(of), right, room))

    def least(self) -> int:
        """Pixels that his name takes without his company; none while nobody watches."""
        return self.name.fontMetrics().horizontalAdvance(self._said("…")) if self._step is SecondStep.WATCHING else 0

    def _tell(self) -> None:
        watching = self._step is SecondStep.WATCHING
        self.name.setVisible(watching)
        self.button.setVisible(watching or (self._seen and self._step is SecondStep.NOBODY))
        self.button.setText(self._words.text("desk-second-stop" if watching else "desk-second"))
        self.button.setAccessibleName(self.button.text())
        self.button.setToolTip(self.button.accessibleDescription())
        self._changed()

    def put_away(self) -> None:
        """The visit is over."""
        self._step, self._seen = SecondStep.NOBODY, False
        self.name.hide()
        self.button.hide()

    def _pressed(self) -> None:
        """Stopping him counts from anywhere; asking for a code only from a device that is not an injector."""
        touches = self.button.taken()
        if self._step is SecondStep.WATCHING:
            self._report(WatchStopped())
        elif touches and self._counts(touches):
            self._report(WatchWanted())


class SecondWindow(QWidget):
    """His code, to be read out to him, and *Cancel*."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__(None, Qt.WindowType.Tool)
        stay_on_top(self, managed=False)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.text("desk-second-title"))
        self._words, self._report = words, report
        self._left = self._whole = 0
        self._code = label(kind="code")
        self._code.setFont(fixed_font(_CODE_POINTS, bold=True))
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._code.setWordWrap(False)
        self._time, self._notice = TimeLeft(), Note()
        self.cancel = button(words.text("desk-code-cancel"), "cancel-second")
        self.cancel.clicked.connect(lambda: report(WatchStopped()))
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        page.setSpacing(GAP)
        page.addWidget(label(words.text("desk-second-title"), points=LEAD, bold=True))
        page.addWidget(label(words.text("desk-second-what")))
        for part in (self._code, self._time, self._notice):
            page.addWidget(part)
        page.addLayout(row(self.cancel))
        self.setFixedWidth(_WIDTH)

    def present(self, shown: ShowSecond) -> None:
        """A code, what became of it, or nothing any more."""
        if shown.step is SecondStep.CODE:
            self._fill(shown)
        elif shown.step is SecondStep.CHECKING:
            self._rest(self._words.text("desk-admitted"))
        elif shown.reason is not None and self.isVisible():
            self._rest(self._words.text("desk-code-over"))
            self._notice.tell(self._words.text_at_host(f"reason-{shown.reason.value}"))
        else:
            self.put_away()

    def _fill(self, shown: ShowSecond) -> None:
        self._code.setText(shown.code.replace(" ", "\n"))
        self._code.setAccessibleName(shown.code)
        self._code.setEnabled(True)
        self._notice.tell(self._words.text("desk-attempt", left=shown.tries_left) if shown.tries_left else "")
        if shown.seconds:
            self._left = self._whole = shown.seconds
            self._tell_time()
            self._second.start()
        if not self.isVisible():
            screen = QGuiApplication.primaryScreen().geometry()
            self.move(screen.x() + (screen.width() - _WIDTH) // 2, screen.y() + _BELOW)
            self.show()

    def _rest(self, words: str) -> None:
        self._second.stop()
        self._code.setEnabled(False)
        self._notice.tell("")
        self._time.tell(words)

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        self._time.tell(self._words.text("desk-code-left", minutes=str(minutes), seconds=f"{seconds:02}"), self._left, self._whole)

    def put_away(self) -> None:
        """Nothing is shown any more."""
        self._second.stop()
        self._code.setText("")
        self.hide()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing takes the code back."""
        event.ignore()
        self._report(WatchStopped())
