"""System packages: what must come from the machine's own package archive, by name, and how it gets there.

Three closed sets: what `make run` needs, what the tests need on top, and what those of Wayland do. A package is judged by the thing it
brings (a program, a library, a file), so that a machine which has it by other means is left alone. Nothing is ever passed over in silence.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from runtime.setup.voice import say, stop


class Proof(StrEnum):
    """How the presence of a package shows."""

    PROGRAM = "program"
    LIBRARY = "library"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Need:
    """A Debian package and the one thing that proves it is there; a file may be a pattern."""

    package: str
    proof: Proof
    brings: str


def _library(package: str, soname: str) -> Need:
    return Need(package, Proof.LIBRARY, soname)


def _program(package: str, program: str) -> Need:
    return Need(package, Proof.PROGRAM, program)


# What Qt's X11 platform loads, and a screen for a machine without one.
RUN: tuple[Need, ...] = (
    _program("xvfb", "Xvfb"),
    _program("xauth", "xauth"),
    Need("fonts-dejavu-core", Proof.FILE, "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    _library("libdbus-1-3", "libdbus-1.so.3"),
    _library("libegl1", "libEGL.so.1"),
    _library("libfontconfig1", "libfontconfig.so.1"),
    _library("libgl1", "libGL.so.1"),
    _library("libglib2.0-0", "libglib-2.0.so.0"),
    _library("libx11-xcb1", "libX11-xcb.so.1"),
    _library("libxcb-cursor0", "libxcb-cursor.so.0"),
    _library("libxcb-icccm4", "libxcb-icccm.so.4"),
    _library("libxcb-image0", "libxcb-image.so.0"),
    _library("libxcb-keysyms1", "libxcb-keysyms.so.1"),
    _library("libxcb-randr0", "libxcb-randr.so.0"),
    _library("libxcb-render-util0", "libxcb-render-util.so.0"),
    _library("libxcb-shape0", "libxcb-shape.so.0"),
    _library("libxcb-xinerama0", "libxcb-xinerama.so.0"),
    _library("libxcb-xkb1", "libxcb-xkb.so.1"),
    _library("libxkbcommon-x11-0", "libxkbcommon-x11.so.0"),
)

# The tests add a browser, the person's screen with its window manager, and the accessibility tree that tells where a button is.
TEST: tuple[Need, ...] = (
    *RUN,
    _program("at-spi2-core", "/usr/libexec/at-spi-bus-launcher"),
    _program("chromium", "chromium"),
    _program("dbus", "dbus-run-session"),
    _program("dbus-daemon", "dbus-daemon"),
    _program("iproute2", "tc"),
    _program("openbox", "openbox"),
    Need("python3-pyatspi", Proof.FILE, "/usr/lib/python3/dist-packages/pyatspi/__init__.py"),
    Need("python3-tk", Proof.FILE, "/usr/lib/python3.*/tkinter/__init__.py"),
    _program("tigervnc-standalone-server", "Xvnc"),
    _program("x11-utils", "xprop"),
    _program("xdotool", "xdotool"),
)

# A Wayland desktop without a graphics card or a seat, for the tests that see one for real. What a login's PC needs of it: docs/it-guide.md.
WAYLAND: tuple[Need, ...] = (
    *TEST,
    Need("gstreamer1.0-pipewire", Proof.FILE, "/usr/lib/*/gstreamer-1.0/libgstpipewire.so"),
    Need("gstreamer1.0-plugins-base", Proof.FILE, "/usr/lib/*/gstreamer-1.0/libgstvideoconvert*.so"),
    _library("libgstreamer-plugins-base1.0-0", "libgstapp-1.0.so.0"),
    _program("pipewire", "pipewire"),
    _program("pipewire-bin", "pw-cli"),
    _program("sway", "sway"),
    _program("swaybg", "swaybg"),
    _program("wireplumber", "wireplumber"),
    _program("xdg-desktop-portal", "/usr/libexec/xdg-desktop-portal"),
    _program("xdg-desktop-portal-wlr", "/usr/libexec/xdg-desktop-portal-wlr"),
)

SETS: dict[str, tuple[Need, ...]] = {"run": RUN, "test": TEST, "wayland": WAYLAND}

# Programs of the administrator are not on every person's path.
_PROGRAM_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def known_libraries() -> str:
    """The linker's own list of libraries; empty where it cannot be asked, which makes every library count as missing."""
    ldconfig = shutil.which("ldconfig", path=_PROGRAM_PATH)
    if ldconfig is None:
        return ""
    return subprocess.run([ldconfig, "-p"], check=True, capture_output=True, text=True).stdout


def is_there(need: Need, libraries: str) -> bool:
    """Whether the thing a package brings is on this machine; `libraries` is what `known_libraries` said."""
    match need.proof:
        case Proof.PROGRAM:
            return shutil.which(need.brings, path=_PROGRAM_PATH) is not None
        case Proof.LIBRARY:
            return f"\t{need.brings} " in libraries
        case Proof.FILE:
            return any(Path("/").glob(need.brings.removeprefix("/")))


def missing(needs: Sequence[Need], libraries: str) -> tuple[str, ...]:
    """The names of the packages that have to be installed, in the order of the set."""
    return tuple(need.package for need in needs if not is_there(need, libraries))


def apt_line(packages: Sequence[str]) -> str:
    """What the person types where we may not install."""
    return "sudo apt-get install --no-install-recommends " + " ".join(packages)


def way_to_root() -> tuple[str, ...] | None:
    """The words before a command that make it root's: none as root, `sudo -n` where that asks nothing, None where neither goes."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
    return ("sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive") if asked.returncode == 0 else None


def install(packages: Sequence[str], root: Sequence[str]) -> bool:
    """Install by name; True when apt said it went well. apt prints its own errors."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def apt(*words: str) -> bool:
        return subprocess.run([*root, "apt-get", *words], check=False, env=environment, stdout=subprocess.DEVNULL).returncode == 0

    # A fresh machine has no list of packages yet. One archive out of reach need not matter, so that install has the last word.
    apt("update", "-qq")
    return apt("install", "-y", "-qq", "--no-install-recommends", *packages)


def provide(needs: Sequence[Need], root: Callable[[], Sequence[str] | None] = way_to_root) -> tuple[str, ...]:
    """Install what is missing where that is allowed. Returns the packages that are still missing."""
    wanted = missing(needs, known_libraries())
    if not wanted:
        return ()
    words = root()
    if words is None:
        return wanted
    say(f"Installing {len(wanted)} system packages: {' '.join(wanted)} ...")
    if not install(wanted, words):
        return wanted
    return missing(needs, known_libraries())


def main(arguments: Sequence[str] | None = None) -> None:
    """Provide one set. Ends with status 1 and the line to type if something is missing, unless the caller can do without."""
    parser = argparse.ArgumentParser(prog="python -m runtime.setup.system_packages", description=main.__doc__)
    parser.add_argument("set", choices=sorted(SETS), help="which set of packages")
    parser.add_argument("--go-on", action="store_true", help="say what is missing and go on: the host then refuses to show a screen")
    chosen = parser.parse_args(arguments)
    left = provide(SETS[chosen.set])
    if not left:
        return
    text = f"These system packages are missing: {' '.join(left)}\nInstall them with:\n\n    {apt_line(left)}\n"
    if chosen.go_on:
        say(text)
    else:
        stop(text)


if __name__ == "__main__":
    main()
