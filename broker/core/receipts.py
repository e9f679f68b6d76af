"""Receipts: the broker signs that it knows a digest, and keeps a sealed copy. It learns no word of either (docs/receipts.md).

1  the host signed the digest, with the key it has proven, for this broker and this key of it
2  the visit was one of this host, and is over in our log; no other digest was signed for it
3  kept, recorded, and only then signed
4  a copy is taken once for a visit whose receipt was signed: kept, recorded, and only then confirmed

What is kept first decides which digest or copy it is, for ever. A broker that is killed between two of these steps is asked again by the
host at its next contact, and takes the steps that are left: each digest and each copy is recorded once.
"""

from hashlib import sha256
from typing import assert_never

from audit.events import evidence as log
from audit.events.visit import FrameRefused
from broker.core.board import Board, HostHere
from broker.core.commands import FindReceipt, KeepCopy, KeepReceipt, Note, ReceiptRecord, Record, Sign, Talk, WasVisit, refuse, say
from policy.decision import Reason
from policy.instant import Instant
from trust.signatures import SignatureInvalid, verify
from wire.messages.evidence import ReceiptKept, ReceiptOffered, ReceiptPayload, ReceiptSealed, ReceiptSigned
from wire.schema import MalformedMessage, encode_part, name_of, read_part
from wire.statements import Algorithm, Label

Gives = ReceiptOffered | ReceiptSealed
"""What a host gives of a receipt."""


def heard(board: Board, host: HostHere, said: Gives, now: Instant) -> Talk:
    """One message of a host."""
    match said:
        case ReceiptOffered():
            yield from _offered(board, host, said, now)
        case ReceiptSealed():
            yield from _sealed(host, said)
        case _:
            assert_never(said)


def _offered(board: Board, host: HostHere, said: ReceiptOffered, now: Instant) -> Talk:
    """Steps 1 to 3."""
    payload = _payload(board, host, said)
    if payload is None:
        yield from _refuse(host, name_of(ReceiptOffered), Reason.IDENTITY_NOT_PROVEN)
        return
    known: ReceiptRecord | None = yield FindReceipt(payload.session_id)
    ours: bool = yield WasVisit(payload.session_id, host.host_id)
    if not ours or (known is not None and known.digest != payload.digest):
        yield from _refuse(host, name_of(ReceiptOffered), Reason.WRONG_MOMENT)
        return
    kept: bool = known is not None or (yield KeepReceipt(payload.session_id, host.host_id, payload.digest))
    if known is None or not known.recorded:
        event = log.ReceiptSigned(session_id=payload.session_id, subject=host.host_id, digest=payload.digest)
        kept = kept and (yield Record((event,)))
    if not kept:
        yield refuse(host.socket, name_of(ReceiptOffered), Reason.LOG_UNAVAILABLE)
        return
    own = ReceiptPayload(
        payload.session_id, payload.host_id, payload.host_key, payload.broker_id, payload.broker_key, payload.digest, int(now.utc)
    )
    statement = yield Sign(Label.RECEIPT_BROKER, encode_part(own))
    yield say(host.socket, ReceiptSigned(statement))


def _payload(board: Board, host: HostHere, said: ReceiptOffered) -> ReceiptPayload | None:
    try:
        payload = read_part(ReceiptPayload, verify(said.statement, Label.RECEIPT_HOST, host.key, Algorithm.ED25519))
    except (SignatureInvalid, MalformedMessage):
        return None
    named = (payload.host_id, payload.host_key, payload.broker_id, payload.broker_key)
    return payload if named == (host.host_id, host.key, board.broker_id, board.key) else None


def _sealed(host: HostHere, said: ReceiptSealed) -> Talk:
    """Step 4. A second copy of the same visit is not taken: the first is answered for."""
    known: ReceiptRecord | None = yield FindReceipt(said.session_id)
    if known is None or not known.recorded or known.host_id != host.host_id:
        yield from _refuse(host, name_of(ReceiptSealed), Reason.WRONG_MOMENT)
        return
    digest = known.copy_digest or sha256(said.content).digest()
    kept: bool = bool(known.copy_digest) or (yield KeepCopy(said.session_id, said.content))
    if not known.copy_recorded:
        kept = kept and (yield Record((log.ReceiptKept(session_id=said.session_id, subject=host.host_id, digest=digest),)))
    if not kept:
        yield refuse(host.socket, name_of(ReceiptSealed), Reason.LOG_UNAVAILABLE)
        return
    yield say(host.socket, ReceiptKept(said.session_id, digest))


def _refuse(host: HostHere, about: str, reason: Reason) -> Talk:
    yield refuse(host.socket, about, reason)
    yield Note(FrameRefused(subject=host.host_id, reason=reason, what=about))
