"""Memory of host, broker and browser over a long visit on a busy screen: `python -m benchmarks memory --minutes 10`.

What is counted is what would come free if the process ended (USS), every few seconds. The growth is the slope of the second half: the
first fills caches. A visit ends after an hour unless the person allows another, so 58 minutes is the longest that is one visit.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

import psutil
import typer

from benchmarks.motion import PARK, Figures, connects, presses
from benchmarks.probe import PADS, middle
from benchmarks.results import keep
from benchmarks.subjects import Subject, ours, place
from benchmarks.timing import slope

PHASES = ("scroll 20", "drag 20", "typing 10", "blink 10")
EVERY_SECONDS = 5.0
SETTLE_SECONDS = 10.0
MEGABYTE = 1e6

Samples = list[tuple[float, Mapping[str, float]]]


def parts(subject: Subject) -> dict[str, list[psutil.Process]]:
    """The processes of each part."""
    guardian, desk = subject.processes["host"]
    named = {"guardian": (guardian,), "desk": (desk,), "broker": subject.processes["server"], "browser": subject.processes["browser"]}
    return {name: [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)] for name, pids in named.items()}


def held(processes: list[psutil.Process]) -> float:
    """Megabytes that are theirs alone."""
    total = 0
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            total += each.memory_full_info().uss
    return total / MEGABYTE


async def sample(of: Mapping[str, list[psutil.Process]], into: Samples) -> None:
    """Look again and again until cancelled."""
    while True:
        into.append((time.monotonic(), {name: held(processes) for name, processes in of.items()}))
        await asyncio.sleep(EVERY_SECONDS)


def summed_up(samples: Samples) -> Figures:
    """Start, end, most and growth of each part."""
    begun = samples[0][0]
    later = samples[len(samples) // 2 :]
    found: Figures = {}
    for name in samples[0][1]:
        values = [each[name] for _, each in samples]
        growth = slope([(at - begun) / 3600 for at, _ in later], [each[name] for _, each in later])
        found[name] = {
            "start_MB": round(values[0], 1),
            "middle_MB": round(values[len(values) // 2], 1),
            "end_MB": round(values[-1], 1),
            "most_MB": round(max(values), 1),
            "growth_MB_per_hour": round(growth, 1),
        }
    return found


async def busy(subject: Subject, until: float) -> int:
    """The workload again and again, and a click with each round; how many rounds ended with the screen's own picture."""
    exact = 0
    while time.monotonic() < until:
        await subject.play.play("still")
        for command in PHASES:
            await subject.play.play(command)
        exact += await subject.probe.same(subject.display, SETTLE_SECONDS) is not None
        await presses(subject.probe, subject.play, "click", 1)
        await subject.probe.point(*PARK)
        await subject.probe.take()
    return exact


async def measure(minutes: float) -> None:
    """One visit."""
    samples: Samples = []
    async with place() as at, ours(at) as subject:
        await subject.play.play("still")
        await connects(subject, 1)
        await subject.take_control()
        await subject.probe.point(*middle(PADS["click"]))
        sampling = asyncio.create_task(sample(parts(subject), samples))
        exact = await busy(subject, time.monotonic() + minutes * 60)
        sampling.cancel()
        with suppress(asyncio.CancelledError):
            await sampling
    rounds_seconds = samples[-1][0] - samples[0][0]
    keep("memory", {"minutes": round(rounds_seconds / 60, 1), "rounds_that_ended_exact": exact} | summed_up(samples))


def run(minutes: Annotated[float, typer.Option(help="How long the visit lasts; 58 for the full figure.")] = 10.0) -> None:
    """Measure memory over one visit."""
    asyncio.run(measure(minutes))
