"""`chaperone-keys`: the security officer's desk. Run it on a machine that is no broker; only signed files leave it."""

import time
from pathlib import Path
from typing import Annotated

import typer

from policy.decision import Reason
from runtime.catalogues import catalogue
from runtime.private_files import FileExposed
from runtime.version import VersionOption
from trust import cli_documents, cli_entries, cli_signed
from trust.cli_signed import house
from trust.desk import DAYS, fail, keys_folder, say
from trust.directory import DocumentRefused, TrustedDirectory
from trust.draft import Ceremony, DraftRefused, changes
from trust.keys import KeyUnreadable, fingerprint, read_public_key
from trust.publication import SignaturesMissing
from trust.publish import NotPublished, publish_directory
from trust.signing_folder import FolderRefused
from trust.store import read_statement
from trust.waiting import ChangeUnreadable
from wire.statements import Algorithm

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(cli_entries.person, name="person")
app.add_typer(cli_entries.device, name="device")
app.add_typer(cli_entries.host, name="host")
app.add_typer(cli_documents.company, name="company")
app.add_typer(cli_documents.site, name="site")
app.add_typer(cli_documents.revoke, name="revoke")
for command in (
    cli_documents.ceremony,
    cli_documents.drop,
    cli_documents.migrate,
    cli_documents.policy,
    cli_documents.rotate,
    cli_documents.threshold,
    cli_documents.timestamp,
):
    app.command()(command)
cli_documents.revoke.command("person")(cli_entries.person_remove)
cli_documents.revoke.command("device")(cli_entries.device_remove)
cli_documents.revoke.command("host")(cli_entries.host_remove)


@app.callback()
def desk(
    context: typer.Context,
    keys: Annotated[Path, typer.Option("--keys", envvar="CHAPERONE_KEYS", help="The keys folder, made by `init`.")] = Path(),
    version: VersionOption = False,
) -> None:
    """Say who may help, with which devices, at which hosts, and sign it.

    Documents of many signers: ceremony, broker, person add, device certify, host certify; each takes effect once it is
    published, and `timestamp --watch --broker` publishes within a minute. `site init` makes a site's own.

    One directory, of one signer: init, broker, person add, device certify, host add, sign, publish. Everything but `sign` edits the
    draft (draft.json); nothing changes for anybody until a signed directory is published. A signed directory
    expires, so sign and publish again in time.

    Exit codes: 0 done, 1 refused (the message says why), 2 wrong usage, or a folder or file that cannot be read.
    """
    context.obj = Ceremony(keys)


@app.command()
def init(folder: Path, vendor: Annotated[str, typer.Option(help="Your company, as people at the instruments read it.")]) -> None:
    """Make the directory key in FOLDER, 0600, and an empty draft. A key that is there is never overwritten."""
    ceremony = Ceremony(folder)
    try:
        key = ceremony.begin(vendor)
    except FileExistsError:
        raise DraftRefused(f"there is a directory key in {folder} already; it stays as it is") from None
    except ValueError as fault:
        raise DraftRefused(str(fault)) from None
    say(f"Made the directory key in {folder}. Keep a copy of directory.key in a safe place: whoever has it decides who may help.")
    say(f"Fingerprint: {fingerprint(Algorithm.ED25519, key.public_key)}")
    say(f"Configure broker, console and hosts with {ceremony.public_key_file}")


@app.command()
def show(context: typer.Context) -> None:
    """Show the draft: key, broker, persons with their devices, hosts; and what `sign` would change."""
    if made := house(context):
        cli_signed.show(made)
        return
    ceremony = keys_folder(context)
    draft = ceremony.draft()
    signed = ceremony.signed()
    say(f"Directory key: {fingerprint(Algorithm.ED25519, ceremony.key().public_key)}")
    say(f"Vendor: {draft.vendor}")
    say(f"Broker: {f'{draft.broker.id}  {fingerprint(Algorithm.ED25519, draft.broker.key)}' if draft.broker else 'none yet'}")
    cli_entries.show_persons(draft)
    cli_entries.show_hosts(draft)
    say(f"Signed: version {signed[1].version}, until {cli_entries.day(signed[1].expires)}" if signed else "Signed: nothing yet")
    for line in changes(draft, signed[1] if signed else None):
        say(f"  not signed yet: {line}")


