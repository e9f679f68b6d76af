"""The Ui port in windows: one Qt application on the main thread, fed from other threads through one queued signal."""

import os
import signal
from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from host_client.desk.qt.banner import Banner
from host_client.desk.qt.chat import ChatWindow
from host_client.desk.qt.clipboard import HostClipboard
from host_client.desk.qt.files import FilesWindow
from host_client.desk.qt.garbage import collected_here
from host_client.desk.qt.look import Theme, use_theme
from host_client.desk.qt.main_window import MainWindow
from host_client.desk.qt.pages import Report
from host_client.desk.qt.prompt import PromptWindow
from host_client.desk.qt.restart import RestartWindow
from host_client.desk.qt.second import SecondWindow
from host_client.desk.witness import KeyWitness
from host_client.link import (
    BannerState,
    ChatClosed,
    ChatLine,
    ChatNotSent,
    ChatOpened,
    FetchClipboard,
    PutClipboard,
    ShowAdmitted,
    ShowAttempt,
    ShowBanner,
    ShowCalls,
    ShowCode,
    ShowCodeOver,
    ShowIdle,
    ShowPrompt,
    ShowSecond,
    ShowSummary,
    StartClipboard,
    StopClipboard,
)
from host_client.link_files import FileShown
from host_client.link_restart import ShowRestart, ShowReturning
from host_client.ports import OfTheChat, OfTheClipboard, PickPort, Reading, Shown, Unreadable
from runtime.catalogues import Catalogue
from wire.limits import HEARTBEAT_SECONDS

_WAKE_MS = 250
_POINTS = 11


class _Post(QObject):
    """Carries a call to the thread of the windows."""

    called = Signal(object)


