"""Copies the catalogues to where the console's build finds them: one source, two readers. `--check` only compares.

The console is built without Python, so it cannot read runtime/locale itself; the copy is kept under version control and
a test fails when it is stale. Exit code 1: stale (with --check).
"""

import sys
from pathlib import Path

from runtime.catalogues import LOCALE

CONSOLE_LOCALE = Path(__file__).resolve().parents[1] / "tech_console" / "src" / "locale"


def stale(source: Path = LOCALE, copy: Path = CONSOLE_LOCALE) -> list[str]:
    """Names of catalogues whose copy is missing, different, or without a source."""
    wanted = _contents(source)
    present = _contents(copy)
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(source: Path = LOCALE, copy: Path = CONSOLE_LOCALE) -> None:
    """Make the copy equal to its source."""
    copy.mkdir(parents=True, exist_ok=True)
    for name in stale(source, copy):
        if (source / name).exists():
            (copy / name).write_bytes((source / name).read_bytes())
        else:
            (copy / name).unlink()


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.ftl")}


def main(arguments: list[str]) -> int:
    """Write, or with `--check` say what is stale."""
    if arguments != ["--check"]:
        write()
        return 0
    names = stale()
    if names:
        sys.stderr.write(f"Stale in {CONSOLE_LOCALE.name}: {', '.join(names)}. Run: make gen\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
