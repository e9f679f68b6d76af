"""Content over the relay and over a channel of its own: `python -m benchmarks direct`. Both over one cable, of several lengths and faults.

The host and the broker are at one end, the browser at the other, each in a network namespace of its own (root). The relay's TCP and the
channel's UDP cross the same cable, once.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import psutil
import typer

from benchmarks.motion import Figures, connects, phase
from benchmarks.results import keep
from benchmarks.screenplay import screenplay
from benchmarks.subjects import PAGE, SCENE, Subject, installed, place, subject_at
from benchmarks.terminal_person import on_xvfb
from tests.helpers.browser import CHROMIUM
from tests.helpers.house import House
from tests.helpers.namespaces import CABLE, HOST_ADDRESS, browser_there, directly, inside, two_namespaces
from tests.helpers.pictures import paint_noise
from tests.helpers.portal import reached

LINES = ((0.0, 0.0), (0.02, 0.0), (0.1, 0.0), (0.02, 0.01), (0.02, 0.02))
"""Seconds one way, and the share of the packets that is lost."""
PHASES = ("blink", "scroll", "drag")
SETTLE_SECONDS = 30.0
FLOODS, FLOODED = 3, (1000, 700)


@contextmanager
def cable(delay: float, loss: float) -> Iterator[None]:
    """One between the two namespaces of this run."""
    words = (sys.executable, "-m", "benchmarks.cable", *os.environ[CABLE].split(), "--delay", str(delay), "--loss", str(loss))
    with subprocess.Popen(words, stdout=subprocess.PIPE) as laid:
        if laid.stdout is None or laid.stdout.readline() != b"ready\n":
            raise RuntimeError("there is no cable")
        try:
            yield
        finally:
            laid.terminate()


def crossed() -> int:
    """Bytes that crossed the cable, both ways."""
    counted = psutil.net_io_counters(pernic=True)["cable"]
    return counted.bytes_sent + counted.bytes_recv


@asynccontextmanager
async def subject_on(home: House) -> AsyncIterator[Subject]:
    """A technician at the other end of the cable, and the workload on the host's screen."""
    ports = home.demo.ports
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(reached(os.environ[CABLE].split()[1], HOST_ADDRESS, (ports.broker, ports.console)))
        technician = await stack.enter_async_context(home.technician())
        await technician.page.set_viewport_size(PAGE)
        yield subject_at(home, technician, await stack.enter_async_context(screenplay(home.desktop.environment)))


async def flooded(subject: Subject) -> Figures:
    """Pictures that no encoder makes small, one behind the other: what goes through while there is always more to send."""
    before, begun = crossed(), time.monotonic()
    for seed in range(FLOODS):
        await asyncio.to_thread(paint_noise, subject.display, seed, *FLOODED, over=True)
        await subject.probe.same(subject.display, SETTLE_SECONDS)
    size, seconds = crossed() - before, time.monotonic() - begun
    await subject.play.play("still")
    return {"MB_per_second": round(size / 1e6 / seconds, 2), "seconds_a_picture": round(seconds / FLOODS, 2)}


async def carried(subject: Subject, word: str, seconds: float) -> Figures:
    """A whole visit by this carrier."""
    figures = await connects(subject, 1)
    shown = subject.probe.page.locator("#carrier")
    if word == "allow":
        await shown.and_(subject.probe.page.locator('[data-carrier="direct"]')).wait_for(timeout=20_000)
    before = crossed()
    for each in PHASES:
        figures[each] = await phase(subject, each, seconds, SETTLE_SECONDS)
    figures["flood"] = await flooded(subject)
    figures["crossed_MB"] = round((crossed() - before) / 1e6, 2)
    figures["carrier_at_the_end"] = await shown.get_attribute("data-carrier") if await shown.count() else "relay"
    await subject.again()
    return figures


async def measure(seconds: float) -> None:
    """In the host's namespace: every line, by either carrier."""
    figures: Figures = {"seconds_a_phase": seconds}
    version = 1
    async with place() as at, installed(at) as installation, on_xvfb(installation, (SCENE.width, SCENE.height)) as home:
        for delay, loss in LINES:
            for carrier, word in (("relay", "never"), ("direct", "allow")):
                version += 1
                await home.sign_site_policy(directly(word, version))
                with cable(delay, loss):
                    async with subject_on(home) as subject:
                        await subject.play.play("still")
                        figures[f"{delay * 1000:.0f} ms, {loss:.0%} lost, {carrier}"] = await carried(subject, word, seconds)
                keep("direct", figures)


def run(seconds: Annotated[float, typer.Option(help="Seconds of each phase.")] = 8.0) -> None:
    """Measure on cables of 0, 20 and 100 ms one way, and with 1 and 2 % of the packets lost. Needs root."""
    if CABLE in os.environ:
        asyncio.run(measure(seconds))
        return
    with two_namespaces(laid=False) as between, TemporaryDirectory(prefix="bench-") as folder:
        words = inside(between, sys.executable, "-m", "benchmarks", "direct", "--seconds", str(seconds))
        subprocess.run(words, env=browser_there(between, Path(folder), CHROMIUM), check=True)
