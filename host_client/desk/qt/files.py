"""Files on their way, under the banner: one line each with its name, a bar, rate, time left, and *Cancel*.

The bar moves a few times a second at most and in whole percents: our own windows are part of the picture.
"""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from host_client.desk.facts import progress_line
from host_client.desk.qt.banner import bottom
from host_client.desk.qt.on_top import stay_on_top
from host_client.desk.qt.pages import Report
from host_client.desk.qt.parts import BODY, button, label
from host_client.link_files import FileShown, FileStop
from runtime.catalogues import Catalogue

_REST = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
_WIDTH, _AROUND = 560, 12
_NAME_WIDTH = 500


class _Line(QWidget):
    """One file."""

    def __init__(self, words: Catalogue, stop: QPushButton) -> None:
        super().__init__()
        self._words = words
        self._what, self._how = label(points=BODY, bold=True), label(points=BODY)
        self._what.setWordWrap(False)
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._bar.setTextVisible(False)
        under = QHBoxLayout()
        under.addWidget(self._how, 1)
        under.addWidget(stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._what)
        column.addWidget(self._bar)
        column.addLayout(under)

    def tell(self, shown: FileShown) -> None:
        what, how, percent = progress_line(self._words, shown)
        self._what.setText(self._what.fontMetrics().elidedText(what, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH))
        self._how.setText(how)
        self._bar.setValue(percent)
        self._bar.setAccessibleName(what)


class FilesWindow(QWidget):
    """All files that move now. It is there while one does."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__(None, _REST)
        stay_on_top(self, managed=False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.text("desk-files-title"))
        self._words, self._report = words, report
        self._lines: dict[int, _Line] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_AROUND, _AROUND, _AROUND, _AROUND)

    def present(self, shown: FileShown) -> None:
        """A file has come so far."""
        line = self._lines.get(shown.grant)
        if line is None:
            stop = button(self._words.text("desk-file-cancel"), f"cancel-file-{shown.grant}")
            stop.setMinimumSize(110, 36)
            stop.clicked.connect(partial(self._report, FileStop(shown.grant)))
            line = self._lines[shown.grant] = _Line(self._words, stop)
            self._column.addWidget(line)
            line.show()  # the layout gives no room to what is not shown
        line.tell(shown)
        self._place()
        self.show()

    def over(self, grant: int) -> None:
        """It has come, or will not."""
        line = self._lines.pop(grant, None)
        if line is not None:
            line.hide()
            line.deleteLater()
        if not self._lines:
            self.hide()
        else:
            self._place()

    def put_away(self) -> None:
        """The visit is over."""
        for grant in tuple(self._lines):
            self.over(grant)

    def _place(self) -> None:
        screen = QGuiApplication.primaryScreen().geometry()
        width = min(_WIDTH, screen.width() - 2 * _AROUND)
        self.setFixedSize(width, self._column.totalSizeHint().height())
        self.move(screen.x() + (screen.width() - width) // 2, screen.y() + bottom() + _AROUND)
