"""A whole Wayland desktop without a graphics card or a seat: sway, PipeWire, and the portal with its wlroots back end.

    sway --- announced_buffers --- xdg-desktop-portal-wlr --- PipeWire --- whoever was let in by xdg-desktop-portal

The portal's programs are started by the bus when they are asked for, as on a desktop. xdg-desktop-portal-wlr shares the one output
without asking (chooser_type=none): what a person answers is played by `scripted_portal`.
"""

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jeepney import DBusAddress, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.helpers.announced_buffers import announced
from tests.helpers.x_server import READY_SECONDS, ServerSilent, stop

OUTPUT = "HEADLESS-1"
_BACK_END = "org.freedesktop.impl.portal.desktop.wlr"
_ASK_AGAIN = 0.2
_ALL_SERVICES = Path("/usr/share/dbus-1/services")
_SERVICES = tuple(
    f"org.freedesktop.{each}.service" for each in ("portal.Desktop", "impl.portal.desktop.wlr", "impl.portal.PermissionStore")
)
"""Not the portal of documents: it mounts a file system, which may outlive the test."""
_SWAY = """\
output {output} resolution {width}x{height} position 0 0
output {output} bg {colour} solid_color
seat * hide_cursor 1
exec sh -c 'echo "$WAYLAND_DISPLAY $SWAYSOCK" > {ready}'
"""
_SHARES = f"[screencast]\nchooser_type=none\noutput_name={OUTPUT}\n"
_BUS = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


@dataclass(frozen=True)
class WaylandDesktop:
    """A running one. `environment` is a login's."""

    environment: Mapping[str, str]
    compositor: "subprocess.Popen[bytes]"
    pipewire: "subprocess.Popen[bytes]"

    @property
    def bus(self) -> str:
        """The session bus."""
        return self.environment["DBUS_SESSION_BUS_ADDRESS"]

    def say(self, *words: str) -> Any:
        """One command of sway. Raises AssertionError where it did not like it."""
        done = subprocess.run(("swaymsg", "--raw", *words), env=self.environment, capture_output=True, check=False, timeout=READY_SECONDS)
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout)

    def paint(self, colour: str) -> None:
        """The whole output in one colour, as `#c0ffee`."""
        self.say("output", OUTPUT, "bg", colour, "solid_color")


@contextmanager
def wayland_desktop(width: int = 640, height: int = 400, colour: str = "#c0ffee") -> Iterator[WaylandDesktop]:
    """One output of this size and colour."""
    with TemporaryDirectory(prefix="wayland-") as directory, ExitStack() as held:
        place = Path(directory)
        place.chmod(0o700)
        environment = _environment(place)
        compositor, told = _sway(place, environment, held, width, height, colour)
        front = place / "front"
        held.enter_context(announced(place / told["WAYLAND_DISPLAY"], front))
        environment |= told | {"WAYLAND_DISPLAY": str(front)}
        environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={place / 'bus'}"
        _bus(place, environment, held)
        pipewire = _pipewire(place, environment, held)
        _run(("wireplumber",), environment, held)
        _await_back_end(environment["DBUS_SESSION_BUS_ADDRESS"])
        yield WaylandDesktop(environment, compositor, pipewire)


def _environment(place: Path) -> dict[str, str]:
    (place / "home" / "xdg-desktop-portal-wlr").mkdir(parents=True)
    (place / "home" / "xdg-desktop-portal-wlr" / "config").write_text(_SHARES, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(place / "home"),
        "XDG_CONFIG_HOME": str(place / "home"),
        "XDG_RUNTIME_DIR": str(place),
        "XDG_CURRENT_DESKTOP": "sway",
        "XDG_SESSION_TYPE": "wayland",
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
    }


def _run(words: tuple[str, ...], environment: Mapping[str, str], held: ExitStack, **more: Any) -> "subprocess.Popen[bytes]":
    """A program that ends with the desktop, and all that it started. It says to the test's own output what it has to say."""
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, start_new_session=True, **more)
    held.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    stop(process)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _sway(
    place: Path, environment: Mapping[str, str], held: ExitStack, width: int, height: int, colour: str
) -> tuple["subprocess.Popen[bytes]", dict[str, str]]:
    """Ready when it runs the last line of its settings. As root it refuses to run, so it is given a name of its own."""
    ready, settings = place / "ready", place / "sway"
    settings.write_text(_SWAY.format(output=OUTPUT, width=width, height=height, colour=colour, ready=ready), encoding="utf-8")
    os.mkfifo(ready)
    name = ("unshare", "--user", "--map-user=1000") if os.geteuid() == 0 else ()
    process = _run((*name, "sway", "-c", str(settings)), environment, held)
    with os.fdopen(os.open(ready, os.O_RDONLY | os.O_NONBLOCK), "rb") as says:
        if not select.select([says], [], [], READY_SECONDS)[0]:
            raise ServerSilent("sway did not become ready")
        display, control = says.read().decode().split()
    return process, {"WAYLAND_DISPLAY": display, "SWAYSOCK": control}


def _pipewire(place: Path, environment: Mapping[str, str], held: ExitStack) -> "subprocess.Popen[bytes]":
    """Its socket is there before it is: whoever comes first waits in the line, as with systemd."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place / "pipewire-0"))
        listener.listen()
        start = "exec 3<&0 < /dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec pipewire"
        process = _run(("sh", "-c", start), environment, held, stdin=listener)
    asked = subprocess.run(("pw-cli", "info", "0"), env=environment, capture_output=True, check=False, timeout=READY_SECONDS)
    if asked.returncode != 0:
        raise ServerSilent("PipeWire did not become ready")
    return process


def _bus(place: Path, environment: Mapping[str, str], held: ExitStack) -> None:
    path, settings, services = place / "bus", place / "bus.conf", place / "services"
    services.mkdir()
    for each in _SERVICES:
        (services / each).symlink_to(_ALL_SERVICES / each)
    settings.write_text(_BUS.format(path=path, services=services), encoding="utf-8")
    ready, said = os.pipe()
    _run(("dbus-daemon", f"--config-file={settings}", "--nofork", f"--print-address={said}"), environment, held, pass_fds=(said,))
    os.close(said)
    with os.fdopen(ready, "rb") as lines:
        if not select.select([lines], [], [], READY_SECONDS)[0] or not lines.readline():
            raise ServerSilent("dbus-daemon did not become ready")


def _await_back_end(address: str) -> None:
    """xdg-desktop-portal-wlr 0.7.0 may leave what comes while it takes its name unread until something else comes: so it is asked until it
    answers, before the portal asks it once.
    """
    with open_dbus_connection(address) as line:
        line.send_and_get_reply(message_bus.StartServiceByName(_BACK_END), timeout=READY_SECONDS)
        ping = new_method_call(DBusAddress("/", bus_name=_BACK_END, interface="org.freedesktop.DBus.Peer"), "Ping")
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            with suppress(TimeoutError):
                line.send_and_get_reply(ping, timeout=_ASK_AGAIN)
                return
    raise ServerSilent("xdg-desktop-portal-wlr does not answer")
