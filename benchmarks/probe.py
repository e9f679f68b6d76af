"""The stop-watch in the page (`probe.js`), the same for every console: what it is told and what it saw.

A change is seen up to one animation frame late, 16.7 ms where the browser keeps pace. Its clock is this machine's.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page
from playwright.async_api import TimeoutError as NotInTime

from benchmarks.scene import CELL, CHART, STRIP_IN_CHART, STRIPS_IN_WINDOW, Scene
from benchmarks.timing import BITS, Flip, Reading
from benchmarks.workload import CLICK, KEY, SQUARE
from tests.helpers.pictures import screenshot

PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
PADS = {"blink": SQUARE, "click": CLICK, "key": KEY}
TAKE = """() => { const seen = window.__seen; const taken = { ...seen, strips: null };
  seen.flips = []; seen.readings = []; seen.presses = []; return taken; }"""
FINGERPRINTS = """(selector) => {
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const made = (window.__made = { prints: [], over: false });
  const look = async () => {
    const at = (performance.timeOrigin + performance.now()) / 1000;
    const canvas = document.querySelector(selector);
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    made.prints.push([hex(await crypto.subtle.digest("SHA-256", pixels)), at]);
    if (!made.over) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
FINGERPRINT_IS = """async ([wanted, seconds]) => {
  const made = window.__made;
  const until = performance.now() + 1000 * seconds;
  let found;
  while ((found = made.prints.find(([print]) => print === wanted)) === undefined && performance.now() < until) {
    await new Promise((shown) => requestAnimationFrame(shown));
  }
  made.over = true;
  return found === undefined ? null : found[1];
}"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was seen since the last time."""

    flips: Mapping[str, Sequence[Flip]]
    readings: Sequence[Reading]
    presses: Sequence[tuple[str, float]]


def taken_from(raw: Mapping[str, Any]) -> Taken:
    """What the page tells, with names."""
    seen = {name: [Flip(lit, at) for what, lit, at in raw["flips"] if what == name] for name in PADS}
    readings = [Reading(tuple(strips), at) for strips, at in raw["readings"]]
    return Taken(seen, readings, [(kind, at) for kind, at in raw["presses"]])


def middle(square: tuple[int, int, int, int]) -> tuple[int, int]:
    """A pixel that tells a square's state."""
    x, y, width, height = square
    return x + width // 2, y + height // 2


def digest(picture: Image.Image) -> str:
    """A picture's fingerprint, as the page makes it of its canvas."""
    return hashlib.sha256(picture.convert("RGBA").tobytes()).hexdigest()


class Probe:
    """A page with a canvas that shows a host's screen."""

    def __init__(self, page: Page, canvas: str, scene: Scene, *, whole: bool = True) -> None:
        """Without `whole` the first sight of anything counts as a full picture: where windows may lie over the marks."""
        self.page, self.canvas, self.scene = page, canvas, scene
        self._marks = scene.marks if whole else []

    async def begin(self) -> None:
        """Start to look. Before the picture comes, so that its first sight is seen."""
        pads = {name: middle(square) for name, square in PADS.items()}
        await self.page.evaluate(PROBE, {"canvas": self.canvas, "pads": pads, "marks": self._marks, "cell": CELL, "bits": BITS})

    async def take(self) -> Taken:
        """What was seen since the last call."""
        return taken_from(await self.page.evaluate(TAKE))

    async def frames(self) -> int:
        """How many animation frames the page had."""
        return int(await self.page.evaluate("() => window.__seen.frames"))

    async def look_for(self, phase: str) -> tuple[int, ...]:
        """Read the strips of this phase from now on. How far ahead of the step each runs."""
        if phase == "scroll":
            strips = self.scene.row_strips
            plan = {"fixed": list(strips.values()), "moving": [], "places": []}
            ahead = tuple(strips)
        elif phase == "drag":
            fixed = [(CHART[0] + STRIP_IN_CHART[0], CHART[1] + STRIP_IN_CHART[1])]
            plan = {"fixed": fixed, "moving": list(STRIPS_IN_WINDOW), "places": self.scene.drag_plan}
            ahead = (0,) * (1 + len(STRIPS_IN_WINDOW))
        else:
            plan, ahead = None, ()
        await self.page.evaluate("(plan) => { window.__seen.strips = plan; }", plan)
        return ahead

    async def full(self, seconds: float = 60.0) -> float:
        """When a picture of the whole screen was on the glass first."""
        await self.page.wait_for_function("() => window.__seen.full !== null", timeout=seconds * 1000)
        return float(await self.page.evaluate("() => window.__seen.full"))

    async def same(self, display: str, seconds: float) -> float | None:
        """When the canvas held exactly what X holds now; None if it did not in that time. Begins to look at once."""
        await self.page.evaluate(FINGERPRINTS, self.canvas)
        wanted = digest(await asyncio.to_thread(screenshot, display))
        at = await self.page.evaluate(FINGERPRINT_IS, [wanted, seconds])
        return None if at is None else float(at)

    async def point(self, x: int, y: int) -> None:
        """Move the pointer to a pixel of the host's screen, wherever the page shows it."""
        await self.page.mouse.move(*await self._at(x, y))

    async def _at(self, x: int, y: int) -> tuple[float, float]:
        box = await self.page.locator(self.canvas).bounding_box()
        if box is None:
            raise RuntimeError("the page shows no canvas")
        return (
            box["x"] + (x + 0.5) * box["width"] / self.scene.width,
            box["y"] + (y + 0.5) * box["height"] / self.scene.height,
        )

    async def flipped(self, name: str, seconds: float = 3.0) -> bool:
        """Wait until a square has changed; False when it does not in that time."""
        found = "(name) => window.__seen.flips.some(([what]) => what === name)"
        try:
            await self.page.wait_for_function(found, arg=name, timeout=seconds * 1000)
        except NotInTime:
            return False
        return True
