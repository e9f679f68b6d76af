"""The form of a receipt: what the host says of one visit, line by line from its own log, each line with its proof.

    {"broker":{STATEMENT},"host":{STATEMENT},"receipt":{
        "broker":{"id","key"}, "broker_checkpoint":NOTE, "broker_end":ENTRY, "checkpoint":NOTE, "device":{"alg","key"},
        "entries":[ENTRY, ...], "files":[FILE, ...], "form":"chaperone receipt 1", "host":{"id","key","name","site"},
        "made_at":SECONDS, "session_id":ID, "vendor":NAME}}
    ENTRY = {"entry":TEXT,"index":N,"path":[HASH, ...],"salt":32 bytes}
    FILE  = {"ask":N,"digest":SHA-256,"name":NAME,"permission":WAY,"size":BYTES}      each entry `file_done`, in their order

Canonical JSON as in `wire.schema`. `entry` is the entry exactly as it stands in the log (`audit/entry.py`), so that its leaf can
be hashed again; `path` leads from there to the root of the checkpoint of that log. Both statements sign SHA-256 of the bytes of
`receipt`. The format has no second way to say who came or what was answered: that stands in the entries, and nowhere else.

How a receipt is checked is in `receipt.py`; how it reads, in `receipt_words.py`. Pure.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated

from audit.entry import Entry
from audit.events import EVENTS, evidence, host
from audit.events.files import FileDone
from audit.events.shape import Event
from audit.events.visit import DirectStarted, SessionEnded
from policy.permissions import Permission
from wire.messages.evidence import EntryProof, Hashes, Note, ReceiptPayload
from wire.schema import U32, Count, Hash, Identity, Key32, MalformedMessage, Number, Octets, Seconds, Text, encode_part, part, read_part
from wire.statements import Algorithm, Statement

FORM = "chaperone receipt 1"
"""Names format and version; whatever differs from it is another."""
RECEIPT_MAX = 4 * 1024 * 1024
"""Bytes of a receipt that anybody reads."""
ENTRY_MAX = 512 * 1024
ENTRIES_MAX = 2048


class ReceiptInvalid(Exception):
    """This is no receipt of this form."""


@part
class ProvenEntry:
    """Entry `index` of a log (from 1), as it stands there, and the way from its leaf to the root."""

    index: Annotated[int, Number(1)]
    salt: Hash
    entry: Annotated[str, Text(ENTRY_MAX, 1)]
    path: Hashes


@part
class HostParty:
    """The instrument PC: its name as the signed documents list it, its site, and the key that signs here."""

    id: Identity
    name: Annotated[str, Text(120)]
    site: Annotated[str, Text(120)]
    key: Key32


@part
class BrokerParty:
    """The support service."""

    id: Identity
    key: Key32


@part
class DeviceParty:
    """The key of the technician's device, whose fingerprint stands in the entry `identity_proven`."""

    alg: Algorithm
    key: Annotated[bytes, Octets(65, 32)]


@part
class ReceiptFile:
    """One file or folder that went through: under which request, in which direction, its name, size, and SHA-256 (of a folder, that of
    its manifest). It says no more than an entry of the receipt does.
    """

    ask: U32
    permission: Permission
    name: Annotated[str, Text(255, 1)]
    size: Seconds
    digest: Hash


@part
class Receipt:
    """What is signed. `device` is None where nobody proved to be a technician, or the device is no longer listed."""

    form: Annotated[str, Text(32)]
    session_id: Identity
    made_at: Seconds
    vendor: Annotated[str, Text(120)]
    host: HostParty
    broker: BrokerParty
    device: DeviceParty | None
    entries: Annotated[tuple[ProvenEntry, ...], Count(ENTRIES_MAX)]
    files: Annotated[tuple[ReceiptFile, ...], Count(ENTRIES_MAX)]
    checkpoint: Note
    broker_end: ProvenEntry
    broker_checkpoint: Note


@part
class SignedReceipt:
    """The receipt and who signed it. `broker` is None until the broker has."""

    receipt: Receipt
    host: Statement
    broker: Statement | None


