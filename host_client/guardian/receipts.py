"""The folder of the receipts: one file for each visit, written whole or not at all.

    2026-09-21-s-5f0c....json    the receipt (`audit/receipt_form.py`), first with this host's signature, then with the broker's too
    2026-09-21-s-5f0c....open    there while something is still to be done with it; empty

What the core asks for is done here (`perform`); people read the folder with `chaperone-host receipts`. Nothing of it decides anything.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import assert_never

from audit.entry import Entry, decode_entry
from audit.events.host import IdentityProven
from audit.events.shape import Event
from audit.receipt_form import (
    FORM,
    RECEIPT_MAX,
    BrokerParty,
    DeviceParty,
    HostParty,
    Receipt,
    ReceiptInvalid,
    SignedReceipt,
    encode_receipt,
    files_of,
    indexes_of_visit,
    payload_of,
    proven,
    read_receipt,
)
from host_client.core.commands import FinishReceipt, KeepCountersigned, MakeReceipt, NextReceipt, OfReceipts, SealReceipt
from host_client.core.receipts import Waiting
from host_client.core.trusted import ALGORITHM
from policy.instant import Instant
from runtime.file_log import EntryGone, FileLog, LogUnavailable
from runtime.log_lines import newest_first
from runtime.private_files import create_private, private_folder, write_private
from trust.sealing import seal
from trust.signatures import Ed25519Signer
from trust.view import View
from wire.fingerprint import fingerprint
from wire.limits import RECEIPT_SEALED_MAX
from wire.schema import MalformedMessage
from wire.statements import Label, Statement

_LOG = logging.getLogger(__name__)
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
Answer = bool | bytes | Waiting | None


@dataclass(frozen=True, slots=True)
class Receipts:
    """Those of one host."""

    folder: Path
    log: FileLog
    log_folder: Path
    site: str
    signer: Ed25519Signer
    clock: Callable[[], Instant]

    async def perform(self, command: OfReceipts) -> Answer:
        """What this command answers. What a disk refuses is said on the process's own log, and tried again."""
        try:
            return await asyncio.to_thread(self._perform, command)
        except (OSError, LogUnavailable) as fault:
            _LOG.error("a receipt could not be kept (%s)", fault)
            return False if isinstance(command, MakeReceipt | KeepCountersigned) else None

    def _perform(self, command: OfReceipts) -> Answer:
        match command:
            case MakeReceipt():
                return self._make(command)
            case NextReceipt(besides):
                return self._next(besides)
            case KeepCountersigned(session_id, statement):
                return self._countersigned(session_id, statement)
            case SealReceipt(session_id, key):
                return self._sealed(session_id, key)
            case FinishReceipt(session_id):
                for path in self.folder.glob(f"*-{file_name(session_id)}.open"):
                    path.unlink()
                return None
            case _:
                assert_never(command)

    # ---- making

    def _make(self, wish: MakeReceipt) -> bool:
        if find(self.folder, wish.session_id) is not None:
            return True
        try:
            receipt = self._receipt(wish)
            data = encode_receipt(SignedReceipt(receipt, self._statement(receipt), None)) if receipt is not None else None
        except (EntryGone, ValueError) as fault:
            _LOG.error("the visit %s can have no receipt (%s)", wish.session_id, fault)
            return True
        if data is None:
            _LOG.error("the visit %s can have no receipt: the log does not hold it from its code to its end", wish.session_id)
            return True
        private_folder(self.folder)
        path = self.folder / f"{self._today()}-{file_name(wish.session_id)}.json"
        path.with_suffix(".open").unlink(missing_ok=True)  # of an attempt that the power cut short
        create_private(path.with_suffix(".open"), b"")
        write_private(path, data)
        return True

    def _receipt(self, wish: MakeReceipt) -> Receipt | None:
        indexes = indexes_of_visit(_entries(self.log_folder), wish.session_id)
        if not indexes:
            return None
        note, proofs = self.log.prove_all(indexes)
        entries = tuple(proven(each) for each in proofs)
        events = [decode_entry(each.entry).event for each in proofs]
        parties = wish.parties
        return Receipt(
            FORM,
            wish.session_id,
            int(self.clock().utc),
            parties.vendor,
            HostParty(parties.host_id, parties.host_name, self.site, parties.host_key),
            BrokerParty(parties.broker_id, parties.broker_key),
            _device(wish.view, events),
            entries,
            files_of(events),
            note,
            proven(wish.end),
            wish.note,
        )

    def _statement(self, receipt: Receipt) -> Statement:
        return self.signer.sign(Label.RECEIPT_HOST, payload_of(receipt, int(self.clock().utc)))

    def _today(self) -> str:
        return datetime.fromtimestamp(self.clock().utc, UTC).strftime("%Y-%m-%d")

    # ---- what is not finished

    def _next(self, besides: frozenset[str]) -> Waiting | None:
        for marker in sorted(self.folder.glob("*.open")):
            signed = _read(marker.with_suffix(".json"))
            if signed is None:
                marker.unlink()  # its receipt was never written; the visit is not closed, and it will be made again
            elif signed.receipt.session_id not in besides:
                return Waiting(signed.receipt.session_id, signed.host, signed.broker is not None)
        return None

    def _countersigned(self, session_id: str, statement: Statement) -> bool:
        path = find(self.folder, session_id)
        signed = _read(path) if path is not None else None
        if path is None or signed is None:
            return False
        write_private(path, encode_receipt(replace(signed, broker=statement)))
        return True

    def _sealed(self, session_id: str, key: bytes) -> bytes | None:
        path = find(self.folder, session_id)
        if path is None:
            return None
        try:
            sealed = seal(path.read_bytes(), session_id, key)
        except ValueError as fault:
            _LOG.error("no copy of the receipt of %s can be sealed (%s)", session_id, fault)
            return None
        if len(sealed) > RECEIPT_SEALED_MAX:
            _LOG.error("the receipt of %s is too long for a sealed copy (%d bytes)", session_id, len(sealed))
            return None
        return sealed


