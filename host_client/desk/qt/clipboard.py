"""The clipboard of this PC during a grant. Text and nothing else; no file, picture or mark-up leaves or enters.

to the host      put on the guardian's word, and taken out again when the grant ends, if it is still what is in there
from the host    only what was copied since the grant began, only when the technician asked, only when the person presses *Send*
"""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

from host_client.desk.qt.pages import Report
from host_client.link import (
    ClipboardGiven,
    ClipboardNotGiven,
    ClipboardPut,
    FetchClipboard,
    PutClipboard,
    StartClipboard,
    StopClipboard,
)
from policy.permissions import Direction
from wire.limits import CLIPBOARD_SEND_SECONDS, CLIPBOARD_TEXT_MAX
from wire.sealed.clipboard import ClipboardMissing
from wire.sealed.plain_text import cleaned


class HostClipboard(QObject):
    """At most one grant each way. `wanted` hears whether the person can press *Send* now."""

    def __init__(self, report: Report, wanted: Callable[[bool], None]) -> None:
        super().__init__()
        self._report, self._wanted = report, wanted
        self._into = self._out = 0
        self._copied = False
        """Is what is in there now copied since the grant began, by somebody other than us?"""
        self._before: str | None = None
        """What was in there when the grant began, until something else was."""
        self._emptied = False
        """Did it lose what was in it? Whoever keeps clipboards then puts the same in again, which is nobody's copying."""
        self._asked: FetchClipboard | None = None
        self._put: str | None = None
        """What we put in there, until it is something else."""
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._changed)
        self._late = QTimer(self, interval=CLIPBOARD_SEND_SECONDS * 1000, singleShot=True)
        self._late.timeout.connect(lambda: self._nothing(ClipboardMissing.NOT_SENT))

    # ---- what the guardian says

    def start(self, said: StartClipboard) -> None:
        """A grant begins. What is in the clipboard now was there before it."""
        if said.direction is Direction.TO_HOST:
            self._into = said.grant
        else:
            self._out, self._copied, self._emptied = said.grant, False, False
            self._before = text_of(self._held())

    def stop(self, said: StopClipboard) -> None:
        """A grant is over."""
        if said.grant == self._into:
            self._into = 0
            self._take_out()
        if said.grant == self._out:
            self._out = 0
            self._forget()

    def put(self, said: PutClipboard) -> None:
        """Put a text in. It says so once it is there."""
        if said.grant != self._into or not said.grant:
            return
        self._put = said.text
        self._clipboard.setText(said.text)
        self._report(ClipboardPut(said.grant, said.number, done=self._clipboard.ownsClipboard()))

    def fetch(self, said: FetchClipboard) -> None:
        """The technician asks. Where there is something, the person is offered to send it."""
        if said.grant != self._out or not said.grant:
            return
        self._asked = said
        if not self._copied:
            self._nothing(ClipboardMissing.NOTHING_COPIED)
            return
        self._late.start()
        self._wanted(True)

    def end(self) -> None:
        """The visit is over."""
        self._into = self._out = 0
        self._take_out()
        self._forget()

    # ---- what the person does

    def send(self) -> None:
        """*Send* was pressed: what is in the clipboard now goes, if it is text."""
        asked = self._asked
        if asked is None:
            return
        text = text_of(self._held())
        if not self._copied:
            self._nothing(ClipboardMissing.NOTHING_COPIED)
        elif text is None:
            self._nothing(ClipboardMissing.NOT_TEXT)
        elif len(text.encode()) > CLIPBOARD_TEXT_MAX:
            self._nothing(ClipboardMissing.TOO_LONG)
        else:
            self._forget()
            self._report(ClipboardGiven(asked.grant, asked.number, text))

    def _changed(self) -> None:
        """The clipboard is another: somebody copied, or we put something there, which is nobody's copying."""
        ours = self._still_ours()
        self._put = self._put if ours else None
        if not self._out:
            return
        held = self._held()
        if held is None or not held.formats():
            self._copied, self._emptied = False, True
            return
        kept = self._emptied and self._before is not None and text_of(held) == self._before
        self._copied, self._emptied = not (ours or kept), False
        self._before = self._before if kept else None

    def _held(self) -> QMimeData | None:
        """What is in there; the tool kit may say None for nothing, whatever its types promise."""
        return self._clipboard.mimeData()

    def _nothing(self, why: ClipboardMissing) -> None:
        asked = self._asked
        self._forget()
        if asked is not None:
            self._report(ClipboardNotGiven(asked.grant, asked.number, int(why)))

    def _forget(self) -> None:
        self._asked = None
        self._late.stop()
        self._wanted(False)

    def _take_out(self) -> None:
        ours, self._put = self._still_ours(), None
        if ours:
            self._clipboard.clear()

    def _still_ours(self) -> bool:
        return self._put is not None and self._clipboard.ownsClipboard() and self._clipboard.text() == self._put


def text_of(held: QMimeData | None) -> str | None:
    """The plain text of what was copied, clean; None for files, pictures, and what has no text beside its mark-up."""
    if held is None or held.hasUrls() or held.hasImage() or not held.hasText():
        return None
    return cleaned(held.text()) or None
