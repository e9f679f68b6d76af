"""The picture over a slow line: `python -m benchmarks slow`. A table scrolls faster than the line carries it.

What counts is how old the picture is, that no more than two frames wait, and that the picture at rest is the screen's. The line lies
between the host and whatever it reaches first (`slow_line.py`): our broker, or a peer's websockify.
"""

import asyncio
from typing import Annotated

import typer

from benchmarks.motion import Figures, connects, phase
from benchmarks.peers import PEERS, chosen_peers, subject_of
from benchmarks.results import keep
from benchmarks.subjects import OURS, place

LINES = {"1 Mbit/s": 1_000_000.0, "256 kbit/s": 256_000.0}
PHASES = ("typing", "scroll", "drag")
SETTLE_SECONDS = 60.0
FIRST_SECONDS = 180.0


async def measure(seconds: float, peers: list[str]) -> None:
    """Everybody on every line."""
    figures: Figures = {"seconds_a_phase": seconds}
    async with place() as at:
        for line, bits in LINES.items():
            for name in (OURS, *peers):
                if name in PEERS and (missing := PEERS[name].missing()):
                    figures[f"{name}, {line}"] = missing
                    continue
                async with subject_of(name, at, bits) as subject:
                    await subject.play.play("still")
                    found = await connects(subject, 1, FIRST_SECONDS)
                    for each in PHASES:
                        found[each] = await phase(subject, each, seconds, SETTLE_SECONDS)
                    figures[f"{subject.name}, {line}"] = found
                keep("slow", figures)  # a slow line takes its time: what is measured is kept at once


def run(
    seconds: Annotated[float, typer.Option(help="Seconds of each phase.")] = 15.0,
    peers: Annotated[list[str] | None, typer.Option(help=f"Others beside it: {', '.join(PEERS)}; 'none'. Default: all.")] = None,
) -> None:
    """Measure on 1 Mbit/s and on 256 kbit/s."""
    asyncio.run(measure(seconds, chosen_peers(peers)))
