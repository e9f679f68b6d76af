"""`chaperone-host`: enrol this PC, run guardian and desk, see how things stand. Speaks English, except for terms and windows."""

import asyncio
import contextlib
import faulthandler
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from host_client import cli_log, cli_receipts
from host_client.cli_common import EXIT_NO_GUARDIAN, ConfigOption, StateOption, files_and_config, out, stop
from host_client.config import HostFiles, NotEnrolled, checked_broker_url, read_enrolment
from host_client.guardian import enrol as enrolment
from host_client.guardian.main import (
    EXIT_FAULT,
    EXIT_NO_LOG,
    EXIT_NOT_ENROLLED,
    EXIT_WORDS,
    documents_of,
    open_parts,
    read_clock,
    run_guardian,
)
from host_client.link import UiKind
from runtime.catalogues import catalogue
from runtime.config import ConfigRefused
from runtime.file_log import LogUnavailable
from runtime.private_files import FileExposed
from runtime.version import VersionOption
from trust.keys import KeyUnreadable, fingerprint, load_key
from trust.metadata import SNAPSHOT
from trust.refused import DocumentRefused
from trust.updater import Documents
from wire.messages.documents import Repository
from wire.schema import MalformedMessage, from_base64url
from wire.statements import Algorithm

CODES = """Exit codes: 0 done, or stopped when told to · 1 fault of this program · 2 wrong words or settings · 3 no guardian to talk to ·
4 not enrolled, or refused · 5 the log cannot be written."""
STOP_SECONDS = 10.0

