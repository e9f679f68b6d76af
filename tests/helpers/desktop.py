"""A whole desktop for a test: Xvnc, a window manager, a session bus with its accessibility bus, and a person before it.

The person sees what the accessibility tree says is on the screen and presses it through RFB, from outside X: never by
guessed pixels, never through XTEST.
"""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.x_server import Hand, ServerSilent, XScreen, hand, openbox, xvnc

SEE_SECONDS = 20.0
HELPER_SECONDS = 90.0
"""For an answer of the accessibility helper beside the time that it was given: programs under load answer it late."""
MOMENT = 0.2
NOTHING = "\0"
"""No name: looking for it lets a moment pass."""
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
DEBIAN_PYTHON = "/usr/bin/python3"
EYES = Path(__file__).with_name("atspi_buttons.py")


class NotSeen(AssertionError):
    """What the person looked for did not come, or did not go."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing on the screen, in pixels of the screen."""

    name: str
    role: str
    x: int
    y: int
    width: int
    height: int
    focused: bool
    enabled: bool

    @property
    def middle(self) -> tuple[int, int]:
        """Where a person would press."""
        return self.x + self.width // 2, self.y + self.height // 2


class Eyes:
    """Reads the accessibility tree of one session bus through a helper that runs in Debian's own interpreter."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def look(self, name: str | None, role: str | None, seconds: float, *, gone: bool = False, enabled: bool = False) -> list[Seen]:
        """What fits now or within `seconds`; with `gone`, wait until nothing fits. Empty when the time ran out (or it is gone)."""
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None
        assert reader is not None
        async with self._turn:
            writer.write(json.dumps({"role": role, "name": name, "seconds": seconds, "gone": gone, "enabled": enabled}).encode() + b"\n")
            await writer.drain()
            line = await asyncio.wait_for(reader.readline(), seconds + HELPER_SECONDS)
        if not line:
            raise ServerSilent("the accessibility helper ended")
        answer: dict[str, list[dict[str, Any]]] = json.loads(line)
        return [Seen(**each) for each in answer["found"]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in front of the instrument: eyes on the screen and a hand on the mouse."""

    eyes: Eyes
    hand: Hand

    async def see(self, name: str | None = None, role: str | None = None, seconds: float = SEE_SECONDS, *, enabled: bool = False) -> Seen:
        """Wait until something is shown (and can be pressed) and return where. Raises NotSeen, naming what was there instead."""
        found = await self.eyes.look(name, role, seconds, enabled=enabled)
        if not found:
            there = sorted({f"{each.role}: {each.name}" for each in await self.eyes.look(None, None, 0) if each.name})
            raise NotSeen(f"no {role or 'thing'} called {name!r}; there were {there}")
        return found[0]

    async def press(self, name: str, role: str = "push button", seconds: float = SEE_SECONDS) -> Seen:
        """Wait until a button can be pressed and keeps its place, and press it."""
        before = None
        seen = await self.see(name, role, seconds, enabled=True)
        while seen != before:
            before = seen
            await self.eyes.look(NOTHING, None, MOMENT)
            seen = await self.see(name, role, seconds, enabled=True)
        await self.hand.click(*seen.middle)
        return seen

    async def texts(self) -> list[str]:
        """Every name on the screen now."""
        return [each.name for each in await self.eyes.look(None, None, 0) if each.name]

    async def see_gone(self, name: str, role: str | None = None, seconds: float = SEE_SECONDS) -> None:
        """Wait until nothing of this name is shown. Raises NotSeen if it stays."""
        if await self.eyes.look(name, role, seconds, gone=True):
            raise NotSeen(f"{name!r} is still there")


@dataclass(frozen=True, slots=True)
class Desktop:
    """Screen, the environment for programs on it, and the person before it."""

    screen: XScreen
    environment: Mapping[str, str]
    person: Person


@asynccontextmanager
async def desktop(width: int = 1280, height: int = 800) -> AsyncIterator[Desktop]:
    """A desktop of a test's own, ready for programs and torn down with everything on it."""
    async with AsyncExitStack() as stack:
        screen = stack.enter_context(xvnc(width, height))
        stack.enter_context(openbox(screen))
        address = await stack.enter_async_context(_session_bus(screen))
        environment = screen.environment() | {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_ACCESSIBILITY": "1",
        }
        await stack.enter_async_context(_program((LAUNCHER, "--launch-immediately"), environment))
        eyes = await stack.enter_async_context(_program((DEBIAN_PYTHON, str(EYES)), environment, spoken_to=True))
        person = Person(Eyes(eyes), await stack.enter_async_context(hand(screen)))
        yield Desktop(screen, environment, person)


@asynccontextmanager
async def _session_bus(screen: XScreen) -> AsyncIterator[str]:
    """A message bus of its own; it says its address when it listens."""
    process = await asyncio.create_subprocess_exec(
        "dbus-daemon", "--session", "--print-address=1", "--nofork", "--nosyslog",
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=screen.environment(),
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), SEE_SECONDS)
        if not line.strip():
            raise ServerSilent("the message bus did not start")
        yield line.decode().strip()
    finally:
        await ended(process)


@asynccontextmanager
async def _program(
    command: tuple[str, ...], environment: Mapping[str, str], *, spoken_to: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = subprocess.PIPE if spoken_to else subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=dict(environment), limit=1 << 20
    )
    try:
        yield process
    finally:
        await ended(process)


async def ended(process: asyncio.subprocess.Process, seconds: float = 5.0) -> None:
    """End one program that the test started, kindly and then for certain."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()


def plain_environment() -> dict[str, str]:
    """This process's environment without a screen, a proxy or a desktop bus."""
    dropped = {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"}
    return {name: value for name, value in os.environ.items() if name not in dropped and not name.lower().endswith("_proxy")}
