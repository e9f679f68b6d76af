"""Is a receipt what it says? Every line of it is traced to a key; what cannot be is named, entry by entry.

    1  it is of the one form, byte for byte
    2  the keys that the auditor was given are those that stand in it
    3  each checkpoint is signed by whose log it is of
    4  each entry stands in the log of its checkpoint, once, in order, and belongs to this visit
    5  the answers are signed by the host, the requests by the technician's device; prompts and words are those committed to
    6  the host signed exactly this receipt, and so did the broker

What one key proves and what both prove is told in docs/receipts.md. Pure: checking a signature comes as an argument.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from audit.checkpoint import Checkpoint, NoteInvalid, Verifies, open_note, origin_of
from audit.entry import Entry, decode_entry
from audit.events import host, visit
from audit.events.shape import Event
from audit.log import Side, leaf_of
from audit.merkle import ProofInvalid, check_inclusion
from audit.receipt_form import (
    BEGUN_BY,
    ProvenEntry,
    Receipt,
    ReceiptInvalid,
    SignedReceipt,
    belongs,
    files_of,
    payload_of,
    proof_of,
    read_receipt,
)
from wire.commitments import matches
from wire.fingerprint import fingerprint
from wire.messages.evidence import ReceiptPayload
from wire.schema import MalformedMessage, encode_part, read_part
from wire.statements import Algorithm, Label, Statement, signed_bytes

SignatureHolds = Callable[[Algorithm, bytes, bytes, bytes], bool]
"""Algorithm, key, signature, message: is it right? `trust.signatures.verifies`."""
SEPARATOR = "\n"
"""Between the lines of a prompt, where it is committed to."""


class ReceiptFault(StrEnum):
    """What is wrong with a receipt; `receipt-fault-<value>` in the catalogues. Names are never reused."""

    UNREADABLE = "unreadable"
    """Not a receipt of this form: damaged, or altered."""
    OTHER_HOST_KEY = "other_host_key"
    OTHER_BROKER_KEY = "other_broker_key"
    """The key that was given does not stand in it."""
    HOST_CHECKPOINT = "host_checkpoint"
    BROKER_CHECKPOINT = "broker_checkpoint"
    """The checkpoint is not signed by whose log it should be of."""
    ENTRY_NOT_PROVEN = "entry_not_proven"
    """Entry `index` does not stand in the host's log as it stands here."""
    ENTRY_UNREADABLE = "entry_unreadable"
    OTHER_VISIT = "other_visit"
    """Entry `index` is of another visit, another person or another host."""
    OUT_OF_ORDER = "out_of_order"
    """Entry `index` stands where it cannot, or twice."""
    INCOMPLETE = "incomplete"
    """The visit's beginning or end is not in it, or is twice."""
    REQUEST_MISSING = "request_missing"
    """What entry `index` answers is not in it."""
    END_NOT_PROVEN = "end_not_proven"
    """The broker's log does not show the end of this visit."""
    REQUEST_NOT_SIGNED = "request_not_signed"
    ANSWER_NOT_SIGNED = "answer_not_signed"
    """Entry `index` repeats a statement that the technician's device, or the host, did not sign."""
    WORDS_DIFFER = "words_differ"
    """The prompt or the words of entry `index` are not those that were committed to."""
    FILES_DIFFER = "files_differ"
    """The list of files is not that of the entries."""
    OTHER_DEVICE = "other_device"
    """The device's key is not that of the fingerprint that was verified."""
    NOT_SIGNED_BY_HOST = "not_signed_by_host"
    NOT_SIGNED_BY_BROKER = "not_signed_by_broker"
    """The signature is missing, wrong, or of another receipt."""


@dataclass(frozen=True, slots=True)
class ReceiptFinding:
    """One thing wrong, and with which entry of the host's log; 0: with the receipt as a whole."""

    fault: ReceiptFault
    index: int = 0


_F = ReceiptFault
Findings = Iterator[ReceiptFinding]


def check_receipt(data: bytes, host_key: bytes | None, broker_key: bytes | None, holds: SignatureHolds) -> tuple[ReceiptFinding, ...]:
    """Everything that is wrong with this receipt; empty if nothing is. A key that is None is taken as the receipt has it.

    With neither key only the receipt's agreement with itself is checked, which anybody can write.
    """
    try:
        signed = read_receipt(data)
    except ReceiptInvalid:
        return (ReceiptFinding(_F.UNREADABLE),)
    return tuple(_check(signed, host_key, broker_key, holds))


