"""What every command of `chaperone-audit` begins with: which log, which language, which keys, and how it says no."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Never, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from audit.log import Side
from audit.stores import OpenLog, state_folder
from runtime.private_files import FileExposed
from trust.keys import KeyUnreadable, load_key, read_public_key
from wire.schema import MalformedMessage, from_base64url

FINE, FINDINGS, UNREADABLE, UNCLOSED = 0, 1, 2, 3
_KEY_BYTES = 32
T = TypeVar("T")


class Language(StrEnum):
    """Languages of the sentences."""

    EN = "en"
    FR = "fr"


Log = Annotated[
    Path,
    typer.Argument(metavar="LOG", help="The broker's SQLite file, a host's log folder, the state folder of either, or an export."),
]
InLanguage = Annotated[Language, typer.Option("--language", help="Language of the sentences.")]
KeyOption = Annotated[str, typer.Option("--key", help="Public key of the log's own side: its text, or a file that holds it.")]


def screen() -> Console:
    """Where answers go: whole lines, however narrow the terminal."""
    return Console(highlight=False, soft_wrap=True)


def fail(line: str) -> Never:
    """Wrong usage, or something that cannot be read."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(line, markup=False)
    sys.exit(UNREADABLE)


def moment(text: str) -> float:
    """Seconds since 1970 of 2026-05-04 or 2026-05-04T13:30; 0 for nothing."""
    if not text:
        return 0
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text} is no moment such as 2026-05-04 or 2026-05-04T13:30")
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()


def with_progress(rows: Iterable[T], count: int, what: str) -> Iterator[T]:
    """The same rows, with a bar on a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from rows
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=count or None)
        for number, row in enumerate(rows, 1):
            if number % 1000 == 0:
                progress.update(task, completed=number)
            yield row


# ---- keys


class KeyFrom(StrEnum):
    """Where a key was found: what it proves depends on it. `key-from-<value>` in the catalogues."""

    GIVEN = "given"
    BESIDE = "beside"
    NOWHERE = "nowhere"


def given_key(text: str) -> bytes:
    """An Ed25519 public key as text, or the file that holds it."""
    key = given_device_key(text)
    if len(key) != _KEY_BYTES:
        fail(f"{text.strip()} is no Ed25519 public key")
    return key


def given_device_key(text: str) -> bytes:
    """A public key of either kind as text, or the file that holds it."""
    path = Path(text)
    try:
        return read_public_key(path.read_text(encoding="ascii") if path.is_file() else text)
    except (OSError, UnicodeDecodeError, KeyUnreadable) as fault:
        fail(f"{text} is no public key: {fault}")


def key_of(opened: OpenLog, text: str, *folders: Path) -> tuple[bytes | None, KeyFrom]:
    """The key of this log's side: as given, or from one of the folders."""
    if text:
        return given_key(text), KeyFrom.GIVEN
    for folder in folders:
        found = _beside(state_folder(folder), opened.side)
        if found is not None:
            return found, KeyFrom.BESIDE
    return None, KeyFrom.NOWHERE


def _beside(state: Path, side: Side) -> bytes | None:
    own = state / "broker.key" if side is Side.BROKER else state / "keys" / "host.key"
    try:
        return load_key(own).public_key
    except (OSError, FileExposed, KeyUnreadable):
        return _pinned(state / "enrolment.json") if side is Side.BROKER else None


def _pinned(enrolment: Path) -> bytes | None:
    """The broker's key as a host pinned it."""
    try:
        said = json.loads(enrolment.read_bytes())
        return from_base64url(str(said["broker_key"]), "broker_key")
    except (OSError, ValueError, KeyError, TypeError, MalformedMessage):
        return None
