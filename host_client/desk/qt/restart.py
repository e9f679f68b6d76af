"""The PC restarts in a moment: how long there is to stop it, under the banner, and afterwards who may come back."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from host_client.desk.qt.banner import bottom
from host_client.desk.qt.on_top import stay_on_top
from host_client.desk.qt.pages import Report, page_of
from host_client.desk.qt.parts import BODY, LEAD, TITLE, TimeLeft, button, label, row
from host_client.link import CancelHelp
from host_client.link_restart import RestartStopped, ShowRestart, ShowReturning
from runtime.catalogues import Catalogue

_REST = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
_WIDTH, _AROUND = 560, 16


class RestartWindow(QWidget):
    """The countdown. It is there while there is one."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__(None, _REST)
        stay_on_top(self, managed=False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.text("desk-restart-title"))
        self._words, self._report = words, report
        self._grant = self._left = self._whole = 0
        self._time = TimeLeft()
        self.stop = button(words.text("desk-restart-stop"), "stop-restart")
        self.stop.clicked.connect(self._stop)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_AROUND, _AROUND, _AROUND, _AROUND)
        self._column.addWidget(label(words.text("desk-restart-title"), points=LEAD, bold=True))
        self._column.addWidget(self._time)
        self._column.addWidget(label(words.text("desk-restart-save"), points=BODY))
        self._column.addLayout(row(self.stop))

    def present(self, shown: ShowRestart) -> None:
        """Begin to count."""
        self._grant, self._left, self._whole = shown.grant, shown.seconds, shown.seconds
        self._tell_time()
        self._second.start()
        screen = QGuiApplication.primaryScreen().geometry()
        width = min(_WIDTH, screen.width() - 2 * _AROUND)
        self.setFixedSize(width, max(self._column.totalSizeHint().height(), self._column.totalHeightForWidth(width)))
        self.move(screen.x() + (screen.width() - width) // 2, screen.y() + bottom() + _AROUND)
        self.show()
        self.raise_()

    def over(self, grant: int) -> None:
        """It restarts, or does not."""
        if grant == self._grant:
            self.put_away()

    def put_away(self) -> None:
        """The visit is over."""
        self._second.stop()
        self.hide()

    def _stop(self) -> None:
        self._report(RestartStopped(self._grant))

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        self._time.tell(self._words.text("desk-restart-left", seconds=self._left), self._left, self._whole)


class ReturningPage(QWidget):
    """The PC was restarted: who may come back, until when, and the way to refuse it."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__()
        self._words = words
        self._left = self._whole = 0
        self._who, self._time = label(points=LEAD, bold=True), TimeLeft()
        self.cancel = button(words.text("desk-returning-cancel"), "cancel-return")
        self.cancel.clicked.connect(lambda: report(CancelHelp()))
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        page = page_of(self)
        page.addWidget(label(words.text("desk-returning-title"), points=TITLE, bold=True))
        page.addWidget(self._who)
        page.addWidget(label(words.text("desk-returning-asked"), points=BODY))
        page.addWidget(self._time)
        page.addStretch(1)
        page.addWidget(label(words.text("desk-returning-nobody"), points=BODY, kind="quiet"))
        page.addLayout(row(self.cancel))

    def fill(self, shown: ShowReturning) -> None:
        """This technician, for so long."""
        self._who.setText(self._words.text("desk-returning-who", technician=shown.technician, company=shown.company))
        self._left = self._whole = shown.seconds
        self._tell_time()
        self._second.start()
        self.cancel.setFocus()

    def rest(self) -> None:
        """Stop the clock."""
        self._second.stop()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._tell_time()

    def _tell_time(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        words = self._words.text("desk-returning-left", minutes=str(minutes), seconds=f"{seconds:02}")
        self._time.tell(words, self._left, self._whole)
