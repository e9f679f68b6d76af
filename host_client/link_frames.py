"""How the messages of `link.py` become bytes on the Unix socket and come back. No I/O: bytes in, frames out.

    frame     length u32 (of what follows) | kind u8 | body        big endian, as link.py says
    PICTURE   grant u32 | run u32 | one parcel of screen messages
    INPUT     grant u32 | one input batch
    FILE      grant u32 | offset u64 | contents

Both ends use the same reader with their own list of allowed messages: the guardian never accepts a guardian's message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from host_client import link, link_files, link_restart
from host_client.link import LINK_FRAME_MAX, LinkKind
from wire.limits import CONTROL_FRAME_MAX
from wire.schema import MalformedMessage, decode, encode

_HEAD = Struct(">IB")
_GRANT = Struct(">I")
_RUN = Struct(">II")
_PIECE = Struct(">IQ")


@dataclass(frozen=True, slots=True)
class Picture:
    """Screen messages that the desk made in one run of a grant (`StartCapture`), as they leave together."""

    grant: int
    parcel: bytes
    run: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """One input batch that the technician sent under a grant."""

    grant: int
    batch: bytes


@dataclass(frozen=True, slots=True)
class FilePiece:
    """Contents of a file under a grant. `offset` is its place in the stream of what the person picked, 0 towards the desk."""

    grant: int
    offset: int
    content: bytes


ToDesk = (
    link.ShowIdle
    | link.ShowCalls
    | link.ShowCode
    | link.ShowAttempt
    | link.ShowCodeOver
    | link.ShowAdmitted
    | link.ShowPrompt
    | link.ClosePrompt
    | link.ShowBanner
    | link.ShowSecond
    | link.ShowSummary
    | link.StartCapture
    | link.StopCapture
    | link.PictureShown
    | link.StartInput
    | link.StopInput
    | link.ChatOpened
    | link.ChatLine
    | link.ChatNotSent
    | link.ChatClosed
    | link_files.FileBegin
    | link_files.FileEntryBegin
    | link_files.FileKeep
    | link_files.FileDrop
    | link_files.FileShown
    | link.StartClipboard
    | link.StopClipboard
    | link.PutClipboard
    | link.FetchClipboard
    | link_files.FileRead
    | link_restart.ShowRestart
    | link_restart.CloseRestart
    | link_restart.ShowReturning
    | link.StopDesk
)
TO_DESK: tuple[type[ToDesk], ...] = (
    link.ShowIdle,
    link.ShowCalls,
    link.ShowCode,
    link.ShowAttempt,
    link.ShowCodeOver,
    link.ShowAdmitted,
    link.ShowPrompt,
    link.ClosePrompt,
    link.ShowBanner,
    link.ShowSecond,
    link.ShowSummary,
    link.StartCapture,
    link.StopCapture,
    link.PictureShown,
    link.StartInput,
    link.StopInput,
    link.ChatOpened,
    link.ChatLine,
    link.ChatNotSent,
    link.ChatClosed,
    link_files.FileBegin,
    link_files.FileEntryBegin,
    link_files.FileKeep,
    link_files.FileDrop,
    link_files.FileShown,
    link.StartClipboard,
    link.StopClipboard,
    link.PutClipboard,
    link.FetchClipboard,
    link_files.FileRead,
    link_restart.ShowRestart,
    link_restart.CloseRestart,
    link_restart.ShowReturning,
    link.StopDesk,
)
"""All that a guardian may say."""

ToGuardian = (
    link.DeskReady
    | link.Heartbeat
    | link.GetHelp
    | link.CancelHelp
    | link.CallsRead
    | link.PromptAnswered
    | link.InjectorBlocked
    | link.EndPressed
    | link.TakeBackPressed
    | link.PausePressed
    | link.WatchWanted
    | link.WatchStopped
    | link.KeepOpenPressed
    | link.ResumePressed
    | link.LocalInput
    | link.CaptureStopped
    | link.ChatSaid
    | link.CapturePaused
    | link.CaptureResumed
    | link.InputVeiled
    | link_files.FilePicking
    | link_files.FilePicked
    | link_files.FileWritten
    | link_files.FileKept
    | link_files.FileFailed
    | link_files.FileStop
    | link.ClipboardPut
    | link.ClipboardGiven
    | link.ClipboardNotGiven
    | link_restart.RestartStopped
)
TO_GUARDIAN: tuple[type[ToGuardian], ...] = (
    link.DeskReady,
    link.Heartbeat,
    link.GetHelp,
    link.CancelHelp,
    link.CallsRead,
    link.PromptAnswered,
    link.InjectorBlocked,
    link.EndPressed,
    link.TakeBackPressed,
    link.PausePressed,
    link.WatchWanted,
    link.WatchStopped,
    link.KeepOpenPressed,
    link.ResumePressed,
    link.LocalInput,
    link.CaptureStopped,
    link.ChatSaid,
    link.CapturePaused,
    link.CaptureResumed,
    link.InputVeiled,
    link_files.FilePicking,
    link_files.FilePicked,
    link_files.FileWritten,
    link_files.FileKept,
    link_files.FileFailed,
    link_files.FileStop,
    link.ClipboardPut,
    link.ClipboardGiven,
    link.ClipboardNotGiven,
    link_restart.RestartStopped,
)
"""All that a desk may say."""


def message_frame(said: ToDesk | ToGuardian) -> bytes:
    """The bytes of one JSON message. Raises ValueError or MalformedMessage for a value out of bounds."""
    return _frame(LinkKind.JSON, encode(said))


def picture_frame(picture: Picture) -> bytes:
    """The bytes of one parcel with its grant. Raises MalformedMessage when it is longer than a frame."""
    return _frame(LinkKind.PICTURE, _RUN.pack(picture.grant, picture.run) + picture.parcel)


def input_frame(batch: Input) -> bytes:
    """The bytes of one input batch with its grant."""
    return _frame(LinkKind.INPUT, _GRANT.pack(batch.grant) + batch.batch)


def piece_frame(piece: FilePiece) -> bytes:
    """The bytes of one piece of a file. Raises MalformedMessage when it is longer than a frame."""
    return _frame(LinkKind.FILE, _PIECE.pack(piece.grant, piece.offset) + piece.content)


def _frame(kind: LinkKind, body: bytes) -> bytes:
    if len(body) > _longest(kind):
        raise MalformedMessage("link", "frame is too long")
    return _HEAD.pack(len(body) + 1, kind) + body


def _longest(kind: LinkKind) -> int:
    return CONTROL_FRAME_MAX if kind is LinkKind.JSON else LINK_FRAME_MAX - 1


class LinkReader:
    """Cuts a byte stream into frames and reads them. After MalformedMessage the link is over: close the socket."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[LinkKind, bytes]]:
        """Add what the socket gave; yield every frame that is now whole. Raises MalformedMessage.

        A length beyond the bound is refused as soon as it is read, so at most one frame is ever held.
        """
        self._held += data
        while len(self._held) >= _HEAD.size:
            length, kind = _checked_head(self._held)
            end = 4 + length
            if len(self._held) < end:
                return
            body = bytes(self._held[_HEAD.size : end])
            del self._held[:end]
            yield kind, body


