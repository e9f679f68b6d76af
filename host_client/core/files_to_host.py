"""A file to this PC: what the technician's end and the desk say of it, and how it ends.

moving     records come in, only under the live grant; the desk writes, and what is written is acknowledged
whole      recorded, then given its name; the technician is told, and the grant is closed as one that has served its purpose
stopped    by the person, the technician, a fault: the desk first, then the technician, then the log
"""

from typing import assert_never

from audit.events.files import FileWhole
from host_client.abilities.file_to_host import FileToHost
from host_client.abilities.stream import FileRuined
from host_client.core.commands import Record, SendBulk, Talk, Tell
from host_client.core.file_ends import Showing, stop_file
from host_client.core.standing import Proven, Standing
from host_client.core.withdrawing import withdraw
from host_client.link_files import FileFailed, FileKeep, FileKept, FileStop, FileWritten
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import TERMS, Permission
from wire.errors import PeerMisbehaved
from wire.sealed.files import Ack, encode_ack
from wire.sealed.inner import FileOver


class FilesToHost:
    """One at a time."""

    permission = Permission.FILE_TO_HOST

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._showing = Showing(self.permission)
        self._carried = False

    @property
    def ability(self) -> FileToHost:
        """The right at work."""
        ability = self._standing.abilities[self.permission]
        assert isinstance(ability, FileToHost)
        return ability

    def granted(self, now: Instant) -> Talk:
        """An empty file is whole before anything moves."""
        self._carried = False
        yield from self._finish_if_whole(now)

    def opened(self, proven: Proven, now: Instant) -> Talk:
        """Both ends of the socket are there: the receiver of a file says from where it goes on."""
        self._carried = True
        yield self._acknowledge(self.ability.carried(now), proven, now)

    def cut(self) -> None:
        """The socket is gone."""
        self._carried = False

    def waiting(self) -> Talk:
        """The line of the visit is cut. What is whole already is not in its hands any more."""
        ability = self.ability
        if not ability.releasing:
            yield from self._showing.wait(ability.grant, ability.file, ability.moved)

    def _acknowledge(self, ack: Ack, proven: Proven, now: Instant) -> SendBulk:
        return SendBulk(proven.seals.seal(TERMS[self.permission].lane, self.ability.grant, encode_ack(ack), now))

    def record(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        """A piece of it."""
        ability = self.ability
        try:
            for said in ability.data(plain):
                yield Tell(said)
            ack = ability.listed()
        except FileRuined as fault:
            yield from stop_file(self._standing, self.permission, fault.reason, now)
            return
        if ack is not None:
            yield self._acknowledge(ack, proven, now)
        yield from self._finish_if_whole(now)

    def _finish_if_whole(self, now: Instant) -> Talk:
        ability, standing = self.ability, self._standing
        grant = ability.grant
        try:
            whole = bool(grant) and not ability.releasing and ability.whole
        except FileRuined as fault:
            yield from stop_file(standing, self.permission, fault.reason, now)
            return
        if not whole:
            return
        ability.releasing = True
        file = ability.file
        released = FileWhole(session_id=standing.session_id, ask=grant, permission=ability.permission, name=file.name, digest=file.digest)
        recorded = yield Record((released,))
        if standing.stopping or ability.grant != grant:
            return
        if recorded:
            yield Tell(FileKeep(grant))
        else:
            ability.releasing = False
            yield from stop_file(standing, self.permission, Reason.LOG_UNAVAILABLE, now)

    def over(self, said: FileOver, now: Instant) -> Talk:
        """The technician stops it. Raises PeerMisbehaved."""
        if said.reason is None:
            raise PeerMisbehaved("a file that only this host can know to be whole")
        if not self.ability.releasing:
            yield from stop_file(self._standing, self.permission, Reason.FILE_STOPPED_BY_TECHNICIAN, now)

    def desk(self, said: FileWritten | FileKept | FileFailed | FileStop, now: Instant) -> Talk:
        """What the desk says of it."""
        ability, standing = self.ability, self._standing
        match said:
            case FileWritten():
                yield from self._written(said, now)
            case FileKept():
                if ability.releasing:
                    ability.done, ability.kept_as = True, said.name
                    yield from withdraw(standing, self.permission, None, now, done=True, saying=(FileOver(ability.grant, None),))
            case FileFailed():
                ability.releasing = False
                yield from stop_file(standing, self.permission, said.reason, now)
            case FileStop():
                if not ability.releasing:
                    yield from stop_file(standing, self.permission, Reason.FILE_STOPPED_AT_HOST, now)
            case _:
                assert_never(said)

    def _written(self, said: FileWritten, now: Instant) -> Talk:
        ability, proven = self.ability, self._standing.proven
        assert proven is not None, "a file moves only between ends that have proven themselves"
        try:
            ack = ability.written(said.size, now)
        except FileRuined as fault:
            yield from stop_file(self._standing, self.permission, fault.reason, now)
            return
        if ack is not None and self._carried:
            yield self._acknowledge(ack, proven, now)
        # Once it is released the desk has taken it from the screen, and would put it back with a Cancel that does nothing.
        if not (ability.releasing or self._standing.parted):
            yield from self._showing.show(ability.grant, ability.file, said.size, ability.progress(), now)