def _check(signed: SignedReceipt, host_key: bytes | None, broker_key: bytes | None, holds: SignatureHolds) -> Findings:
    receipt = signed.receipt
    if host_key not in {None, receipt.host.key}:
        yield ReceiptFinding(_F.OTHER_HOST_KEY)
    if broker_key not in {None, receipt.broker.key}:
        yield ReceiptFinding(_F.OTHER_BROKER_KEY)
    yield from _of_the_host(receipt, holds)
    yield from _of_the_broker(receipt, holds)
    if not _signed_by(signed.host, Label.RECEIPT_HOST, receipt, receipt.host.key, holds):
        yield ReceiptFinding(_F.NOT_SIGNED_BY_HOST)
    if signed.broker is None or not _signed_by(signed.broker, Label.RECEIPT_BROKER, receipt, receipt.broker.key, holds):
        yield ReceiptFinding(_F.NOT_SIGNED_BY_BROKER)


def _signed_by(statement: Statement, label: Label, receipt: Receipt, key: bytes, holds: SignatureHolds) -> bool:
    if (statement.label, statement.alg) != (label, Algorithm.ED25519):
        return False
    if not holds(Algorithm.ED25519, key, statement.sig, signed_bytes(label, statement.payload)):
        return False
    try:
        said = read_part(ReceiptPayload, statement.payload)
    except MalformedMessage:
        return False
    return said == payload_of(receipt, said.at)


# ---- entries and checkpoints


def _note(note: str, side: Side, key: bytes, verifies: Verifies) -> Checkpoint | None:
    try:
        checkpoint = open_note(note, key, verifies)
    except NoteInvalid:
        return None
    log_id = checkpoint.origin.rsplit("/", 1)[1]
    return checkpoint if checkpoint.origin == origin_of(side, log_id) else None


def _stands(each: ProvenEntry, checkpoint: Checkpoint) -> bool:
    proof = proof_of(each)
    try:
        check_inclusion(proof.index - 1, checkpoint.size, leaf_of(proof.salt, proof.entry), proof.path, checkpoint.root)
    except ProofInvalid:
        return False
    return True


def _read(each: ProvenEntry) -> Entry | None:
    try:
        return decode_entry(each.entry.encode("ascii", "replace"))
    except MalformedMessage:
        return None


def _of_the_host(receipt: Receipt, holds: SignatureHolds) -> Findings:
    checkpoint = _note(receipt.checkpoint, Side.HOST, receipt.host.key, partial(holds, Algorithm.ED25519))
    if checkpoint is None:
        yield ReceiptFinding(_F.HOST_CHECKPOINT)
    entries: list[tuple[int, Entry]] = []
    for each in receipt.entries:
        if checkpoint is not None and not _stands(each, checkpoint):
            yield ReceiptFinding(_F.ENTRY_NOT_PROVEN, each.index)
        entry = _read(each)
        if entry is None:
            yield ReceiptFinding(_F.ENTRY_UNREADABLE, each.index)
        else:
            entries.append((each.index, entry))
    yield from _order(receipt)
    yield from _Visit(receipt, entries, holds).check()


def _order(receipt: Receipt) -> Findings:
    for before, after in zip(receipt.entries, receipt.entries[1:], strict=False):
        if after.index <= before.index:
            yield ReceiptFinding(_F.OUT_OF_ORDER, after.index)


def _of_the_broker(receipt: Receipt, holds: SignatureHolds) -> Findings:
    checkpoint = _note(receipt.broker_checkpoint, Side.BROKER, receipt.broker.key, partial(holds, Algorithm.ED25519))
    if checkpoint is None:
        yield ReceiptFinding(_F.BROKER_CHECKPOINT)
        return
    entry = _read(receipt.broker_end)
    ended = entry.event if entry is not None else None
    if not _stands(receipt.broker_end, checkpoint) or not isinstance(ended, visit.SessionEnded) or ended.session_id != receipt.session_id:
        yield ReceiptFinding(_F.END_NOT_PROVEN)


# ---- what the entries say