app = typer.Typer(
    name="chaperone-host",
    help=f"The host: what an instrument PC runs to get help, and to keep control of it.\n\n{CODES}",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


app.add_typer(cli_log.log, name="log")
app.add_typer(cli_log.doubts, name="doubts")
app.add_typer(cli_receipts.receipts, name="receipts")


@app.callback()
def program(version: VersionOption = False) -> None:
    """What every command begins with."""


class UiChoice(StrEnum):
    """Which user interface the desk shows."""

    WINDOW = "window"
    TERMINAL = "terminal"


@app.command()
def enrol(
    broker: Annotated[str, typer.Option(help="The broker's address: https://name[:port].")],
    token: Annotated[str, typer.Option(help="The single-use enrolment token (base64url).")],
    vendor_root: Annotated[Path, typer.Option(help="The vendor's 1.root.json, as it was given to you; it is pinned.")],
    name: Annotated[str, typer.Option(help="Name of the instrument, as technicians see it.")],
    model: Annotated[str, typer.Option(help="Its model.")],
    phi: Annotated[bool, typer.Option("--phi/--no-phi", help="May this PC hold health data? Closes files and clipboard.")],
    site_root: Annotated[Path | None, typer.Option(help="The 1.root.json of your site's own documents, if it has some.")] = None,
    ca: Annotated[Path | None, typer.Option(help="Certificate authority of the broker (PEM); default: the system's.")] = None,
    accept_by: Annotated[str | None, typer.Option(help="Name of the administrator who has read and accepts the terms.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the terms.")] = None,
    state: StateOption = None,
) -> None:
    """Show the terms, have them accepted by name, and enrol this PC. No socket opens before they are accepted."""
    files, _ = files_and_config(state, None)
    spoken = language or enrolment.system_language()
    try:
        wish = enrolment.Wish(
            broker_url=checked_broker_url(broker),
            token=from_base64url(token, "token"),
            vendor_root=enrolment.read_root(vendor_root, Repository.VENDOR),
            site_root=enrolment.read_root(site_root, Repository.SITE) if site_root is not None else b"",
            ca=enrolment.read_pem(ca),
            name=name,
            model=model,
            phi=phi,
        )
    except (ConfigRefused, MalformedMessage, DocumentRefused, OSError, UnicodeDecodeError) as fault:
        raise stop(str(fault), EXIT_WORDS) from None
    for line in enrolment.terms(wish, spoken):
        out.print(line, markup=False)
    accepted_by = (accept_by if accept_by is not None else _ask(catalogue(spoken).text("terms-accept", host=name))).strip()
    if not accepted_by:
        raise stop("The terms were not accepted; nothing was sent.", EXIT_NOT_ENROLLED)
    try:
        done = enrolment.enrol(files, wish, accepted_by, spoken)
    except LogUnavailable as fault:
        raise stop(str(fault), EXIT_NO_LOG) from None
    except (enrolment.EnrolmentFailed, KeyUnreadable, FileExposed, OSError, ValueError) as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    out.print(f"enrolled {done.host_id}", markup=False)
    _print_fingerprint(files)


def _ask(question: str) -> str:
    """A typed line; nobody at the keyboard means no."""
    out.print(question, markup=False)
    try:
        return input("> ")
    except EOFError:
        return ""


def _print_fingerprint(files: HostFiles) -> None:
    try:
        key = load_key(files.key)
    except (OSError, KeyUnreadable, FileExposed) as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    out.print(f"fingerprint {fingerprint(Algorithm.ED25519, key.public_key)}", markup=False)


@app.command("fingerprint")
def show_fingerprint(state: StateOption = None) -> None:
    """Print the fingerprint of this host's key, to be compared with the security officer's."""
    files, _ = files_and_config(state, None)
    _print_fingerprint(files)


@app.command()
def guardian(state: StateOption = None, config: ConfigOption = None) -> None:
    """Run the guardian: keys, log, sockets, seals and grants. Writes `ready` when a desk may come, `online` when the broker is proven."""
    files, settings = files_and_config(state, config)
    try:
        parts = open_parts(files)
    except NotEnrolled as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    except LogUnavailable as fault:
        raise stop(str(fault), EXIT_NO_LOG) from None
    try:
        asyncio.run(run_guardian(files, settings, parts, _say))
    except ConfigRefused as fault:
        raise stop(str(fault), EXIT_WORDS) from None
    except LogUnavailable as fault:
        raise stop(str(fault), EXIT_NO_LOG) from None
    except (OSError, ssl.SSLError) as fault:
        raise stop(f"the guardian cannot run: {fault}", EXIT_FAULT) from None


def _say(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody listens any more; the visit matters more than the line
        out.print(line, markup=False)
        sys.stdout.flush()


@app.command()
def desk(
    ui: Annotated[UiChoice, typer.Option(help="window or terminal.")] = UiChoice.WINDOW,
    display: Annotated[str | None, typer.Option(help="X display to show and to control; default: $DISPLAY.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of windows and prompts.")] = None,
    state: StateOption = None,
    config: ConfigOption = None,
) -> None:
    """Run the desk in the user's session: windows, capture, mouse and keyboard. It holds no key and decides nothing."""
    from host_client.desk.main import run_desk

    files, settings = files_and_config(state, config)
    try:
        socket = files.socket(settings)
    except ConfigRefused as fault:
        raise stop(str(fault), EXIT_WORDS) from None
    kind = UiKind(ui.value)
    shown, spoken = display or settings.screen or None, language or settings.language or None
    place, begun = settings.files_folder, partial(_announce, kind)
    code = run_desk(socket, kind, display=shown, language=spoken, theme=settings.theme, files=place, ready=begun)
    if code == EXIT_NO_GUARDIAN:
        raise stop(f"no guardian of this account listens at {socket}; start it with: chaperone-host guardian", EXIT_NO_GUARDIAN)
    raise typer.Exit(code)


def _announce(kind: UiKind) -> None:
    if kind is UiKind.WINDOW:  # the terminal belongs to its own interface
        _say("ready desk")


@app.command()
def start(
    ui: Annotated[UiChoice, typer.Option(help="window or terminal.")] = UiChoice.WINDOW,
    state: StateOption = None,
    config: ConfigOption = None,
) -> None:
    """Run guardian and desk together. When the desk ends, the guardian is stopped too; Ctrl-C ends both."""
    files_and_config(state, config)
    told = [*(["--state", str(state)] if state else []), *(["--config", str(config)] if config else [])]
    own = [sys.executable, "-m", "host_client.cli"]
    first = subprocess.Popen([*own, "guardian", *told], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    if not first.stdout.readline().startswith("ready"):
        raise typer.Exit(first.wait())
    with contextlib.suppress(KeyboardInterrupt):
        subprocess.run([*own, "desk", "--ui", ui.value, *told], check=False)
    first.send_signal(signal.SIGTERM)
    raise typer.Exit(first.wait(STOP_SECONDS))


@app.command()
def status(state: StateOption = None, config: ConfigOption = None) -> None:
    """Say who this host is, whom it trusts, what the signed documents say of it, and how its log stands."""
    files, settings = files_and_config(state, config)
    try:
        enrolled = read_enrolment(files.enrolment)
        documents = documents_of(files, enrolled)
        in_force = documents.restore()
    except (NotEnrolled, DocumentRefused, FileExposed, OSError) as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    out.print(f"host {enrolled.host_id} ({enrolled.name}, {enrolled.model}, site {enrolled.site or '-'})", markup=False)
    out.print(f"broker {enrolled.broker_id} at {enrolled.broker_url}", markup=False)
    out.print(
        f"health data {'yes' if enrolled.phi else 'no'}; terms {enrolled.terms_version} accepted by {enrolled.accepted_by}", markup=False
    )
    _print_documents("vendor's documents", documents.vendor)
    if documents.site is not None:
        _print_documents("site's documents", documents.site)
    listed = in_force is not None and enrolled.host_id in in_force.view.listed_hosts
    out.print(f"listed {'yes' if listed else 'no'}; nobody is let in while it is no", markup=False)
    _print_fingerprint(files)
    cli_log.print_standing(files, settings)


def _print_documents(whose: str, documents: Documents) -> None:
    newest = documents.newest
    if newest is None:
        out.print(f"{whose} none yet", markup=False)
        return
    until = datetime.fromtimestamp(newest.expires, UTC)
    over = newest.expires <= documents.time(read_clock())
    state = "OVER since" if over else "in force until"
    out.print(f"{whose} version {newest.versions[SNAPSHOT]}, {state} {until:%Y-%m-%d %H:%M} UTC", markup=False)


@app.command("site-root")
def site_root_command(file: Annotated[Path, typer.Argument(help="The 1.root.json of the site.")], state: StateOption = None) -> None:
    """Say whose word counts for this site: from now on its own signed documents must stand beside the vendor's.

    Until they came nobody is let in. Start the guardian again afterwards.
    """
    files, _ = files_and_config(state, None)
    try:
        read_enrolment(files.enrolment)
        root = enrolment.read_root(file, Repository.SITE)
        new = enrolment.pin_site_root(files, root)
    except (DocumentRefused, OSError) as fault:
        raise stop(str(fault), EXIT_WORDS) from None
    except LogUnavailable as fault:
        raise stop(str(fault), EXIT_NO_LOG) from None
    except (NotEnrolled, enrolment.EnrolmentFailed, FileExposed) as fault:
        raise stop(str(fault), EXIT_NOT_ENROLLED) from None
    out.print("pinned; start the guardian again" if new else "this root is pinned already", markup=False)


def main() -> None:
    """Entry point."""
    faulthandler.enable()  # a tool kit that takes the process with it shall at least say where
    app()


if __name__ == "__main__":
    main()
