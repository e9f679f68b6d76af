"""`chaperone-audit`: read and check a log, offline, with nothing but the log. It never writes."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Never

import typer
from rich.console import Console

from audit.events import EVENTS
from audit.log import KnownHead
from audit.log import verify as check
from audit.show import Filter, finding_line, lines
from audit.stores import open_stored
from runtime.catalogues import catalogue
from runtime.log_lines import LogUnreadable
from runtime.version import VersionOption

FINDINGS, UNREADABLE = 1, 2

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Language(StrEnum):
    """Languages of the sentences."""

    EN = "en"
    FR = "fr"


Log = Annotated[Path, typer.Argument(metavar="LOG", help="The broker's SQLite file, a host's log folder, or the state folder of either.")]
InLanguage = Annotated[Language, typer.Option("--language", help="Language of the sentences.")]


@app.callback()
def audit(version: VersionOption = False) -> None:
    """Read and check what a broker or a host remembers.

    A log is a chain: each entry is hashed together with everything before it, so that an entry that was altered, removed,
    put in or moved is found. A chain alone cannot show that its end was cut off or that the whole log was written anew:
    note down the head that `verify` prints, and give it to a later `verify` with --head.

    Exit codes: 0 nothing is wrong, 1 something was found, 2 wrong usage or a log that cannot be read.
    """


@app.command()
def show(
    log: Log,
    since: Annotated[str, typer.Option(help="Only entries from then on: 2026-05-04 or 2026-05-04T13:30 (UTC).")] = "",
    session: Annotated[str, typer.Option(help="Only entries of this session.")] = "",
    technician: Annotated[str, typer.Option(help="Only entries that name this technician, or this sign-in name.")] = "",
    event: Annotated[str, typer.Option(help="Only events of this name, such as sign_in_refused.")] = "",
    language: InLanguage = Language.EN,
) -> None:
    """Show what happened, one sentence for each entry.

    Signs: `+` done, `!` refused, `-` ended or narrowed; `?` after a time whose clock was suspect. Times are UTC. What
    strangers wrote stands in quotation marks, with control characters spelled out.
    """
    if event and event not in EVENTS:
        _fail(f"there is no event {event}; there are: {', '.join(sorted(EVENTS))}")
    wanted = Filter(_moment(since), session, technician, event)
    console = Console(highlight=False, soft_wrap=True)
    sound = True
    for line in lines(open_stored(log).rows, wanted, catalogue(language.value)):
        console.print(line.text)
        sound = sound and line.sound
    raise typer.Exit(0 if sound else FINDINGS)


@app.command()
def verify(
    log: Log,
    head: Annotated[str, typer.Option(help="A head noted down before, INDEX:HASH as `verify` prints it.")] = "",
    language: InLanguage = Language.EN,
) -> None:
    """Check every entry and the chain, and name each entry that is wrong. Prints the head to note down."""
    known = _head(head) if head else None
    opened, words = open_stored(log), catalogue(language.value)
    checked = check(opened.rows, opened.log_id, opened.side, known)
    console = Console(highlight=False, soft_wrap=True)
    for finding in checked.findings:
        console.print(finding_line(finding, words), style="bold red", markup=False)
    style, verdict = ("bold red", f"{len(checked.findings)} found") if checked.findings else ("bold green", "nothing is wrong")
    console.print(f"Log {opened.log_id} of a {opened.side.value}, {checked.rows} entries: {verdict}.", style=style, markup=False)
    if not checked.findings:
        console.print(f"Head: {checked.chain.size}:{checked.chain.head.hex()}", markup=False)
    raise typer.Exit(FINDINGS if checked.findings else 0)


def _moment(text: str) -> float:
    if not text:
        return 0
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"{text} is no moment such as 2026-05-04 or 2026-05-04T13:30")
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()


def _head(text: str) -> KnownHead:
    index, _, digest = text.partition(":")
    try:
        return KnownHead(int(index), bytes.fromhex(digest))
    except ValueError:
        _fail(f"{text} is no head such as 12:9f86d081...")


def _fail(line: str) -> Never:
    Console(stderr=True, highlight=False, soft_wrap=True).print(line, markup=False)
    sys.exit(UNREADABLE)


def main(arguments: list[str] | None = None) -> None:
    """The program. Ends the process with the exit codes of `--help`."""
    try:
        app(arguments)
    except LogUnreadable as fault:
        _fail(str(fault))


if __name__ == "__main__":
    main()
