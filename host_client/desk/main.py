"""The desk process: joins link, windows, capture, injection and witness. What the guardian says is done, nothing else.

Threads: the interface on the main thread; link (two), capture, input and witness on their own. When the link is lost
capture stops, keys are let go and the windows close, in that order.
"""

import getpass
import os
import platform
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, assert_never

from host_client.desk.backend import Backend, backend_of
from host_client.desk.files.drop_folder import usual_place
from host_client.desk.files.leaving import LeavingThread, Pick
from host_client.desk.files.thread import FileThread, OfFiles
from host_client.desk.input_thread import InputThread, OpenInjector
from host_client.desk.link_socket import Beside, GuardianNotTrusted, Link
from host_client.desk.stage import Stage
from host_client.desk.witness import Chord, Witness
from host_client.link import (
    SECOND,
    CaptureStopped,
    ChatClosed,
    ChatLine,
    ChatNotSent,
    ChatOpened,
    ClosePrompt,
    DeskReady,
    EndPressed,
    FetchClipboard,
    Heartbeat,
    InputVeiled,
    LocalInput,
    PausePressed,
    PictureShown,
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
    StartCapture,
    StartClipboard,
    StartInput,
    StopCapture,
    StopClipboard,
    StopDesk,
    StopInput,
    TakeBackPressed,
    UiKind,
)
from host_client.link_files import FileBegin, FileDrop, FileEntryBegin, FileKeep, FileRead, FileShown
from host_client.link_frames import FilePiece, Input, ToDesk, ToGuardian
from host_client.link_restart import CloseRestart, ShowRestart, ShowReturning
from host_client.ports import ScreenLost, Shown, Ui
from host_client.screen.masked import Veil
from host_client.screen.session_state import SessionWatch
from policy.decision import Reason
from policy.permissions import Permission
from runtime.catalogues import catalogue

EXIT_DONE, EXIT_NO_GUARDIAN = 0, 3
_OURS = frozenset({Permission.VIEW, Permission.CONTROL})
"""The rights that are at work in this process."""
_SWITCH_SECONDS = 0.0005
"""Threads hand over this often, so that a picture being encoded never holds up a key or a heartbeat for long."""


class Interface(Ui, Protocol):
    """A Ui with a loop of its own on the main thread."""

    def post(self, call: Callable[[], None]) -> None:
        """Run on the interface's thread."""

    def run(self) -> None:
        """Loop until `stop`."""


