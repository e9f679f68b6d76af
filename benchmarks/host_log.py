"""The host's log: appending one durable entry beside one bare fsync, and opening a log of 200,000: `python -m benchmarks hostlog`."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from audit.entry import At
from audit.events import host
from audit.log import Side
from benchmarks.results import keep
from policy.purpose import Purpose
from runtime.file_log import FileLog, Notary
from runtime.log_opening import open_log
from trust.signatures import Ed25519Signer, ed25519_verifies

ENTRIES, AT_ONCE, SINGLY = 200_000, 500, 1_000
WHEN = At(1_700_000_000_000, 5_000, clock_suspect=False)
SIGNER = Ed25519Signer(b"h" * 32)
ENTRY = host.SessionOffered(
    session_id="s-0123456789", ticket="482913", technician_id="t-0123456789", purpose=next(iter(Purpose)), case_reference="CASE 12345"
)


def opened(folder: Path) -> FileLog:
    """The log in this folder, with checkpoints."""
    return open_log(folder, Side.HOST, WHEN, Notary(SIGNER.public_key, SIGNER.sign_note, ed25519_verifies))


def timed(work: Callable[[], object]) -> float:
    """Seconds that it took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bare(file: int) -> None:
    """One line as long as a row, and one fsync."""
    os.write(file, b"x" * 480)
    os.fsync(file)


def run() -> None:
    """The host's log, on this disk."""
    with TemporaryDirectory(dir=Path.cwd()) as place:
        folder = Path(place)
        with opened(folder / "log") as log:
            file = os.open(folder / "bare", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            # In turns, so that both see the same disk.
            pairs = [(timed(lambda: bare(file)), timed(lambda: log.append((ENTRY,), WHEN))) for _ in range(SINGLY)]
            os.close(file)
            for _ in range((ENTRIES - SINGLY) // AT_ONCE):
                log.append((ENTRY,) * AT_ONCE, WHEN)
            log.checkpoint()
        busy = time.process_time()
        opening = [timed(lambda: opened(folder / "log").close()) for _ in range(3)]
        busy = time.process_time() - busy
        with opened(folder / "log") as log:
            heads = [timed(lambda: log.head(SINGLY)) for _ in range(100)]
            proofs = [timed(lambda: log.prove(ENTRIES // 2)) for _ in range(20)]
    bare_ones, appends = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    keep(
        "host_log",
        {
            "open_200_000_entries_s": round(median(opening), 2),
            "open_200_000_entries_processor_s": round(busy / len(opening), 2),
            "append_ms_median": round(1000 * median(appends), 3),
            "append_ms_p99": round(1000 * quantiles(appends, n=100)[98], 3),
            "bare_fsync_ms_median": round(1000 * median(bare_ones), 3),
            "bare_fsync_ms_p99": round(1000 * quantiles(bare_ones, n=100)[98], 3),
            "head_ms_median": round(1000 * median(heads), 3),
            "prove_ms_median": round(1000 * median(proofs), 2),
        },
    )
