"""X servers of a test's own: Xvnc, whose RFB clients are a person's hand, and Xvfb, where nobody can press anything.

Each server takes a free display by itself and says when it is ready (`-displayfd`); nothing here waits by the clock.
Xvnc listens on a Unix socket in the test's directory, on no TCP port. Servers are stopped by their own process.
"""

import asyncio
import os
import select
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import asyncvnc
from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from host_client.screen.x_display import open_display

READY_SECONDS = 20.0
_ASK_AGAIN = 0.1
GEOMETRY = (1280, 800)


class ServerSilent(Exception):
    """A server or window manager ended, or did not say in time that it is ready."""


@dataclass(frozen=True, slots=True)
class XScreen:
    """A running X server. `rfb_socket` is where an RFB client can press keys; None on Xvfb."""

    display: str
    width: int
    height: int
    process: "subprocess.Popen[bytes]"
    rfb_socket: Path | None

    def environment(self) -> dict[str, str]:
        """This process's environment, with DISPLAY pointing here and nothing of a Wayland session."""
        kept = {name: value for name, value in os.environ.items() if name not in {"WAYLAND_DISPLAY", "XAUTHORITY"}}
        return kept | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}


@contextmanager
def xvnc(width: int = GEOMETRY[0], height: int = GEOMETRY[1]) -> Iterator[XScreen]:
    """An Xvnc on a free display. Its RFB hand is the person; XTEST on it is the technician."""
    with TemporaryDirectory(prefix="xvnc-") as directory:
        rfb = Path(directory, "rfb")
        command = ["Xvnc", "-geometry", f"{width}x{height}", "-depth", "24", "-SecurityTypes", "None", "-AlwaysShared"]
        command += ["-localhost", "-rfbport=-1", f"-rfbunixpath={rfb}", "-FrameRate=60", "-nolisten", "tcp", "-noreset"]
        with _server(command, width, height, rfb) as screen:
            yield screen


@contextmanager
def xvfb(width: int = GEOMETRY[0], height: int = GEOMETRY[1]) -> Iterator[XScreen]:
    """An Xvfb on a free display."""
    command = ["Xvfb", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
    with _server(command, width, height, None) as screen:
        yield screen


@contextmanager
def _server(command: list[str], width: int, height: int, rfb: Path | None) -> Iterator[XScreen]:
    ready, said = os.pipe()
    process = subprocess.Popen([*command, "-displayfd", str(said)], pass_fds=(said,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(said)
    try:
        with os.fdopen(ready, "rb") as lines:
            yield XScreen(f":{_first_line(lines, command[0])}", width, height, process, rfb)
    finally:
        stop(process)


def _first_line(lines: IO[bytes], name: str) -> str:
    """The display's number, which the server writes when clients may connect."""
    said, _, _ = select.select([lines], [], [], READY_SECONDS)
    line = lines.readline() if said else b""
    if not line.strip():
        raise ServerSilent(f"{name} did not become ready")
    return line.decode().strip()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End one process that the test started, kindly and then for certain."""
    process.terminate()
    try:
        process.wait(READY_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def openbox(screen: XScreen) -> Iterator[None]:
    """A window manager on a screen, ready when it has announced itself on the root window."""
    watch = open_display(screen.display)
    root = watch.screen().root
    root.change_attributes(event_mask=X.PropertyChangeMask)
    watch.flush()
    process = subprocess.Popen(["openbox", "--sm-disable"], env=screen.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_property(watch, "_NET_SUPPORTING_WM_CHECK")
        _await_listening(watch)
        yield
    finally:
        stop(process)
        watch.close()


def _await_listening(watch: Display) -> None:
    """It announces itself before it listens, and what comes in between lies unread until something else comes: a window would stay
    without a frame. So it is asked for one desktop more until it has done that.
    """
    root, desktops = watch.screen().root, watch.intern_atom("_NET_NUMBER_OF_DESKTOPS")
    found = root.get_full_property(desktops, 0)
    wanted = found.value[0] + 1 if found is not None else 2
    asked = ClientMessage(window=root, client_type=desktops, data=(32, [wanted, 0, 0, 0, 0]))
    until = time.monotonic() + READY_SECONDS
    while (has := root.get_full_property(desktops, 0)) is None or has.value[0] != wanted:
        if time.monotonic() > until:
            raise ServerSilent("the window manager does not answer")
        root.send_event(asked, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        watch.flush()
        select.select([watch.fileno()], [], [], _ASK_AGAIN)
        while watch.pending_events():
            watch.next_event()


def _await_property(watch: Display, name: str) -> None:
    atom = watch.intern_atom(name)
    root = watch.screen().root
    while root.get_full_property(atom, 0) is None:
        if not watch.pending_events() and not select.select([watch.fileno()], [], [], READY_SECONDS)[0]:
            raise ServerSilent("the window manager did not announce itself")
        while watch.pending_events():
            watch.next_event()


class Hand:
    """The person at the PC: presses through RFB, so X sees a real device and not XTEST."""

    def __init__(self, session: asyncvnc.Client) -> None:
        self._session = session

    async def move(self, x: int, y: int) -> None:
        """Point somewhere."""
        self._session.mouse.move(x, y)
        await self._session.drain()

    async def click(self, x: int, y: int) -> None:
        """Point somewhere and press the left button."""
        self._session.mouse.move(x, y)
        self._session.mouse.click()
        await self._session.drain()

    async def press(self, *keys: str) -> None:
        """Press keys together, by X keysym name: `press("Ctrl", "Alt", "End")`."""
        self._session.keyboard.press(*keys)
        await self._session.drain()

    async def write(self, text: str) -> None:
        """Type a text."""
        self._session.keyboard.write(text)
        await self._session.drain()


@asynccontextmanager
async def hand(screen: XScreen) -> AsyncIterator[Hand]:
    """The person's hand on an Xvnc screen."""
    path = screen.rfb_socket
    assert path is not None, "only Xvnc has an RFB hand"

    async def opener(_host: str, _port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(path)

    connection = asyncvnc.connect("", opener=opener)
    session = await connection.__aenter__()
    try:
        yield Hand(session)
    finally:
        with suppress(ConnectionError):  # the server hangs up on this client when the screen changes its size
            await connection.__aexit__(None, None, None)
