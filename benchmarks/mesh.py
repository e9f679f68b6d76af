"""MeshCentral beside ours: server, agent and console as its npm package brings them, set up anew in a folder of their own.

    npm install --prefix FOLDER meshcentral      then      MESHCENTRAL=FOLDER python -m benchmarks motion

No consent is asked there: its figures of a connection have no person in them, as ours begin when the person has allowed.
"""

import asyncio
import json
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryDirectory

from playwright.async_api import BrowserContext, Page

from benchmarks.probe import Probe
from benchmarks.screenplay import screenplay
from benchmarks.slow_line import slow_line
from benchmarks.subjects import PAGE, SCENE, Place, Subject, browser_processes
from tests.helpers.desktop import ended, plain_environment
from tests.helpers.free_ports import free_ports
from tests.helpers.x_server import xvfb

WHERE = "MESHCENTRAL"
PROGRAM = Path("node_modules", "meshcentral")
AGENT = PROGRAM / "agents" / "meshagent_x86-64"
USER, PASSWORD = "admin", "Bench-only-1"
STARTS_WITHIN = 180.0
NO_CONSENT = dict.fromkeys(("desktopnotify", "desktopprompt", "filenotify", "fileprompt", "desktopprivacybar"), False)
QUIET = dict.fromkeys(("agentTimeStampServer", "selfUpdate", "autoBackup", "amtManager", "amtScanner", "meshScanner"), False)


