"""How fast a log is verified, and in how much memory: `python -m benchmarks verify`.

The log is made on the way, entry after entry, and never held: figures of memory are the verifier's own. Everything is checked
as `chaperone-audit verify` does it: rows, chain, tree, a signed checkpoint for each thousand entries.
"""

import resource
import sys
import time
from collections.abc import Iterator
from hashlib import sha256

from audit.checkpoint import Checkpoint, signed_note
from audit.entry import At
from audit.events.broker import SignedIn
from audit.frontier import Frontier
from audit.log import Chain, Row, Side
from audit.merkle import inclusion_proof, root_by_inclusion
from audit.verify import Beside, Watch
from benchmarks.results import keep
from trust.signatures import Ed25519Signer, ed25519_verifies

PACE = 1000
PROVEN = 10_000_000


def _rows(count: int) -> Iterator[Row]:
    chain = Chain.empty("l-1", Side.BROKER)
    for number in range(count):
        when = At(1_790_000_000_000 + number, number, clock_suspect=False)
        event = SignedIn(technician_id=f"t-{number}", address="192.0.2.1")
        chain, row = chain.append(event, when, sha256(number.to_bytes(8, "big")).digest())
        yield row


def _notes(rows: list[Row], signer: Ed25519Signer) -> list[str]:
    tree, notes = Frontier(), []
    for row in rows:
        tree.append(row.leaf)
        if tree.size % PACE == 0:
            checkpoint = Checkpoint("chaperone/broker/l-1", tree.size, tree.root())
            notes.append(signed_note(checkpoint, signer.public_key, signer.sign_note))
    return notes


def _memory_mib() -> float:
    """The most this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _proof() -> dict[str, object]:
    """Size and time of a proof in a tree of ten million, whose hashes do not matter for either."""
    path = inclusion_proof(PROVEN // 3, PROVEN, lambda places: [sha256(str(each).encode()).digest() for each in places])
    leaf, began, times = bytes(32), time.perf_counter(), 2000
    for _ in range(times):
        root_by_inclusion(PROVEN // 3, PROVEN, leaf, path)
    spent = (time.perf_counter() - began) / times
    return {"proof_of_10_million_hashes": len(path), "proof_bytes": 32 * len(path), "proof_check_us": round(spent * 1e6, 1)}


def run(entries: int = 200_000) -> None:
    """Verify a log of so many entries."""
    signer = Ed25519Signer(b"\1" * 32)
    rows = list(_rows(entries))
    notes = _notes(rows, signer)
    before = _memory_mib()
    began = time.perf_counter()
    watch = Watch(Chain.empty("l-1", Side.BROKER), Beside(notes, notes[-1]), signer.public_key, ed25519_verifies)
    for row in rows:
        watch.look(row)
    report = watch.end()
    spent = time.perf_counter() - began
    if report.findings:
        sys.exit(f"an honest log was not found right: {report.findings[:3]}")
    figures: dict[str, object] = {
        "entries": entries,
        "checkpoints": len(notes),
        "entries_per_second": round(entries / spent),
        "ten_million_minutes": round(PROVEN / (entries / spent) / 60, 1),
        "memory_grown_mib": round(_memory_mib() - before, 1),
    }
    keep("verify", {**figures, **_proof()})
