"""One visit, as the broker sees it: who, since when, what was granted, which sockets. What may follow is policy's business."""

from dataclasses import dataclass, field
from hmac import compare_digest

from broker.core.bulk import Bulk
from broker.core.carriage import Carriage
from broker.core.commands import SignInId, SocketId
from broker.core.lanes import Lanes
from policy.consent import Consent
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.one_time import within
from policy.purpose import Purpose
from policy.session import SessionEvent, SessionState, advance
from wire.limits import LEASE_GONE_SECONDS, LEASE_SECONDS, PASS_SECONDS
from wire.messages.documents import Authenticator
from wire.messages.ledger import Asked
from wire.messages.presence import Closed, EndRole


@dataclass(slots=True)
class Entry:
    """One end's way in: a pass that works once, and the socket that came with it."""

    socket_pass: bytes
    made: Instant
    control: SocketId
    used: bool = False
    socket: SocketId | None = None


@dataclass(slots=True)
class Visit:
    """Everything the broker knows of a running visit."""

    session_id: str
    ticket: str
    host_id: str
    technician_id: str
    sign_in: SignInId
    device: Authenticator
    purpose: Purpose
    case_reference: str
    began: Instant
    lease_from: Instant
    """When the host last renewed its lease."""
    entries: dict[EndRole, Entry]
    watches: str = ""
    """The visit beside which this one only watches; empty: none."""
    state: SessionState = SessionState.ADMITTED
    consent: Consent = field(default_factory=Consent)
    lanes: Lanes = field(default_factory=Lanes)
    bulk: Bulk = field(default_factory=Bulk)
    carriage: Carriage = field(default_factory=Carriage)
    lapsed: bool = False
    """The lease ran out; the host suspends the visit until it is heard again."""
    parted: Instant | None = None
    """Since when its line is cut (`reconnecting.py`)."""
    tries: int = 0
    """Passes that were given for coming back."""
    rejoins: int = 0
    renewal_frames: int = 0
    """Handshake frames that the ends may still exchange to renew their keys."""
    closed: tuple[Closed, ...] = ()
    """What may not be asked for, as it was seen last (`rights.py`)."""
    closed_seen: Instant | None = None
    asked: Asked | None = None
    """The request that is before the person."""
    early_ask: bytes | None = None
    """A request that overtook the host's word that the agreement is confirmed: the two travel on different sockets."""

    @property
    def over(self) -> bool:
        """Has it ended?"""
        return self.state is SessionState.ENDED

    @property
    def joined(self) -> bool:
        """Have both ends opened their session socket?"""
        return all(entry.socket is not None for entry in self.entries.values())

    def stands_on(self, role: EndRole, socket: SocketId) -> bool:
        """Is this the socket that the end is on now?"""
        return self.entries[role].socket == socket

    def enter(self, role: EndRole, offered: bytes, socket: SocketId, now: Instant) -> Decision:
        """Use a pass. A wrong, late or repeated one opens nothing, and a wrong one does not use it up."""
        entry = self.entries[role]
        right = compare_digest(entry.socket_pass, offered)
        if not right or entry.used or self.over or not within(entry.made, PASS_SECONDS, now):
            return Deny(Reason.PASS_INVALID)
        entry.used, entry.socket = True, socket
        return Allow()

    def sockets(self) -> list[SocketId]:
        """The session sockets that are open."""
        return [entry.socket for entry in self.entries.values() if entry.socket is not None]

    def peer_of(self, role: EndRole) -> SocketId | None:
        """The session socket of the other end."""
        other = EndRole.CONSOLE if role is EndRole.HOST else EndRole.HOST
        return self.entries[other].socket

    def lease_left(self, now: Instant) -> float:
        """Seconds until the host must have renewed; 0 or less means that the lease ran out."""
        return LEASE_SECONDS - now.elapsed_since(self.lease_from)

    def gone_in(self, now: Instant) -> float:
        """Seconds until a visit without a lease is over."""
        return LEASE_GONE_SECONDS - now.elapsed_since(self.lease_from)

    def move(self, event: SessionEvent) -> Decision:
        """Take one step of the order of a visit, if the table has it."""
        moved = advance(self.state, event)
        if isinstance(moved, Deny):
            return moved
        self.state = moved
        return Allow()
