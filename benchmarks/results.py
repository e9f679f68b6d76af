"""Where figures go: `benchmarks/results/NAME.json`, with what machine gave them, and a table on the terminal."""

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import psutil
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
_SCREEN = Console()


def machine() -> dict[str, object]:
    """What a reader needs to judge a figure."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def keep(name: str, figures: Mapping[str, object]) -> Path:
    """Write one benchmark's figures and show them."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    facts = {"benchmark": name, "taken": datetime.now(UTC).date().isoformat(), "machine": machine(), "figures": figures}
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    table = Table("figure", "value", title=name)
    for label, value in figures.items():
        table.add_row(label, str(value))
    _SCREEN.print(table)
    return path


def half_and_most(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds, and how many were taken."""
    if len(seconds) < 2:
        return {"taken": len(seconds)}
    cuts = quantiles(seconds, n=20, method="inclusive")
    return {"p50_ms": round(cuts[9] * 1000, 1), "p95_ms": round(cuts[18] * 1000, 1), "taken": len(seconds)}


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process and its children."""
    return sum(own_cpu_seconds(each) for each in (process, *process.children(recursive=True)))


def families(pids: Iterable[int]) -> list[psutil.Process]:
    """These processes, as far as they are there, and everything they started: each once, also where one had started another."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            found |= {each.pid: each for each in (process, *process.children(recursive=True))}
    return list(found.values())


def own_cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process; what it was, if it is gone meanwhile, is lost with it."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
