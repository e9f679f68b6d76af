"""The control socket as the host stands to it: not there, being proven, proven, or turned away and why.

Only what was said on a proven socket is handed on. Why a broker was turned away is remembered until one is proven, so
that the person at the desk is not told *connecting* while nothing good can come of it.
"""

from audit.events import host
from host_client.core.commands import CloseControl, Note, StopTimer, Talk, Tell
from host_client.core.documents import NotOpened, Post, watch_documents
from host_client.core.events import Timer
from host_client.core.opening import Opening
from host_client.core.ports import Ports, Seat
from host_client.core.trusted import Trusted
from host_client.link import Online, ShowIdle
from policy.decision import Reason
from policy.instant import Instant
from wire.frames import FrameKind, split_frame
from wire.messages.call import CallAsked
from wire.messages.documents import DocumentsPiece
from wire.messages.evidence import Head, HeadWanted, LogDoubted, ReceiptKept, ReceiptSigned
from wire.messages.presence import Refused
from wire.messages.session import LeaseHeld, ReconnectOffered, SessionOver
from wire.messages.ticket import SessionOffered, TicketOpened, TicketOver, TicketTried
from wire.schema import MalformedMessage, decode
from wire.statements import Algorithm

Compares = HeadWanted | Head | LogDoubted | ReceiptSigned | ReceiptKept
OfTheVisit = LeaseHeld | SessionOver | ReconnectOffered
ToHost = TicketOpened | TicketTried | TicketOver | SessionOffered | OfTheVisit | DocumentsPiece | CallAsked | Compares | Refused
_TO_HOST: tuple[type[ToHost], ...] = (
    TicketOpened,
    TicketTried,
    TicketOver,
    SessionOffered,
    LeaseHeld,
    SessionOver,
    ReconnectOffered,
    DocumentsPiece,
    CallAsked,
    HeadWanted,
    Head,
    LogDoubted,
    ReceiptSigned,
    ReceiptKept,
    Refused,
)


class Connection:
    """At most one control socket."""

    def __init__(self, trusted: Trusted, ports: Ports) -> None:
        self._trusted, self._ports = trusted, ports
        self._opening: Opening | None = None
        self._post = Post(trusted)
        self._why: Reason | None = None

    @property
    def ready(self) -> bool:
        """Is the control socket proven?"""
        return self._opening is not None and self._opening.done

    @property
    def broker_key(self) -> bytes:
        """The key that this socket was proven with."""
        return self._opening.broker_key if self._opening is not None else b""

    def opened(self, leaf: bytes, now: Instant) -> Talk:
        """A socket is up, and nothing is proven."""
        self._post = Post(self._trusted)
        self._opening = Opening(self._trusted, self._ports, self._post, leaf)
        yield from watch_documents(self._trusted, now)
        yield from self._opening.begin()

    def documents(self, piece: DocumentsPiece, now: Instant) -> Talk:
        """Newer documents on a proven socket. Raises NotOpened."""
        yield from self._post.came(piece, now)

    def prove(self, data: bytes, now: Instant) -> Talk:
        """One message before the socket is proven. Raises NotOpened; after that, nothing is heard until the next socket."""
        try:
            body = _control_body(data)
        except MalformedMessage:
            raise NotOpened(Reason.MALFORMED) from None
        if self._opening is None:
            return
        yield from self._opening.received(body, now)
        if self._opening.done:
            self._why = None
            yield Note(host.BrokerConnected(broker_id=self._trusted.enrolled.broker_id, listed=self._opening.listed))

    def read(self, data: bytes) -> ToHost:
        """One message of a proven socket. Raises NotOpened for anything that a broker does not say to a host."""
        try:
            return decode(_control_body(data), *_TO_HOST)
        except MalformedMessage:
            raise NotOpened(Reason.MALFORMED) from None

    def turn_away(self, reason: Reason) -> Talk:
        """This broker is not heard any more. The reason is said locally, never to it."""
        self._why = reason
        self._opening = None
        yield StopTimer(Timer.OPENING)
        yield CloseControl(reason)
        yield self._refused(reason)

    def silent(self) -> Talk:
        """The opening took too long."""
        if not self.ready:
            yield from self.turn_away(Reason.IDENTITY_NOT_PROVEN)

    def closed(self, *, certificate: bool) -> Talk:
        """The socket is gone, or was never there. A certificate that TLS refused is recorded once, however often it is tried."""
        was_ready, self._opening = self.ready, None
        yield StopTimer(Timer.OPENING)
        if certificate and self._why is not Reason.IDENTITY_NOT_PROVEN:
            self._why = Reason.IDENTITY_NOT_PROVEN
            yield self._refused(Reason.IDENTITY_NOT_PROVEN)
        if was_ready:
            yield Note(host.BrokerDisconnected(broker_id=self._trusted.enrolled.broker_id))

    def idle(self, seat: Seat | None, now: Instant, *, doubted: bool = False) -> Talk:
        """Show *Get help*, and whether it can work, if anybody is there to see it. `doubted`: the logs do not fit together."""
        if seat is None:
            return
        trusted = self._trusted
        online, why = Online.READY if trusted.listed(now) else Online.NEW, self._why
        if doubted:
            online, why = Online.DOUBTED, Reason.LOG_DOUBTED
        elif not self.ready:
            online = Online.REFUSED if why is not None else Online.CONNECTING
        elif trusted.safe_mode(now):
            online, why = Online.REFUSED, Reason.DOCUMENT_STALE
        print_of = self._ports.fingerprint(Algorithm.ED25519, self._ports.signer.public_key)
        yield Tell(ShowIdle(online, trusted.host_name(now), trusted.vendor(now), print_of, why))

    def _refused(self, reason: Reason) -> Note:
        return Note(host.BrokerRefused(broker_id=self._trusted.enrolled.broker_id, reason=reason))


def _control_body(data: bytes) -> bytes:
    frame = split_frame(data)
    if frame.kind is not FrameKind.CONTROL:
        raise MalformedMessage("frame.kind", "does not belong on a control socket")
    return frame.body
