"""`chaperone-audit show`, `export` and `stream`: what a log says, for a person, for a table, for a SIEM."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from audit import cli_common as common
from audit.events import EVENTS
from audit.events.shape import Outcome
from audit.export import Format, exported
from audit.show import Filter, lines
from audit.siem import SiemFormat
from audit.siem_stream import StreamFailed, Target, follow
from audit.stores import open_stored
from runtime.catalogues import catalogue

Since = Annotated[str, typer.Option(help="Only entries from then on: 2026-05-04 or 2026-05-04T13:30 (UTC).")]
Until = Annotated[str, typer.Option(help="Only entries before then.")]
Session = Annotated[str, typer.Option(help="Only entries of this session.")]
Technician = Annotated[str, typer.Option(help="Only entries that name this technician, or this sign-in name.")]
Host = Annotated[str, typer.Option(help="Only entries that name this host, or of a visit to it.")]
Site = Annotated[str, typer.Option(help="Only entries of this site and of hosts that enrolled for it.")]
EventName = Annotated[str, typer.Option(help="Only events of this name, such as sign_in_refused.")]
HowItWent = Annotated[Outcome | None, typer.Option(help="Only what was done, refused, or ended.")]


def _filter(
    since: str = "",
    until: str = "",
    session: str = "",
    technician: str = "",
    host: str = "",
    site: str = "",
    event: str = "",
    outcome: Outcome | None = None,
) -> Filter:
    if event and event not in EVENTS:
        common.fail(f"there is no event {event}; there are: {', '.join(sorted(EVENTS))}")
    return Filter(common.moment(since), common.moment(until), session, technician, host, site, event, outcome)


def show(
    log: common.Log,
    since: Since = "",
    until: Until = "",
    session: Session = "",
    technician: Technician = "",
    host: Host = "",
    site: Site = "",
    event: EventName = "",
    outcome: HowItWent = None,
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Show what happened, one sentence for each entry.

    Signs: `+` done, `!` refused, `-` ended or narrowed; `?` after a time whose clock was suspect. Times are UTC. What
    strangers wrote stands in quotation marks, with control characters spelled out.
    """
    wanted = _filter(since, until, session, technician, host, site, event, outcome)
    console = common.screen()
    sound = True
    for line in lines(open_stored(log).rows, wanted, catalogue(language.value)):
        console.print(line.text)
        sound = sound and line.sound
    raise typer.Exit(common.FINE if sound else common.FINDINGS)


def export(
    log: common.Log,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; it must not be there yet.")],
    form: Annotated[Format, typer.Option("--format", help="csv, html and pdf for people; jsonl can be verified by others.")] = Format.CSV,
    since: Since = "",
    until: Until = "",
    session: Session = "",
    technician: Technician = "",
    host: Host = "",
    site: Site = "",
    event: EventName = "",
    outcome: HowItWent = None,
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Write entries into a file.

    Times are ISO 8601 in UTC. In CSV no cell can be taken for a formula; HTML and PDF stand for themselves. JSONL holds each
    row with its hashes and the signed checkpoints, so that chaperone_verify.py can check it: what a filter leaves out stays
    there as its hash alone.
    """
    wanted = _filter(since, until, session, technician, host, site, event, outcome)
    opened, words = open_stored(log), catalogue(language.value)
    try:
        with out.open("xb") as file:
            count = exported(opened, wanted, form, file, words)
    except OSError as fault:
        common.fail(f"{out} cannot be written: {fault.strerror}")
    common.screen().print(words.text("exported", count=count, file=str(out)), markup=False)


def stream(
    log: common.Log,
    to: Annotated[str, typer.Option("--to", help="syslog+udp://host:port or syslog+tcp://host:port (syslog:// is TCP).")],
    form: Annotated[SiemFormat, typer.Option("--format", help="How an entry is written.")] = SiemFormat.RFC5424,
    state: Annotated[
        Path | None, typer.Option(help="File in which it is noted how far the stream is; without it, from the beginning.")
    ] = None,
    every: Annotated[float, typer.Option(help="Seconds between two looks at the log.", min=0.1)] = 2.0,
    once: Annotated[bool, typer.Option(help="Send what is there, and end.")] = False,
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Send each entry to a SIEM, as it is written, until interrupted.

    The log is only read. What the receiver does not take is sent again; after a restart the stream goes on where it stopped
    (--state). Over UDP nothing is known of what arrives: TCP is the better choice.
    """
    target = Target.read(to)
    if target is None:
        common.fail(f"{to} is no syslog address such as syslog+tcp://siem.example:6514")
    words = catalogue(language.value)
    try:
        sent = follow(log, target, form, state, timedelta(seconds=every), words, once=once)
    except StreamFailed as fault:
        common.fail(str(fault))
    except KeyboardInterrupt:
        raise typer.Exit(common.FINE) from None
    common.screen().print(words.text("streamed", count=sent), markup=False)
