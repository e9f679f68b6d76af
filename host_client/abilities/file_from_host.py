"""A file from this PC: the desk reads what the person picked, and records go out under the grant (docs/protocol.md, section 5).

technician -> guardian -> desk    ACK: how far the technician's end has it, and how much may follow; so much is read
desk -> guardian -> technician    DATA: pieces of the stream, in order, never more than was acknowledged for

The desk holds each block to the hash that it had when the person allowed it, so nothing else ever leaves. One grant is one file or folder.
"""

from typing_extensions import override

from audit.events import files as log
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.abilities.pace import Pace
from host_client.core.ports import Seat
from host_client.link_files import FileDrop, FileRead
from host_client.link_frames import FilePiece, ToDesk
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage
from wire.sealed.files import DATA_MAX, Data, decode_ack, encode_data
from wire.sealed.inner import FileWords


class FileFromHost(Ability):
    """The lane of one grant, from this PC."""

    permission = Permission.FILE_FROM_HOST

    def __init__(self) -> None:
        self.grant = 0
        self.words: FileWords | None = None
        """What the person picked, set before the grant."""
        self.done = False
        """The technician's end has said that it is there and right."""
        self._pace: Pace | None = None
        self._fresh = True
        """Nothing was acknowledged on this socket yet."""
        self._acked = self._due = self._asked = self._until = self._sent = 0

    @property
    def file(self) -> FileWords:
        """What the person picked."""
        assert self.words is not None, "a file is named before it is granted"
        return self.words

    @property
    def total(self) -> int:
        """Bytes of its stream."""
        return self.file.manifest + self.file.size

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
        self.grant, self.done, self._pace, self._fresh = grant, False, None, True
        self._acked = self._due = self._asked = self._until = self._sent = 0
        return ()

    @override
    def paused(self) -> tuple[ToDesk, ...]:
        return ()  # what the desk still reads is not sealed

    @override
    def again(self) -> tuple[ToDesk, ...]:
        self._asked = self._due  # what was read meanwhile is lost
        return self._read()

    @override
    def end(self) -> tuple[ToDesk, ...]:
        grant, self.grant = self.grant, 0
        return (FileDrop(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        file = self.file
        if not self.done:
            why = reason or Reason.SESSION_OVER
            return log.FileStopped(
                session_id=session_id,
                ask=grant,
                permission=self.permission,
                name=file.name,
                moved=self.moved,
                digest=file.digest,
                reason=why,
            )
        return log.FileDone(
            session_id=session_id, ask=grant, permission=self.permission, name=file.name, kept_as="", size=file.size, digest=file.digest
        )

    @property
    def moved(self) -> int:
        """Bytes of contents that have left."""
        return max(0, self._sent - self.file.manifest)

    @property
    def arrived(self) -> int:
        """Bytes of contents that the technician's end has."""
        return max(0, self._acked - self.file.manifest)

    @property
    def all_sent(self) -> bool:
        """Has every byte left?"""
        return self._sent == self.total

    def carried(self, now: Instant) -> None:
        """A bulk socket is there, the first or another: the technician's end will say from where it wants the file."""
        self._pace, self._fresh = Pace(now), True

    def cut(self) -> None:
        """The socket is gone: nothing is sealed before there is another."""
        self._pace = None

    def acknowledged(self, plain: bytes, now: Instant) -> tuple[ToDesk, ...]:
        """The technician's end says how far it is; what the desk is to read. Raises PeerMisbehaved."""
        assert self._pace is not None, "nothing is heard before it is carried"
        try:
            ack = decode_ack(plain)
        except MalformedMessage:
            raise PeerMisbehaved("an acknowledgement that cannot be read") from None
        if ack.offset > (self._sent if self._fresh else self._due):
            raise PeerMisbehaved("an acknowledgement of what was never sent")
        until = min(self.total, ack.offset + ack.window)
        if self._fresh:
            self._fresh, self._due, self._asked, self._until = False, ack.offset, ack.offset, until
            self._pace = Pace(now, max(0, ack.offset - self.file.manifest))
        self._until = max(self._until, until)
        self._acked = ack.offset
        self._pace.came(self.arrived, now)
        return self._read()

    def _read(self) -> tuple[ToDesk, ...]:
        """Ask the desk for what may leave and was not asked for yet."""
        offset, size = self._asked, self._until - self._asked
        if self._pace is None or self._fresh or size <= 0:
            return ()
        self._asked = self._until
        return (FileRead(self.grant, offset, size),)

    def piece(self, piece: FilePiece) -> bytes | None:
        """The record for what the desk read; None if it is not the next, or may not leave. Raises MalformedMessage for a long one."""
        if len(piece.content) > DATA_MAX:
            raise MalformedMessage("link.file", "is too long")
        known = self._due - piece.offset
        if piece.grant != self.grant or self._pace is None or self._fresh or known < 0:
            return None
        content = piece.content[known:][: self._until - self._due]
        if not content:
            return None
        plain = encode_data(Data(self._due, content))
        self._due += len(content)
        self._sent = max(self._sent, self._due)
        return plain

    def progress(self) -> tuple[int, int]:
        """Bytes a second, and seconds that are left."""
        if self._pace is None:
            return 0, 0
        return int(self._pace.rate), self._pace.left(self.file.size - self.arrived)
