"""`chaperone-keys`: where those who sign say who may help. Run it on machines that are no broker; only signed files leave them."""

from pathlib import Path
from typing import Annotated

import typer

from policy.decision import Reason
from runtime.catalogues import catalogue
from runtime.private_files import FileExposed
from runtime.version import VersionOption
from trust import cli_auditor, cli_documents, cli_entries, cli_signed
from trust.cli_signed import opened
from trust.desk import fail
from trust.keys import KeyUnreadable, read_public_key
from trust.publication import SignaturesMissing
from trust.publish import NotPublished
from trust.refused import DocumentRefused
from trust.signing_folder import FolderRefused
from trust.told import told
from trust.waiting import ChangeUnreadable

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(cli_entries.person, name="person")
app.add_typer(cli_entries.device, name="device")
app.add_typer(cli_entries.host, name="host")
app.add_typer(cli_auditor.auditor, name="auditor")
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
    keys: Annotated[Path, typer.Option("--keys", envvar="CHAPERONE_KEYS", help="The signing folder.")] = Path(),
    version: VersionOption = False,
) -> None:
    """Say who may help, with which devices, at which hosts and by which rules, and sign it.

    Begin with `ceremony`; then broker, person add, host certify, device certify. Each change is signed at once and counts
    when it is published; `timestamp --watch --broker` publishes within a minute. `site init` makes a site's own documents,
    which no key of the vendor can sign.

    Exit codes: 0 done, 1 refused (the message says why), 2 wrong usage, or a folder or file that cannot be read.
    """
    context.obj = keys


@app.command()
def show(context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show who signs what until when, and who and what is listed."""
    (cli_signed.show_json if as_json else cli_signed.show)(opened(context))


@app.command()
def broker(
    context: typer.Context,
    broker_id: str,
    key: Annotated[str, typer.Option(help="The broker's public key, base64url, as `chaperone-broker init` prints it.")],
    given: Annotated[str, typer.Option("--fingerprint", help="The fingerprint read out to you; refused if it is another.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say which broker these documents are for."""
    cli_signed.set_broker(opened(context), broker_id, read_public_key(key), (given, yes))


@app.command()
def console(context: typer.Context, digest: str) -> None:
    """Note the digest of the console's files that technicians should be running."""
    cli_signed.set_console(opened(context), digest)


@app.command()
def sign(context: typer.Context) -> None:
    """Sign everything whose keys are here anew, so that it does not expire, and add signatures to what waits for them."""
    cli_signed.sign_again(opened(context))


@app.command()
def publish(
    context: typer.Context,
    broker_url: Annotated[str, typer.Option("--broker", help="The broker's address, https://host:port")],
    ca: Annotated[Path | None, typer.Option(help="Certificate authority of the broker, if the system does not know it.")] = None,
) -> None:
    """Give the signed documents to the broker, which hands them to every host and console."""
    cli_signed.publish_folder(opened(context), broker_url, ca)


@app.command()
def verify(folder: Path, root: Annotated[Path, typer.Option("--root", "--key", help="The pinned root, such as 1.root.json")]) -> None:
    """Check a published/ folder from its root, as readers do. Exit code 1 if it does not stand today."""
    cli_signed.verify_folder(folder, root)


def main(arguments: list[str] | None = None) -> None:
    """The program. Ends the process with the exit codes of `--help`."""
    try:
        app(arguments)
    except DocumentRefused as fault:
        fail(1, f"{catalogue('en').text(f'reason-{fault.reason.value}')} ({told(fault)})")
    except NotPublished as fault:
        fail(1, str(fault) if fault.reason is None else _told(fault.reason))
    except (FolderRefused, SignaturesMissing, ChangeUnreadable) as fault:
        fail(1, str(fault))
    except (KeyUnreadable, FileExposed) as fault:
        fail(2, str(fault))
    except (OSError, UnicodeDecodeError) as fault:
        fail(2, f"cannot be read or written: {fault}")


def _told(reason: Reason) -> str:
    return f"The broker refused. {catalogue('en').text(f'reason-{reason.value}')}"


if __name__ == "__main__":
    main()
