"""One end's session socket: its pass, then handshake, ledger and sealed frames to the other end, in the order they came."""

from collections.abc import Mapping

from typing_extensions import override

from broker.core import bulk, carriage, ledger
from broker.core.commands import Note, Record, Send, SocketId, StartTimer, Talk, say
from broker.core.end_socket import EndSocket
from broker.core.ending import end_visit
from broker.core.events import Timer
from broker.core.lanes import Relayed
from broker.core.reconnecting import line_lost, rejoined
from broker.core.visit import Visit
from policy.carrier import Carrier
from policy.decision import Decision, Deny, Reason
from policy.instant import Instant
from policy.session import EndCause, SessionState
from wire.frames import FrameKind, split_frame
from wire.limits import LEASE_SECONDS, SESSION_HARD_LIMIT_SECONDS
from wire.messages.presence import EndRole
from wire.messages.session import BulkWanted, CarrierReport, PeerPresent
from wire.schema import MalformedMessage, decode

SAYS: Mapping[EndRole, tuple[type[BulkWanted | CarrierReport], ...]] = {
    EndRole.HOST: (BulkWanted, CarrierReport),
    EndRole.CONSOLE: (BulkWanted,),
}
"""Everything that an end may say to the broker on its session socket. Which way content takes, the host alone knows."""


class SessionSocket(EndSocket):
    """One end's session socket."""

    about = "socket_pass"

    @override
    def peer(self) -> SocketId | None:
        return self.visit.peer_of(self.role) if self.visit is not None else None

    @override
    def judge(self, data: bytes, now: Instant) -> tuple[Relayed, SocketId | None]:
        visit = self.visit
        if visit is None:
            return Relayed.MISBEHAVED, None
        if visit.parted is not None or not visit.stands_on(self.role, self._socket):
            return Relayed.DISCARD, None
        if not visit.joined:
            return Relayed.MISBEHAVED, None
        return visit.lanes.judge(self.role, data, now), visit.peer_of(self.role)

    @override
    def _received(self, data: bytes, now: Instant) -> Talk:
        visit = self.visit
        try:
            if visit is None:
                yield from self._enter(data, now)
            elif not visit.over and visit.parted is None and visit.stands_on(self.role, self._socket):
                yield from self._passed(visit, data, now)
        except MalformedMessage:
            if visit is None:
                yield from self._turn_away(Reason.MALFORMED)
            else:
                yield from ledger.misbehaved(self._board, visit, self.role, Reason.MALFORMED, now)

    @override
    def _take(self, visit: Visit, socket_pass: bytes, now: Instant) -> Decision:
        return visit.enter(self.role, socket_pass, self._socket, now)

    @override
    def _entered(self, visit: Visit, now: Instant) -> Talk:
        if visit.joined and visit.parted is not None:
            yield from rejoined(self._board, visit, now)
        elif visit.joined:
            yield from self._begin(visit, now)

    @override
    def _fired(self, visit: Visit, timer: Timer, now: Instant) -> Talk:
        yield from ()  # its one deadline is that of the pass

    @override
    def _closed(self, visit: Visit, now: Instant) -> Talk:
        if visit.stands_on(self.role, self._socket):
            yield from line_lost(self._board, visit, now)

    def _begin(self, visit: Visit, now: Instant) -> Talk:
        visit.lease_from = visit.began = now
        host = visit.entries[EndRole.HOST].control
        if not visit.watches:  # whoever only watches is gone with the visit that he watches, and so at its deadlines
            yield StartTimer(host, Timer.LEASE, LEASE_SECONDS)
            yield StartTimer(host, Timer.HARD_LIMIT, SESSION_HARD_LIMIT_SECONDS)
        for socket in visit.sockets():
            yield say(socket, PeerPresent(visit.session_id))

    def _passed(self, visit: Visit, data: bytes, now: Instant) -> Talk:
        frame = split_frame(data)
        peer = visit.peer_of(self.role)
        if peer is None:
            yield from ledger.misbehaved(self._board, visit, self.role, Reason.WRONG_MOMENT, now)
        elif frame.kind is FrameKind.CONTROL:
            yield from self._said(visit, decode(frame.body, *SAYS[self.role]), now)
        elif frame.kind is FrameKind.LEDGER:
            yield from ledger.heard(self._board, visit, self.role, frame.body, now)
        elif frame.kind is FrameKind.HANDSHAKE:
            yield from self._handshake(visit, peer, data, now)
        else:
            yield from self._sealed(visit, peer, data, now)

    def _said(self, visit: Visit, said: BulkWanted | CarrierReport, now: Instant) -> Talk:
        if isinstance(said, CarrierReport):
            yield from self._carried(visit, said, now)
        elif said.session_id == visit.session_id:
            yield from bulk.wanted(visit, self.role, now)

    def _carried(self, visit: Visit, said: CarrierReport, now: Instant) -> Talk:
        decided = carriage.decide(visit, said, now)
        if isinstance(decided, Deny):
            yield from ledger.misbehaved(self._board, visit, self.role, decided.reason, now)
            return
        happened = carriage.take(visit, said)
        if said.carrier is Carrier.RELAY:
            yield Note(happened)
        elif not (yield Record((happened,))):
            yield from end_visit(self._board, visit, EndCause.LOG_UNAVAILABLE, now)

    def _handshake(self, visit: Visit, peer: SocketId, data: bytes, now: Instant) -> Talk:
        # Forwarded unread; once the agreement is confirmed there is nothing left to agree on, until a line was cut.
        renewing = visit.renewal_frames > 0
        if visit.state is SessionState.ADMITTED or renewing:
            visit.renewal_frames = max(0, visit.renewal_frames - 1)
            yield Send(peer, data)
        else:
            yield from ledger.misbehaved(self._board, visit, self.role, Reason.WRONG_MOMENT, now)

    def _sealed(self, visit: Visit, peer: SocketId, data: bytes, now: Instant) -> Talk:
        relayed = visit.lanes.judge(self.role, data, now)
        if relayed is Relayed.FORWARD:
            yield Send(peer, data)
        elif relayed is Relayed.MISBEHAVED:
            yield from ledger.misbehaved(self._board, visit, self.role, Reason.NOT_GRANTED, now)
