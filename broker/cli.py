"""chaperone-broker: serve, and what an administrator does beside it. Every change it makes is in the log.

Exit codes: 0 done · 1 it could not be done · 2 the command line or the configuration is wrong
"""

# What a command alone needs (the web server, the database, tables on the screen) is imported inside it: importing all of it
# takes most of a second, and a health check runs twice a minute.

import asyncio
import json
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from broker.config import DEFAULT_FILE, BrokerConfig, read_config
from broker.state import NotInitialised, broker_id_of, signer_of
from runtime.config import ConfigRefused
from runtime.private_files import FileExposed
from runtime.version import VersionOption
from trust.keys import KeyUnreadable, fingerprint, public_key_text
from wire.statements import Algorithm

T = TypeVar("T")
HEALTH_SECONDS = 5

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, rich_markup_mode=None, pretty_exceptions_enable=False)
accounts_app = typer.Typer(no_args_is_help=True, help="Technicians' accounts. Rights come from the signed directory, not from here.")
hosts_app = typer.Typer(no_args_is_help=True, help="Instrument PCs.")
registrations_app = typer.Typer(no_args_is_help=True, help="Keys that wait for, or have, the security officer's signature.")
app.add_typer(accounts_app, name="accounts")
app.add_typer(hosts_app, name="hosts")
app.add_typer(registrations_app, name="registrations")


@app.callback()
def program(version: VersionOption = False) -> None:
    """What every command begins with."""


ConfigOption = Annotated[Path, typer.Option("--config", envvar="CHAPERONE_CONFIG", help="The broker's TOML file.")]


def _config(path: Path) -> BrokerConfig:
    try:
        return read_config(path)
    except ConfigRefused as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run, and turn the faults a person can do something about into one line and exit code 1."""
    from broker.administration import NotDone

    try:
        # uvloop: an idle TLS connection costs a sixth of what it costs on the standard loop (docs/adr/0002).
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except (OSError, NotDone, NotInitialised, FileExposed, KeyUnreadable) as fault:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)


@app.command("init")
def init_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Make the state folder, the database and the broker's keys. What is there already stays as it is."""
    from broker import administration

    signer = _run(administration.init(_config(config)))
    typer.echo(f"broker {broker_id_of(signer)}")
    typer.echo(f"public key {public_key_text(signer.public_key)}")
    typer.echo(f"fingerprint {fingerprint(Algorithm.ED25519, signer.public_key)}")


@app.command("identity")
def identity_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Print the broker's id and public key as JSON, for the directory."""
    read = _config(config)
    try:
        signer = signer_of(read)
    except (OSError, NotInitialised, FileExposed, KeyUnreadable) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps({"id": broker_id_of(signer), "key": public_key_text(signer.public_key)}))


@app.command("serve")
def serve_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Serve until SIGTERM or Ctrl-C. Prints `ready https://HOST:PORT` on standard output when it does."""
    from broker.serving import serve

    read = _config(config)
    # Below INFO the libraries write down requests as they came, with their cookies: that level is for our own words alone.
    level = logging.getLevelNamesMapping()[read.log_level.upper()]
    logging.basicConfig(level=max(level, logging.INFO), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("broker").setLevel(level)
    _run(serve(read))


@app.command("health")
def health_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Ask the running broker on this machine whether it serves and can write its log. For health checks."""
    import ssl
    import urllib.error
    import urllib.request

    read = _config(config)
    try:
        port = int(read.port_file.read_text(encoding="ascii"))
        # It is asked on this machine, so the certificate's name need not fit the address.
        context = ssl._create_unverified_context()  # noqa: S323, SLF001
        request = f"https://127.0.0.1:{port}/healthz"
        with urllib.request.urlopen(request, timeout=HEALTH_SECONDS, context=context) as response:
            typer.echo(f"healthy ({response.status})")
    except (OSError, ValueError, urllib.error.URLError) as fault:
        typer.echo(f"not healthy: {fault}", err=True)
        raise typer.Exit(1) from None


@accounts_app.command("invite")
def invite_command(
    person: Annotated[str, typer.Option("--person", help="Id of the person in the directory, such as t-anna.")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    company: Annotated[str, typer.Option("--company", help="The person's company.")],
    sign_in_name: Annotated[str, typer.Option("--sign-in-name", help="What the person types to sign in; the id without it.")] = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Invite a technician and print the link: good once, for seven days. It replaces an earlier invitation."""
    from broker import administration

    read = _config(config)
    if not person.startswith("t-") or not 3 <= len(person) <= 64:
        typer.echo("a person's id begins with t- and has at most 64 characters", err=True)
        raise typer.Exit(2)
    typer.echo(_run(administration.invite(read, person, sign_in_name or person, name, company)))


@accounts_app.command("suspend")
def suspend_command(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    restore: Annotated[bool, typer.Option("--restore", help="Open the account again.")] = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Close an account at once: no sign-in, and live ones are over within a second."""
    from broker import administration

    _run(administration.suspend(_config(config), person, restore=restore))


@accounts_app.command("clear-stop")
def clear_stop_command(person: Annotated[str, typer.Argument(help="Id of the person.")], config: ConfigOption = DEFAULT_FILE) -> None:
    """Let an account be signed in to again that was stopped after too many wrong sign-ins."""
    from broker import administration

    _run(administration.clear_stop(_config(config), person))


@accounts_app.command("list")
def accounts_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """List accounts: id, sign-in name, name, company, state."""
    from broker import administration

    read = _config(config)
    failures, rows = _run(administration.failures(read)), list[tuple[str, ...]]()
    for each in _run(administration.accounts(read)):
        stopped = failures[each.technician_id] >= read.account_failures
        state = "suspended" if each.suspended else "invited" if not each.confirmed else "stopped" if stopped else "active"
        rows.append((each.technician_id, each.sign_in_name, each.name, each.company, state))
    _show(("id", "sign-in name", "name", "company", "state"), rows)


@hosts_app.command("token")
def token_command(
    site: Annotated[str, typer.Option("--site", help="The site whose host may enrol with it.")], config: ConfigOption = DEFAULT_FILE
) -> None:
    """Make an enrolment token and print it: good for one host, for a day."""
    from broker import administration

    typer.echo(_run(administration.host_token(_config(config), site)))


@registrations_app.command("list")
def registrations_command(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")] = False, config: ConfigOption = DEFAULT_FILE
) -> None:
    """List the keys that technicians' browsers and hosts registered, with the fingerprints that people compare."""
    from broker import administration

    found = _run(administration.registrations(_config(config)))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    columns = ("id", "name", "fingerprint")
    _show(("kind", *columns), [(kind, *(str(row[name]) for name in columns)) for kind, rows in found.items() for row in rows])


def _show(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # a name in brackets is a name, and no markup
    Console().print(table)


def main() -> None:
    """The program."""
    app()
