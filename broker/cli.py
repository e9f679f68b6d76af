"""chaperone-broker: serve, and what an administrator does beside it. Every change it makes is in the log.

Exit codes: 0 done · 1 it could not be done · 2 the command line or the configuration is wrong
"""

import asyncio
import getpass
import json
import logging
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from audit.events import broker as log
from audit.events.shape import Event
from broker.config import DEFAULT_FILE, BrokerConfig, ConfigRefused, read_config
from broker.serving import NotInitialised, broker_id_of, log_clock, serve
from broker.storage.accounts import Account
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.secret_box import SecretBox
from broker.storage.store import Store
from broker.web.door import token_hash
from runtime.private_files import FileExposed, private_folder
from trust.keys import KeyUnreadable, fingerprint, load_or_make_key, public_key_text
from wire.limits import ENROL_TOKEN_SECONDS, INVITATION_SECONDS
from wire.schema import base64url
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

ConfigOption = Annotated[Path, typer.Option("--config", envvar="CHAPERONE_CONFIG", help="The broker's TOML file.")]


def _config(path: Path) -> BrokerConfig:
    try:
        return read_config(path)
    except ConfigRefused as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run, and turn the faults a person can do something about into one line and exit code 1."""
    try:
        # uvloop: an idle TLS connection costs a sixth of what it costs on the standard loop (docs/adr/0002).
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except LogUnavailable as fault:
        typer.echo(f"nothing was changed, because the log cannot be written: {fault}", err=True)
    except (OSError, SQLAlchemyError, NotInitialised, FileExposed, KeyUnreadable) as fault:
        typer.echo(str(fault), err=True)
    raise typer.Exit(1)


@app.command("init")
def init_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Make the state folder, the database and the broker's keys. What is there already stays as it is."""
    read = _config(config)

    async def work() -> None:
        private_folder(read.state)
        signer = load_or_make_key(read.broker_key)
        SecretBox.from_file(read.totp_key)
        store = await Store.open_file(read.database)
        await store.close()
        typer.echo(f"broker {broker_id_of(signer)}")
        typer.echo(f"public key {public_key_text(signer.public_key)}")
        typer.echo(f"fingerprint {fingerprint(Algorithm.ED25519, signer.public_key)}")

    _run(work())


@app.command("identity")
def identity_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Print the broker's id and public key as JSON, for the directory."""
    read = _config(config)

    async def work() -> None:
        if not read.broker_key.exists():
            raise NotInitialised(f"{read.state} has no broker key; run: chaperone-broker init")
        signer = load_or_make_key(read.broker_key)
        typer.echo(json.dumps({"id": broker_id_of(signer), "key": public_key_text(signer.public_key)}))

    _run(work())


@app.command("serve")
def serve_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Serve until SIGTERM or Ctrl-C. Prints `ready https://HOST:PORT` on standard output when it does."""
    read = _config(config)
    logging.basicConfig(level=read.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _run(serve(read))


@app.command("health")
def health_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Ask the running broker on this machine whether it serves and can write its log. For health checks."""
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


async def _opened(read: BrokerConfig) -> tuple[Store, AuditLog]:
    if not read.broker_key.exists():
        raise NotInitialised(f"{read.state} has no broker key; run: chaperone-broker init")
    store = await Store.open_file(read.database)
    return store, AuditLog(store.database, log_clock)


async def _record_then(read: BrokerConfig, event: Event, act: Any) -> None:  # noqa: ANN401 - a coroutine function on the store
    store, chain = await _opened(read)
    try:
        await chain.record(event)
        await act(store)
    finally:
        await store.close()


