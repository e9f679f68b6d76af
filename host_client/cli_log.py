"""`chaperone-host log` and `chaperone-host doubts`: what an administrator of this PC does to the log, by way of a guardian that runs."""

import asyncio
import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from audit.checkpoint import said_by
from host_client.cli_common import ConfigOption, StateOption, files_and_config, out, stop
from host_client.config import HostConfig, HostFiles, NotEnrolled
from host_client.guardian.errands import Done, Errand, Errands, What, ask_guardian
from host_client.guardian.evidence import EvidenceUnreadable, KeptDoubt, read_evidence
from host_client.guardian.logbook import Logbook
from host_client.guardian.main import EXIT_NO_LOG, EXIT_NOT_ENROLLED, EXIT_WORDS, open_parts, read_clock
from runtime.catalogues import catalogue
from runtime.config import ConfigRefused
from runtime.file_log import LogUnavailable, percent_free
from wire.schema import MalformedMessage

log = typer.Typer(help="What an administrator of this PC does to the log. Nothing in it can be edited.", no_args_is_help=True)
doubts = typer.Typer(help="Logs that do not fit to what was shown of them. No visit begins meanwhile.", no_args_is_help=True)

ByOption = Annotated[str, typer.Option("--by", help="Name of the person; it stands in the log. Default: this account's name.")]


@log.command()
def expire(
    older_than: Annotated[int, typer.Option("--older-than", min=1, metavar="DAYS", help="Days.")],
    by: ByOption = "",
    state: StateOption = None,
    config: ConfigOption = None,
) -> None:
    """Let go of the contents of old entries. Their hashes stay, and with them every proof about the others; so do the ends of visits."""
    _print(_errand(state, config, Errand(What.EXPIRE, older_than, _person(by), "", "")))


@log.command()
def correct(
    entry: Annotated[int, typer.Argument(min=1, help="Which entry.")],
    words: Annotated[str, typer.Option("--words", help="What is to be added to it.")],
    by: ByOption = "",
    state: StateOption = None,
    config: ConfigOption = None,
) -> None:
    """Add words to an entry. The entry itself stays as it is."""
    _print(_errand(state, config, Errand(What.CORRECT, entry, _person(by), _said(words, "--words"), "")))


@doubts.command("list")
def list_doubts(state: StateOption = None) -> None:
    """Say which logs are in doubt, since when and why."""
    files, _ = files_and_config(state, None)
    found = _doubts(files)
    for each in found:
        out.print(_line(each), markup=False)
    if not found:
        out.print("no log is in doubt", markup=False)


@doubts.command()
def acknowledge(
    by: Annotated[str, typer.Option("--by", help="Name of the person who has looked into it.")],
    why: Annotated[str, typer.Option("--why", help="What was found.")],
    subject: Annotated[str, typer.Argument(help="Whose log, as `list` names it; default: every log that is in doubt.")] = "",
    state: StateOption = None,
    config: ConfigOption = None,
) -> None:
    """Say, by name, that somebody has looked into it: visits may begin again. What was held before stays in the log."""
    _print(_errand(state, config, Errand(What.ACKNOWLEDGE, 0, _said(by, "--by"), _said(why, "--why"), subject)))


def print_standing(files: HostFiles, config: HostConfig) -> None:
    """How the log stands: for `status`."""
    try:
        done = asyncio.run(ask_guardian(files.errands(config), Errand(What.STATUS, 0, "", "", "")))
        out.print(done.said if done is not None else "no guardian runs", markup=False)
        out.print(f"{percent_free(files.state)} % of the disk of the log is free", markup=False)
    except (ConfigRefused, MalformedMessage, OSError) as fault:
        out.print(f"the guardian does not answer: {fault}", markup=False)
    for each in _doubts(files):
        out.print(f"IN DOUBT: {_line(each)}", markup=False)


def _doubts(files: HostFiles) -> tuple[KeptDoubt, ...]:
    try:
        return read_evidence(files.evidence).doubts
    except EvidenceUnreadable as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None


def _line(doubt: KeptDoubt) -> str:
    since = datetime.fromtimestamp(doubt.at, UTC)
    sizes = [str(said_by(note).size) if note else "?" for note in (doubt.held, doubt.given)]
    why = catalogue("en").text(f"doubt-{doubt.doubt.value}")
    return f"the log of {doubt.subject}, since {since:%Y-%m-%d %H:%M} UTC ({sizes[0]} entries held, {sizes[1]} given). {why}"


def _person(by: str) -> str:
    return by.strip() or getpass.getuser()


def _said(words: str, option: str) -> str:
    if not words.strip():
        raise stop(f"{option} is empty", EXIT_WORDS)
    return words.strip()


def _print(done: Done) -> None:
    if not done.done:
        raise stop(done.said, EXIT_NO_LOG)
    out.print(done.said, markup=False)


def _errand(state: StateOption, config: ConfigOption, errand: Errand) -> Done:
    files, settings = files_and_config(state, config)
    try:
        return asyncio.run(_run(files, settings, errand))
    except LogUnavailable as fault:
        raise stop(str(fault), EXIT_NO_LOG) from None
    except NotEnrolled as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    except (ConfigRefused, ValueError) as fault:
        raise stop(str(fault), EXIT_WORDS) from None
    except (MalformedMessage, OSError) as fault:
        raise stop(f"the guardian does not answer: {fault}", EXIT_NO_LOG) from None


async def _run(files: HostFiles, config: HostConfig, errand: Errand) -> Done:
    done = await ask_guardian(files.errands(config), errand)
    if done is not None:
        return done
    parts = open_parts(files)
    with parts.log:
        logbook = Logbook(parts.log, read_clock)
        return await Errands(parts.log, logbook, parts.evidence, parts.enrolment.host_id, read_clock, _nobody_waits).run(errand)


async def _nobody_waits(_subject: str) -> None:
    """No guardian runs that would have to be told."""
