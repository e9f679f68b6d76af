"""A file to this PC: records come in under the grant, and the desk writes what is in them (docs/protocol.md, section 5).

technician -> guardian -> desk    DATA: pieces of the stream, in order, never more than was acknowledged for
desk -> guardian -> technician    ACK: how far it is written, and how much may follow

Nothing gets its name before all of it is here with the right hash and that is recorded. One grant is one file or folder.
"""

from collections.abc import Iterator

from typing_extensions import override

from audit.events import files as log
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.abilities.pace import Pace
from host_client.abilities.stream import Content, FileRuined, Stream
from host_client.core.ports import Seat
from host_client.link_files import FileBegin, FileDrop, FileEntryBegin
from host_client.link_frames import FilePiece, ToDesk
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.errors import PeerMisbehaved
from wire.limits import FILE_ACK_EVERY
from wire.schema import MalformedMessage
from wire.sealed.files import Ack, decode_data
from wire.sealed.inner import FileWords

__all__ = ["FileRuined", "FileToHost"]


class FileToHost(Ability):
    """The lane of one grant, towards this PC."""

    permission = Permission.FILE_TO_HOST

    def __init__(self) -> None:
        self.grant = 0
        self.words: FileWords | None = None
        """What was asked for, set before the grant."""
        self.done = False
        """It stands under its name."""
        self.kept_as = ""
        self.releasing = False
        """All of it is here and the desk was told to give it its name."""
        self._stream: Stream | None = None
        self._pace: Pace | None = None
        self._acked = self._window = self._until = 0

    @property
    def file(self) -> FileWords:
        """What was asked for."""
        assert self.words is not None, "a file is named before it is granted"
        return self.words

    @override
    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        file = self.file
        return log.FileBegun(
            session_id=session_id,
            ask=grant,
            permission=self.permission,
            name=file.name,
            files=file.files,
            size=file.size,
            digest=file.digest,
        )

    @override
    def begin(self, grant: int) -> tuple[ToDesk, ...]:
        file = self.file
        self.grant, self.done, self.releasing, self.kept_as = grant, False, False, ""
        self._stream, self._pace = Stream(file), None
        self._acked = self._window = self._until = 0
        return (FileBegin(grant, file.name, file.folder, file.size),)

    @override
    def paused(self) -> tuple[ToDesk, ...]:
        return ()  # what comes in stays where it is until the visit goes on

    @override
    def again(self) -> tuple[ToDesk, ...]:
        return ()

    @override
    def end(self) -> tuple[ToDesk, ...]:
        grant, self.grant = self.grant, 0
        self._stream = None
        return () if self.done or self.releasing else (FileDrop(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        file, moved = self.file, self.moved
        if not (self.done or self.releasing):  # what was released is there, whether or not the desk still said so
            why = reason or Reason.SESSION_OVER
            return log.FileStopped(
                session_id=session_id, ask=grant, permission=self.permission, name=file.name, moved=moved, digest=file.digest, reason=why
            )
        return log.FileDone(
            session_id=session_id,
            ask=grant,
            permission=self.permission,
            name=file.name,
            kept_as=self.kept_as,
            size=file.size,
            digest=file.digest,
        )

    @property
    def moved(self) -> int:
        """Bytes of contents that are here."""
        return self._stream.contents if self._stream is not None else 0

    @property
    def whole(self) -> bool:
        """Is all of it here, and right? Raises FileRuined if it is here and not right."""
        return self._stream is not None and self._stream.whole

    def carried(self, now: Instant) -> Ack:
        """A bulk socket is there, the first or another: from where the technician's end goes on."""
        assert self._stream is not None, "only a granted file is carried"
        self._pace, self._until = Pace(now, self.moved), 0
        return self._ack(self._stream.got)

    def data(self, plain: bytes) -> Iterator[FileEntryBegin | FilePiece]:
        """What one record means for the desk. Raises PeerMisbehaved, and FileRuined when the file cannot become what was allowed."""
        assert self._stream is not None, "only a granted file has records"
        try:
            data = decode_data(plain)
        except MalformedMessage:
            raise PeerMisbehaved("a piece of a file that cannot be read") from None
        if data.offset != self._stream.got:
            raise PeerMisbehaved("a piece of a file at a wrong place")
        if data.offset + len(data.content) > self._until:
            raise PeerMisbehaved("more of a file than was acknowledged for")
        for each in self._stream.take(data.content):
            yield FilePiece(self.grant, 0, each.content) if isinstance(each, Content) else FileEntryBegin(self.grant, each.path)

    def written(self, contents: int, now: Instant) -> Ack | None:
        """The desk has written so much of the contents; what to tell the technician's end, None while that can wait.

        Raises FileRuined for more than it was given.
        """
        stream = self._stream
        if stream is None or self._pace is None:
            return None
        if contents > stream.contents:
            raise FileRuined(Reason.FOLDER_UNUSABLE)
        offset = self.file.manifest + contents
        if offset - self._acked < min(FILE_ACK_EVERY, self._window // 2) and contents < self.file.size:
            return None
        self._pace.came(contents, now)
        return self._ack(max(self._acked, offset))

    def listed(self) -> Ack | None:
        """An acknowledgement for the manifest, which the desk does not write; None while none is due."""
        assert self._stream is not None, "only a granted file has records"
        got = self._stream.got
        due = got <= self.file.manifest and (got - self._acked >= FILE_ACK_EVERY or got == self.file.manifest)
        return self._ack(got) if due else None

    def _ack(self, offset: int) -> Ack:
        assert self._pace is not None, "nothing is acknowledged before it is carried"
        self._acked, self._window = offset, self._pace.window
        self._until = max(self._until, offset + self._window)  # a smaller window takes nothing back that is on its way
        return Ack(offset, self._window)

    def progress(self) -> tuple[int, int]:
        """Bytes a second, and seconds that are left."""
        if self._pace is None:
            return 0, 0
        return int(self._pace.rate), self._pace.left(self.file.size - self.moved)
