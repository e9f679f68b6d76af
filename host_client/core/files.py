"""The files of one visit: what the bulk socket brings, what the desk has written and read, and how each file ends.

granted    the broker offers a bulk socket; it is opened, and nothing is said on it before the broker's *opened* names the grant
moving     records in or out, only under the live grant, only while the visit does not wait
cut        the socket is lost: another is asked for, for FILE_CUT_SECONDS; then the file is over and nothing of it is left
whole      recorded, then given its name; the technician is told, and the grant is closed as one that has served its purpose
stopped    by the person, the technician, a fault: the desk first, then the technician, then the log
"""

from collections import deque
from typing import assert_never

from audit.events.files import FileWhole
from host_client.abilities.file_to_host import FileToHost
from host_client.abilities.stream import FileRuined
from host_client.core.commands import CloseBulk, OpenBulk, Record, SendBulk, SendSession, StartTimer, StopTimer, Talk, Tell, to_peer
from host_client.core.events import Timer
from host_client.core.standing import Proven, Standing
from host_client.core.withdrawing import withdraw
from host_client.link_files import FileFailed, FileKeep, FileKept, FileShown, FileStop, FileWritten
from policy.consent import may_pass
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.permissions import LANE_PERMISSION, TERMS, Permission
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind, split_frame, split_record
from wire.limits import FILE_CUT_SECONDS, FILE_WINDOW, SEALED_FRAME_MAX
from wire.messages.presence import Refused
from wire.messages.session import BulkOffered, BulkOpened, BulkWanted
from wire.schema import decode
from wire.sealed.files import Ack, encode_ack
from wire.sealed.inner import FileOver

_AGAIN_SECONDS = 5.0
"""How often a lost socket is asked for."""
_SHOW_EVERY = 0.25
"""Seconds between two lines of progress."""
_HELD_MOST = FILE_WINDOW + 2 * SEALED_FRAME_MAX
_FROM_BROKER: tuple[type[BulkOpened | Refused], ...] = (BulkOpened, Refused)
FilesOfDesk = FileWritten | FileKept | FileFailed | FileStop