class MeshCentral:
    """As it comes, without consent."""

    name = "MeshCentral"

    def __init__(self) -> None:
        self._package = Path(os.environ.get(WHERE, "none"))

    def missing(self) -> str:
        """What to type when it is not installed; else nothing."""
        if shutil.which("node") and (self._package / AGENT).exists():
            return ""
        return f"not installed: npm install --prefix FOLDER meshcentral, then {WHERE}=FOLDER"

    @asynccontextmanager
    async def subject(self, at: Place, bits: float | None = None) -> AsyncIterator[Subject]:
        """Everything of it, running and not connected; with a line of so many bits a second at the host."""
        async with AsyncExitStack() as stack:
            screen = stack.enter_context(xvfb(SCENE.width, SCENE.height))
            play = await stack.enter_async_context(screenplay(screen.environment()))
            installed = await stack.enter_async_context(self.installed(at, screen.environment(), bits))
            page = await installed.context.new_page()
            probe = Probe(page, "#Desk", SCENE)
            console = Console(page, probe, f"https://127.0.0.1:{installed.port}/", installed.device)
            await console.again()
            processes = {**installed.processes, "X server": (screen.process.pid,), "browser": browser_processes()}
            ways = (console.connect, console.again, console.take_control)
            yield Subject(self.name, probe, play, screen.display, processes, installed.port, *ways)

    @asynccontextmanager
    async def installed(self, at: Place, environment: Mapping[str, str], bits: float | None = None) -> AsyncIterator["Installed"]:
        """Server and agent, which know each other; the agent in this environment."""
        (port,) = free_ports(1)
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="mesh-")))
            await asyncio.to_thread(self._set_up, folder, port)
            await _node(folder, "--createaccount", USER, "--pass", PASSWORD, "--email", "bench@example.org")
            await _node(folder, "--adminaccount", USER)
            server = await stack.enter_async_context(_running(("node", str(PROGRAM)), folder, plain_environment()))
            group = await _told(folder, port, "adddevicegroup", "--name", "bench")
            line = await stack.enter_async_context(slow_line(port, bits))
            context = await at.browser.new_context(ignore_https_errors=True, viewport=PAGE)
            stack.push_async_callback(context.close)
            settings = await context.request.get(f"https://127.0.0.1:{port}/meshsettings?id={group.rpartition('/')[2]}")
            _write_agent(folder, (await settings.text()).replace(f":{port}/", f":{line}/"))
            agent = await stack.enter_async_context(_running(("./meshagent", "connect"), folder / "agent", environment))
            processes = {"host": (agent,), "server": (server,)}
            yield Installed(folder, port, context, await _device(folder, port), processes)

    def _set_up(self, folder: Path, port: int) -> None:
        shutil.copytree(self._package / "node_modules", folder / "node_modules", symlinks=True)
        data, agent = folder / "meshcentral-data", folder / "agent"
        data.mkdir()
        agent.mkdir()
        settings = {"cert": "127.0.0.1", "WANonly": True, "port": port, "portBind": "127.0.0.1", "redirPort": 0, "mpsPort": 0, **QUIET}
        whole = {"settings": settings, "domains": {"": {"newAccounts": False, "userConsentFlags": NO_CONSENT}}}
        (data / "config.json").write_text(json.dumps(whole), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Installed:
    """Server and agent."""

    folder: Path
    port: int
    context: BrowserContext
    device: str
    processes: Mapping[str, tuple[int, ...]]

    async def move(self, way: str, place: Path, target: Path) -> float:
        """One file, by its own program for the command line: `upload` or `download`. Seconds from its first word of the file."""
        words = (way, "--id", self.device, "--file", str(place), "--target", str(target))
        process = await asyncio.create_subprocess_exec(
            *_command(self.port, *words), cwd=self.folder, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
        )
        if process.stdout is None:
            raise RuntimeError("the program has no output")
        said = b""
        while b"Uploading" not in said and b"Download started" not in said:
            if not (line := await process.stdout.readline()):
                raise RuntimeError(f"{self.device} moves no file: {said.decode()}")
            said += line
        begun = time.monotonic()
        await process.communicate()
        return time.monotonic() - begun


@dataclass(frozen=True, slots=True)
class Console:
    """Its page for one device."""

    page: Page
    probe: Probe
    origin: str
    device: str

    async def again(self) -> None:
        """Sign in where that is asked, and come to where one click connects."""
        await self.page.goto(self.origin)
        if await self.page.locator("#username").is_visible():
            await self.page.fill("#username", USER)
            await self.page.fill("#password", PASSWORD)
            await self.page.click("#loginButton")
            await self.page.wait_for_load_state("networkidle")
        await self.page.goto(f"{self.origin}?viewmode=11&gotonode={self.device}")
        await self.page.wait_for_selector("#connectbutton1", state="visible")

    async def connect(self) -> float:
        """Click."""
        await self.probe.begin()
        begun = time.time()
        await self.page.click("#connectbutton1")
        return begun

    async def take_control(self) -> None:
        """Whoever is connected has it."""


async def _node(folder: Path, *words: str) -> str:
    """One run of the server's program; what it said."""
    process = await asyncio.create_subprocess_exec("node", str(PROGRAM), *words, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    said, _ = await process.communicate()
    return said.decode()


def _command(port: int, *words: str) -> tuple[str, ...]:
    signed_in = ("--url", f"wss://127.0.0.1:{port}", "--loginuser", USER, "--loginpass", PASSWORD)
    return ("node", str(PROGRAM / "meshctrl.js"), *signed_in, *words)


async def _told(folder: Path, port: int, *words: str) -> str:
    """What the server answers to its administrator, as soon as it answers."""
    command = _command(port, *words)
    async with asyncio.timeout(STARTS_WITHIN):
        while True:
            process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
            said, _ = await process.communicate()
            if process.returncode == 0 and said.strip() and b"nable to connect" not in said:
                return said.decode().strip()
            await asyncio.sleep(1)


async def _device(folder: Path, port: int) -> str:
    """The agent's number at the server, once it is there."""
    async with asyncio.timeout(STARTS_WITHIN):
        while True:  # each question is a program that takes a second by itself
            if found := re.search(r'"node//([^"]+)"', await _told(folder, port, "listdevices", "--json")):
                return found[1]


def _write_agent(folder: Path, settings: str) -> None:
    shutil.copy2(folder / AGENT, folder / "agent" / "meshagent")
    (folder / "agent" / "meshagent").chmod(0o700)
    kept = [line.strip() for line in settings.splitlines() if line.strip() and not line.startswith("translation=")]
    (folder / "agent" / "meshagent.msh").write_text("\n".join(kept) + "\n", encoding="utf-8")


@asynccontextmanager
async def _running(command: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> AsyncIterator[int]:
    """A program and its process number; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=dict(environment), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process.pid
    finally:
        await ended(process)
