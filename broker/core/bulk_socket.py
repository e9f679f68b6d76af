"""One end's bulk socket: its pass, then sealed records of file lanes to the other end and nothing else."""

from audit.events.visit import FrameRefused
from broker.core import bulk, ledger
from broker.core.board import Board
from broker.core.commands import Close, NoteStranger, Send, SignInId, SocketId, StartTimer, Talk, refuse
from broker.core.events import Event, Fired, Opened, Received, Timer
from broker.core.lanes import Relayed
from broker.core.opening import control_message
from broker.core.visit import Visit
from policy.decision import Deny, Reason
from policy.instant import Instant
from wire.frames import FrameKind
from wire.limits import AUTHENTICATION_SECONDS, BULK_IDLE_SECONDS, PASS_SECONDS
from wire.messages.presence import EndRole
from wire.messages.session import SocketPass
from wire.schema import MalformedMessage

_ABOUT = "bulk_pass"


class BulkSocket:
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

    def peer(self) -> SocketId | None:
        """The bulk socket of the other end."""
        other = EndRole.CONSOLE if self.role is EndRole.HOST else EndRole.HOST
        return self.visit.bulk.sockets.get(other) if self.visit is not None else None

    def judge(self, data: bytes, now: Instant) -> tuple[Relayed, SocketId | None]:
        """The fast path for SEALED frames: what becomes of it, and to whom it goes. The shell hands back MISBEHAVED as an event."""
        visit = self.visit
        if visit is None:
            return Relayed.MISBEHAVED, None
        if visit.bulk.sockets.get(self.role) != self._socket:
            return Relayed.DISCARD, None  # this socket was replaced, and is being closed
        return visit.lanes.judge_bulk(self.role, data, now), self.peer()

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event."""
        match event:
            case Opened():
                yield StartTimer(self._socket, Timer.AUTHENTICATION, AUTHENTICATION_SECONDS)
            case Received(data):
                yield from self._received(data, now)
            case Fired(timer):
                yield from self._fired(timer, now)
            case _:
                yield from self._closed()

    def _received(self, data: bytes, now: Instant) -> Talk:
        visit = self.visit
        if visit is None:
            try:
                yield from self._enter(control_message(data, SocketPass), now)
            except MalformedMessage:
                yield from self._turn_away(Reason.MALFORMED)
        elif not visit.over:
            yield from self._passed(visit, data, now)

    def _turn_away(self, reason: Reason) -> Talk:
        yield refuse(self._socket, _ABOUT, reason)
        yield Close(self._socket, reason)
        yield NoteStranger(self._address, FrameRefused(subject=self._address, reason=reason, what=_ABOUT))

    def _enter(self, offered: SocketPass, now: Instant) -> Talk:
        visit = self._board.visits.get(offered.session_id)
        # The console's pass works only with the cookie that was admitted, the host's only without any.
        foreign = visit is None or (self._sign_in is not None and self._sign_in != visit.sign_in)
        if visit is None or foreign or isinstance(visit.bulk.enter(self.role, offered.socket_pass, self._socket, now), Deny):
            yield from self._turn_away(Reason.PASS_INVALID)
            return
        self.visit = visit
        yield StartTimer(self._socket, Timer.BULK_IDLE, BULK_IDLE_SECONDS + PASS_SECONDS)
        if visit.bulk.joined:
            yield from bulk.joined(visit, now)

    def _passed(self, visit: Visit, data: bytes, now: Instant) -> Talk:
        relayed, peer = self.judge(data, now) if data[:1] == _SEALED else (Relayed.MISBEHAVED, None)
        if relayed is Relayed.FORWARD and peer is not None:
            yield Send(peer, data)
        elif relayed is Relayed.MISBEHAVED:
            yield from ledger.misbehaved(self._board, visit, self.role, Reason.NOT_GRANTED, now)

    def _fired(self, timer: Timer, now: Instant) -> Talk:
        visit = self.visit
        if visit is None:
            yield from self._turn_away(Reason.PASS_INVALID)
        elif timer is Timer.BULK_IDLE:
            if visit.bulk.joined and visit.lanes.files(now):
                yield StartTimer(self._socket, Timer.BULK_IDLE, BULK_IDLE_SECONDS)
            else:
                yield from bulk.close(visit)

    def _closed(self) -> Talk:
        if self.visit is not None and self.visit.bulk.sockets.get(self.role) == self._socket:
            self.visit.bulk.left(self.role, self._socket)
            yield from bulk.close(self.visit)


_SEALED = bytes((FrameKind.SEALED,))
