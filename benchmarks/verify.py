"""How fast a log is verified, and in how much memory: `python -m benchmarks verify`.

A host's folder and a broker's database are written in the layout of the stores, and read as `chaperone-audit verify` reads them: rows,
chain, kept tree, a signed checkpoint for each thousand entries. The same rows from memory show what the checks
alone cost. Seconds are those of the processor, because the machine may be shared.
"""

import asyncio
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.checkpoint import Checkpoint, said_by, signed_note
from audit.cli_verify import examine
from audit.entry import At
from audit.events.broker import SignedIn
from audit.frontier import Frontier
from audit.log import Chain, Row, Side
from audit.merkle import inclusion_proof, root_by_inclusion
from audit.stores import CHECKPOINTS, TREE, open_stored
from audit.verify import Beside, Report, Watch
from benchmarks.results import keep
from broker.storage.engine import Database, database_url
from broker.storage.migrate import migrate
from runtime.log_lines import META, Meta, segment_name, to_line
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.schema import encode_part

PACE = 1000
PROVEN = 10_000_000


def _rows(count: int, side: Side) -> Iterator[Row]:
    chain = Chain.empty("l-1", side)
    for number in range(count):
        when = At(1_790_000_000_000 + number, number, clock_suspect=False)
        event = SignedIn(technician_id=f"t-{number}", address="192.0.2.1")
        chain, row = chain.append(event, when, sha256(number.to_bytes(8, "big")).digest())
        yield row


def _beside(rows: list[Row], signer: Ed25519Signer, side: Side) -> tuple[list[str], list[bytes]]:
    """A checkpoint for each thousand entries, and the tree."""
    tree, notes, kept = Frontier(), [], []
    for row in rows:
        kept += tree.append(row.leaf)
        if tree.size % PACE == 0 or tree.size == len(rows):
            checkpoint = Checkpoint(f"chaperone/{side.value}/l-1", tree.size, tree.root())
            notes.append(signed_note(checkpoint, signer.public_key, signer.sign_note))
    return notes, kept


def _host_folder(place: Path, rows: list[Row], notes: list[str], kept: list[bytes]) -> Path:
    place.mkdir()
    (place / META).write_bytes(encode_part(Meta("l-1", Side.HOST)))
    (place / segment_name(1)).write_bytes(b"".join(map(to_line, rows)))
    (place / CHECKPOINTS).write_text("".join(note + "\n" for note in notes))
    (place / TREE).write_bytes(b"".join(kept))
    return place


def _broker_file(place: Path, rows: list[Row], notes: list[str], kept: list[bytes]) -> Path:
    asyncio.run(_migrated(place))
    with closing(sqlite3.connect(place)) as database:
        database.execute("DELETE FROM audit_meta")
        database.execute("INSERT INTO audit_meta (log_id, side) VALUES ('l-1', 'broker')")
        values = [(row.index, row.salt, row.entry, row.leaf, row.head) for row in rows]
        database.executemany("INSERT INTO audit_log (position, salt, entry, leaf, head) VALUES (?, ?, ?, ?, ?)", values)
        database.executemany("INSERT INTO audit_tree VALUES (?, ?)", list(enumerate(kept)))
        database.executemany("INSERT INTO audit_checkpoints VALUES (?, ?)", [(said_by(note).size, note) for note in notes])
        database.execute("INSERT INTO audit_tip VALUES (1, ?)", (notes[-1],))
        database.commit()
    return place


async def _migrated(place: Path) -> None:
    database = Database(database_url(place))
    await migrate(database)
    await database.close()


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


def _checks(rows: list[Row], notes: list[str], key: bytes) -> Report:
    watch = Watch(Chain.empty("l-1", Side.BROKER), Beside(notes, notes[-1]), key, ed25519_verifies)
    for row in rows:
        watch.look(row)
    return watch.end()


def _per_second(report: Report, began: float) -> int:
    spent = time.process_time() - began
    if report.findings:
        sys.exit(f"an honest log was not found right: {report.findings[:3]}")
    return round(report.rows / spent)


def _stored(place: Path, side: Side, rows: list[Row], signer: Ed25519Signer) -> tuple[Path, list[str]]:
    notes, kept = _beside(rows, signer, side)
    store = _host_folder if side is Side.HOST else _broker_file
    return store(place / side.value, rows, notes, kept), notes


def run(entries: int = 200_000) -> None:
    """Verify a log of so many entries."""
    signer = Ed25519Signer(b"\1" * 32)
    figures: dict[str, object] = {"entries": entries, "checkpoints": -(-entries // PACE)}
    with TemporaryDirectory() as temporary:
        place = Path(temporary)
        at_host, _ = _stored(place, Side.HOST, list(_rows(entries, Side.HOST)), signer)
        rows = list(_rows(entries, Side.BROKER))
        at_broker, notes = _stored(place, Side.BROKER, rows, signer)
        began = time.process_time()
        figures["checks_alone_per_second"] = _per_second(_checks(rows, notes, signer.public_key), began)
        del rows
        before, slowest = _memory_mib(), PROVEN
        for side, path in ((Side.HOST, at_host), (Side.BROKER, at_broker)):
            began = time.process_time()
            pace = _per_second(examine(open_stored(path), signer.public_key, None, None, [])[0], began)
            figures[f"{side.value}_entries_per_second"], slowest = pace, min(pace, slowest)
        figures["memory_grown_mib"] = round(_memory_mib() - before, 1)
    keep("verify", {**figures, "ten_million_minutes": round(PROVEN / slowest / 60, 1), **_proof()})