def _entries(folder: Path) -> Iterator[tuple[int, Entry]]:
    for row in newest_first(folder):
        try:
            yield row.index, decode_entry(row.entry)
        except MalformedMessage:
            continue  # let go, or not ours to read: a receipt that needs it is not made


def _device(view: View | None, events: list[Event]) -> DeviceParty | None:
    """The key of the device that proved itself, as the documents list it now."""
    proof = next((each for each in events if isinstance(each, IdentityProven)), None)
    person = view.technicians.get(proof.technician_id) if view is not None and proof is not None else None
    for each in person.authenticators if person is not None else ():
        if proof is not None and each.type in ALGORITHM and fingerprint(each.type, each.key) == proof.fingerprint:
            return DeviceParty(ALGORITHM[each.type], each.key)
    return None


# ---- the folder, for people too


def file_name(session_id: str) -> str:
    """How a visit's file is called: its id, or a hash of an id that is no plain word. The broker chose it."""
    return session_id if _PLAIN_ID.fullmatch(session_id) else sha256(session_id.encode()).hexdigest()[:32]


def find(folder: Path, session_id: str) -> Path | None:
    """The file of this visit's receipt."""
    found = [path for path in folder.glob(f"*-{file_name(session_id)}.json") if path.name[11:-5] == file_name(session_id)]
    return found[0] if found else None


def all_receipts(folder: Path) -> list[Path]:
    """Every receipt, oldest first."""
    return sorted(folder.glob("*.json"))


def _read(path: Path) -> SignedReceipt | None:
    try:
        with path.open("rb") as file:
            return read_receipt(file.read(RECEIPT_MAX + 1))
    except (FileNotFoundError, ReceiptInvalid):
        return None