class _Visit:
    """The entries of one receipt, as one story."""

    def __init__(self, receipt: Receipt, entries: list[tuple[int, Entry]], holds: SignatureHolds) -> None:
        self._receipt, self._holds = receipt, holds
        self._events = [(index, entry.event) for index, entry in entries]
        offers = [event for _, event in self._events if isinstance(event, host.SessionOffered)]
        self._offer = offers[0] if len(offers) == 1 else None
        self._requests: set[int] = set()
        self._prompts: dict[int, host.PromptShown] = {}

    def check(self) -> Findings:
        ends = [event for _, event in self._events if isinstance(event, visit.SessionEnded)]
        begun = any(isinstance(event, BEGUN_BY) for _, event in self._events[:1])
        if not begun or self._offer is None or len(ends) != 1:
            yield ReceiptFinding(_F.INCOMPLETE)
        if files_of(event for _, event in self._events) != self._receipt.files:
            yield ReceiptFinding(_F.FILES_DIFFER)
        for index, event in self._events:
            yield from self._whose(index, event)
            match event:
                case host.IdentityProven():
                    yield from self._device(event)
                case visit.Asked():
                    yield from self._asked(index, event)
                case host.PromptShown():
                    self._prompts[event.ask] = event
                case visit.Answered():
                    yield from self._answered(index, event)
                case visit.Withdrawn():
                    yield from self._withdrawn(index, event)
                case visit.SessionEnded():
                    yield from self._ended(index, event)
                case _:
                    pass  # nothing of it is signed or committed to

    def _whose(self, index: int, event: Event) -> Findings:
        offer = self._offer or event  # without the entry that says whose code it was, nothing is of another's
        ticket, technician = getattr(offer, "ticket", ""), getattr(offer, "technician_id", "")
        mine = belongs(event, self._receipt.session_id, ticket)
        same_person = getattr(event, "technician_id", technician) == technician
        same_host = getattr(event, "host_id", self._receipt.host.id) == self._receipt.host.id
        if not (mine and same_person and same_host):
            yield ReceiptFinding(_F.OTHER_VISIT, index)

    def _device(self, event: host.IdentityProven) -> Findings:
        device = self._receipt.device
        if device is not None and fingerprint(device.alg, device.key) != event.fingerprint:
            yield ReceiptFinding(_F.OTHER_DEVICE)

    def _by_host(self, label: Label, said: object, signature: bytes) -> bool:
        return self._by(Algorithm.ED25519, self._receipt.host.key, label, said, signature)

    def _by_device(self, label: Label, said: object, signature: bytes) -> bool:
        device = self._receipt.device
        # Without the device's key the host's word stands for it: the entry is in its log, and it verified the signature then.
        return device is None or self._by(device.alg, device.key, label, said, signature)

    def _by(self, alg: Algorithm, key: bytes, label: Label, said: object, signature: bytes) -> bool:
        try:
            payload = encode_part(said)
        except ValueError:
            return False  # no statement says what this entry says
        return self._holds(alg, key, signature, signed_bytes(label, payload))

    def _asked(self, index: int, event: visit.Asked) -> Findings:
        self._requests.add(event.ask)
        if not self._by_device(*visit.statement_of(event), event.signature):
            yield ReceiptFinding(_F.REQUEST_NOT_SIGNED, index)
        if not matches(event.words_commitment, event.words_key or b"", event.words or "") or not _file_opens(event):
            yield ReceiptFinding(_F.WORDS_DIFFER, index)

    def _answered(self, index: int, event: visit.Answered) -> Findings:
        if event.ask not in self._requests:
            yield ReceiptFinding(_F.REQUEST_MISSING, index)
        if not self._by_host(*visit.statement_of(event), event.signature):
            yield ReceiptFinding(_F.ANSWER_NOT_SIGNED, index)
        lines, shown = event.prompt or (), self._prompts.get(event.ask)
        as_shown = shown is None or (shown.prompt, shown.prompt_key) == (lines, event.prompt_key)
        opened = matches(event.prompt_commitment, event.prompt_key or b"", SEPARATOR.join(lines)) and _file_opens(event)
        if not (as_shown and opened):
            yield ReceiptFinding(_F.WORDS_DIFFER, index)

    def _withdrawn(self, index: int, event: visit.Withdrawn) -> Findings:
        if not self._by_host(*visit.statement_of(event), event.signature):
            yield ReceiptFinding(_F.ANSWER_NOT_SIGNED, index)

    def _ended(self, index: int, event: visit.SessionEnded) -> Findings:
        if event.signature is None:
            return  # a lost connection, a stopped broker: nobody signed it
        own = event.by == self._receipt.host.id
        signed = self._by_host if own else self._by_device
        if not signed(*visit.statement_of(event), event.signature):
            yield ReceiptFinding(_F.ANSWER_NOT_SIGNED if own else _F.REQUEST_NOT_SIGNED, index)


def _file_opens(event: visit.Asked | visit.Answered) -> bool:
    """Are the name and the hash of the file in this entry those that were committed to?"""
    if event.file is None:
        return event.file_name is None
    return visit.opens(event.file, event.file_name or "", event.file_digest or b"", event.file_key or b"")
