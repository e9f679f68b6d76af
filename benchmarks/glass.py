"""Screen to glass, click to glass, Allow to full picture, and the host's CPU: `python -m benchmarks glass`.

Everything is real: broker, console origin, guardian, desk, X server, Chromium with software rendering. The workload
(`benchmarks/workload.py`) says when a change was on the X screen; a sampler in the page says in which animation frame
the console's canvas showed it. Both clocks are the same machine's. An animation frame adds 0 to 16.7 ms by itself.
"""

import asyncio
from enum import StrEnum
from typing import Annotated

import psutil
import typer

from benchmarks.motion import presses
from benchmarks.probe import Probe
from benchmarks.results import cpu_seconds, half_and_most, keep
from benchmarks.scene import Scene
from benchmarks.screenplay import Screenplay, flips, screenplay
from benchmarks.subjects import allowed_at, installed, place
from benchmarks.terminal_person import on_xvfb
from benchmarks.timing import delays
from tests.helpers.house import House
from tests.helpers.technician import Technician
from tests.helpers.visits import ask_to_view, control, settled

STILL_SECONDS = 20.0
PHASE_SECONDS = 20
CLICKS = 30


class ScreenKind(StrEnum):
    """What the host's screen is."""

    XVNC = "xvnc"
    """With the desk's windows, pressed by a person through RFB. Copying pixels goes through a socket."""
    XVFB = "xvfb"
    """With the desk in a terminal. Copying pixels goes through shared memory, as on an instrument's own X."""


NAMES = {ScreenKind.XVNC: "glass", ScreenKind.XVFB: "glass_xvfb"}


async def see(probe: Probe, play: Screenplay, command: str) -> dict[str, float]:
    """One phase of the workload, and how late the glass was."""
    await probe.take()
    drawn = await play.play(f"{command} {PHASE_SECONDS}")
    await asyncio.sleep(1.0)
    taken = await probe.take()
    return half_and_most(delays(flips(drawn, "blink"), taken.flips["blink"])) | {"drawn": len(drawn)}


async def host_cpu(home: House) -> float:
    """Percent of a core that guardian and desk use while nothing changes."""
    running = [psutil.Process(home.process(name).process.pid) for name in ("guardian", "desk")]
    before = sum(cpu_seconds(each) for each in running)
    await asyncio.sleep(STILL_SECONDS)
    return round((sum(cpu_seconds(each) for each in running) - before) / STILL_SECONDS * 100, 2)


async def visit(home: House, technician: Technician) -> dict[str, object]:
    """One visit, measured from Allow to the last click."""
    scene = Scene(home.desktop.screen.width, home.desktop.screen.height)
    probe = Probe(technician.page, "#screen", scene, whole=False)
    async with screenplay(home.desktop.environment) as play:
        await ask_to_view(home, technician)
        await probe.begin()
        await home.person.press("Allow")
        await technician.phase("viewing")
        await settled(home, technician)
        figures: dict[str, object] = {
            "screen": f"{scene.width}x{scene.height}",
            "allow_to_picture_ms": round((await probe.full() - allowed_at(home)) * 1000),
            "host_cpu_percent_still": await host_cpu(home),
            "blink": await see(probe, play, "blink"),
            "typing": await see(probe, play, "typing"),
        }
        await control(home, technician)
        figures["click"] = await presses(probe, play, "click", CLICKS)
        await technician.end()
    return figures


async def measure(screen: ScreenKind) -> None:
    """One installation, one visit."""
    async with place() as at, installed(at) as home, home.technician() as technician:
        if screen is ScreenKind.XVFB:
            async with on_xvfb(home) as moved:
                figures = await visit(moved, technician)
        else:
            figures = await visit(home, technician)
    keep(NAMES[screen], figures)


def run(screen: Annotated[ScreenKind, typer.Option(help="The X server of the host.")] = ScreenKind.XVNC) -> None:
    """Measure one visit."""
    asyncio.run(measure(screen))
