"""The main window: one page at a time. Closing it only hides it; the guardian decides when the program ends."""

from typing import assert_never

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from host_client.desk.qt.pages import CodePage, IdlePage, Report, SummaryPage
from host_client.desk.qt.restart import ReturningPage
from host_client.link import CancelHelp, ShowAdmitted, ShowAttempt, ShowCalls, ShowCode, ShowCodeOver, ShowIdle, ShowSummary
from host_client.link_restart import ShowReturning
from runtime.catalogues import Catalogue

_WIDTH, _HEIGHT = 580, 600
PageState = ShowIdle | ShowCalls | ShowCode | ShowAttempt | ShowCodeOver | ShowAdmitted | ShowReturning | ShowSummary


class MainWindow(QWidget):
    """Idle, code, who may come back, or summary."""

    def __init__(self, words: Catalogue, report: Report) -> None:
        super().__init__()
        self._report = report
        self._last_idle: ShowIdle | None = None
        self.setWindowTitle(words.text("desk-title"))
        self.idle, self.code = IdlePage(words, report), CodePage(words, report)
        self.returning = ReturningPage(words, report)
        self.summary = SummaryPage(words, self._leave_summary)
        self._pages = QStackedWidget()
        for page in (self.idle, self.code, self.returning, self.summary):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.setMinimumSize(_WIDTH, _HEIGHT)

    def present(self, shown: PageState) -> None:
        """Fill and show the page of this state."""
        match shown:
            case ShowIdle():
                self._present_idle(shown)
            case ShowCalls():
                self._present_calls(shown)
            case ShowCode():
                self.code.fill(shown)
                self._turn_to(self.code)
            case ShowAttempt():
                self.code.attempt(shown)
            case ShowCodeOver():
                self.code.over(shown)
                self._turn_to(self.code)
            case ShowReturning():
                self.returning.fill(shown)
                self._turn_to(self.returning)
            case ShowAdmitted():
                self._turn_to(self.code)
                self.code.admitted()
            case ShowSummary():
                self.summary.fill(shown)
                self._turn_to(self.summary)
            case _:
                assert_never(shown)

    def _present_idle(self, shown: ShowIdle) -> None:
        """A summary stays until the person has read it: *idle* waits behind it."""
        self.code.rest()
        self.returning.rest()
        self._last_idle = shown
        self.idle.fill(shown)
        if self._pages.currentWidget() is not self.summary or not self.isVisible():
            self._turn_to(self.idle)

    def _present_calls(self, shown: ShowCalls) -> None:
        """Above *Get help*. A window that was put away comes back for it; a summary is read first."""
        self.idle.calls(shown)
        self.setMinimumHeight(max(_HEIGHT, self.idle.height_at(_WIDTH)))
        if shown.lines and self._pages.currentWidget() is self.idle:
            if self.isMinimized():
                self.showNormal()
            self._turn_to(self.idle)
            QApplication.alert(self)

    def _leave_summary(self) -> None:
        self._pages.setCurrentWidget(self.idle)

    def _turn_to(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self.show()
        self.raise_()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own close button: a shown code is taken back, everything else is only put away."""
        event.ignore()
        if self._pages.currentWidget() is self.code and self.code.cancel.isVisible():
            self._report(CancelHelp())
        elif self._pages.currentWidget() is self.summary:
            self._leave_summary()
        else:
            self.showMinimized()
