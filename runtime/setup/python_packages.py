"""The Python environment: a venv filled from the locks, and from nothing else.

Every package is checked against its hash and must come as a wheel, so that nothing is compiled or run while it is installed. Which
registry they come from is the business of the machine's own pip configuration.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.setup import system_packages
from runtime.setup.voice import say, stop

TREE = Path(__file__).resolve().parents[2]
LOCKS = TREE / "requirements"

# Locks that are installed beside a set, each for its own reason (the .in file says it).
BESIDE: dict[str, tuple[str, ...]] = {
    "dev": ("pynput",),
    "run": ("pynput",),
}

# pip refuses anything unhashed, anything that would need building, and any dependency the lock does not name.
STRICT = ("--no-deps", "--require-hashes", "--only-binary=:all:")


def make_environment(folder: Path) -> None:
    """Create a venv with its own pip in `folder`, or leave the one that is there."""
    if (folder / "bin" / "python").exists():
        return
    if importlib.util.find_spec("ensurepip") is None:
        _provide_venv()
    say(f"Making a Python {sys.version_info.major}.{sys.version_info.minor} environment in {folder.name}/ ...")
    # A new process, because the package that brings ensurepip may have come a moment ago.
    done = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False)
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        stop(f"{sys.executable} could not make an environment in {folder}. Its own message stands above.")


def _provide_venv() -> None:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    root = system_packages.way_to_root()
    if root is not None:
        say(f"Installing the system package {package} ...")
    if root is None or not system_packages.install((package,), root):
        stop(f"This Python cannot make environments. Install its venv package:\n\n    {system_packages.apt_line((package,))}\n")


def pip(folder: Path, *words: str) -> None:
    """Run the environment's pip, which prints errors only; end the set-up if it fails."""
    command = [str(folder / "bin" / "python"), "-m", "pip", "-qq", "--disable-pip-version-check", *words]
    done = subprocess.run(command, check=False, cwd=TREE)
    if done.returncode != 0:
        stop(f"pip {' '.join(words)} failed with status {done.returncode}.")


def install_locked(folder: Path, name: str) -> None:
    """Install exactly what one lock names."""
    pip(folder, "install", *STRICT, "-r", str(LOCKS / f"{name}.txt"))


def fill(folder: Path, name: str) -> None:
    """Bring the environment to one named lock, and link the project itself into it."""
    steps = [("what builds the project", "bootstrap"), (f"the {name} lock", name)]
    steps += [(f"{beside} (alone)", beside) for beside in BESIDE.get(name, ())]
    for number, (text, lock) in enumerate(steps, 1):
        say(f"Installing Python packages ({number}/{len(steps) + 1}): {text} ...")
        install_locked(folder, lock)
    say(f"Installing Python packages ({len(steps) + 1}/{len(steps) + 1}): the project itself ...")
    pip(folder, "install", "--no-deps", "--no-build-isolation", "-e", str(TREE))


def main(arguments: Sequence[str] | None = None) -> None:
    """Make an environment and fill it from one lock."""
    parser = argparse.ArgumentParser(prog="python -m runtime.setup.python_packages", description=main.__doc__)
    parser.add_argument("lock", choices=["dev", "run"], help="a name from requirements/")
    parser.add_argument("--into", type=Path, default=TREE / ".venv", help="the folder of the environment")
    chosen = parser.parse_args(arguments)
    folder: Path = chosen.into
    make_environment(folder)
    fill(folder, chosen.lock)


if __name__ == "__main__":
    main()
