"""What two honest programs keep of their visits: both logs as the real stores write them, and the receipts that the guardian makes of them.

kept = kept_visits(folder)         visits "s-1", watched, and "s-2"; `log/`, `broker.sqlite3`, and `receipts/` with one file for each
kept.receipt("s-1")                its file, signed by both
kept.data("s-1")                   what stands in it
"""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from audit.events import evidence, host
from audit.receipt_form import Receipt, SignedReceipt, encode_receipt, payload_of, read_receipt
from host_client.core.commands import KeepCountersigned, MakeReceipt, Parties
from host_client.guardian.receipts import Receipts, find
from policy.instant import Instant
from tests.helpers.stored_logs import StoredBroker, StoredHost
from tests.helpers.two_logs import BROKER, BROKER_KEY, DEVICE_KEY, HOST, HOST_KEY, NOON_MS, TECHNICIAN, Pair, ticket_of
from tests.helpers.views import VENDOR, device, technician, view
from trust.keys import public_key_text
from trust.signatures import Ed25519Signer
from wire.messages.evidence import EntryProof
from wire.statements import Label

VISITS = ("s-1", "s-2")
MADE = NOON_MS // 1000 + 3600
LISTED = view(technicians=(technician(TECHNICIAN, devices=(device(DEVICE_KEY.public_key),)),))
HOST_TEXT, BROKER_TEXT = public_key_text(HOST_KEY.public_key), public_key_text(BROKER_KEY.public_key)


@dataclass(frozen=True, slots=True)
class Kept:
    """One host's files beside its broker's."""

    folder: Path

    @property
    def log(self) -> Path:
        """The host's."""
        return self.folder / "log"

    @property
    def database(self) -> Path:
        """The broker's log."""
        return self.folder / "broker.sqlite3"

    def receipt(self, session_id: str) -> Path:
        """The file of this visit's receipt."""
        path = find(self.folder / "receipts", session_id)
        assert path is not None
        return path

    def data(self, session_id: str) -> SignedReceipt:
        """What stands in it."""
        return read_receipt(self.receipt(session_id).read_bytes())


def kept_visits(folder: Path) -> Kept:
    """Two visits, each closed and with its receipt."""
    with StoredHost(folder / "log") as at_host, StoredBroker(folder / "broker.sqlite3") as at_broker:
        shelf = Receipts(folder / "receipts", at_host.log, folder / "log", "Site A", HOST_KEY, lambda: Instant(MADE, 1))
        pair = Pair(at_host, at_broker)
        pair.start()
        for session in VISITS:
            at_host.write(host.CodeShown(ticket=ticket_of(session), seconds=600))
            pair.visit(session, watched=session == VISITS[0])
            pair.close(session)
            note, end = at_broker.prove(at_broker.end_of(session))
            digest = make(shelf, session, note, end)
            at_broker.write(evidence.ReceiptSigned(session_id=session, subject=HOST, digest=digest))
            at_host.write(evidence.ReceiptSigned(session_id=session, subject=BROKER, digest=digest))
        at_host.note()
    return Kept(folder)


def make(shelf: Receipts, session: str, note: str, end: EntryProof) -> bytes:
    """As the guardian does when the broker has shown the end, and has signed. What was signed."""
    parties = Parties(VENDOR, HOST, "Analyser 1", HOST_KEY.public_key, BROKER, BROKER_KEY.public_key)
    assert asyncio.run(shelf.perform(MakeReceipt(session, parties, LISTED, end, note)))
    path = find(shelf.folder, session)
    assert path is not None
    said = payload_of(read_receipt(path.read_bytes()).receipt, MADE)
    assert asyncio.run(shelf.perform(KeepCountersigned(session, BROKER_KEY.sign(Label.RECEIPT_BROKER, said))))
    return said.digest


# ---- for forgers


def signed(receipt: Receipt, host_key: Ed25519Signer | None = HOST_KEY, broker_key: Ed25519Signer | None = BROKER_KEY) -> SignedReceipt:
    """Whatever it says, signed by whoever is named; None leaves no signature, or one of zeros."""
    said = payload_of(receipt, MADE)
    by_host = (host_key or HOST_KEY).sign(Label.RECEIPT_HOST, said)
    by_broker = broker_key.sign(Label.RECEIPT_BROKER, said) if broker_key else None
    return SignedReceipt(receipt, by_host if host_key else replace(by_host, sig=bytes(64)), by_broker)


def written(path: Path, receipt: SignedReceipt) -> Path:
    """A file of it."""
    path.write_bytes(encode_receipt(receipt))
    return path
