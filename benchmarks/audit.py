"""What it costs to be certain: durable entries a second, one append against one bare fsync, proofs about ten million entries.

`python -m benchmarks audit`. The broker's own log, on a file in the folder of results (not on a tmpfs, where nothing is durable), with
its checks, its tree and its signature in every transaction. One append and one bare fsync of as many bytes take turns, so that both
meet the same disk at the same moments. The large tree is one string of hashes in memory; how long it takes to build is a figure too.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from audit.checkpoint import Checkpoint, open_note, origin_of, signed_note
from audit.entry import at
from audit.events.broker import HostConnected
from audit.events.shape import Event
from audit.frontier import Frontier
from audit.log import Side, leaf_of, verify
from audit.merkle import (
    HASH,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    root_of,
    stored_count,
)
from benchmarks.results import RESULTS, keep
from broker.state import read_clock
from broker.storage.log import AuditLog
from broker.storage.store import Store
from trust.signatures import Ed25519Signer, ed25519_verifies

KEY = Ed25519Signer(bytes(32))
LARGE = 10_000_000
TAKEN = 2_000


def happened(number: int) -> Event:
    """The entry of a morning: a host comes in."""
    return HostConnected(host_id=f"h-{number:016x}", address="192.0.2.17", listed=True)


async def appends(folder: Path, count: int, at_once: int) -> dict[str, object]:
    """`count` entries by `at_once` writers, each waiting for its own before the next."""
    store = await Store.open_file(folder / "broker.sqlite3")
    log = AuditLog(store.database, lambda: at(read_clock()), KEY, folder / "anchor")
    numbers = iter(range(count))

    async def writer() -> None:
        for number in numbers:
            await log.record(happened(number))

    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(writer() for _ in range(at_once)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    rows, chain = await log.rows(), await log.chain()
    began = time.perf_counter()
    assert verify(rows, chain.log_id, Side.BROKER).findings == ()
    verified = time.perf_counter() - began
    await store.close()
    return {
        "events_per_second": round(count / seconds),
        "cpu_us_per_event": round(cpu / count * 1e6, 1),
        "writers": at_once,
        "verified_per_second": round(count / verified),
    }


async def against_fsync(folder: Path, count: int) -> dict[str, object]:
    """One entry at a time, and beside each a bare append and fsync of as many bytes as the journal took."""
    store = await Store.open_file(folder / "broker.sqlite3")
    log = AuditLog(store.database, lambda: at(read_clock()), KEY, folder / "anchor")
    journal, plain = folder / "broker.sqlite3-wal", os.open(folder / "plain", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    await log.record(happened(0))
    before = journal.stat().st_size
    await log.record(happened(1))
    written = bytes(max(4096, journal.stat().st_size - before))
    ours, bare = list[float](), list[float]()
    for number in range(2, count + 2):
        began = time.perf_counter()
        await log.record(happened(number))
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        os.write(plain, written)
        os.fsync(plain)
        bare.append(time.perf_counter() - began)
    os.close(plain)
    await store.close()
    times, floor = _cuts(ours), _cuts(bare)
    ratio = round(times["p99_ms"] / floor["p99_ms"], 2)
    return {"append": times, "bare_fsync": floor, "p99_ratio": ratio, "bytes_of_an_append": len(written)}


def _cuts(seconds: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49] * 1000, 3), "p99_ms": round(cuts[98] * 1000, 3)}


def large_tree(size: int) -> dict[str, object]:
    """Proofs about a tree of so many leaves, made and checked."""
    began = time.perf_counter()
    kept, frontier = bytearray(), Frontier()
    for number in range(size):
        kept += b"".join(frontier.append(number.to_bytes(HASH, "big")))
    built = time.perf_counter() - began
    assert len(kept) == stored_count(size) * HASH

    def read(positions: Sequence[int]) -> list[bytes]:
        return [bytes(kept[each * HASH : each * HASH + HASH]) for each in positions]

    root = root_of(size, read)
    places = range(7, size, max(1, size // 1000))
    began = time.perf_counter()
    proofs = {place: inclusion_proof(place, size, read) for place in places}
    made = (time.perf_counter() - began) / len(proofs)
    began = time.perf_counter()
    for place, path in proofs.items():
        check_inclusion(place, size, place.to_bytes(HASH, "big"), path, root)
    checked = (time.perf_counter() - began) / len(proofs)
    grown = {place: (root_of(place, read), consistency_proof(place, size, read)) for place in places}
    began = time.perf_counter()
    for place, (old, path) in grown.items():
        check_consistency(place, size, old, root, path)
    continued = (time.perf_counter() - began) / len(grown)
    longest = max(len(path) for path in proofs.values()), max(len(path) for _, path in grown.values())
    return {
        "entries": size,
        "built_s": round(built, 1),
        "kept_mib": round(len(kept) / 2**20, 1),
        "inclusion_proof_bytes": longest[0] * HASH,
        "inclusion_made_us": round(made * 1e6, 1),
        "inclusion_checked_us": round(checked * 1e6, 1),
        "consistency_proof_bytes": longest[1] * HASH,
        "consistency_checked_us": round(continued * 1e6, 1),
        "note_checked_us": _note(size, root),
    }


def _note(size: int, root: bytes) -> float:
    """Once for a checkpoint, however many entries are proven under it."""
    note = signed_note(Checkpoint(origin_of(Side.BROKER, f"l-{'0' * 32}"), size, root), KEY.public_key, KEY.sign_note)
    began = time.perf_counter()
    for _ in range(200):
        open_note(note, KEY.public_key, ed25519_verifies)
    return round((time.perf_counter() - began) / 200 * 1e6, 1)


def leaves() -> float:
    """Microseconds to hash the leaf of one entry, for scale."""
    entry = b"x" * 220
    began = time.perf_counter()
    for _ in range(100_000):
        leaf_of(bytes(HASH), entry)
    return round((time.perf_counter() - began) * 10, 2)


def run(events: int = 20_000, entries: int = LARGE) -> None:
    """Append `events` entries in groups and 2000 one by one; proofs about `entries`."""
    RESULTS.mkdir(exist_ok=True)
    figures: dict[str, object] = {}
    for name, writers in (("grouped", 200), ("alone", 1)):
        with TemporaryDirectory(dir=RESULTS) as folder:
            figures[name] = asyncio.run(appends(Path(folder), events if writers > 1 else TAKEN, writers))
    with TemporaryDirectory(dir=RESULTS) as folder:
        figures["one_append_against_one_fsync"] = asyncio.run(against_fsync(Path(folder), TAKEN))
    keep("audit", {**figures, "tree": large_tree(entries), "leaf_hashed_us": leaves()})
