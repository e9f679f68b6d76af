"""What comes on the session socket: each frame finds its part, by its kind and by how far the visit is.

control      the broker: the other end is there, the visit is over, a bulk socket, a refusal
handshake    the key agreement (`proving.py`), or the renewal of one (`reconnecting.py`)
ledger       a request (`asking.py`), or the technician's end (`ending.py`)
sealed       the lanes of the visit itself (`own_lanes.py`), and those that need a grant (`receiving.py`)
"""

from typing import assert_never

from audit.events import host
from host_client.core.chat import CHAT
from host_client.core.commands import Note, Talk
from host_client.core.ending import broker_ended, technician_ended
from host_client.core.misbehaving import misbehaved
from host_client.core.own_lanes import OwnLanes
from host_client.core.parts import Parts
from policy.instant import Instant
from policy.permissions import Lane
from policy.session import SessionState
from wire.errors import PeerMisbehaved
from wire.frames import Frame, FrameKind, split_frame, split_record
from wire.messages.presence import Refused
from wire.messages.session import BulkOffered, PeerPresent, SessionOver
from wire.schema import MalformedMessage, decode
from wire.statements import Label, Statement

_FROM_BROKER: tuple[type[PeerPresent | SessionOver | BulkOffered | Refused], ...] = (PeerPresent, SessionOver, BulkOffered, Refused)


class Frames:
    """The session socket of one visit."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._standing = parts, parts.standing
        self._own_lanes = OwnLanes(parts)

    def received(self, data: bytes, now: Instant) -> Talk:
        """One frame. Whatever breaks a rule ends the visit."""
        if self._standing.over or self._standing.stopping:
            return
        try:
            frame = split_frame(data)
        except MalformedMessage as fault:
            yield from misbehaved(self._standing, str(fault), now)
            return
        yield from self._parts.guarded(self._frame(frame, now), now)

    def _frame(self, frame: Frame, now: Instant) -> Talk:
        match frame.kind:
            case FrameKind.CONTROL:
                yield from self._control(frame.body, now)
            case FrameKind.HANDSHAKE if self._standing.parted:
                yield from self._parts.reconnecting.handshake(frame.body, now)
            case FrameKind.HANDSHAKE:
                yield from self._parts.proving.handshake(frame.body, now)
            case FrameKind.SEALED:
                yield from self._sealed(frame.body, now)
            case FrameKind.LEDGER:
                yield from self._ledger(decode(frame.body, Statement), now)
            case _:
                assert_never(frame.kind)

    # ---- the broker

    def _control(self, body: bytes, now: Instant) -> Talk:
        said = decode(body, *_FROM_BROKER)
        match said:
            case PeerPresent():
                yield from self._peer_present(said)
            case SessionOver():
                yield from broker_ended(self._standing, said, now)
            case BulkOffered():
                yield from self._parts.files.offered(said)
            case Refused():
                yield from self._refused(said, now)
            case _:
                assert_never(said)

    def _peer_present(self, said: PeerPresent) -> Talk:
        standing = self._standing
        if said.session_id != standing.session_id:
            return
        if standing.parted and standing.proven is not None:
            yield from self._parts.reconnecting.begin(standing.proven)
        elif standing.state is SessionState.ADMITTED:
            yield from self._parts.proving.begin_run()

    def _refused(self, said: Refused, now: Instant) -> Talk:
        standing = self._standing
        yield Note(host.Refusal(session_id=standing.session_id, about=said.about, reason=said.reason))
        if said.about == CHAT and standing.proven is not None:
            yield from standing.chat.shut(said.reason, standing.session_id, standing.proven.seals, now)

    # ---- the technician's end

    def _ledger(self, statement: Statement, now: Instant) -> Talk:
        standing, parts = self._standing, self._parts
        if statement.label is Label.ENDED:
            yield from technician_ended(standing, statement, now)
        elif statement.label is Label.ASKED and standing.proven is not None and not standing.parted:
            yield from parts.asking.asked(statement, standing.proven, now)
            yield from parts.idling.deed(now)
        else:
            raise PeerMisbehaved("a statement at the wrong moment")

    def _sealed(self, body: bytes, now: Instant) -> Talk:
        header, sealed = split_record(body)
        proven = self._standing.proven
        if proven is None:
            yield from self._own_lanes.first(header, sealed, now)
        elif self._standing.parted:
            yield from self._own_lanes.anew(proven, header, sealed, now)
        elif header.lane is Lane.CONTROL:
            yield from self._own_lanes.control(proven, header, sealed, now)
        elif header.lane is Lane.CHAT:
            yield from self._own_lanes.chat(proven, header, sealed, now)
        else:
            yield from self._parts.receiving.record(proven, header, sealed, now)
            if header.lane is not Lane.SCREEN:  # what comes there is no deed: the console says by itself what it has drawn
                yield from self._parts.idling.deed(now)
