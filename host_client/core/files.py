"""The files of one visit on their socket: what the bulk socket brings goes to the file it is of, one each way at most.

granted    the broker offers a bulk socket; it is opened, and nothing is said on it before the broker's *opened* names the grant
moving     records in or out, only under the live grant, only while the visit does not wait
cut        the socket is lost: another is asked for, for FILE_CUT_SECONDS; then the file is over and nothing of it is left
parted     the line of the visit itself is cut: the file waits with the visit, and goes on under its new keys if that comes back

What a record means, and how a file ends, is in `files_to_host.py` and `files_from_host.py`.
"""

from collections import deque
from typing import assert_never

from host_client.core.commands import CloseBulk, OpenBulk, SendSession, StartTimer, StopTimer, Talk, to_peer
from host_client.core.events import Timer
from host_client.core.file_ends import stop_file
from host_client.core.files_from_host import FilesFromHost
from host_client.core.files_to_host import FilesToHost
from host_client.core.standing import Proven, Standing
from host_client.link_files import FileFailed, FileKept, FileStop, FileWritten
from host_client.link_frames import FilePiece
from policy.consent import may_pass
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.permissions import LANE_PERMISSION, TERMS, Permission
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind, split_frame, split_record
from wire.limits import FILE_CUT_SECONDS, FILE_FRAME_MAX, FILE_WINDOW
from wire.messages.presence import Refused
from wire.messages.session import BulkOffered, BulkOpened, BulkWanted
from wire.schema import decode
from wire.sealed.inner import FileOver

_AGAIN_SECONDS = 5.0
"""How often a lost socket is asked for."""
_HELD_MOST = FILE_WINDOW + 2 * FILE_FRAME_MAX
_FROM_BROKER: tuple[type[BulkOpened | Refused], ...] = (BulkOpened, Refused)
FilesOfDesk = FileWritten | FileKept | FileFailed | FileStop
Way = FilesToHost | FilesFromHost


