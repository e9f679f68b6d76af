"""The Python environment of a container image: one program's lock and a copy of the project, without what installed them.

It is filled from outside by a helper environment, so that the image holds no pip, no build tool and no link to this folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runtime.setup.python_packages import LOCKS, STRICT, TREE, install_locked, make_environment, pip
from runtime.setup.voice import say, stop


def build_wheel(tools: Path, folder: Path) -> Path:
    """Build the project with the environment `tools` and return the one wheel that results."""
    pip(tools, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(TREE))
    (wheel,) = folder.glob("*.whl")
    return wheel


def fill_image(prefix: Path, lock: str) -> None:
    """Make the environment `prefix` from one lock. Its folder must not exist yet, so that nothing older stays in it."""
    if prefix.exists():
        stop(f"{prefix} exists already. An image's environment is made anew.")
    with tempfile.TemporaryDirectory(prefix="chaperone-image-") as scratch:
        tools = Path(scratch) / "tools"
        make_environment(tools)
        say("Installing Python packages (1/3): what builds the project ...")
        install_locked(tools, "bootstrap")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(prefix)], check=True)
        into = ("--python", str(prefix / "bin" / "python"), "install")
        say(f"Installing Python packages (2/3): the {lock} lock ...")
        pip(tools, *into, *STRICT, "-r", str(LOCKS / f"{lock}.txt"))
        say("Installing Python packages (3/3): the project itself ...")
        pip(tools, *into, "--no-deps", str(build_wheel(tools, Path(scratch))))


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the environment of one image."""
    parser = argparse.ArgumentParser(prog="python -m runtime.setup.image_packages", description=main.__doc__)
    parser.add_argument("lock", choices=["broker", "console"], help="which program the image is for")
    parser.add_argument("prefix", type=Path, help="the folder of the environment")
    chosen = parser.parse_args(arguments)
    fill_image(chosen.prefix.resolve(), chosen.lock)


if __name__ == "__main__":
    main()
