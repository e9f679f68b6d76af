"""Control sockets, evidence: each side shows the other where its log stands, and holds what it was shown (docs/protocol.md, section 8).

either -> other   head_wanted{known, session}      after welcome, with each lease renewal, after the end of a visit, and now and then
other -> either   head{note, proofs}               its newest signed checkpoint, and that it continues the one that is known
either -> other   log_doubted{both notes}          it does not: no visit begins before a named person at each side has seen it
host -> broker    receipt_offered{digest}          the receipt of a visit that is closed
broker -> host    receipt_signed{statement}        recorded before it is signed
host -> broker    receipt_sealed{content}          the technician's copy, which only the vendor's auditor can open
broker -> host    receipt_kept{digest}             it is on the broker's disk; until then the host offers it again

A console wants and is shown the broker's head alone.
"""

from enum import StrEnum
from typing import Annotated

from wire.limits import RECEIPT_SEALED_MAX
from wire.schema import Count, Hash, Identity, Key32, Number, Octets, Seconds, Text, message, part
from wire.statements import Statement

Hashes = Annotated[tuple[Hash, ...], Count(64)]
Note = Annotated[str, Text(1000)]
"""A signed note (`audit/checkpoint.py`); empty where there is none."""


class Doubt(StrEnum):
    """Why a head of the other side was not believed; `doubt-<value>` in the catalogues. Names are never reused."""

    NOT_SIGNED = "not_signed"
    """It is not signed by whose log it should be."""
    OTHER_LOG = "other_log"
    """It is of another log than the one that is held: that log was begun anew."""
    ROLLED_BACK = "rolled_back"
    """It is shorter than the one that is held: a tail was removed, or an older copy put back."""
    FORKED = "forked"
    """It does not continue the one that is held: something inside was rewritten."""
    END_NOT_SHOWN = "end_not_shown"
    """The entry that should end the visit does not stand in it."""
    OWN_LOG = "own_log"
    """A log does not continue what was signed of it before: found at its own side."""


@part
class EntryProof:
    """Entry `index` of a log (from 1), and the way from its leaf to the root."""

    index: Annotated[int, Number(1)]
    salt: Annotated[bytes, Octets(32, 32)]
    entry: Annotated[bytes, Octets(8 * 1024, 1)]
    path: Hashes


@message("head_wanted")
class HeadWanted:
    """Show me where your log stands. I hold your checkpoint over `known` entries (0: none). With a `session_id`: once that visit is ended
    in your log, and show me that entry.
    """

    known: Annotated[int, Number()]
    session_id: Annotated[str, Text(64)]


@message("head")
class Head:
    """The newest checkpoint of the sender's log, that it continues the known one, and the end of `session_id` where that was wanted."""

    note: Annotated[str, Text(1000, 1)]
    consistency: Hashes
    session_id: Annotated[str, Text(64)]
    end: EntryProof | None


@message("log_doubted")
class LogDoubted:
    """What you showed me does not fit to what I hold. Both notes, as they were signed."""

    doubt: Doubt
    held: Note
    given: Note


@part
class ReceiptPayload:
    """What host and broker sign of a receipt (Label.RECEIPT_HOST, Label.RECEIPT_BROKER). `digest`: SHA-256 of its bytes.

    Each names the other's key: who trusts the one key learns from it the other, under which the rest of the receipt is checked.
    """

    session_id: Identity
    host_id: Identity
    host_key: Key32
    broker_id: Identity
    broker_key: Key32
    digest: Hash
    at: Seconds


@message("receipt_offered")
class ReceiptOffered:
    """The host's receipt of a visit that both logs have closed. The broker learns its digest, never a word of it."""

    statement: Statement


@message("receipt_signed")
class ReceiptSigned:
    """The broker has recorded the digest, and signs it."""

    statement: Statement


@message("receipt_sealed")
class ReceiptSealed:
    """The technician's copy, sealed to the vendor's auditor key (HPKE, RFC 9180). The broker keeps it unread."""

    session_id: Identity
    content: Annotated[bytes, Octets(RECEIPT_SEALED_MAX, 1)]


@message("receipt_kept")
class ReceiptKept:
    """The sealed copy is stored. `digest`: SHA-256 of it."""

    session_id: Identity
    digest: Hash
