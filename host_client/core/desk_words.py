"""What the desk says about a visit: an answer, a press, a message, a file, and that something stopped by itself."""

from typing import assert_never

from audit.events import host
from host_client.core.asking import OfThePrompt
from host_client.core.clipboards import OfTheClipboard
from host_client.core.commands import Note, SendSession, Talk, Tell
from host_client.core.files import FilesOfDesk
from host_client.core.parts import Parts
from host_client.core.pausing import go_on, screen_paused, veiled
from host_client.core.person import OfThePerson, acted
from host_client.core.watching import watch_hours
from host_client.core.withdrawing import withdraw
from host_client.link import (
    CapturePaused,
    CaptureResumed,
    CaptureStopped,
    ChatNotSent,
    ChatSaid,
    ClipboardGiven,
    ClipboardNotGiven,
    ClipboardPut,
    InjectorBlocked,
    InputVeiled,
    KeepOpenPressed,
    LocalInput,
    PausePressed,
    PromptAnswered,
    ResumePressed,
    TakeBackPressed,
)
from host_client.link_files import FileFailed, FileKept, FilePicked, FilePicking, FileStop, FileWritten
from host_client.link_restart import RestartStopped
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause
from wire.sealed.inner import HostNotice, Notice

_OfCapture = CaptureStopped | CapturePaused | CaptureResumed | InputVeiled
_Doing = OfThePrompt | ChatSaid | OfThePerson | FilesOfDesk | ClipboardGiven | RestartStopped
"""What a person did, and so ends a stillness (`idling.py`)."""
OfTheDesk = _Doing | InjectorBlocked | _OfCapture | OfTheClipboard


class DeskWords:
    """What the desk says about one visit."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._standing = parts, parts.standing

    def heard(self, said: OfTheDesk, now: Instant) -> Talk:
        """One of them."""
        if isinstance(said, _Doing):
            yield from self._parts.idling.deed(now)
        yield from self._meant(said, now)
        yield from self._parts.restarting.heed(now)

    def _meant(self, said: OfTheDesk, now: Instant) -> Talk:
        parts, standing = self._parts, self._standing
        match said:
            case PromptAnswered() | FilePicking() | FilePicked():
                yield from parts.asking.desk(said, now)
                yield from watch_hours(standing, now)
            case InjectorBlocked():
                yield Note(host.InjectorBlocked(session_id=standing.session_id, ask=said.ask))
            case CaptureStopped() | CapturePaused() | CaptureResumed() | InputVeiled():
                yield from self._captured(said, now)
            case ChatSaid():
                yield from self._written(said, now)
            case FileWritten() | FileKept() | FileFailed() | FileStop():
                yield from parts.files.desk(said, now)
            case TakeBackPressed() | PausePressed() | ResumePressed() | KeepOpenPressed() | LocalInput():
                yield from parts.guarded(acted(standing, parts.files, said, now), now)
            case ClipboardPut() | ClipboardGiven() | ClipboardNotGiven():
                yield from parts.receiving.clipboard(said, now)
            case RestartStopped():
                yield from parts.restarting.stopped(said.grant, now)
            case _:
                assert_never(said)

    def _captured(self, said: _OfCapture, now: Instant) -> Talk:
        match said:
            case CaptureStopped():
                yield from self._stopped_by_itself(said, now)
            case CapturePaused():
                yield from screen_paused(self._standing, said, now)
            case CaptureResumed():
                yield from go_on(self._standing, said, now)
            case InputVeiled():
                yield from veiled(self._standing, said, now)
            case _:
                assert_never(said)

    def _written(self, said: ChatSaid, now: Instant) -> Talk:
        """The person wrote to the technician."""
        standing = self._standing
        if standing.waits(now):
            yield Tell(ChatNotSent(Reason.WRONG_MOMENT))  # no way leads to him now; it stays in the field
        elif standing.proven is not None and not standing.stopping:
            yield from standing.chat.said(said.text, standing.proven.seals, now)

    def _stopped_by_itself(self, said: CaptureStopped, now: Instant) -> Talk:
        """Without eyes on the banner there is no visit; without any other ability there is one less."""
        standing = self._standing
        stopped = next((each for each in standing.granted if standing.abilities[each].grant == said.grant), None)
        if stopped is Permission.VIEW:
            yield from standing.tell_cut(said.reason)
            if said.reason is Reason.NO_SCREEN and standing.proven is not None:
                yield SendSession(standing.proven.seals.say(HostNotice(Notice.NO_SCREEN), now))
            yield from self._parts.end(EndCause.DESK_LOST, now)
        elif stopped is not None:
            yield from withdraw(standing, stopped, said.reason, now)
