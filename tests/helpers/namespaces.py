"""Two network namespaces joined by a cable of their own: what crosses it is what two ends say to each other, and nothing else.

Making them takes the right to do so (root): without it a test fails and says so.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

HOST_ADDRESS, CONSOLE_ADDRESS, NEW_ADDRESS = "10.99.0.1", "10.99.0.2", "10.99.0.3"
RANGE = "10.99.0.0/24"
_RULES = """\
party = "site"
version = {version}
zone = "UTC"
direct = "{word}"
direct_ranges = ["{range}"]

[[allow]]
name = "support may ask at any time"
permissions = ["view", "control"]
"""
CABLE = "CHAPERONE_TEST_CABLE"
"""Where a program that is run in one of them finds both names."""
_NUMBERS = count(1)


def directly(word: str, version: int) -> str:
    """A site's rules that say this word of the direct path, between these addresses, and allow view and control."""
    return _RULES.format(word=word, version=version, range=RANGE)


def run(*words: str) -> str:
    """One command. Raises AssertionError with what it said."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"
    return done.stdout


@dataclass(frozen=True)
class Cable:
    """Names of the namespaces; the devices are called `cable` in both."""

    host: str
    console: str

    def cut(self) -> None:
        """Nothing crosses any more."""
        run("ip", "-n", self.console, "link", "set", "cable", "down")

    def renumber(self, before: str, after: str) -> None:
        """The host has another address, as after a walk to another room. Done from inside its namespace too."""
        for verb, address in (("delete", before), ("add", after)):  # one added before would go with the first of its network
            run("ip", "-n", self.host, "address", verb, f"{address}/24", "dev", "cable")

    def mend(self) -> None:
        """It does again."""
        run("ip", "-n", self.console, "link", "set", "cable", "up")


def browser_there(cable: Cable, folder: Path, browser: str) -> dict[str, str]:
    """An environment in which the browser that is found by name runs at the console's end."""
    wrapper = folder / "chromium"
    wrapper.write_text(f'#!/bin/sh\nexec ip netns exec {cable.console} {browser} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    own = {name: str(folder) for name in ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME")}  # where desktops of one number would meet
    return {**os.environ, **own, "PATH": path, CABLE: f"{cable.host} {cable.console}"}


def inside(cable: Cable, *words: str) -> tuple[str, ...]:
    """This command in the host's namespace, with displays of its own: their sockets are files, which namespaces of networks share."""
    alone = 'mkdir -p /tmp/.X11-unix && mount -t tmpfs -o mode=1777 tmpfs /tmp/.X11-unix && exec "$@"'
    return ("ip", "netns", "exec", cable.host, "sh", "-c", alone, "sh", *words)


@contextmanager
def two_namespaces(*, laid: bool = True) -> Iterator[Cable]:
    """Both, with loopback, and a cable between them if it is to be `laid`."""
    number = next(_NUMBERS)
    cable = Cable(*(f"chap-{os.getpid()}-{number}-{end}" for end in "hc"))
    try:
        for name in (cable.host, cable.console):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        if not laid:
            yield cable
            return
        run("ip", "link", "add", "cable", "netns", cable.host, "type", "veth", "peer", "name", "cable", "netns", cable.console)
        for name, address in ((cable.host, HOST_ADDRESS), (cable.console, CONSOLE_ADDRESS)):
            run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "cable")
            run("ip", "-n", name, "link", "set", "cable", "up")
        yield cable
    finally:
        for name in (cable.host, cable.console):
            subprocess.run(("ip", "netns", "delete", name), capture_output=True, check=False)
