"""chaperone-broker log, doubts, status: what an administrator does about the log. Nothing here changes what an entry said."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from broker.cli_common import ConfigOption, config_of, run, show
from broker.config import DEFAULT_FILE
from broker.core.disk import WARN_BELOW_PERCENT

log_app = typer.Typer(no_args_is_help=True, help="Retention and corrections. Reading and checking the log: chaperone-audit.")
doubts_app = typer.Typer(no_args_is_help=True, help="Logs that do not continue what was signed of them.")


@log_app.command("expire")
def expire_command(
    older_than: Annotated[int, typer.Option("--older-than", min=1, max=36_500, help="Days.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many entries it would be.")] = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let go what old entries said. Their hashes stay, so that everything else can still be verified; how visits ended stays too.

    That it was done, for which entries, and by whom is in the log first.
    """
    from broker import log_administration

    read = config_of(config)
    chosen = run(log_administration.old_entries(read, older_than) if dry_run else log_administration.let_go(read, older_than))
    if chosen is None:
        typer.echo("no entry is that old")
        return
    done = "would be" if dry_run else "were"
    typer.echo(f"the words of {len(chosen.places)} entries between {chosen.first} and {chosen.last} {done} let go")


@log_app.command("correct")
def correct_command(
    entry: Annotated[int, typer.Argument(min=1, help="Number of the entry, as chaperone-audit shows it.")],
    words: Annotated[str, typer.Option("--words", help="What is to be known beside it. At most 500 characters.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Add to what an entry says. The entry itself stays as it is."""
    from broker import log_administration

    if not 1 <= len(words) <= 500:
        typer.echo("the words have between 1 and 500 characters", err=True)
        raise typer.Exit(2)
    run(log_administration.correct(config_of(config), entry, words))


@doubts_app.command("list")
def doubts_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """List what waits for a named person: about whose log, why, since when."""
    from broker import log_administration

    rows: list[tuple[str, ...]] = [
        (each.subject, each.doubt.value, _when(each.found)) for each in run(log_administration.doubts(config_of(config)))
    ]
    show(("log of", "doubt", "found"), rows)


@doubts_app.command("acknowledge")
def acknowledge_command(
    subject: Annotated[str, typer.Argument(help="Whose log: a host's id, or this broker's own.")],
    by: Annotated[str, typer.Option("--by", help="Name of the person who has looked into it.")],
    why: Annotated[str, typer.Option("--why", help="What was found. At most 120 characters.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Say that you looked into it: visits begin again, and what is shown next is believed anew. It is in the log first.

    For the broker's own log everybody is signed out, and every invitation, token, bootstrap secret and recovery code of before is void:
    a database that was put back would bring back what was spent since. Look at the accounts and their roles afterwards.
    """
    from broker import log_administration

    if not (1 <= len(by) <= 120 and 1 <= len(why) <= 120):
        typer.echo("--by and --why have between 1 and 120 characters", err=True)
        raise typer.Exit(2)
    own = run(log_administration.acknowledge(config_of(config), subject, by, why))
    typer.echo("everybody was signed out; look at the accounts and their roles" if own else f"{subject} can be visited again")


def status_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Say how the log stands, what waits for a person, and how much of the disk is free. Exit code 1 if anything is wrong."""
    from broker import log_administration

    found = run(log_administration.status(config_of(config)))
    low = found.free < WARN_BELOW_PERCENT
    typer.echo(f"log: {found.fault or f'{found.entries} entries'}")
    for each in found.doubts:
        typer.echo(f"doubt: the log of {each.subject} ({each.doubt.value}), since {_when(each.found)}")
    typer.echo(f"disk: {found.free} % free{', soon full: then nothing is allowed any more' if low else ''}")
    minutes = -(-found.entries // (60 * found.reread))
    typer.echo(f"reading again: {found.reread} entries a second, all of them within {minutes} min")
    if found.fault or found.doubts or low:
        raise typer.Exit(1)


def _when(utc: float) -> str:
    return datetime.fromtimestamp(utc, UTC).isoformat(timespec="seconds")