class Desk:
    """Does what the guardian says. `heard` and `link_lost` run on the link's reading thread."""

    def __init__(self, backend: Backend, files: Path | None = None) -> None:
        """`files`: the folder that files arrive in; None: the usual place."""
        self._backend = backend
        self._files = FileThread(files or usual_place(Path.home()), self.say)
        self._leaving = LeavingThread(self.say, self._send, self._show)
        self._ui: Interface | None = None
        self._link: Link | None = None
        self._stage: Stage | None = None
        self._beside: Stage | None = None
        """For somebody who only watches: a capture, a pipeline and masks of his own, and no hand."""
        self._watch: SessionWatch | None = None
        self._veil = Veil()
        self._controlled = 0
        """The newest grant to control."""
        self._input = InputThread(self._open_injector, lambda active: self.say(LocalInput(active)))
        self._witness: Witness | None = None
        self._beat_at = time.monotonic()
        self._ending = threading.Event()

    def testify(self, witness: Witness | None) -> None:
        """Who tells a person's hand from the technician's."""
        self._witness = witness

    def connect(self, path: Path, ui: Interface) -> None:
        """Begin to listen to the guardian. Raises OSError and GuardianNotTrusted."""
        self._ui = ui
        self._input.start()
        self._link = Link(path, self.heard, self.link_lost)
        self._stage = Stage(self._backend, self._link, self._input, self._veil, lambda: self._beat_at)
        self._beside = Stage(self._backend, Beside(self._link), None, Veil(), lambda: self._beat_at)
        self._watch = SessionWatch(self._backend.sessions(), self._away)
        self._watch.start()
        self._link.start()

    def say(self, said: ToGuardian) -> None:
        """Tell the guardian what the person did. What the person takes back stops here first, whoever hears of it."""
        if isinstance(said, PausePressed) or (isinstance(said, TakeBackPressed) and said.permission in _OURS):
            self._stop_input()
            if said != TakeBackPressed(Permission.CONTROL):
                self._halt()
        if self._link is not None:
            self._link.say(said)

    def _send(self, piece: FilePiece) -> None:
        if self._link is not None:
            self._link.send(piece)

    def pick(self, ask: int, place: Path) -> None:
        """The person picked this, to be sent if he then allows it."""
        self._leaving.take(Pick(ask, place))

    def beat(self) -> None:
        """The interface's thread lives."""
        self._beat_at = time.monotonic()
        self.say(Heartbeat())

    def heard(self, said: ToDesk | Input | FilePiece) -> None:
        """Do one thing the guardian said."""
        match said:
            case Input():
                self._input.take(said)
            case FilePiece() | FileBegin() | FileEntryBegin() | FileKeep() | FileDrop():
                self._heed_file(said)
            case FileRead():
                self._leaving.take(said)
            case ShowPrompt():
                self._input.close_gate(said.ask)
                self._show(said)
            case (
                ShowIdle()
                | ShowCalls()
                | ShowCode()
                | ShowAttempt()
                | ShowCodeOver()
                | ShowAdmitted()
                | ShowBanner()
                | ShowSecond()
                | ShowSummary()
                | FileShown()
                | ShowRestart()
                | ShowReturning()
            ):
                self._show(said)
            case (
                ChatOpened()
                | ChatLine()
                | ChatNotSent()
                | ChatClosed()
                | StartClipboard()
                | StopClipboard()
                | PutClipboard()
                | FetchClipboard()
            ):
                self._show(said)
            case ClosePrompt():
                self._post(lambda: self._close_prompt(said.ask))
            case CloseRestart():
                self._post(lambda: self._close_restart(said.grant))
            case StopDesk():
                self._post(self._stop_ui)
            case _:
                self._heed_grant(said)

    def _heed_grant(self, said: StartCapture | StopCapture | PictureShown | StartInput | StopInput) -> None:
        match said:
            case StartCapture():
                if (stage := self._stage_of(said.grant)) is not None:
                    stage.start(said)
            case StopCapture():
                if (stage := self._stage_of(said.grant)) is not None:
                    stage.stop(said.grant)
            case PictureShown():
                if (stage := self._stage_of(said.grant)) is not None:
                    stage.shown(said)
            case StartInput():
                self._start_input(said.grant)
            case StopInput():
                self._stop_input()
            case _:
                assert_never(said)

    def _stage_of(self, grant: int) -> Stage | None:
        return self._beside if grant >= SECOND else self._stage

    def _heed_file(self, said: OfFiles) -> None:
        self._files.take(said)
        if isinstance(said, FileDrop):
            self._leaving.take(said)
        if isinstance(said, FileKeep | FileDrop):
            self._post(lambda: self._close_file(said.grant))

    def _close_file(self, grant: int) -> None:
        if self._ui is not None:
            self._ui.close_file(grant)

    def _close_restart(self, grant: int) -> None:
        if self._ui is not None:
            self._ui.close_restart(grant)

    def link_lost(self) -> None:
        """The guardian is gone: nothing may be captured or held any more."""
        self._halt()
        self._stop_input()
        self._files.end()
        self._leaving.end()
        if not self._ending.is_set():
            self._post(self._stop_ui)

    def end(self) -> None:
        """The interface has ended: let everything else go too."""
        self._ending.set()
        self._halt()
        if self._watch is not None:
            self._watch.close()
        self._input.end()
        self._files.end()
        self._leaving.end()
        if self._link is not None:
            self._link.close()

    def _away(self, reason: Reason | None) -> None:
        for stage in (self._stage, self._beside):
            if stage is not None:
                stage.away(reason)

    def _halt(self) -> None:
        for stage in (self._stage, self._beside):
            if stage is not None:
                stage.halt()

    def _post(self, call: Callable[[], None]) -> None:
        if self._ui is not None:
            self._ui.post(call)

    def _show(self, shown: Shown) -> None:
        ui = self._ui
        if ui is not None:
            ui.post(lambda: ui.show(shown))

    def _close_prompt(self, ask: int) -> None:
        if self._ui is not None:
            self._ui.close_prompt(ask)
        self._input.open_gate(ask)

    def _stop_ui(self) -> None:
        if self._ui is not None:
            self._ui.stop()

    def _start_input(self, grant: int) -> None:
        self._controlled = grant
        try:
            self._input.start_grant(grant)
        except ScreenLost:
            self.say(CaptureStopped(grant, Reason.INPUT_UNAVAILABLE))
            return
        if self._witness is not None:
            self._witness.attend(self._input.touched)

    def _stop_input(self) -> None:
        self._input.stop_grant()
        if self._witness is not None:
            self._witness.attend(None)

    def _input_veiled(self) -> None:
        self.say(InputVeiled(self._controlled))

    def _open_injector(self) -> OpenInjector:
        return self._backend.hand(self._veil, self._input_veiled)