@app.command()
def broker(
    context: typer.Context,
    broker_id: str,
    key: Annotated[str, typer.Option(help="The broker's public key, base64url, as `chaperone-broker init` prints it.")],
    given: Annotated[str, typer.Option("--fingerprint", help="The fingerprint read out to you; refused if it is another.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say which broker this directory is for."""
    if made := house(context):
        cli_signed.set_broker(made, broker_id, read_public_key(key), (given, yes))
        return
    cli_entries.set_broker(keys_folder(context), broker_id, key, given, yes)


@app.command()
def console(context: typer.Context, digest: str) -> None:
    """Note the digest of the console's files that technicians should be running."""
    if made := house(context):
        cli_signed.set_console(made, digest)
        return
    cli_entries.set_console(keys_folder(context), digest)


@app.command()
def sign(context: typer.Context, days: Annotated[int, typer.Option(min=1, max=366, help="How long it is valid.")] = DAYS) -> None:
    """Sign the draft under the next version into directory.json, and say what changed."""
    if made := house(context):
        cli_signed.sign_again(made)
        return
    ceremony = keys_folder(context)
    directory, before = ceremony.sign(int(time.time()), days)
    for line in changes(directory, before) or ["nothing changed but version and expiry"]:
        say(line)
    say(f"Signed version {directory.version}, valid until {cli_entries.day(directory.expires)}: {ceremony.signed_file}")


@app.command()
def publish(
    context: typer.Context,
    broker_url: Annotated[str, typer.Option("--broker", help="The broker's address, https://host:port")],
    ca: Annotated[Path | None, typer.Option(help="Certificate authority of the broker, if the system does not know it.")] = None,
) -> None:
    """Give the signed directory to the broker, which hands it to every host and console."""
    if made := house(context):
        cli_signed.publish_folder(made, broker_url, ca)
        return
    signed = keys_folder(context).signed()
    if signed is None:
        raise DraftRefused("nothing is signed yet; say: chaperone-keys sign")
    publish_directory(signed[0], broker_url, ca)
    say(f"Published version {signed[1].version}.")


@app.command()
def verify(
    file: Path,
    key: Annotated[Path, typer.Option(help="Public directory key, such as directory.pub, or the pinned root, such as 1.root.json")],
) -> None:
    """Check a signed directory by its public key, or a published/ folder by its root. Exit code 1 if it does not stand today."""
    if file.is_dir():
        cli_signed.verify_folder(file, key)
        return
    directory = TrustedDirectory(read_public_key(key.read_text(encoding="ascii"))).accept(read_statement(file.read_bytes()), time.time())
    say(f"Version {directory.version} of {directory.vendor} stands until {cli_entries.day(directory.expires)}:")
    for line in changes(directory, None):
        say(f"  {line}")


def main(arguments: list[str] | None = None) -> None:
    """The program. Ends the process with the exit codes of `--help`."""
    try:
        app(arguments)
    except DocumentRefused as fault:
        fail(1, f"{catalogue('en').text(f'reason-{fault.reason.value}')} ({fault})")
    except NotPublished as fault:
        fail(1, str(fault) if fault.reason is None else _told(fault.reason))
    except (DraftRefused, FolderRefused, SignaturesMissing, ChangeUnreadable) as fault:
        fail(1, str(fault))
    except (KeyUnreadable, FileExposed) as fault:
        fail(2, str(fault))
    except (OSError, UnicodeDecodeError) as fault:
        fail(2, f"cannot be read or written: {fault}")


def _told(reason: Reason) -> str:
    return f"The broker refused. {catalogue('en').text(f'reason-{reason.value}')}"


if __name__ == "__main__":
    main()