class QtUi:
    """All windows of the desk. Made on the main thread; `post` may be called on any."""

    def __init__(
        self,
        words: Catalogue,
        language: str,
        theme: Theme,
        report: Report,
        beat: Callable[[], None],
        pick: PickPort,
        *,
        display: str | None,
        managed: bool,
    ) -> None:
        self._app = _application(language, display)
        use_theme(self._app, theme)
        self._words, self._report, self._pick = words, report, pick
        self._managed = managed
        self._witness: KeyWitness | None = None
        self._main = MainWindow(words, report)
        if not managed:
            self._main.move(QGuiApplication.primaryScreen().geometry().center() - self._main.rect().center())
        self._controlled = False
        self._banner = Banner(words, report, self._counts)
        self._second = SecondWindow(words, report)
        self._chat = ChatWindow(words, report, self._counts, self._banner.tell_messages, managed=managed)
        self._banner.messages.clicked.connect(self._open_chat)
        self._files = FilesWindow(words, report)
        self._clipboard = HostClipboard(report, self._banner.offer_clipboard)
        self._banner.send_clipboard.clicked.connect(self._send_clipboard)
        self._restart = RestartWindow(words, report)
        self._prompt: PromptWindow | None = None
        self._post = _Post()
        self._post.called.connect(self._call, Qt.ConnectionType.QueuedConnection)
        # Four a second: a beat that is a little late on a busy PC must not look like a window thread that hangs.
        self._pulse = QTimer(interval=HEARTBEAT_SECONDS * 250)
        self._pulse.timeout.connect(beat)
        self._pulse.start()

    def testify(self, witness: KeyWitness | None) -> None:
        """Whom prompts ask where a press came from."""
        self._witness = witness
        self._banner.buttons.witness = witness

    @property
    def banner_window(self) -> int:
        """The window id of the banner, for whoever watches that it is not covered."""
        return int(self._banner.winId())

    def uncover(self) -> None:
        """The banner is covered: bring it back up, but do not fight faster than four times a second."""
        QTimer.singleShot(_WAKE_MS, self._banner, self._banner.raise_all)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the thread of the windows, after everything posted before."""
        self._post.called.emit(call)

    @staticmethod
    def _call(call: Callable[[], None]) -> None:
        call()

    def run(self) -> None:
        """Show windows until `stop`."""
        signal.signal(signal.SIGTERM, lambda _number, _frame: self.stop())
        signal.signal(signal.SIGINT, lambda _number, _frame: self.stop())
        with collected_here():
            self._app.exec()

    def show(self, shown: Shown) -> None:
        """Show one state; it replaces what it supersedes."""
        match shown:
            case ShowPrompt():
                self._show_prompt(shown)
            case ShowBanner():
                self._main.hide()
                self._controlled = shown.state is BannerState.CONTROLLING
                self._banner.present(shown)
            case ShowSecond() | FileShown() | ShowRestart():
                self._show_beside(shown)
            case ShowSummary() | ShowIdle():
                self._end_visit()
                self._main.present(shown)
            case ShowCalls() | ShowCode() | ShowAttempt() | ShowCodeOver() | ShowAdmitted() | ShowReturning():
                self._main.present(shown)
            case ChatOpened() | ChatLine() | ChatNotSent() | ChatClosed():
                self._show_chat(shown)
            case Reading() | Unreadable():
                if self._prompt is not None and self._prompt.ask == shown.ask:
                    self._prompt.picked(shown)
            case _:
                self._heed_clipboard(shown)

    def _show_beside(self, shown: ShowSecond | FileShown | ShowRestart) -> None:
        match shown:
            case ShowSecond():
                self._second.present(shown)
                self._banner.second.present(shown)
            case FileShown():
                self._files.present(shown)
            case ShowRestart():
                self._restart.present(shown)
            case _:
                assert_never(shown)

    def _heed_clipboard(self, shown: OfTheClipboard) -> None:
        match shown:
            case StartClipboard():
                self._clipboard.start(shown)
            case StopClipboard():
                self._clipboard.stop(shown)
            case PutClipboard():
                self._clipboard.put(shown)
            case FetchClipboard():
                self._clipboard.fetch(shown)
            case _:
                assert_never(shown)

    def _show_chat(self, shown: OfTheChat) -> None:
        match shown:
            case ChatOpened():
                self._chat.begin(shown)
            case ChatLine():
                self._chat.line(shown)
            case ChatNotSent():
                self._chat.not_sent(shown)
            case ChatClosed():
                self._chat.closed(shown)
            case _:
                assert_never(shown)

    def _send_clipboard(self) -> None:
        touches = self._banner.send_clipboard.taken()
        if touches and self._counts(touches):
            self._clipboard.send()

    def _open_chat(self) -> None:
        touches = self._banner.messages.taken()
        if touches and self._counts(touches):
            self._chat.bring()

    def _counts(self, touches: list[int]) -> bool:
        """Did a device make these touches? A key without a moment (0) counts as the newest keys do. Where nobody can tell, only while
        nobody is in control.
        """
        witness = self._witness
        if witness is None or not witness.available:
            return not self._controlled
        return witness.physical(touches) if all(touches) else witness.keys_were_physical()

    def _show_prompt(self, shown: ShowPrompt) -> None:
        self._put_prompt_away()
        self._prompt = PromptWindow(shown, self._words, self._witness, self._report, self._pick, managed=self._managed)
        self._prompt.show()
        self._prompt.raise_()
        self._prompt.activateWindow()

    def close_prompt(self, ask: int) -> None:
        """Take the prompt away, if it is this one."""
        if self._prompt is not None and self._prompt.ask == ask:
            self._put_prompt_away()

    def _put_prompt_away(self) -> None:
        if self._prompt is not None:
            self._prompt.put_away()
            self._prompt = None

    def close_file(self, grant: int) -> None:
        """Take the progress of this file away."""
        self._files.over(grant)

    def close_restart(self, grant: int) -> None:
        """Take the countdown away, if it is this one."""
        self._restart.over(grant)

    def _end_visit(self) -> None:
        self._chat.forget()
        self._clipboard.end()
        self._banner.put_away()
        self._second.put_away()
        self._files.put_away()
        self._restart.put_away()
        self._put_prompt_away()

    def stop(self) -> None:
        """Close everything and let `run` return."""
        self._end_visit()
        self._main.hide()
        self._pulse.stop()
        self._app.quit()


def _application(language: str, display: str | None) -> QApplication:
    if display:
        os.environ["DISPLAY"] = display
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["chaperone"])
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    font = app.font()
    font.setPointSize(_POINTS)
    app.setFont(font)
    QLocale.setDefault(QLocale(language))
    spoken = QTranslator(app)
    if spoken.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(spoken)
    return app
