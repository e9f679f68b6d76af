"""A whole visit against the stop-watch, beside other products: `python -m benchmarks motion`.

Phases of one workload, the same for everybody: idle, blink, typing, scroll of a results table, drag of a window, clicks, keys.
Screen to glass, complete frames a second and how old the picture is, bytes on the wire, CPU of each part, and whether the picture
at rest is the screen's, pixel by pixel.
"""

import asyncio
import random
import re
import time
from collections.abc import Mapping
from subprocess import PIPE
from typing import Annotated

import typer
from PIL import ImageChops
from playwright.async_api import Error as PageError

from benchmarks.peers import PEERS, chosen_peers, subject_of
from benchmarks.probe import PADS, Probe, Taken, middle
from benchmarks.results import families, half_and_most, keep, own_cpu_seconds
from benchmarks.screenplay import Said, Screenplay, flips, steps
from benchmarks.subjects import OURS, SCENE, Subject, place
from benchmarks.targets import table
from benchmarks.timing import ages, complete, delays, left_over, step_delays
from tests.helpers.pictures import canvas_picture, screenshot

PHASES = ("idle", "blink", "typing", "scroll", "drag")
MOVING = frozenset({"scroll", "drag"})
PARK = (620, 40)
SETTLE_SECONDS = 4.0
LETTERS = "abcdefghijkmnopqrstuvwxyz"

Figures = dict[str, object]


class Meter:
    """What each part of a subject uses from now on: CPU of its processes, bytes from the server to the browser, animation frames."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._parts = {name: families(pids) for name, pids in subject.processes.items()}
        self._cpu = self.cpu()
        self._begun = time.monotonic()
        self._received: Mapping[str, int] = {}
        self._frames = 0

    async def begin(self) -> None:
        """Look at what takes longer to look at."""
        self._received, self._frames = await received(self._subject), await self._subject.probe.frames()
        self._cpu, self._begun = self.cpu(), time.monotonic()

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each part so far."""
        return {name: sum(own_cpu_seconds(each) for each in processes) for name, processes in self._parts.items()}

    def cpu_percent(self) -> dict[str, float]:
        """Of one core, since it began."""
        seconds = time.monotonic() - self._begun
        return {name: round((used - self._cpu[name]) / seconds * 100, 1) for name, used in self.cpu().items()}

    async def since(self) -> tuple[int, int, float]:
        """Bytes received, animation frames and seconds since it began. What a socket brought that is closed by now is lost."""
        now, seconds = await received(self._subject), time.monotonic() - self._begun
        size = sum(count - self._received.get(socket, 0) for socket, count in now.items())
        return size, await self._subject.probe.frames() - self._frames, seconds


async def received(subject: Subject) -> Mapping[str, int]:
    """Bytes that the kernel handed to the browser from its server so far, TLS and framing included; by socket."""
    command = ("ss", "-tinpHO", f"dport = :{subject.port}")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    said, _ = await process.communicate()
    pids = {f"pid={pid}," for pid in subject.processes["browser"]}
    lines = [line for line in said.decode().splitlines() if any(pid in line for pid in pids)]
    return {line.split()[3]: int(found[1]) for line in lines if (found := re.search(r"bytes_received:(\d+)", line))}


async def phase(subject: Subject, name: str, seconds: float, settle: float = SETTLE_SECONDS) -> Figures:
    """One phase of the workload, and what became of it."""
    probe, play = subject.probe, subject.play
    await play.play("still")
    await probe.same(subject.display, settle)
    ahead = await probe.look_for(name)
    meter = Meter(subject)
    await meter.begin()
    await probe.take()
    if name == "idle":
        await asyncio.sleep(seconds)
        drawn: list[Said] = []
    else:
        drawn = await play.play(f"{name} {seconds:.0f}")
    figures: Figures = {"cpu_percent": meter.cpu_percent()}
    figures |= await settled(subject, float(str(drawn[-1]["at"])) if drawn else None, settle)
    size, frames, lasted = await meter.since()
    figures["page_frames_per_second"] = round(frames / lasted, 1)
    figures["kB_per_second"] = round(size / lasted / 1000, 1)
    taken = await probe.take()
    if name in {"blink", "typing"}:
        figures["to_glass"] = half_and_most(delays(flips(drawn, "blink"), taken.flips["blink"])) | {"drawn": len(drawn)}
    elif name in MOVING:
        figures |= moved(drawn, taken, ahead, seconds, size)
    return figures


