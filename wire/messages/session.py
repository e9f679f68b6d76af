"""Session sockets: entry, lease, end. What the ends say to each other is in `handshake.py`, `ledger.py` and `sealed/`."""

from typing import Annotated

from policy.carrier import Carrier, DirectCause
from policy.networks import RANGE_TEXT_MAX
from policy.session import EndCause
from wire.messages.ticket import PassBytes
from wire.schema import U32, Identity, Number, Seconds, Text, message

RangeName = Annotated[str, Text(RANGE_TEXT_MAX)]
Counted = Annotated[int, Number()]


@message("socket_pass")
class SocketPass:
    """First frame of a session socket. Single use, 30 s, bound to session and end; never in a URL."""

    session_id: Identity
    socket_pass: PassBytes


@message("peer_present")
class PeerPresent:
    """Both ends have opened their session socket: the host may begin the key agreement."""

    session_id: Identity


@message("lease_renew")
class LeaseRenew:
    """The host asks for its lease, over the control socket, every LEASE_RENEW_EVERY seconds of a session."""

    session_id: Identity


@message("lease_held")
class LeaseHeld:
    """The broker holds the lease for so many seconds more; without it the host stops by itself."""

    session_id: Identity
    seconds: Seconds


@message("session_over")
class SessionOver:
    """The broker has closed this session, and why. Unsigned: a narrowing needs no signature."""

    session_id: Identity
    cause: EndCause


@message("reconnect_wanted")
class ReconnectWanted:
    """On the control socket, either end: the line of this visit was cut, and this end is back within RECONNECT_SECONDS."""

    session_id: Identity


@message("reconnect_offered")
class ReconnectOffered:
    """The visit still stands: a new pass for a new session socket. Once both ends are there, the host renews the keys."""

    session_id: Identity
    socket_pass: PassBytes
    seconds: Seconds


@message("visit_left")
class VisitLeft:
    """On the control socket, either end: it does not come back to the visit whose line was cut, or its page is being closed."""

    session_id: Identity


@message("bulk_offered")
class BulkOffered:
    """On the session socket: a file was allowed, or the bulk socket was lost; open one with this pass, which works once."""

    session_id: Identity
    bulk_pass: PassBytes
    seconds: Seconds


@message("bulk_wanted")
class BulkWanted:
    """On the session socket: this end's bulk socket was lost while a file moves."""

    session_id: Identity


@message("bulk_opened")
class BulkOpened:
    """On the bulk socket: both ends are there and the lane of this grant stands open. Before this neither sends a record of it."""

    session_id: Identity
    ask: U32


@message("carrier_report")
class CarrierReport:
    """On the session socket, from the host alone: what carries content from here on. The broker records it, and rules nothing by it.

    DIRECT: both ranges, no cause, nothing counted yet. RELAY: why the path of this attempt is over and how many bytes of content went over
    it, without ranges. Each attempt has a higher number and is over before the next begins.
    """

    session_id: Identity
    attempt: U32
    carrier: Carrier
    host_range: RangeName
    console_range: RangeName
    cause: DirectCause | None
    to_technician: Counted
    to_host: Counted
