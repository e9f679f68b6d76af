"""A receipt against one log: everything the receipt shows of that log must stand in it, at the same entries.

The receipt by itself is checked in `receipt.py`. Here the log is at hand too: an entry that the receipt proves and the log does
not hold was altered, or the log is another one. A body that retention let go is compared by its leaf alone.
"""

from dataclasses import dataclass

from audit.checkpoint import NoteInvalid, said_by
from audit.log import Side, leaf_of
from audit.receipt import check_receipt
from audit.receipt_form import ProvenEntry, Receipt, ReceiptInvalid, read_receipt
from audit.stores import OpenLog
from audit.verify import Watch
from runtime.catalogues import Catalogue
from trust.signatures import ed25519_verifies, verifies


@dataclass(frozen=True, slots=True)
class ReceiptCompared:
    """`lines`: each thing that is wrong, in a sentence."""

    session_id: str
    lines: tuple[str, ...]


def against_receipt(opened: OpenLog, own: bytes | None, its: bytes | None, data: bytes, words: Catalogue) -> ReceiptCompared:
    """`own` is the key of this log's side, `its` that of the other. Raises LogUnreadable."""
    host_key, broker_key = (own, its) if opened.side is Side.HOST else (its, own)
    faults = check_receipt(data, host_key, broker_key, verifies)
    lines = [words.text(f"receipt-fault-{each.fault.value}", index=str(each.index)) for each in faults]
    try:
        receipt = read_receipt(data).receipt
    except ReceiptInvalid:
        return ReceiptCompared("", tuple(lines))
    return ReceiptCompared(receipt.session_id, (*lines, *_stands(opened, receipt, words)))


def _stands(opened: OpenLog, receipt: Receipt, words: Catalogue) -> list[str]:
    note, entries = _shown(opened.side, receipt)
    try:
        checkpoint = said_by(note)
    except NoteInvalid:
        return []  # told already
    if checkpoint.origin.rsplit("/", 1)[1] != opened.log_id:
        return [words.text("receipt-other_log")]
    wanted = {each.index: leaf_of(each.salt, each.entry.encode("ascii", "replace")) for each in entries}
    with opened.reading() as (beside, rows):
        watch = Watch(opened.empty(), beside, None, ed25519_verifies, held=[checkpoint.size])
        lines = []
        for row in rows:
            watch.look(row)
            if row.index in wanted and wanted.pop(row.index) != row.leaf:
                lines.append(words.text("receipt-log_differs", index=str(row.index)))
    lines += [words.text("receipt-log_lacks", index=str(index)) for index in wanted]
    if watch.roots.get(checkpoint.size) != checkpoint.root:
        lines.append(words.text("receipt-log_rewritten", size=str(checkpoint.size)))
    return lines


def _shown(side: Side, receipt: Receipt) -> tuple[str, tuple[ProvenEntry, ...]]:
    if side is Side.HOST:
        return receipt.checkpoint, receipt.entries
    return receipt.broker_checkpoint, (receipt.broker_end,)
