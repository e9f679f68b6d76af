"""Which screen the demo's host shares: the person's own, a virtual one made for it, or none. It says so, and never pretends."""

import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from runtime.supervisor import Program, Supervisor

VIRTUAL_SIZE = "1280x800x24"
X11_PORT = 6000


class ScreenKind(StrEnum):
    """What the host has to show."""

    OWN = "own"
    """The display of whoever started this: the host is a window there."""
    VIRTUAL = "virtual"
    """Xvfb with the sample instrument; the host speaks in the terminal."""
    NONE = "none"
    """No screen can be had: the host stays on line and refuses view (Reason.NO_SCREEN)."""


@dataclass(frozen=True, slots=True)
class HostScreen:
    """The screen, and the environment for programs that draw on it."""

    kind: ScreenKind
    environment: Mapping[str, str]


def answers(display: str) -> bool:
    """Whether an X server listens where DISPLAY points (`:1`, `host:10.0`)."""
    host, _, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not number.isdigit():
        return False
    try:
        if host and host != "unix":
            socket.create_connection((host, X11_PORT + int(number)), 3).close()
            return True
        return _unix_answers(f"/tmp/.X11-unix/X{number}")  # noqa: S108  the fixed place of every X server's socket
    except OSError:
        return False


def _unix_answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as asked:
        # Linux servers listen under the same name in the abstract space, also where the file is hidden.
        for address in ("\0" + path, path):
            if asked.connect_ex(address) == 0:
                return True
    return False


async def find_screen(supervisor: Supervisor, environment: Mapping[str, str]) -> HostScreen:
    """The own display if one answers, else a virtual one, else none. Raises ProgramFailed if Xvfb is there and does not start."""
    display = environment.get("DISPLAY", "")
    if display and answers(display):
        return HostScreen(ScreenKind.OWN, environment)
    plain = {name: value for name, value in environment.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"}}
    if shutil.which("Xvfb", path=environment.get("PATH", os.defpath)) is None:
        return HostScreen(ScreenKind.NONE, plain)
    return HostScreen(ScreenKind.VIRTUAL, await _virtual(supervisor, plain))


async def _virtual(supervisor: Supervisor, plain: Mapping[str, str]) -> Mapping[str, str]:
    command = ("Xvfb", "-displayfd", "1", "-screen", "0", VIRTUAL_SIZE, "-nolisten", "tcp", "-noreset")
    started = await supervisor.start(Program("screen", command, plain, ready=r"^\d+$"))
    environment = {**plain, "DISPLAY": f":{started.ready_line}", "QT_QPA_PLATFORM": "xcb"}
    if shutil.which("openbox", path=plain.get("PATH", os.defpath)) is not None:
        await supervisor.start(Program("window-manager", ("openbox", "--sm-disable"), environment, ready=None))
    return environment
