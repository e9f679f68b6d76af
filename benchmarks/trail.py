"""What a page of the broker's log costs: a large scope over a long log, from either end, bounded by times, and where nothing fits.

`python -m benchmarks trail`. The log is the broker's own, written by it; a thousand hosts share its entries, one each minute.
"""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.entry import At
from audit.subjects import host
from benchmarks.audit import KEY, happened
from benchmarks.results import RESULTS, keep
from broker.storage.log import AuditLog
from broker.storage.store import Store
from broker.storage.trail import Wanted

HOSTS = 1_000
AT_ONCE = 500
PAGE = 200
MINUTE_MS = 60_000
BEGAN_MS = 1_700_000_000_000


async def _fill(store: Store, entries: int) -> None:
    now = BEGAN_MS
    log = AuditLog(store.database, lambda: At(now, 0, clock_suspect=False), KEY)
    for start in range(0, entries, AT_ONCE):
        now = BEGAN_MS + start * MINUTE_MS
        await log.record(*(happened(number % HOSTS) for number in range(start, start + AT_ONCE)))


async def _milliseconds(store: Store, wanted: Wanted, tries: int = 5) -> float:
    scope = frozenset(host(f"h-{number:016x}") for number in range(HOSTS))
    took = list[float]()
    for _ in range(tries):
        began = time.perf_counter()
        await store.trail.page(scope, wanted, PAGE)
        took.append((time.perf_counter() - began) * 1000)
    return round(max(took), 1)


async def pages(folder: Path, entries: int) -> dict[str, float]:
    """The slowest of five, in milliseconds, for each kind of question."""
    store = await Store.open_file(folder / "broker.sqlite3")
    await _fill(store, entries)
    middle = BEGAN_MS + entries // 2 * MINUTE_MS
    asked = {
        "newest": Wanted(),
        "oldest": Wanted(newest_first=False),
        "until_the_first_hours": Wanted(until_ms=BEGAN_MS + AT_ONCE * MINUTE_MS),
        "before_the_first": Wanted(until_ms=BEGAN_MS),
        "since_the_middle": Wanted(since_ms=middle, newest_first=False),
        "one_host_in_the_middle": Wanted(frozenset({host(f"h-{7:016x}")}), since_ms=middle, until_ms=middle + entries * MINUTE_MS // 10),
        "a_subject_of_no_entry": Wanted(frozenset({host("h-none")})),
    }
    told = {name: await _milliseconds(store, wanted) for name, wanted in asked.items()}
    await store.close()
    return told


def run(entries: int = 200_000) -> None:
    """Pages of 200 over a log of `entries`."""
    RESULTS.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=RESULTS) as folder:
        keep("trail", {"entries": entries, "hosts": HOSTS, "slowest_ms": asyncio.run(pages(Path(folder), entries))})