def _checked_head(held: bytearray) -> tuple[int, LinkKind]:
    length, number = _HEAD.unpack_from(held)
    try:
        kind = LinkKind(number)
    except ValueError:
        raise MalformedMessage("link.kind", "is unknown") from None
    if not 1 <= length <= _longest(kind) + 1:
        raise MalformedMessage("link.length", "is out of range")
    return length, kind


def read_to_desk(kind: LinkKind, body: bytes) -> ToDesk | Input | FilePiece:
    """What the guardian said. Raises MalformedMessage for anything that a guardian does not say."""
    if kind is LinkKind.FILE:
        return _piece(body)
    if kind is LinkKind.INPUT:
        return Input(*_with_grant(body))
    if kind is LinkKind.JSON:
        return decode(body, *TO_DESK)
    raise MalformedMessage("link.kind", "goes the other way")


def read_to_guardian(kind: LinkKind, body: bytes) -> ToGuardian | Picture | FilePiece:
    """What the desk said. Raises MalformedMessage for anything that a desk does not say."""
    if kind is LinkKind.FILE:
        return _piece(body)
    if kind is LinkKind.PICTURE:
        return _picture(body)
    if kind is LinkKind.JSON:
        return decode(body, *TO_GUARDIAN)
    raise MalformedMessage("link.kind", "goes the other way")


def _piece(body: bytes) -> FilePiece:
    if len(body) <= _PIECE.size:
        raise MalformedMessage("link.file", "is empty")
    grant, offset = _PIECE.unpack_from(body)
    return FilePiece(grant, offset, body[_PIECE.size :])


def _picture(body: bytes) -> Picture:
    if len(body) <= _RUN.size:
        raise MalformedMessage("link.picture", "is empty")
    grant, run = _RUN.unpack_from(body)
    return Picture(grant, body[_RUN.size :], run)


def _with_grant(body: bytes) -> tuple[int, bytes]:
    if len(body) <= _GRANT.size:
        raise MalformedMessage("link.grant", "is missing")
    return _GRANT.unpack_from(body)[0], body[_GRANT.size :]
