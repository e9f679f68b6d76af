"""The commands of `chaperone-keys` that change one line of what is signed: persons, their devices, hosts."""

from typing import Annotated

import typer

from trust import cli_signed
from trust.cli_signed import opened
from trust.keys import read_public_key
from trust.signing_folder import FolderRefused
from wire.messages.documents import Authenticator, AuthenticatorType, ListedHost, Profile

person = typer.Typer(no_args_is_help=True, help="Technicians: who may help, and at which groups of hosts.")
device = typer.Typer(no_args_is_help=True, help="Technicians' devices: compare the fingerprint by telephone before you certify one.")
host = typer.Typer(no_args_is_help=True, help="Hosts: which instruments there are, and whose group may see each.")

Key = Annotated[str, typer.Option(help="Public key, base64url.")]
Given = Annotated[str, typer.Option("--fingerprint", help="The fingerprint read out to you; refused if it is another.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Training = Annotated[list[str] | None, typer.Option(help="REGION=YYYY-MM-DD; an empty region is all of them.")]
_MADE = (AuthenticatorType.P256, AuthenticatorType.ED25519)


@person.command("add")
def person_add(
    context: typer.Context,
    technician_id: str,
    name: Annotated[str, typer.Option(help="As people at the instruments read it.")],
    company: Annotated[str, typer.Option()],
    group: Annotated[list[str], typer.Option(help="Group of hosts; say it once for each.")],
    training: Training = None,
) -> None:
    """Add a technician. They can do nothing before a device of theirs is certified."""
    cli_signed.person_add(opened(context), technician_id, name, company, tuple(group), training or ())


@person.command("remove")
def person_remove(context: typer.Context, technician_id: str) -> None:
    """Remove a technician with all devices. What they did stays in the logs."""
    cli_signed.person_remove(opened(context), technician_id)


@person.command("suspend")
def person_suspend(context: typer.Context, technician_id: str) -> None:
    """Keep a technician listed, but let them do nothing."""
    cli_signed.person_active(opened(context), technician_id, active=False)


@person.command("restore")
def person_restore(context: typer.Context, technician_id: str) -> None:
    """Undo `suspend`."""
    cli_signed.person_active(opened(context), technician_id, active=True)


@person.command("train")
def person_train(context: typer.Context, technician_id: str, training: Annotated[list[str], typer.Argument(metavar="REGION=DAY")]) -> None:
    """Say which trainings a technician has, and until when: eu=2027-12-31, or =2027-12-31 for all regions. Others are taken back."""
    cli_signed.person_train(opened(context), technician_id, training)


@device.command("certify")
def device_certify(
    context: typer.Context,
    technician_id: str,
    key: Key,
    kind: Annotated[AuthenticatorType, typer.Option("--type", help="p256 for a browser, ed25519 for a key file.")] = AuthenticatorType.P256,
    label: Annotated[str, typer.Option(help="What the technician calls it.")] = "",
    days: Annotated[int, typer.Option(min=1, max=1830, help="For how long.")] = 365,
    given: Given = "",
    yes: Yes = False,
) -> None:
    """Certify a device of a technician, after its fingerprint was compared by telephone or in person."""
    if kind not in _MADE:
        raise FolderRefused(f"nothing makes {kind.value} keys yet")
    cli_signed.device_certify(opened(context), technician_id, Authenticator(kind, read_public_key(key), label), days, (given, yes))


@device.command("remove")
def device_remove(
    context: typer.Context, technician_id: str, fingerprint_text: Annotated[str, typer.Argument(metavar="FINGERPRINT")]
) -> None:
    """Take a device away from a technician: lost, stolen or replaced."""
    cli_signed.device_remove(opened(context), technician_id, fingerprint_text)


@host.command("list")
def host_list(context: typer.Context) -> None:
    """List the hosts that are signed."""
    cli_signed.show_hosts(opened(context))


@host.command("certify")
@host.command("add")
def host_add(
    context: typer.Context,
    host_id: str,
    key: Key,
    name: Annotated[str, typer.Option(help="As technicians read it.")],
    site: Annotated[str, typer.Option()],
    group: Annotated[str, typer.Option(help="Technicians of this group may see it.")],
    model: Annotated[str, typer.Option()],
    phi: Annotated[bool, typer.Option("--phi/--no-phi", help="Does this PC hold health data? Say which.")],
    region: Annotated[str, typer.Option()] = "",
    given: Given = "",
    yes: Yes = False,
) -> None:
    """Add a host that enrolled, after the fingerprint on its screen was compared."""
    listed = ListedHost(host_id, name, read_public_key(key), site, group, Profile(model, region, phi))
    cli_signed.host_add(opened(context), listed, (given, yes))


@host.command("remove")
def host_remove(context: typer.Context, host_id: str) -> None:
    """Remove a host. What happened there stays in the logs."""
    cli_signed.host_remove(opened(context), host_id)