class Files:
    """Files to and from this host."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._cut: Instant | None = None
        """Since when no socket carries what is granted."""
        self._held: deque[bytes] = deque()
        """Records that came while the visit waited: at most one window, because nothing more was acknowledged for."""
        self._held_bytes = 0
        self._shown: Instant | None = None

    # ---- the socket

    @property
    def _to_host(self) -> FileToHost:
        ability = self._standing.abilities[Permission.FILE_TO_HOST]
        assert isinstance(ability, FileToHost)
        return ability

    def _moving(self) -> bool:
        return bool(self._to_host.grant)

    def granted(self, now: Instant) -> Talk:
        """The person allowed a file, and that is recorded: the broker will offer a socket."""
        if self._cut is None:
            self._cut = now
            yield StartTimer(Timer.BULK, _AGAIN_SECONDS)
        yield from self._finish_if_whole(now)

    def offered(self, said: BulkOffered) -> Talk:
        """The broker offers a socket; without a file that moves it is not opened."""
        if said.session_id == self._standing.session_id and self._moving() and not self._standing.stopping:
            yield OpenBulk(said.session_id, said.bulk_pass)

    def closed(self, now: Instant) -> Talk:
        """The bulk socket is gone. What was not taken yet comes again over the next."""
        self._held.clear()
        self._held_bytes = 0
        if self._standing.stopping or not self._moving():
            return
        if self._cut is None:
            self._cut = now
            yield self._want()
            yield StartTimer(Timer.BULK, _AGAIN_SECONDS)

    def parted(self, now: Instant) -> Talk:
        """The line of the visit itself was cut: the keys will be others, so a file that was on its way is over."""
        self._held.clear()
        self._held_bytes = 0
        self._cut = None
        if self._moving():
            yield CloseBulk()
            yield from withdraw(self._standing, Permission.FILE_TO_HOST, Reason.FILE_CUT, now)

    def _want(self) -> SendSession:
        return to_peer(FrameKind.CONTROL, BulkWanted(self._standing.session_id))

    def fired(self, now: Instant) -> Talk:
        """Look whether what is granted is carried."""
        if self._cut is None or not self._moving():
            self._cut = None
        elif now.elapsed_since(self._cut) >= FILE_CUT_SECONDS:
            self._cut = None
            yield CloseBulk()
            yield from self.stop(Permission.FILE_TO_HOST, Reason.FILE_CUT, now)
        else:
            yield self._want()
            yield StartTimer(Timer.BULK, _AGAIN_SECONDS)

    def received(self, data: bytes, now: Instant) -> Talk:
        """One frame of the bulk socket. Raises PeerMisbehaved and MalformedMessage."""
        proven = self._standing.proven
        if proven is None:
            raise PeerMisbehaved("files before the agreement")
        frame = split_frame(data)
        match frame.kind:
            case FrameKind.CONTROL:
                said = decode(frame.body, *_FROM_BROKER)
                if isinstance(said, BulkOpened):
                    yield from self._opened(said, proven, now)
            case FrameKind.SEALED:
                yield from self._sealed(frame.body, proven, now)
            case FrameKind.LEDGER | FrameKind.HANDSHAKE:
                raise PeerMisbehaved("a frame that has no place among files")
            case _:
                assert_never(frame.kind)

    def _opened(self, said: BulkOpened, proven: Proven, now: Instant) -> Talk:
        """Both ends are there: the receiver of a file says from where it goes on."""
        ability = self._to_host
        if said.session_id != self._standing.session_id or said.ask != ability.grant or not ability.grant:
            return  # it is over already
        self._cut = None
        yield StopTimer(Timer.BULK)
        proven.seals.renew(TERMS[ability.permission].lane, ability.grant, now)
        yield self._acknowledge(ability.carried(now), proven, now)

    def _acknowledge(self, ack: Ack, proven: Proven, now: Instant) -> SendBulk:
        ability = self._to_host
        return SendBulk(proven.seals.seal(TERMS[ability.permission].lane, ability.grant, encode_ack(ack), now))

    # ---- records

    def _sealed(self, body: bytes, proven: Proven, now: Instant) -> Talk:
        if self._standing.halted:
            self._held.append(body)
            self._held_bytes += len(body)
            if self._held_bytes > _HELD_MOST:
                raise PeerMisbehaved("more of a file than was acknowledged for")
            return
        header, sealed = split_record(body)
        permission, consent = LANE_PERMISSION.get(header.lane), self._standing.consent
        if permission is not Permission.FILE_TO_HOST:
            raise PeerMisbehaved("a record that has no place among files")
        if isinstance(may_pass(consent, header.lane, header.grant, now), Deny):
            if header.grant > consent.newest_ask or not header.grant:
                raise PeerMisbehaved("a record of a grant that never was")
            return  # it was on its way when the grant ended
        yield from self._data(proven.seals.open(header, sealed), proven, now)

    def resumed(self, now: Instant) -> Talk:
        """If the visit goes on after it waited: take what came meanwhile. Raises PeerMisbehaved and MalformedMessage."""
        proven = self._standing.proven
        while self._held and proven is not None and not (self._standing.halted or self._standing.over):
            body = self._held.popleft()
            self._held_bytes -= len(body)
            yield from self._sealed(body, proven, now)

    def _data(self, plain: bytes, proven: Proven, now: Instant) -> Talk:
        ability = self._to_host
        try:
            for said in ability.data(plain):
                yield Tell(said)
            ack = ability.listed()
        except FileRuined as fault:
            yield from self.stop(ability.permission, fault.reason, now)
            return
        if ack is not None:
            yield self._acknowledge(ack, proven, now)
        yield from self._finish_if_whole(now)

    # ---- how a file ends

    def _finish_if_whole(self, now: Instant) -> Talk:
        ability, standing = self._to_host, self._standing
        grant = ability.grant
        try:
            whole = grant and not ability.releasing and ability.whole
        except FileRuined as fault:
            yield from self.stop(ability.permission, fault.reason, now)
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
            yield from self.stop(ability.permission, Reason.LOG_UNAVAILABLE, now)

    def stop(self, permission: Permission, reason: Reason, now: Instant) -> Talk:
        """This file is over before it was whole. A file that is not moving any more is over already."""
        grant = self._standing.abilities[permission].grant
        if grant:
            yield from withdraw(self._standing, permission, reason, now, saying=(FileOver(grant, reason),))

    def over(self, said: FileOver, now: Instant) -> Talk:
        """The technician's end says what became of a file. Raises PeerMisbehaved."""
        if said.ask > self._standing.consent.newest_ask:
            raise PeerMisbehaved("the end of a file that never was")
        if said.ask != self._to_host.grant or not said.ask:
            return  # the two ends crossed on the way
        if said.reason is None:
            raise PeerMisbehaved("a file that only this host can know to be whole")
        if not self._to_host.releasing:
            yield from self.stop(Permission.FILE_TO_HOST, Reason.FILE_STOPPED_BY_TECHNICIAN, now)

    # ---- the desk

    def desk(self, said: FilesOfDesk, now: Instant) -> Talk:
        """What the desk says of the file that moves; of any other it is too late."""
        ability = self._to_host
        if said.grant != ability.grant or not ability.grant:
            return
        match said:
            case FileWritten():
                yield from self._written(said, now)
            case FileKept():
                if ability.releasing:
                    ability.done, ability.kept_as = True, said.name
                    yield from withdraw(self._standing, ability.permission, None, now, done=True, saying=(FileOver(ability.grant, None),))
            case FileFailed():
                ability.releasing = False
                yield from self.stop(ability.permission, said.reason, now)
            case FileStop():
                if not ability.releasing:
                    yield from self.stop(ability.permission, Reason.FILE_STOPPED_AT_HOST, now)
            case _:
                assert_never(said)

    def _written(self, said: FileWritten, now: Instant) -> Talk:
        ability, proven = self._to_host, self._standing.proven
        assert proven is not None, "a file moves only between ends that have proven themselves"
        try:
            ack = ability.written(said.size, now)
        except FileRuined as fault:
            yield from self.stop(ability.permission, fault.reason, now)
            return
        if ack is not None and self._cut is None:
            yield self._acknowledge(ack, proven, now)
        if self._shown is None or now.elapsed_since(self._shown) >= _SHOW_EVERY or said.size == ability.file.size:
            self._shown = now
            rate, left = ability.progress()
            yield Tell(FileShown(ability.grant, ability.permission, ability.file.name, said.size, ability.file.size, rate, left))