class Files:
    """Files to and from this host."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._from_host = FilesFromHost(standing)
        self._ways: dict[Permission, Way] = {Permission.FILE_TO_HOST: FilesToHost(standing), Permission.FILE_FROM_HOST: self._from_host}
        self._carried: set[int] = set()
        """Grants that the socket which is there now carries."""
        self._cut: Instant | None = None
        """Since when no socket carries something that is granted."""
        self._comes = False
        """A socket was offered, and is not gone since: it is there or being opened, and nobody asks for another."""
        self._held: deque[bytes] = deque()
        """Records that came while the visit waited: at most one window, because nothing more was acknowledged for."""
        self._held_bytes = 0

    # ---- the socket

    def _moving(self) -> tuple[Way, ...]:
        return tuple(way for way in self._ways.values() if way.ability.grant)

    def _of(self, ask: int) -> Way | None:
        """The file that moves under this grant."""
        return next((way for way in self._moving() if way.ability.grant == ask), None)

    def granted(self, permission: Permission, now: Instant) -> Talk:
        """The person allowed a file, and that is recorded: the broker will offer a socket."""
        if self._cut is None:
            self._cut = now
            yield StartTimer(Timer.BULK, _AGAIN_SECONDS)
        yield from self._ways[permission].granted(now)

    def offered(self, said: BulkOffered) -> Talk:
        """The broker offers a socket; without a file that moves it is not opened."""
        if said.session_id == self._standing.session_id and self._moving() and not self._standing.stopping:
            self._let_go()  # it takes the place of any other
            self._comes = True
            yield OpenBulk(said.session_id, said.bulk_pass)

    def _let_go(self) -> None:
        self._held.clear()
        self._held_bytes = 0
        self._carried.clear()
        self._comes = False
        for way in self._ways.values():
            way.cut()

    def closed(self, now: Instant) -> Talk:
        """The bulk socket is gone. What was not taken yet comes again over the next."""
        self._let_go()
        if self._standing.stopping or not self._moving():
            return
        if self._cut is None:
            self._cut = now
            yield self._want()
            yield StartTimer(Timer.BULK, _AGAIN_SECONDS)

    def parted(self) -> Talk:
        """The line of the visit itself was cut: what is on its way waits, and nothing of it leaves or is taken until both ends are back."""
        self._let_go()
        self._cut = None
        moving = self._moving()
        if moving:
            yield StopTimer(Timer.BULK)
            yield CloseBulk()
        for way in moving:
            yield from way.waiting()

    def rejoined(self, now: Instant) -> Talk:
        """The visit goes on, under new keys: what is still granted wants a socket again. The receiver says from where it goes on."""
        if self._moving() and not self._standing.stopping:
            self._cut = now
            yield self._want()
            yield StartTimer(Timer.BULK, _AGAIN_SECONDS)

    def _want(self) -> SendSession:
        return to_peer(FrameKind.CONTROL, BulkWanted(self._standing.session_id))

    def fired(self, now: Instant) -> Talk:
        """Look whether what is granted is carried."""
        waiting = [way for way in self._moving() if way.ability.grant not in self._carried]
        if self._cut is None or not waiting:
            self._cut = None
        elif now.elapsed_since(self._cut) >= FILE_CUT_SECONDS:
            self._cut = None
            self._let_go()
            yield CloseBulk()
            for way in waiting:
                yield from stop_file(self._standing, way.permission, Reason.FILE_CUT, now)
        else:
            if not self._comes:
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
        way = self._of(said.ask)
        if said.session_id != self._standing.session_id or way is None:
            return  # it is over already
        self._carried.add(said.ask)
        if all(each.ability.grant in self._carried for each in self._moving()):
            self._cut = None
            yield StopTimer(Timer.BULK)
        proven.seals.renew(TERMS[way.permission].lane, said.ask, now)
        yield from way.opened(proven, now)

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
        if permission not in self._ways:
            raise PeerMisbehaved("a record that has no place among files")
        if isinstance(may_pass(consent, header.lane, header.grant, now), Deny):
            moving = self._of(header.grant)
            of_another = moving is not None and moving.permission is not permission
            if header.grant > consent.newest_ask or not header.grant or of_another:
                raise PeerMisbehaved("a record of a grant that never was")
            return  # it was on its way when the grant ended
        if header.grant not in self._carried:
            raise PeerMisbehaved("a record of a file before its socket was opened")
        yield from self._ways[permission].record(proven.seals.open(header, sealed), proven, now)

    def resumed(self, now: Instant) -> Talk:
        """If the visit goes on after it waited: take what came meanwhile. Raises PeerMisbehaved and MalformedMessage."""
        proven = self._standing.proven
        while self._held and proven is not None and not (self._standing.halted or self._standing.over):
            body = self._held.popleft()
            self._held_bytes -= len(body)
            yield from self._sealed(body, proven, now)

    def piece(self, piece: FilePiece, now: Instant) -> tuple[bytes, ...]:
        """The frames of what the desk read; none without a live grant. Raises MalformedMessage if it is no piece."""
        standing = self._standing
        allowed = not standing.stopping and not isinstance(may_pass(standing.consent, _LANE_OUT, piece.grant, now), Deny)
        if not allowed or standing.halted or piece.grant not in self._carried:
            return ()
        return self._from_host.piece(piece, now)

    # ---- how a file ends

    def over(self, said: FileOver, now: Instant) -> Talk:
        """The technician's end says what became of a file. Raises PeerMisbehaved."""
        if said.ask > self._standing.consent.newest_ask:
            raise PeerMisbehaved("the end of a file that never was")
        way = self._of(said.ask)
        if way is not None:  # otherwise the two ends crossed on the way
            yield from way.over(said, now)

    def desk(self, said: FilesOfDesk, now: Instant) -> Talk:
        """What the desk says of the file that moves; of any other it is too late."""
        way = self._of(said.grant)
        if way is not None:
            yield from way.desk(said, now)


_LANE_OUT = TERMS[Permission.FILE_FROM_HOST].lane
