"""Receipts: made when a visit is closed, signed by the broker, and a copy of each left with it, sealed to the vendor's auditor.

    1  the broker's log shows the end of the visit: the receipt is made and signed here, and kept
    2  its digest is offered, the broker records it and signs
    3  the countersigned receipt is kept, and recorded
    4  where the documents name an auditor, a copy is sealed and given to the broker; once that is on its disk, all is done

One at a time. What is not finished is taken up again when the broker is proven the next time.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from audit.events import evidence
from host_client.core.commands import (
    Command,
    FinishReceipt,
    KeepCountersigned,
    MakeReceipt,
    NextReceipt,
    Note,
    Parties,
    SealReceipt,
    Talk,
    to_broker,
)
from host_client.core.documents import NotOpened
from host_client.core.ports import Ports
from host_client.core.trusted import Trusted
from policy.decision import Reason
from policy.instant import Instant
from trust.signatures import SignatureInvalid, verify
from wire.messages.evidence import Head, ReceiptKept, ReceiptOffered, ReceiptPayload, ReceiptSealed, ReceiptSigned
from wire.schema import MalformedMessage, name_of, read_part
from wire.statements import Algorithm, Label, Statement


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt that is not finished: what this host signed of it, and whether the broker has."""

    session_id: str
    statement: Statement
    countersigned: bool


class Receipts:
    """Those of this host, as far as its one broker has to do with them."""

    def __init__(self, trusted: Trusted, ports: Ports) -> None:
        self._trusted, self._ports = trusted, ports
        self._key = b""
        self._out: Waiting | None = None
        self._put_off: frozenset[str] = frozenset()

    def begin(self, key: bytes, now: Instant) -> Talk:
        """The control socket is proven, by this key of the broker's."""
        self._key, self._out, self._put_off = key, None, frozenset()
        yield from self._go_on(now)

    def make(self, head: Head, now: Instant) -> Generator[Command, Any, bool]:
        """This head shows the end of a visit. False if its receipt could not be kept now: then the visit is not closed yet."""
        assert head.end is not None
        enrolled, documents = self._trusted.enrolled, self._trusted.documents
        parties = Parties(
            self._trusted.vendor(now),
            enrolled.host_id,
            self._trusted.host_name(now),
            self._ports.signer.public_key,
            enrolled.broker_id,
            self._key,
        )
        made: bool = yield MakeReceipt(head.session_id, parties, documents.view if documents else None, head.end, head.note)
        return made

    def go_on(self, now: Instant) -> Talk:
        """Another receipt was made."""
        if self._out is None:
            yield from self._go_on(now)

    def _go_on(self, now: Instant) -> Talk:
        self._out = waiting = yield NextReceipt(self._put_off)
        if waiting is None:
            return
        if waiting.countersigned:
            yield from self._give_copy(waiting, now)
        else:
            yield to_broker(ReceiptOffered(waiting.statement))

    def signed(self, said: ReceiptSigned, now: Instant) -> Talk:
        """Step 3. Raises NotOpened for a signature that is none, or that nobody asked for."""
        waiting = self._out
        if waiting is None or waiting.countersigned:
            raise NotOpened(Reason.WRONG_MOMENT)
        payload = self._verified(said.statement, waiting)
        kept: bool = yield KeepCountersigned(waiting.session_id, said.statement)
        if not kept:
            yield from self._put_it_off(waiting, now)
            return
        subject = self._trusted.enrolled.broker_id
        yield Note(evidence.ReceiptSigned(session_id=waiting.session_id, subject=subject, digest=payload.digest))
        self._out = Waiting(waiting.session_id, waiting.statement, countersigned=True)
        yield from self._give_copy(self._out, now)

    def _verified(self, statement: Statement, waiting: Waiting) -> ReceiptPayload:
        try:
            said = read_part(ReceiptPayload, verify(statement, Label.RECEIPT_BROKER, self._key, Algorithm.ED25519))
        except (SignatureInvalid, MalformedMessage):
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN) from None
        own = read_part(ReceiptPayload, waiting.statement.payload)
        if replace(said, at=own.at) != own:
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN)
        return said

    # ---- the copy

    def _give_copy(self, waiting: Waiting, now: Instant) -> Talk:
        documents = self._trusted.documents
        key = documents.view.auditor_key if documents else b""
        sealed: bytes | None = (yield SealReceipt(waiting.session_id, key)) if key else None
        if sealed is None:
            yield from self._finish(waiting, now)
        else:
            yield to_broker(ReceiptSealed(waiting.session_id, sealed))

    def kept(self, said: ReceiptKept, now: Instant) -> Talk:
        """Step 4 is done. Raises NotOpened for a copy that was not given."""
        waiting = self._out
        if waiting is None or not waiting.countersigned or said.session_id != waiting.session_id:
            raise NotOpened(Reason.WRONG_MOMENT)
        subject = self._trusted.enrolled.broker_id
        yield Note(evidence.ReceiptKept(session_id=waiting.session_id, subject=subject, digest=said.digest))
        yield from self._finish(waiting, now)

    def _finish(self, waiting: Waiting, now: Instant) -> Talk:
        yield FinishReceipt(waiting.session_id)
        yield from self._put_it_off(waiting, now)

    def refused(self, about: str, now: Instant) -> Talk:
        """The broker does not take this one now; the next may be taken."""
        if self._out is not None and about in {name_of(ReceiptOffered), name_of(ReceiptSealed)}:
            yield from self._put_it_off(self._out, now)

    def _put_it_off(self, waiting: Waiting, now: Instant) -> Talk:
        self._put_off |= {waiting.session_id}
        yield from self._go_on(now)
