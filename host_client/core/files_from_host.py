"""A file from this PC: what the technician's end and the desk say of it, and how it ends.

moving     the technician's end says from where and how far; the desk reads so much, and it is sealed when the line has room
kept       the technician's end says that all of it is there and right, and every byte has left: the grant has served its purpose
stopped    by the person, the technician, a fault: the desk first, then the technician, then the log
"""

from host_client.abilities.file_from_host import FileFromHost
from host_client.core.commands import Talk, tell
from host_client.core.file_ends import Showing, stop_file
from host_client.core.standing import Proven, Standing
from host_client.core.withdrawing import withdraw
from host_client.link_files import FileFailed, FileKept, FileStop, FileWritten
from host_client.link_frames import FilePiece
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import TERMS, Permission
from wire.errors import PeerMisbehaved
from wire.sealed.inner import FileOver

_OF_THE_TECHNICIAN = frozenset({Reason.FILE_DIFFERS, Reason.DISK_FULL, Reason.FILE_CUT})
"""Why it may fail at his end. Anything else that is said from there is a *cancel*."""


class FilesFromHost:
    """One at a time."""

    permission = Permission.FILE_FROM_HOST

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._showing = Showing(self.permission)

    @property
    def ability(self) -> FileFromHost:
        """The right at work."""
        ability = self._standing.abilities[self.permission]
        assert isinstance(ability, FileFromHost)
        return ability

    def granted(self, now: Instant) -> Talk:
        """The person sees it from now on."""
        yield from self._show(now)

    def _show(self, now: Instant) -> Talk:
        ability = self.ability
        yield from self._showing.show(ability.grant, ability.file, ability.arrived, ability.progress(), now)

    def opened(self, proven: Proven, now: Instant) -> Talk:
        """Both ends of the socket are there: the technician's speaks first."""
        self.ability.carried(now)
        yield from ()

    def cut(self) -> None:
        """The socket is gone."""
        self.ability.cut()

    def waiting(self) -> Talk:
        """The line of the visit is cut."""
        ability = self.ability
        yield from self._showing.wait(ability.grant, ability.file, ability.arrived)

    def record(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        """An acknowledgement."""
        yield from tell(self.ability.acknowledged(plain, now))
        yield from self._show(now)

    def piece(self, piece: FilePiece, now: Instant) -> tuple[bytes, ...]:
        """The frame of what the desk read; none if it may not leave. Quick, because there are many. Raises MalformedMessage."""
        ability, proven = self.ability, self._standing.proven
        if not ability.grant or proven is None:
            return ()
        plain = ability.piece(piece)
        return () if plain is None else (proven.seals.seal(TERMS[self.permission].lane, ability.grant, plain, now),)

    def over(self, said: FileOver, now: Instant) -> Talk:
        """The technician's end has all of it, or stops. Raises PeerMisbehaved."""
        ability, standing = self.ability, self._standing
        if said.reason is not None:
            reason = said.reason if said.reason in _OF_THE_TECHNICIAN else Reason.FILE_STOPPED_BY_TECHNICIAN
            yield from stop_file(standing, self.permission, reason, now)
        elif not ability.all_sent:
            raise PeerMisbehaved("a file that is there before it was sent")
        else:
            ability.done = True
            yield from withdraw(standing, self.permission, None, now, done=True)

    def desk(self, said: FileWritten | FileKept | FileFailed | FileStop, now: Instant) -> Talk:
        """What the desk says of it. It writes nothing here."""
        match said:
            case FileFailed():
                yield from stop_file(self._standing, self.permission, said.reason, now)
            case FileStop():
                yield from stop_file(self._standing, self.permission, Reason.FILE_STOPPED_AT_HOST, now)
            case _:
                return
