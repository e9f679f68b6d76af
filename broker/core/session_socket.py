"""One end's session socket: its pass, then handshake, ledger and sealed frames to the other end, in the order they came."""

from collections.abc import Mapping

from audit.events.visit import FrameRefused
from broker.core import bulk, carriage, ledger
from broker.core.board import Board
from broker.core.commands import Close, Note, NoteStranger, Record, Send, SignInId, SocketId, StartTimer, Talk, refuse, say
from broker.core.ending import end_visit
from broker.core.events import Event, Fired, Opened, Received, Timer
from broker.core.lanes import Relayed
from broker.core.opening import control_message
from broker.core.reconnecting import line_lost, rejoined
from broker.core.visit import Visit
from policy.carrier import Carrier
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.session import EndCause, SessionState
from wire.frames import FrameKind, split_frame
from wire.limits import AUTHENTICATION_SECONDS, LEASE_SECONDS, SESSION_HARD_LIMIT_SECONDS
from wire.messages.presence import EndRole
from wire.messages.session import BulkWanted, CarrierReport, PeerPresent, SocketPass
from wire.schema import MalformedMessage, decode

SAYS: Mapping[EndRole, tuple[type[BulkWanted | CarrierReport], ...]] = {
    EndRole.HOST: (BulkWanted, CarrierReport),
    EndRole.CONSOLE: (BulkWanted,),
}
"""Everything that an end may say to the broker on its session socket. Which way content takes, the host alone knows."""


class SessionSocket:
    """One connection. `sign_in` is that of the cookie it came with; a host's comes with none."""

    def __init__(self, board: Board, socket: SocketId, address: str, sign_in: SignInId | None) -> None:
        self._board = board
        self._socket = socket
        self._address = address
        self._sign_in = sign_in
        self.role = EndRole.HOST if sign_in is None else EndRole.CONSOLE
        self.visit: Visit | None = None

    @property
    def proven(self) -> bool:
        """Has a right pass been given?"""
        return self.visit is not None

    def judge(self, data: bytes, now: Instant) -> tuple[Relayed, SocketId | None]:
        """The fast path for SEALED frames: what becomes of it, and to whom it goes. The shell hands back MISBEHAVED as an event."""
        visit = self.visit
        if visit is None:
            return Relayed.MISBEHAVED, None
        if visit.parted is not None or not visit.stands_on(self.role, self._socket):
            return Relayed.DISCARD, None
        if not visit.joined:
            return Relayed.MISBEHAVED, None
        return visit.lanes.judge(self.role, data, now), visit.peer_of(self.role)

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event."""
        match event:
            case Opened():
                yield StartTimer(self._socket, Timer.AUTHENTICATION, AUTHENTICATION_SECONDS)
            case Received(data):
                yield from self._received(data, now)
            case Fired():
                if self.visit is None:
                    yield from self._turn_away(Reason.PASS_INVALID)
            case _:
                if self.visit is not None and self.visit.stands_on(self.role, self._socket):
                    yield from line_lost(self._board, self.visit, now)

    def _turn_away(self, reason: Reason) -> Talk:
        yield refuse(self._socket, "socket_pass", reason)
        yield Close(self._socket, reason)
        yield NoteStranger(self._address, FrameRefused(subject=self._address, reason=reason, what="socket_pass"))

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

    def _enter(self, data: bytes, now: Instant) -> Talk:
        offered = control_message(data, SocketPass)
        visit = self._board.visits.get(offered.session_id)
        # The console's pass works only with the cookie that was admitted, the host's only without any.
        foreign = visit is None or (self._sign_in is not None and self._sign_in != visit.sign_in)
        if visit is None or foreign or isinstance(visit.enter(self.role, offered.socket_pass, self._socket, now), Deny):
            yield from self._turn_away(Reason.PASS_INVALID)
            return
        self.visit = visit
        if visit.joined and visit.parted is not None:
            yield from rejoined(self._board, visit, now)
        elif visit.joined:
            yield from self._begin(visit, now)

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
            yield from bulk.wanted(visit, now)

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

    def peer(self) -> SocketId | None:
        """The session socket of the other end."""
        return self.visit.peer_of(self.role) if self.visit is not None else None

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