def moved(drawn: list[Said], taken: Taken, ahead: tuple[int, ...], seconds: float, size: int) -> Figures:
    """Frames, their delay and the age of the picture."""
    source, seen = steps(drawn), complete(taken.readings, ahead)
    begun, over = source[0].at, source[-1].at
    late = step_delays(source, seen)
    return {
        "source_frames_per_second": round(len(source) / seconds, 2),
        "complete_frames_per_second": round(len(late) / seconds, 2),
        "to_glass": half_and_most(late),
        "age": half_and_most(ages(source, seen, begun, over)),
        "kB_per_complete_frame": round(size / 1000 / max(1, len(late)), 2),
        "shown_after_rest": left_over(source, seen),
    }


async def settled(subject: Subject, rest: float | None, seconds: float) -> Figures:
    """Whether the picture at rest is the screen's, and how long after the last change it was."""
    at = await subject.probe.same(subject.display, seconds)
    if at is not None:
        return {"identical": True} if rest is None else {"identical": True, "identical_after_ms": max(0, round((at - rest) * 1000))}
    shown = await canvas_picture(subject.probe.page, subject.probe.canvas)
    true = await asyncio.to_thread(screenshot, subject.display)
    if shown is None or shown.size != true.size:
        return {"identical": False, "differing_percent": 100.0}
    differs = ImageChops.difference(shown, true).convert("L").point(lambda value: 255 if value else 0)
    return {"identical": False, "differing_percent": round(differs.histogram()[255] / (true.width * true.height) * 100, 3)}


async def presses(probe: Probe, play: Screenplay, kind: str, count: int) -> Figures:
    """Click or type again and again; to the host's program, and to the echo on the glass."""
    page = probe.page
    await probe.point(*(middle(PADS["click"]) if kind == "click" else PARK))
    to_host, to_glass, lost = [], [], 0
    pause = random.Random(7)  # noqa: S311 - the same uneven pace in every run
    for _ in range(count):
        await asyncio.sleep(pause.uniform(0.25, 0.5))
        await probe.take()
        if kind == "click":
            await page.mouse.down()
            await page.mouse.up()
        else:
            await page.keyboard.press(pause.choice(LETTERS))
        said = await play.press() if await probe.flipped(kind) else None
        taken = await probe.take()
        if said is None or not taken.presses or not taken.flips[kind]:
            lost += 1
            continue
        pressed = taken.presses[0][1]
        to_host.append(float(str(said["came"])) - pressed)
        to_glass.append(taken.flips[kind][0].at - pressed)
    return {"to_host": half_and_most(to_host), "to_glass": half_and_most(to_glass), "lost": lost}


async def connects(subject: Subject, count: int, patience: float = 60.0) -> Figures:
    """From the press that connects, or from the consent, to a picture of the whole screen."""
    took = []
    for turn in range(count):
        if turn:
            await subject.again()
        begun = await subject.connect()
        took.append(await subject.probe.full(patience) - begun)
    return {"connect_ms": [round(each * 1000) for each in took]}


async def whole(subject: Subject, seconds: float, presses_each: int, times: int) -> Figures:
    """Everything about one subject."""
    await subject.play.play("still")
    figures = await connects(subject, times)
    await subject.probe.point(*PARK)
    for name in PHASES:
        figures[name] = await phase(subject, name, seconds)
    await subject.play.play("still")
    await subject.take_control()
    figures["click"] = await presses(subject.probe, subject.play, "click", presses_each)
    figures["key"] = await presses(subject.probe, subject.play, "key", presses_each)
    return figures


async def measure(seconds: float, count: int, times: int, peers: list[str]) -> None:
    """Ours, then the others, one after the other."""
    figures: Figures = {"screen": f"{SCENE.width}x{SCENE.height}", "seconds_a_phase": seconds}
    async with place() as at:
        for name in (OURS, *peers):
            if name in PEERS and (missing := PEERS[name].missing()):
                figures[name] = missing
                continue
            try:
                async with subject_of(name, at) as subject:
                    figures[subject.name] = await whole(subject, seconds, count, times)
            except (PageError, RuntimeError, TimeoutError) as failed:
                if name == OURS:
                    raise
                figures[name] = f"failed: {failed}"  # a peer's fault must not cost the figures of the others
    rows = table(figures)
    keep("motion", figures | {"targets": rows})
    print("\n".join(rows))


def run(
    seconds: Annotated[float, typer.Option(help="Seconds of each phase.")] = 10.0,
    count: Annotated[int, typer.Option(help="Clicks, and keys.")] = 30,
    connects: Annotated[int, typer.Option(help="How often to connect.")] = 3,
    peers: Annotated[list[str] | None, typer.Option(help=f"Others beside it: {', '.join(PEERS)}; 'none'. Default: all.")] = None,
) -> None:
    """Measure a visit, and the peers that are installed."""
    asyncio.run(measure(seconds, count, connects, chosen_peers(peers)))
