"""What is measured: a host with a screen, a console in a browser, and what runs between them. Ours here, others in `peers.py`.

All have the same: an Xvfb of 1920 x 1080, the same workload on it, the same browser, a page large enough for every pixel.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from playwright.async_api import Browser, ViewportSize

from audit.entry import decode_entry
from audit.events.visit import Answered
from audit.stores import open_stored
from benchmarks.probe import Probe
from benchmarks.scene import Scene
from benchmarks.screenplay import Screenplay, screenplay
from benchmarks.slow_line import slow_line
from benchmarks.terminal_person import on_xvfb
from policy.permissions import Permission
from tests.helpers.browser import chromium
from tests.helpers.house import House, house
from tests.helpers.house_template import certificates_in, template_in
from tests.helpers.technician import Technician
from tests.helpers.visits import ask_to_view, control

SCENE = Scene(1920, 1080)
PAGE: ViewportSize = {"width": 2060, "height": 1400}
OURS = "Chaperone"


@dataclass(frozen=True, slots=True)
class Subject:
    """One console that shows one host, not connected yet."""

    name: str
    probe: Probe
    play: Screenplay
    display: str
    processes: Mapping[str, tuple[int, ...]]
    """Process numbers by what they are; those they started count with them."""
    port: int
    """Where the browser reaches its server."""
    connect: Callable[[], Awaitable[float]]
    """Connect, or have it allowed. When that was."""
    again: Callable[[], Awaitable[None]]
    """End it, and come to where one can connect again."""
    take_control: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Place:
    """What every subject of a run shares."""

    browser: Browser
    folder: Path

    @property
    def certificates(self) -> Path:
        """Keys that the browser knows."""
        return self.folder / "tls"


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    """A folder and a browser."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        certificates = certificates_in(folder)
        async with chromium((certificates / "broker.pem", certificates / "console.pem")) as browser:
            yield Place(browser, folder)


@asynccontextmanager
async def installed(at: Place) -> AsyncIterator[House]:
    """An installation with its people."""
    async with house(at.browser, await template_in(at.folder, at.certificates)) as home:
        yield home


def allowed_at(home: House) -> float:
    """When the view was allowed, as the host's log says (seconds since 1970)."""
    opened = open_stored(home.demo.layout.host / "log")
    entries = [decode_entry(row.entry) for row in opened.rows]
    times = [each.at.utc_ms / 1000 for each in entries if isinstance(each.event, Answered) and each.event.permission is Permission.VIEW]
    return times[-1]


def browser_processes() -> tuple[int, ...]:
    """The browser that this process had started, with all its parts."""
    return tuple(each.pid for each in psutil.Process().children(recursive=True) if "chrom" in each.name())


@asynccontextmanager
async def ours(at: Place, bits: float | None = None) -> AsyncIterator[Subject]:
    """Our host, broker and console; with a line of so many bits a second at the host."""
    async with AsyncExitStack() as stack:
        installation = await stack.enter_async_context(installed(at))
        port = installation.demo.ports.broker
        line = await stack.enter_async_context(slow_line(port, bits))
        home = await stack.enter_async_context(on_xvfb(installation, (SCENE.width, SCENE.height), line))
        technician = await stack.enter_async_context(home.technician())
        await technician.page.set_viewport_size(PAGE)
        play = await stack.enter_async_context(screenplay(home.desktop.environment))
        yield subject_at(home, technician, play)


def subject_at(home: House, technician: Technician, play: Screenplay) -> Subject:
    """One visit, not begun yet."""
    probe = Probe(technician.page, "#screen", SCENE)

    async def connect() -> float:
        await ask_to_view(home, technician)
        await probe.begin()
        await home.person.press("Allow")
        await technician.phase("viewing")
        return allowed_at(home)

    async def again() -> None:
        await technician.end()
        await technician.page.click("#back")

    async def take_control() -> None:
        await control(home, technician)

    running = {name: (home.process(name).process.pid,) for name in ("guardian", "desk", "broker")}
    processes = {
        "host": running["guardian"] + running["desk"],
        "server": running["broker"],
        "X server": (home.desktop.screen.process.pid,),
        "browser": browser_processes(),
    }
    return Subject(OURS, probe, play, home.desktop.screen.display, processes, home.demo.ports.broker, connect, again, take_control)
