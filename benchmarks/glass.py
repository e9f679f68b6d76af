"""Screen to glass, click to glass, Allow to full picture, and the host's CPU: `python -m benchmarks glass`.

Everything is real: broker, console origin, guardian, desk, X server, Chromium with software rendering. The workload
(`benchmarks/workload.py`) says when a change was on the X screen; a sampler in the page says in which animation frame
the console's canvas showed it. Both clocks are the same machine's. An animation frame adds 0 to 16.7 ms by itself.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import psutil
import typer
from playwright.async_api import Page

from audit.entry import decode_entry
from audit.events.visit import Answered
from audit.stores import open_stored
from benchmarks.results import cpu_seconds, half_and_most, keep
from benchmarks.terminal_person import on_xvfb
from benchmarks.workload import CLICK, SQUARE
from policy.permissions import Permission
from runtime.certificates import prepare_certificates
from tests.helpers.browser import chromium
from tests.helpers.house import House, house
from tests.helpers.technician import Technician
from tests.helpers.visits import ask_to_view, control, settled

STILL_SECONDS = 20.0
PHASE_SECONDS = 20
CLICKS = 30
CLOCKS_APART = 0.005
"""The workload reads its clock after the round trip that proves the change; the console may be faster than that."""
LATEST = 3.0


class ScreenKind(StrEnum):
    """What the host's screen is."""

    XVNC = "xvnc"
    """With the desk's windows, pressed by a person through RFB. Copying pixels goes through a socket."""
    XVFB = "xvfb"
    """With the desk in a terminal. Copying pixels goes through shared memory, as on an instrument's own X."""


NAMES = {ScreenKind.XVNC: "glass", ScreenKind.XVFB: "glass_xvfb"}

SAMPLER = """
([points]) => {
  const seen = (window.__seen = { changes: [], clicks: [], first: null });
  const scratch = document.createElement("canvas");
  scratch.width = scratch.height = 1;
  const pen = scratch.getContext("2d", { willReadFrequently: true });
  const last = {};
  const now = () => (performance.timeOrigin + performance.now()) / 1000;
  addEventListener("pointerdown", () => seen.clicks.push(now()), true);
  const look = () => {
    const screen = document.querySelector("#screen");
    if (screen && screen.width > 300) {
      for (const [name, [x, y]] of Object.entries(points)) {
        pen.drawImage(screen, x, y, 1, 1, 0, 0, 1, 1);
        const [red, , , alpha] = pen.getImageData(0, 0, 1, 1).data;
        if (alpha && seen.first === null) seen.first = now();
        const lit = red > 127;
        if (alpha && last[name] !== lit) { if (name in last) seen.changes.push([name, lit, now()]); last[name] = lit; }
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
TAKE = "() => { const s = window.__seen; const t = { ...s }; s.changes = []; s.clicks = []; return t; }"


class Screenplay:
    """The workload process: commands in, what it drew out."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def line(self) -> Mapping[str, object]:
        """The next thing it says."""
        if self._process.stdout is None:
            raise RuntimeError("the workload has no output")
        said: Mapping[str, object] = json.loads(await self._process.stdout.readline())
        return said

    async def play(self, command: str) -> list[Mapping[str, object]]:
        """Run one command to its end; every change it drew."""
        self.tell(command)
        drawn = []
        while (said := await self.line())["what"] != "done":
            drawn.append(said)
        return drawn

    def tell(self, command: str) -> None:
        """Give a command."""
        if self._process.stdin is None:
            raise RuntimeError("the workload has no input")
        self._process.stdin.write(f"{command}\n".encode())


@asynccontextmanager
async def screenplay(environment: Mapping[str, str]) -> AsyncIterator[Screenplay]:
    """The workload on this display."""
    command = (sys.executable, "-m", "benchmarks.workload")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=dict(environment))
    play = Screenplay(process)
    await play.line()
    yield play
    play.tell("quit")
    await process.wait()


def middle(square: tuple[int, int, int, int]) -> tuple[int, int]:
    """A pixel that tells a square's state."""
    x, y, width, height = square
    return x + width // 2, y + height // 2


