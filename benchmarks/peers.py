"""Other products beside ours, from the packages that their makers or Debian publish: `motion --peers`.

Nothing of them is needed otherwise. One that is not installed is named with the package that brings it.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import Protocol

import typer

from benchmarks.mesh import MeshCentral
from benchmarks.probe import Probe
from benchmarks.screenplay import screenplay
from benchmarks.slow_line import slow_line
from benchmarks.subjects import PAGE, SCENE, Place, Subject, browser_processes, ours
from tests.helpers.browser import fresh_context
from tests.helpers.desktop import ended
from tests.helpers.free_ports import free_ports
from tests.helpers.x_server import xvfb

NOVNC = Path("/usr/share/novnc")
PAGE_FILE = "vnc.html"
LISTENS_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class VncServer:
    """A program that shows an X screen through RFB, beside noVNC in the browser and websockify between them."""

    name: str
    package: str
    program: str
    words: Callable[[str, int], tuple[str, ...]]
    """Its command line for a display and a port."""

    def missing(self) -> str:
        """What to type when packages are not installed; else nothing."""
        needs = {self.package: shutil.which(self.program), "websockify": shutil.which("websockify"), "novnc": (NOVNC / PAGE_FILE).exists()}
        lacks = [package for package, there in needs.items() if not there]
        return f"not installed: sudo apt-get install {' '.join(lacks)}" if lacks else ""

    @asynccontextmanager
    async def subject(self, at: Place, bits: float | None = None) -> AsyncIterator[Subject]:
        """Everything of it, running and not connected; with a line of so many bits a second at the host."""
        rfb, web = free_ports(2)
        async with AsyncExitStack() as stack:
            screen = stack.enter_context(xvfb(SCENE.width, SCENE.height))
            play = await stack.enter_async_context(screenplay(screen.environment()))
            host = await stack.enter_async_context(listening((self.program, *self.words(screen.display, rfb)), rfb))
            line = await stack.enter_async_context(slow_line(rfb, bits))
            between = ("websockify", "--web", str(NOVNC), f"127.0.0.1:{web}", f"127.0.0.1:{line}")
            server = await stack.enter_async_context(listening(between, web))
            context, _ = await stack.enter_async_context(fresh_context(at.browser, width=PAGE["width"], height=PAGE["height"]))
            page = await context.new_page()
            probe = Probe(page, "#noVNC_container canvas", SCENE)

            async def again() -> None:
                await page.goto(f"http://127.0.0.1:{web}/{PAGE_FILE}")
                await page.wait_for_selector("#noVNC_connect_button", state="visible")

            async def connect() -> float:
                await probe.begin()
                begun = time.time()
                await page.click("#noVNC_connect_button")
                return begun

            async def take_control() -> None:
                """Whoever is connected has it."""

            await again()
            processes = {"host": (host,), "server": (server,), "X server": (screen.process.pid,), "browser": browser_processes()}
            yield Subject(self.name, probe, play, screen.display, processes, web, connect, again, take_control)


def _tigervnc(display: str, port: int) -> tuple[str, ...]:
    return "-display", display, "-rfbport", str(port), "-localhost=1", "-SecurityTypes", "None"


def _x11vnc(display: str, port: int) -> tuple[str, ...]:
    return "-display", display, "-rfbport", str(port), "-localhost", "-no6", "-noipv6", "-nopw", "-forever", "-shared", "-quiet"


class Peer(Protocol):
    """Another product that can be measured."""

    @property
    def name(self) -> str:
        """As it calls itself."""
        ...

    def missing(self) -> str:
        """What to type when it is not installed; else nothing."""
        ...

    def subject(self, at: Place, bits: float | None = None) -> AbstractAsyncContextManager[Subject]:
        """Everything of it, running and not connected."""
        ...


PEERS: dict[str, Peer] = {
    "x0tigervnc": VncServer("X0tigervnc + noVNC", "tigervnc-scraping-server", "X0tigervnc", _tigervnc),
    "x11vnc": VncServer("x11vnc + noVNC", "x11vnc", "x11vnc", _x11vnc),
    "meshcentral": MeshCentral(),
}


def chosen_peers(said: list[str] | None) -> list[str]:
    """What --peers means: all of them without it. Raises BadParameter for a stranger."""
    if said is None:
        return list(PEERS)
    chosen = [each for each in said if each != "none"]
    if strangers := sorted(set(chosen) - set(PEERS)):
        raise typer.BadParameter(f"no such peer: {', '.join(strangers)}")
    return chosen


def subject_of(name: str, at: Place, bits: float | None = None) -> AbstractAsyncContextManager[Subject]:
    """Ours, or a peer."""
    return PEERS[name].subject(at, bits) if name in PEERS else ours(at, bits)


@asynccontextmanager
async def listening(command: Sequence[str], port: int) -> AsyncIterator[int]:
    """A program that listens; its process number. It ends with the block."""
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    try:
        async with asyncio.timeout(LISTENS_WITHIN):
            while not await _answers(port):
                if process.returncode is not None:
                    raise RuntimeError(f"{command[0]} ended with {process.returncode}")
                await asyncio.sleep(0.1)
        yield process.pid
    finally:
        await ended(process)


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
