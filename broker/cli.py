"""chaperone-broker: serve, and what an administrator does beside it. Every change it makes is in the log.

Exit codes: 0 done · 1 it could not be done · 2 the command line or the configuration is wrong
"""

# What a command alone needs (the web server, the database, tables on the screen) is imported inside it: importing all of it
# takes most of a second, and a health check runs twice a minute.

import json
import logging
from typing import Annotated

import typer

from broker.cli_accounts import accounts_app
from broker.cli_common import ConfigOption, config_of, run, show
from broker.cli_log import doubts_app, log_app, status_command
from broker.cli_receipts import receipts_app
from broker.config import DEFAULT_FILE
from broker.state import NotInitialised, broker_id_of, signer_of
from runtime.private_files import FileExposed
from runtime.version import VersionOption
from trust.keys import KeyUnreadable, fingerprint, public_key_text
from wire.statements import Algorithm

HEALTH_SECONDS = 5

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, rich_markup_mode=None, pretty_exceptions_enable=False)
hosts_app = typer.Typer(no_args_is_help=True, help="Instrument PCs.")
registrations_app = typer.Typer(no_args_is_help=True, help="Keys that wait for, or have, the security officer's signature.")
app.add_typer(accounts_app, name="accounts")
app.add_typer(doubts_app, name="doubts")
app.add_typer(log_app, name="log")
app.command("status")(status_command)
app.add_typer(hosts_app, name="hosts")
app.add_typer(registrations_app, name="registrations")
app.add_typer(receipts_app, name="receipts")


@app.callback()
def program(version: VersionOption = False) -> None:
    """What every command begins with."""


@app.command("init")
def init_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Make the state folder, the database and the broker's keys. What is there already stays as it is.

    The first time it also prints the secret that lets one administrator in (see `accounts bootstrap`).
    """
    from broker import administration

    signer, secret = run(administration.init(config_of(config)))
    typer.echo(f"broker {broker_id_of(signer)}")
    typer.echo(f"public key {public_key_text(signer.public_key)}")
    typer.echo(f"fingerprint {fingerprint(Algorithm.ED25519, signer.public_key)}")
    if secret is not None:
        typer.echo(f"bootstrap secret {secret}")


@app.command("identity")
def identity_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Print the broker's id and public key as JSON, for the directory."""
    read = config_of(config)
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

    read = config_of(config)
    # Below INFO the libraries write down requests as they came, with their cookies: that level is for our own words alone.
    level = logging.getLevelNamesMapping()[read.log_level.upper()]
    logging.basicConfig(level=max(level, logging.INFO), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("broker").setLevel(level)
    run(serve(read))


@app.command("health")
def health_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Ask the running broker on this machine whether it serves and can write its log. For health checks."""
    import ssl
    import urllib.error
    import urllib.request

    read = config_of(config)
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


@hosts_app.command("token")
def token_command(
    site: Annotated[str, typer.Option("--site", help="The site whose host may enrol with it.")], config: ConfigOption = DEFAULT_FILE
) -> None:
    """Make an enrolment token and print it: good for one host, for a day."""
    from broker import administration

    typer.echo(run(administration.host_token(config_of(config), site)))


@registrations_app.command("list")
def registrations_command(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")] = False, config: ConfigOption = DEFAULT_FILE
) -> None:
    """List the keys that technicians' browsers and hosts registered, with the fingerprints that people compare."""
    from broker import administration

    found = run(administration.registrations(config_of(config)))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    columns = ("id", "name", "fingerprint")
    show(("kind", *columns), [(kind, *(str(row[name]) for name in columns)) for kind, rows in found.items() for row in rows])


def main() -> None:
    """The program."""
    app()
