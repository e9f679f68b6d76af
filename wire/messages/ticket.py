"""The support code and admission (docs/protocol.md, sections 3 and 6).

host -> broker      ticket_open{digest of the first half}      broker -> host  ticket_opened{six digits}
console -> broker   ticket_claim{ticket, first half, why}      broker -> console  ticket_admitted | refused
broker -> host      session_offered{session, who, socket pass}
"""

from typing import Annotated

from policy.decision import Reason
from policy.purpose import Purpose
from wire.schema import Hash, Identity, Nonce, Number, Octets, Seconds, Text, message

TicketText = Annotated[str, Text(6, 6)]
HalfText = Annotated[str, Text(4, 4)]
PassBytes = Annotated[bytes, Octets(32, 32)]


@message("ticket_open")
class TicketOpen:
    """*Get help* was pressed. `first_half_digest` = HMAC-SHA-256(salt, four characters); the last four stay at the host. `ticket`: the
    digits that a technician knows who comes back after a restart; None: the broker draws them.
    """

    salt: Nonce
    first_half_digest: Hash
    ticket: TicketText | None = None


@message("watch_open")
class WatchOpen:
    """*Let a second person watch* was pressed: a code of its own, for somebody who sees what this visit sees and does nothing."""

    session_id: Identity
    salt: Nonce
    first_half_digest: Hash


@message("ticket_opened")
class TicketOpened:
    """The broker's six digits and how long the code lives."""

    ticket: TicketText
    seconds: Seconds


@message("ticket_close")
class TicketClose:
    """The host takes its code back: withdrawn by the person, or replaced by a new one."""

    ticket: TicketText


@message("ticket_tried")
class TicketTried:
    """Somebody entered a wrong first half; the person at the host sees it."""

    ticket: TicketText
    tries_left: Annotated[int, Number(0, 100)]


@message("ticket_over")
class TicketOver:
    """The code is worth nothing any more: expired, burnt or used."""

    ticket: TicketText
    reason: Reason


@message("ticket_claim")
class TicketClaim:
    """A technician enters ticket, first half and reason. The second half never leaves the console."""

    ticket: TicketText
    first_half: HalfText
    purpose: Purpose
    case_reference: Annotated[str, Text(64, 1)]


@message("ticket_admitted")
class TicketAdmitted:
    """The broker's half was right and all its admission steps passed. The pass opens the session socket once."""

    session_id: Identity
    ticket: TicketText
    host_id: Identity
    host_name: Annotated[str, Text(120)]
    socket_pass: PassBytes
    seconds: Seconds


@message("session_offered")
class SessionOffered:
    """The same, told to the host. It opens its session socket and runs the key agreement; no prompt before that."""

    session_id: Identity
    ticket: TicketText
    technician_id: Identity
    purpose: Purpose
    case_reference: Annotated[str, Text(64, 1)]
    socket_pass: PassBytes
    seconds: Seconds


@message("ticket_spent")
class TicketSpent:
    """The host says that a key agreement was confirmed with this code: it is used up."""

    ticket: TicketText
    session_id: Identity


@message("ticket_burnt")
class TicketBurnt:
    """The host says that three key agreements failed (or it cannot tell): the code is dead."""

    ticket: TicketText
    session_id: Identity
