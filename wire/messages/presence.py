"""Control sockets, opening: both sides say who they are and prove it before anything else.

end -> broker   hello{nonce, the documents it holds}
broker -> end   documents_piece, as many as its newer documents need (wire/messages/documents.py): the broker's key stands in them
broker -> end   broker_hello{statement over both nonces and the TLS leaf certificates}
end -> broker   end_proof{statement over the broker's nonce}
broker -> end   welcome | refused and close
"""

from enum import StrEnum
from typing import Annotated

from policy.decision import Reason
from policy.permissions import Permission
from wire.limits import DOCUMENT_FILES_HELD
from wire.schema import Count, Hash, Identity, Nonce, Number, Seconds, Text, message, part
from wire.statements import Statement


class EndRole(StrEnum):
    """Which end a control socket belongs to."""

    HOST = "host"
    CONSOLE = "console"


HeldFiles = Annotated[tuple[Annotated[str, Text(200, 1)], ...], Count(DOCUMENT_FILES_HELD)]
"""Paths of a repository. A path names its content: versions and hashes are part of it."""


@message("hello")
class Hello:
    """First message of an end. `subject` is the host id, or the technician id, that it will prove. What it holds of the vendor's and of
    its site's signed documents need not be sent again; a console holds none of a site's own.
    """

    version: Annotated[int, Number(1, 1000)]
    role: EndRole
    subject: Identity
    nonce: Nonce
    vendor_holds: HeldFiles
    site_holds: HeldFiles


@part
class BrokerHelloPayload:
    """What the broker signs (Label.BROKER_HELLO): `end_nonce` is the end's, `leaves` SHA-256 of each certificate served."""

    broker_id: Identity
    role: EndRole
    subject: Identity
    end_nonce: Nonce
    broker_nonce: Nonce
    leaves: Annotated[tuple[Hash, ...], Count(16)]
    at: Seconds


@message("broker_hello")
class BrokerHello:
    """The broker's proof."""

    version: Annotated[int, Number(1, 1000)]
    statement: Statement


@part
class EndProofPayload:
    """What an end signs (Label.HOST_HELLO or DEVICE_HELLO) to prove its key to this broker, now."""

    subject: Identity
    broker_id: Identity
    broker_nonce: Nonce
    end_nonce: Nonce


@message("end_proof")
class EndProof:
    """The end's proof. Nothing else is accepted before it."""

    statement: Statement


@message("welcome")
class Welcome:
    """The socket is proven. `listed` is False for a host that the signed documents do not name yet."""

    listed: bool
    at: Seconds


@message("refused")
class Refused:
    """A request failed, for this reason and with no other detail. `about` echoes the request's type."""

    about: Annotated[str, Text(64)]
    reason: Reason


class HostState(StrEnum):
    """What a technician sees of an instrument in the list."""

    OFFLINE = "offline"
    READY = "ready"
    CALLING = "calling"
    """Somebody there pressed *Get help*: a code is shown."""
    VISITED = "visited"


@part
class Closed:
    """Something that vendor or site do not let anybody ask for, or not him."""

    permission: Permission
    reason: Reason


@part
class Instrument:
    """One line of *my instruments*. `closed`: only of the instrument that he visits now, what a request would be refused for."""

    host_id: Identity
    name: Annotated[str, Text(120)]
    site: Annotated[str, Text(120)]
    model: Annotated[str, Text(120)]
    phi: bool
    state: HostState
    closed: Annotated[tuple[Closed, ...], Count(len(Permission))]


@message("instruments")
class Instruments:
    """The technician's instruments with live state; sent after welcome and whenever something changes."""

    items: Annotated[tuple[Instrument, ...], Count(1000)]
