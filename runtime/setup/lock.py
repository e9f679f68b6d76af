"""`make lock`: resolves every lock again, for all platforms at once, with hashes and without naming a registry.

The development lock is resolved first and bounds the others, so that what is tested is what is shipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from runtime.setup.python_packages import LOCKS, TREE
from runtime.setup.voice import say, stop


@dataclass(frozen=True, slots=True)
class Lock:
    """One file of requirements/: the groups of pyproject.toml it holds, or none if it has an .in file of its own."""

    name: str
    extras: tuple[str, ...] = ()
    with_dependencies: bool = True


DEVELOPMENT = Lock("dev", ("broker", "host", "console", "dev"))
SHIPPED = (
    Lock("run", ("broker", "host", "console")),
    Lock("broker", ("broker",)),
    Lock("host", ("host",)),
    Lock("console", ("console",)),
)
ALONE = (Lock("bootstrap"), Lock("node"), Lock("locker"), Lock("pynput", with_dependencies=False))
ALL = (DEVELOPMENT, *SHIPPED, *ALONE)

# `--only-binary` lets the resolver see nothing that has no wheel; the python-version is the oldest that we support.
RULES = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--only-binary=:all:",
    "--quiet",
)


def command(lock: Lock, *, upgrade: bool) -> list[str]:
    """The resolver's command line for one lock."""
    words = [str(Path(sys.prefix) / "bin" / "uv"), "pip", "compile", *RULES, "-o", f"requirements/{lock.name}.txt"]
    words += [f"--extra={extra}" for extra in lock.extras]
    words.append("pyproject.toml" if lock.extras else f"requirements/{lock.name}.in")
    if lock in SHIPPED:
        words += ["-c", f"requirements/{DEVELOPMENT.name}.txt"]
    if not lock.with_dependencies:
        words.append("--no-deps")
    if upgrade and lock not in SHIPPED:
        words.append("--upgrade")
    return words


def forget_addresses(text: str) -> str:
    """A package-lock.json without the addresses that npm keeps for the people behind a package."""
    tree = json.loads(text)
    for package in tree["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    return json.dumps(tree, indent=2) + "\n"


def lock_console() -> None:
    """Resolve the console's lock from package.json alone: from an installed tree npm forgets the other platforms."""
    words = [sys.executable, "-m", "runtime.setup.node", "npm", "install", "--package-lock-only", "--loglevel=error"]
    path = TREE / "tech_console" / "package-lock.json"
    if subprocess.run(words, check=False, cwd=TREE).returncode != 0:
        stop("npm could not resolve the console's packages. Its own words stand above.")
    path.write_text(forget_addresses(path.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Resolve every lock; `UPGRADE=1` in the environment takes the newest versions, otherwise pinned ones stay."""
    upgrade = os.environ.get("UPGRADE") == "1"
    for number, lock in enumerate(ALL, 1):
        say(f"Locking ({number}/{len(ALL) + 1}): requirements/{lock.name}.txt ...")
        if subprocess.run(command(lock, upgrade=upgrade), check=False, cwd=LOCKS.parent).returncode != 0:
            stop(f"requirements/{lock.name}.txt could not be resolved. The resolver's words stand above.")
    say(f"Locking ({len(ALL) + 1}/{len(ALL) + 1}): tech_console/package-lock.json ...")
    lock_console()


if __name__ == "__main__":
    main()
