"""The way back after a restart of the PC: one ticket, signed by the host, given inside the seals and used once.

    host -> console   return_ticket{statement}        label "chaperone return ticket", over ReturnPayload

It holds a secret from which both ends make what a person would have read out: number, first half, second half, each with a
derivation of its own, so that the two the broker learns say nothing about the third (docs/protocol.md, section 4). Nothing but
the reading out is left away: admission, agreement, identities and a new question for the view are those of any visit.
"""

from wire.code import ALPHABET, SupportCode
from wire.messages.documents import Authenticator
from wire.schema import Identity, Key32, Seconds, message, part
from wire.sealed.keys import hkdf
from wire.statements import Statement

_NUMBERS = 10**6
_HALF = 4
_NUMBER_BYTES = 8


@part
class ReturnPayload:
    """Who may come back, with which device, and until when. The secret is known to the two ends alone."""

    session_id: Identity
    host_id: Identity
    technician_id: Identity
    device: Authenticator
    secret: Key32
    at: Seconds
    seconds: Seconds


@message("return_ticket")
class ReturnTicket:
    """The PC is about to restart. The console keeps it in memory, the host in a file of its own."""

    statement: Statement


def code_of(payload: ReturnPayload) -> SupportCode:
    """The code that nobody reads out."""
    number = int.from_bytes(_derived(payload, "number", _NUMBER_BYTES), "big") % _NUMBERS
    return SupportCode(f"{number:06d}", _letters(payload, "first half"), _letters(payload, "second half"))


def _letters(payload: ReturnPayload, what: str) -> str:
    return "".join(ALPHABET[byte & 31] for byte in _derived(payload, what, _HALF))


def _derived(payload: ReturnPayload, what: str, length: int) -> bytes:
    info = b"\0".join((b"chaperone return", what.encode(), payload.session_id.encode()))
    return hkdf(payload.secret, salt=b"", info=info, length=length)