def language_of_system(wanted: str | None = None) -> str:
    """The wanted language, else that of the system's locale; the catalogues fall back to English."""
    named = (wanted, *(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    return next((each for each in named if each), "en")


def run_desk(
    socket_path: Path,
    ui: UiKind,
    *,
    display: str | None = None,
    language: str | None = None,
    theme: str = "auto",
    files: Path | None = None,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Run the desk until the guardian or the person ends it. Returns the process's exit code.

    `display` is the X screen to show and to control (default: the screen of this login); `language` and `theme` (auto, light, dark)
    override the system's; `files` is the folder that files arrive in; `ready` is called when the guardian knows of this desk.
    0: ended as told; 3: there is no guardian of this account at `socket_path`.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    backend = backend_of(display, os.environ, platform.system())
    words = catalogue(language_of_system(language))
    desk = Desk(backend, files)
    witness = backend.witness(chords(desk))
    desk.testify(witness)
    interface = _interface(ui, desk, words.language, theme, backend, witness)
    try:
        desk.connect(socket_path, interface)
    except (OSError, GuardianNotTrusted):
        desk.end()
        return EXIT_NO_GUARDIAN
    desk.say(_ready(ui, words.language, backend))
    ready()
    try:
        interface.run()
    finally:
        desk.end()
        if witness is not None:
            witness.close()
    return EXIT_DONE


def chords(desk: Desk) -> dict[Chord, Callable[[], None]]:
    """What Ctrl+Alt with another key does, on a real keyboard alone."""
    return {
        Chord.END: lambda: desk.say(EndPressed()),
        Chord.PAUSE: lambda: desk.say(PausePressed()),
        Chord.TAKE_BACK: lambda: desk.say(TakeBackPressed(Permission.CONTROL)),
    }


def _interface(ui: UiKind, desk: Desk, language: str, theme: str, backend: Backend, witness: Witness | None) -> Interface:
    words = catalogue(language)
    if ui is UiKind.TERMINAL:
        from host_client.desk.terminal import TerminalUi

        return TerminalUi(
            words,
            desk.say,
            desk.beat,
            desk.pick,
            key_was_injected=lambda: witness is not None and witness.last_key_was_injected(),
            provable=lambda: witness is not None and witness.available,
        )
    from host_client.desk.qt.look import Theme
    from host_client.desk.qt.ui import QtUi

    managed = backend.managed()
    windows = QtUi(words, language, Theme(theme), desk.say, desk.beat, desk.pick, display=backend.display, managed=managed)
    windows.testify(witness)
    if witness is not None:
        witness.watch(windows.banner_window, lambda: windows.post(windows.uncover))
    return windows


def _ready(ui: UiKind, language: str, backend: Backend) -> DeskReady:
    width, height = backend.size()
    return DeskReady(ui, language, getpass.getuser()[:120], os.environ.get("XDG_SESSION_ID", "")[:64], width, height)
