"""A receipt by itself, or against one log: everything that the receipt shows of that log must stand in it, at the same entries.

How a receipt is checked is in `receipt.py`. With a log at hand more is known: an entry that the receipt proves and the log does not
hold was altered, or the log is another one; an entry of the visit that the receipt does not show was left out of it; and the broker's
log says for which receipt it signed. A body that retention let go is compared by its leaf alone.
"""

from dataclasses import dataclass

from audit.checkpoint import NoteInvalid, said_by
from audit.entry import Entry, decode_entry
from audit.events.evidence import ReceiptSigned
from audit.events.host import SessionOffered
from audit.log import Row, Side, leaf_of
from audit.receipt import check_receipt
from audit.receipt_form import ProvenEntry, Receipt, ReceiptInvalid, belongs, digest_of, read_receipt
from audit.stores import OpenLog
from audit.verify import Watch
from runtime.catalogues import Catalogue
from trust.signatures import ed25519_verifies, verifies
from wire.schema import MalformedMessage


@dataclass(frozen=True, slots=True)
class ReceiptCompared:
    """`lines`: each thing that is wrong, in a sentence. `session_id` is empty for what is no receipt; `sides`: whose key was given."""

    session_id: str
    lines: tuple[str, ...]
    sides: frozenset[Side]


def receipt_alone(data: bytes, keys: tuple[bytes, ...], words: Catalogue, session_id: str = "") -> ReceiptCompared:
    """A receipt by itself. The keys are the host's, the broker's, or both: which is which is told by the receipt.

    `session_id` is the visit that it was said to be of, if anybody said so.
    """
    try:
        receipt = read_receipt(data).receipt
    except ReceiptInvalid:
        return _compared(data, {}, words)
    own = {receipt.host.key: Side.HOST, receipt.broker.key: Side.BROKER}
    compared = _compared(data, {own[key]: key for key in keys if key in own}, words, receipt.session_id)
    strange = [words.text("receipt-strange_key") for key in keys if key not in own]
    other = [words.text("receipt-other_session")] if session_id not in {"", receipt.session_id} else []
    return ReceiptCompared(compared.session_id, (*strange, *other, *compared.lines), compared.sides)


def against_receipt(opened: OpenLog, keys: dict[Side, bytes], data: bytes, words: Catalogue) -> ReceiptCompared:
    """A receipt and a log. Raises LogUnreadable."""
    try:
        receipt = read_receipt(data).receipt
    except ReceiptInvalid:
        return _compared(data, keys, words)
    compared = _compared(data, keys, words, receipt.session_id)
    beside = _Beside(opened, receipt, words)
    return ReceiptCompared(compared.session_id, (*compared.lines, *beside.lines()), compared.sides)


def _compared(data: bytes, keys: dict[Side, bytes], words: Catalogue, session_id: str = "") -> ReceiptCompared:
    faults = check_receipt(data, keys.get(Side.HOST), keys.get(Side.BROKER), verifies)
    lines = (words.text(f"receipt-fault-{each.fault.value}", index=str(each.index)) for each in faults)
    return ReceiptCompared(session_id, tuple(lines), frozenset(keys))


class _Beside:
    """One receipt beside one log."""

    def __init__(self, opened: OpenLog, receipt: Receipt, words: Catalogue) -> None:
        self._opened, self._receipt, self._words = opened, receipt, words
        own = opened.side is Side.HOST
        note, entries = (receipt.checkpoint, receipt.entries) if own else (receipt.broker_checkpoint, (receipt.broker_end,))
        self._note, self._shown = note, {each.index: leaf_of(each.salt, each.entry.encode("ascii", "replace")) for each in entries}
        self._ticket = _ticket(receipt.entries)

    def lines(self) -> list[str]:
        """What does not fit. Raises LogUnreadable."""
        try:
            checkpoint = said_by(self._note)
        except NoteInvalid:
            return []  # told already
        if checkpoint.origin.rsplit("/", 1)[1] != self._opened.log_id:
            return [self._words.text("receipt-other_log")]
        missing, found = set(self._shown), []
        with self._opened.reading() as (beside, rows):
            watch = Watch(self._opened.empty(), beside, None, ed25519_verifies, held=[checkpoint.size])
            for row in rows:
                missing.discard(row.index)
                found += self._row(row, watch.look(row), checkpoint.size)
        found += [self._words.text("receipt-log_lacks", index=str(index)) for index in sorted(missing)]
        if watch.roots.get(checkpoint.size) != checkpoint.root:
            found.append(self._words.text("receipt-log_rewritten", size=str(checkpoint.size)))
        return found

    def _row(self, row: Row, entry: Entry | None, size: int) -> list[str]:
        if self._shown.get(row.index, row.leaf) != row.leaf:
            return [self._words.text("receipt-log_differs", index=str(row.index))]
        if entry is None or row.index in self._shown:
            return []
        event = entry.event
        if self._opened.side is Side.HOST:
            # What was written since is not of this receipt; nor is what was said of an earlier code of the same name.
            in_time = min(self._shown, default=0) < row.index <= size
            left_out = in_time and belongs(event, self._receipt.session_id, self._ticket)
            return [self._words.text("receipt-left_out", index=str(row.index))] if left_out else []
        other = (
            isinstance(event, ReceiptSigned) and event.session_id == self._receipt.session_id and event.digest != digest_of(self._receipt)
        )
        return [self._words.text("receipt-other_digest", index=str(row.index))] if other else []


def _ticket(entries: tuple[ProvenEntry, ...]) -> str:
    for each in entries:
        try:
            event = decode_entry(each.entry.encode("ascii", "replace")).event
        except MalformedMessage:
            continue  # told already
        if isinstance(event, SessionOffered):
            return event.ticket
    return ""