def encode_receipt(signed: SignedReceipt) -> bytes:
    """The bytes of the file. Raises ValueError for a value out of bounds."""
    return encode_part(signed)


def read_receipt(data: bytes) -> SignedReceipt:
    """Inverse of `encode_receipt`; accepts exactly what it could have written. Nothing is proven by it. Raises ReceiptInvalid."""
    try:
        if len(data) > RECEIPT_MAX:
            raise ReceiptInvalid("too long")
        signed = read_part(SignedReceipt, data)
        if signed.receipt.form != FORM or encode_part(signed) != data:
            raise ReceiptInvalid("not a receipt of this form")
    except (MalformedMessage, ValueError) as fault:
        raise ReceiptInvalid(str(fault)) from None
    return signed


def files_of(events: Iterable[Event]) -> tuple[ReceiptFile, ...]:
    """What went through by these entries."""
    done = (each for each in events if isinstance(each, FileDone))
    return tuple(ReceiptFile(each.ask, each.permission, each.name, each.size, each.digest) for each in done)


def digest_of(receipt: Receipt) -> bytes:
    """What both sign, and all that the broker learns."""
    return sha256(encode_part(receipt)).digest()


def payload_of(receipt: Receipt, at: int) -> ReceiptPayload:
    """What is signed of this receipt, at this second."""
    host_party, broker = receipt.host, receipt.broker
    return ReceiptPayload(receipt.session_id, host_party.id, host_party.key, broker.id, broker.key, digest_of(receipt), at)


def proven(proof: EntryProof) -> ProvenEntry:
    """The same proof in the form of a receipt. Raises ValueError for an entry that is not ASCII."""
    return ProvenEntry(proof.index, proof.salt, proof.entry.decode("ascii"), proof.path)


def proof_of(entry: ProvenEntry) -> EntryProof:
    """Inverse of `proven`."""
    return EntryProof(entry.index, entry.salt, entry.entry.encode("ascii", "replace"), entry.path)


# ---- which entries a receipt is made of

_OF_THE_CODE: tuple[type[Event], ...] = (host.CodeShown, host.ReturnOpened, host.CodeTried, host.CodeOver)
BEGUN_BY: tuple[type[host.CodeShown], type[host.ReturnOpened]] = (host.CodeShown, host.ReturnOpened)
"""A visit begins with a code that is read out, or with a way back after a restart."""
_LEFT_OUT: tuple[type[Event], ...] = (
    host.InputDropped,
    host.RemoteInputWaited,
    DirectStarted,
    *(cls for cls in EVENTS.values() if cls.__module__ == evidence.__name__),
)
"""Counts of input that was dropped or had to wait say nothing that was asked or allowed; entries about the logs themselves are not
of the visit. A copy of the receipt goes to the vendor, so it says that content went directly (`direct_ended`) and not between which
addresses.
"""


def belongs(event: Event, session_id: str, ticket: str) -> bool:
    """Is this event one of the visit, or of the code it began with?"""
    if isinstance(event, _LEFT_OUT):
        return False
    of_the_code = isinstance(event, _OF_THE_CODE) and getattr(event, "ticket", None) == ticket
    return of_the_code or getattr(event, "session_id", None) == session_id


def indexes_of_visit(newest_first: Iterable[tuple[int, Entry]], session_id: str) -> tuple[int, ...]:
    """Which entries of a log belong into the receipt of this visit, oldest first. Reads no further back than to where its code was shown.

    Empty if the log does not hold the visit from its offer to its end.
    """
    found: list[tuple[int, Event]] = []
    ticket, ended = "", False
    for index, entry in newest_first:
        event = entry.event
        ended = ended or (isinstance(event, SessionEnded) and event.session_id == session_id)
        if isinstance(event, host.SessionOffered) and event.session_id == session_id:
            ticket = event.ticket
        if isinstance(event, _OF_THE_CODE) or belongs(event, session_id, ticket):
            found.append((index, event))
        if ticket and isinstance(event, BEGUN_BY) and event.ticket == ticket:
            kept = [each for each, of in found if belongs(of, session_id, ticket)]
            return tuple(reversed(kept)) if ended else ()
    return ()