@accounts_app.command("invite")
def invite_command(
    person: Annotated[str, typer.Option("--person", help="Id of the person in the directory, such as t-anna.")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    company: Annotated[str, typer.Option("--company", help="The person's company.")],
    sign_in_name: Annotated[str, typer.Option("--sign-in-name", help="What the person types to sign in; the id without it.")] = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Invite a technician and print the link: good once, for seven days. It replaces an earlier invitation."""
    read = _config(config)
    if not person.startswith("t-") or not 3 <= len(person) <= 64:
        typer.echo("a person's id begins with t- and has at most 64 characters", err=True)
        raise typer.Exit(2)
    token = token_bytes(32)
    account = Account(person, sign_in_name or person, name, company, None, None, None, confirmed=False, suspended=False)
    event = log.InvitationMade(technician_id=person, by=getpass.getuser())
    _run(_record_then(read, event, lambda store: store.accounts.invite(account, token_hash(token), time.time() + INVITATION_SECONDS)))
    typer.echo(f"{read.console_origin}/#/invitation/{base64url(token)}")


@accounts_app.command("suspend")
def suspend_command(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    restore: Annotated[bool, typer.Option("--restore", help="Open the account again.")] = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Close an account at once: no sign-in, and live ones are over within half a minute."""
    read = _config(config)
    by = getpass.getuser()
    event = log.AccountRestored(technician_id=person, by=by) if restore else log.AccountSuspended(technician_id=person, by=by)

    async def act(store: Store) -> None:
        if not await store.accounts.suspend(person, not restore):
            raise OSError(f"there is no account {person}")

    _run(_record_then(read, event, act))


@accounts_app.command("list")
def accounts_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """List accounts: id, sign-in name, name, company, state."""
    read = _config(config)

    async def work() -> tuple[Account, ...]:
        store, _ = await _opened(read)
        try:
            return await store.accounts.all()
        finally:
            await store.close()

    table = Table("id", "sign-in name", "name", "company", "state")
    for each in _run(work()):
        state = "suspended" if each.suspended else "active" if each.confirmed else "invited"
        table.add_row(each.technician_id, each.sign_in_name, each.name, each.company, state)
    Console().print(table)


@hosts_app.command("token")
def token_command(
    site: Annotated[str, typer.Option("--site", help="The site whose host may enrol with it.")], config: ConfigOption = DEFAULT_FILE
) -> None:
    """Make an enrolment token and print it: good for one host, for a day."""
    read = _config(config)
    token = token_bytes(32)
    event = log.HostEnrolTokenMade(site=site, by=getpass.getuser())
    _run(_record_then(read, event, lambda store: store.registry.add_token(token_hash(token), site, time.time() + ENROL_TOKEN_SECONDS)))
    typer.echo(base64url(token))


@registrations_app.command("list")
def registrations_command(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")] = False, config: ConfigOption = DEFAULT_FILE
) -> None:
    """List the keys that technicians' browsers and hosts registered, with the fingerprints that people compare."""
    read = _config(config)

    async def work() -> dict[str, list[dict[str, object]]]:
        store, _ = await _opened(read)
        try:
            return await _registrations(store)
        finally:
            await store.close()

    found = _run(work())
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    table = Table("kind", "id", "name", "fingerprint")
    for kind, rows in found.items():
        for row in rows:
            table.add_row(kind, str(row["id"]), str(row["name"]), str(row["fingerprint"]))
    Console().print(table)


async def _registrations(store: Store) -> dict[str, list[dict[str, object]]]:
    people = {each.technician_id: each for each in await store.accounts.all()}
    devices: list[dict[str, object]] = [
        {
            "id": each.technician_id,
            "name": people[each.technician_id].name,
            "company": people[each.technician_id].company,
            "type": each.type.value,
            "key": base64url(each.key),
            "fingerprint": fingerprint(each.type, each.key),
        }
        for each in await store.accounts.devices()
    ]
    hosts: list[dict[str, object]] = [
        {
            "id": each.host_id,
            "name": each.name,
            "site": each.site,
            "model": each.model,
            "phi": each.phi,
            "key": base64url(each.key),
            "fingerprint": fingerprint(Algorithm.ED25519, each.key),
        }
        for each in await store.registry.hosts()
    ]
    return {"devices": devices, "hosts": hosts}


def main() -> None:
    """The program."""
    app()