def delays(drawn: list[Mapping[str, object]], shown: list[list[object]], name: str) -> list[float]:
    """Seconds from each change on the screen to its first sight on the glass.

    A change counts for none when the same square changed twice more before it was seen: then it was overtaken, and what is
    seen later is another change that looks the same.
    """
    glass = [(bool(lit), float(str(at))) for what, lit, at in shown if what == name]
    times = [float(str(each["at"])) for each in drawn]
    found = []
    for place, each in enumerate(drawn):
        since = times[place] - CLOCKS_APART
        until = times[place + 2] if place + 2 < len(times) else times[place] + LATEST
        seen = next((at for lit, at in glass if since <= at < until and lit is bool(each["lit"])), None)
        if seen is not None:
            found.append(seen - times[place])
    return found


def allowed_at(home: House) -> float:
    """When the view was allowed, as the host's log says (seconds since 1970)."""
    opened = open_stored(home.demo.layout.host / "log")
    entries = [decode_entry(row.entry) for row in opened.rows]
    times = [each.at.utc_ms / 1000 for each in entries if isinstance(each.event, Answered) and each.event.permission is Permission.VIEW]
    return times[-1]


async def see(page: Page, play: Screenplay, command: str) -> dict[str, float]:
    """One phase of the workload, and how late the glass was."""
    await page.evaluate(TAKE)
    drawn = await play.play(f"{command} {PHASE_SECONDS}")
    await asyncio.sleep(1.0)
    taken = await page.evaluate(TAKE)
    return half_and_most(delays(drawn, taken["changes"], "blink")) | {"drawn": len(drawn)}


async def click(technician: Technician, play: Screenplay, size: tuple[int, int]) -> dict[str, dict[str, float]]:
    """Press the click pad again and again."""
    page = technician.page
    await page.evaluate(TAKE)
    to_glass, to_host = [], []
    for _ in range(CLICKS):
        x, y = middle(CLICK)
        await technician.click_at(x, y, *size)
        drawn = await play.line()
        await page.wait_for_function("() => window.__seen.changes.length > 0")
        taken = await page.evaluate(TAKE)
        pressed = taken["clicks"][-1]
        to_glass.append(float(taken["changes"][0][2]) - pressed)
        to_host.append(float(str(drawn["at"])) - pressed)
    return {"click_to_glass": half_and_most(to_glass), "click_to_host": half_and_most(to_host)}


async def host_cpu(home: House) -> float:
    """Percent of a core that guardian and desk use while nothing changes."""
    running = [psutil.Process(home.process(name).process.pid) for name in ("guardian", "desk")]
    before = sum(cpu_seconds(each) for each in running)
    await asyncio.sleep(STILL_SECONDS)
    return round((sum(cpu_seconds(each) for each in running) - before) / STILL_SECONDS * 100, 2)


async def visit(home: House, technician: Technician) -> dict[str, object]:
    """One visit, measured from Allow to the last click."""
    size = (home.desktop.screen.width, home.desktop.screen.height)
    async with screenplay(home.desktop.environment) as play:
        await ask_to_view(home, technician)
        await technician.page.evaluate(SAMPLER, [{"blink": middle(SQUARE), "click": middle(CLICK)}])
        await home.person.press("Allow")
        await technician.phase("viewing")
        await settled(home, technician)
        first = (await technician.page.evaluate(TAKE))["first"]
        figures: dict[str, object] = {
            "screen": f"{size[0]}x{size[1]}",
            "allow_to_picture_ms": round((first - allowed_at(home)) * 1000),
            "host_cpu_percent_still": await host_cpu(home),
            "blink": await see(technician.page, play, "blink"),
            "typing": await see(technician.page, play, "typing"),
        }
        await control(home, technician)
        figures |= await click(technician, play, size)
        await technician.end()
    return figures


async def measure(screen: ScreenKind) -> None:
    """One installation, one visit."""
    with TemporaryDirectory() as folder:
        certificates = Path(folder)
        prepare_certificates(certificates)
        async with (
            chromium((certificates / "broker.pem", certificates / "console.pem")) as browser,
            house(browser, certificates) as home,
            home.technician() as technician,
        ):
            if screen is ScreenKind.XVFB:
                async with on_xvfb(home) as moved:
                    figures = await visit(moved, technician)
            else:
                figures = await visit(home, technician)
    keep(NAMES[screen], figures)


def run(screen: Annotated[ScreenKind, typer.Option(help="The X server of the host.")] = ScreenKind.XVNC) -> None:
    """Measure one visit."""
    asyncio.run(measure(screen))
