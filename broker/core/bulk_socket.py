"""One end's bulk socket: its pass, then sealed records of file lanes to the other end and nothing else."""

from typing_extensions import override

from broker.core import bulk, ledger
from broker.core.commands import Send, SocketId, StartTimer, Talk
from broker.core.end_socket import EndSocket
from broker.core.events import Timer
from broker.core.lanes import Relayed
from broker.core.visit import Visit
from policy.decision import Decision, Reason
from policy.instant import Instant
from wire.frames import FrameKind
from wire.limits import BULK_IDLE_SECONDS, PASS_SECONDS
from wire.messages.presence import EndRole
from wire.schema import MalformedMessage

_SEALED = bytes((FrameKind.SEALED,))


class BulkSocket(EndSocket):
    """One end's bulk socket."""

    about = "bulk_pass"

    @override
    def peer(self) -> SocketId | None:
        other = EndRole.CONSOLE if self.role is EndRole.HOST else EndRole.HOST
        return self.visit.bulk.sockets.get(other) if self.visit is not None else None

    @override
    def judge(self, data: bytes, now: Instant) -> tuple[Relayed, SocketId | None]:
        visit = self.visit
        if visit is None:
            return Relayed.MISBEHAVED, None
        if visit.bulk.sockets.get(self.role) != self._socket:
            return Relayed.DISCARD, None  # this socket was replaced, and is being closed
        return visit.lanes.judge_bulk(self.role, data, now), self.peer()

    @override
    def _received(self, data: bytes, now: Instant) -> Talk:
        visit = self.visit
        if visit is None:
            try:
                yield from self._enter(data, now)
            except MalformedMessage:
                yield from self._turn_away(Reason.MALFORMED)
        elif not visit.over:
            yield from self._passed(visit, data, now)

    @override
    def _take(self, visit: Visit, socket_pass: bytes, now: Instant) -> Decision:
        return visit.bulk.enter(self.role, socket_pass, self._socket, now)

    @override
    def _entered(self, visit: Visit, now: Instant) -> Talk:
        yield StartTimer(self._socket, Timer.BULK_IDLE, BULK_IDLE_SECONDS + PASS_SECONDS)
        if visit.bulk.joined:
            yield from bulk.joined(visit, now)

    def _passed(self, visit: Visit, data: bytes, now: Instant) -> Talk:
        relayed, peer = self.judge(data, now) if data[:1] == _SEALED else (Relayed.MISBEHAVED, None)
        if relayed is Relayed.FORWARD and peer is not None:
            yield Send(peer, data)
        elif relayed is Relayed.MISBEHAVED:
            yield from ledger.misbehaved(self._board, visit, self.role, Reason.NOT_GRANTED, now)

    @override
    def _fired(self, visit: Visit, timer: Timer, now: Instant) -> Talk:
        if timer is not Timer.BULK_IDLE:
            return
        if visit.bulk.joined and visit.lanes.files(now):
            yield StartTimer(self._socket, Timer.BULK_IDLE, BULK_IDLE_SECONDS)
        else:
            yield from bulk.close(visit)

    @override
    def _closed(self, visit: Visit, now: Instant) -> Talk:
        if visit.bulk.sockets.get(self.role) == self._socket:
            visit.bulk.left(self.role, self._socket)
            yield from bulk.close(visit)
