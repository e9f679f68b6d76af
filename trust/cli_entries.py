"""The commands of `chaperone-keys` that edit one line of the draft: broker, persons, their devices, hosts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from trust import cli_signed
from trust.cli_signed import house
from trust.desk import compare, keys_folder, say
from trust.draft import (
    Ceremony,
    Draft,
    DraftRefused,
    changed_person,
    named_person,
    with_device,
    with_host,
    with_person,
    without_host,
    without_person,
)
from trust.keys import fingerprint, read_public_key, same_fingerprint
from wire.messages.documents import Authenticator, AuthenticatorType, ListedBroker, ListedHost, Person, Profile
from wire.statements import Algorithm

person = typer.Typer(no_args_is_help=True, help="Technicians: who may help, and at which groups of hosts.")
device = typer.Typer(no_args_is_help=True, help="Technicians' devices: compare the fingerprint by telephone before you certify one.")
host = typer.Typer(no_args_is_help=True, help="Hosts: which instruments there are, and whose group may see each.")

Key = Annotated[str, typer.Option(help="Public key, base64url.")]
Given = Annotated[str, typer.Option("--fingerprint", help="The fingerprint read out to you; refused if it is another.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Training = Annotated[list[str] | None, typer.Option(help="REGION=YYYY-MM-DD, after a ceremony; an empty region is all of them.")]
_MADE = (AuthenticatorType.P256, AuthenticatorType.ED25519)


def day(seconds: int) -> str:
    """A moment as date and time, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def show_persons(draft: Draft) -> None:
    """Every person with their devices."""
    for each in draft.persons:
        groups = ", ".join(each.groups) or "none"
        say(f"Person {each.id}: {each.name}, {each.company}, groups {groups}{'' if each.active else ', suspended'}")
        for known in each.authenticators:
            say(f"  device {known.type.value}  {fingerprint(known.type, known.key)}  {known.label}")


def show_hosts(draft: Draft) -> None:
    """Every host."""
    for each in draft.hosts:
        kind = f"{each.profile.model}{', health data' if each.profile.phi else ''}"
        say(f"Host {each.id}: {each.name}, {each.site}, group {each.group}, {kind}")
        say(f"  key  {fingerprint(Algorithm.ED25519, each.key)}")


def set_broker(ceremony: Ceremony, broker_id: str, key: str, given: str, yes: bool) -> None:
    """Name the broker, after its fingerprint was compared."""
    public = read_public_key(key)
    compare(f"Key of the broker {broker_id}", fingerprint(Algorithm.ED25519, public), given, yes)
    ceremony.keep(replace(ceremony.draft(), broker=ListedBroker(broker_id, public)))
    say(f"The draft names the broker {broker_id}.")


def set_console(ceremony: Ceremony, digest: str) -> None:
    """Note the console's digest."""
    ceremony.keep(replace(ceremony.draft(), console_digest=digest))
    say("The draft names this console.")


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
    if made := house(context):
        cli_signed.person_add(made, technician_id, name, company, tuple(group), training or ())
        return
    ceremony = keys_folder(context)
    ceremony.keep(with_person(ceremony.draft(), Person(technician_id, name, company, True, tuple(group), ())))
    say(f"Added {technician_id} ({name}) to the draft.")


@person.command("remove")
def person_remove(context: typer.Context, technician_id: str) -> None:
    """Remove a technician with all devices. What they did stays in the logs."""
    if made := house(context):
        cli_signed.person_remove(made, technician_id)
        return
    ceremony = keys_folder(context)
    ceremony.keep(without_person(ceremony.draft(), technician_id))
    say(f"Removed {technician_id} from the draft.")


@person.command("suspend")
def person_suspend(context: typer.Context, technician_id: str) -> None:
    """Keep a technician listed, but let them do nothing."""
    _active(context, technician_id, active=False)


@person.command("restore")
def person_restore(context: typer.Context, technician_id: str) -> None:
    """Undo `suspend`."""
    _active(context, technician_id, active=True)


@person.command("train")
def person_train(context: typer.Context, technician_id: str, training: Annotated[list[str], typer.Argument(metavar="REGION=DAY")]) -> None:
    """Say which trainings a technician has, and until when: eu=2027-12-31, or =2027-12-31 for all regions. Others are taken back."""
    cli_signed.person_train(cli_signed.opened(context), technician_id, training)


def _active(context: typer.Context, technician_id: str, *, active: bool) -> None:
    if made := house(context):
        cli_signed.person_active(made, technician_id, active=active)
        return
    ceremony = keys_folder(context)
    draft = ceremony.draft()
    ceremony.keep(changed_person(draft, replace(named_person(draft, technician_id), active=active)))
    say(f"{technician_id} is {'active' if active else 'suspended'} in the draft.")


@device.command("certify")
def device_certify(
    context: typer.Context,
    technician_id: str,
    key: Key,
    kind: Annotated[AuthenticatorType, typer.Option("--type", help="p256 for a browser, ed25519 for a key file.")] = AuthenticatorType.P256,
    label: Annotated[str, typer.Option(help="What the technician calls it.")] = "",
    days: Annotated[int, typer.Option(min=1, max=1830, help="For how long, after a ceremony.")] = 365,
    given: Given = "",
    yes: Yes = False,
) -> None:
    """Certify a device of a technician, after its fingerprint was compared by telephone or in person."""
    if kind not in _MADE:
        raise DraftRefused(f"nothing makes {kind.value} keys yet")
    if made := house(context):
        cli_signed.device_certify(made, technician_id, Authenticator(kind, read_public_key(key), label), days, (given, yes))
        return
    ceremony, public = keys_folder(context), read_public_key(key)
    draft = with_device(ceremony.draft(), technician_id, Authenticator(kind, public, label))
    compare(f"Device of {technician_id}", fingerprint(kind, public), given, yes)
    ceremony.keep(draft)
    say(f"Certified a device of {technician_id} in the draft.")


@device.command("remove")
def device_remove(
    context: typer.Context, technician_id: str, fingerprint_text: Annotated[str, typer.Argument(metavar="FINGERPRINT")]
) -> None:
    """Take a device away from a technician: lost, stolen or replaced."""
    if made := house(context):
        cli_signed.device_remove(made, technician_id, fingerprint_text)
        return
    ceremony = keys_folder(context)
    draft = ceremony.draft()
    owner = named_person(draft, technician_id)
    kept = tuple(each for each in owner.authenticators if not same_fingerprint(fingerprint(each.type, each.key), fingerprint_text))
    if kept == owner.authenticators:
        raise DraftRefused(f"{technician_id} has no device with this fingerprint")
    ceremony.keep(changed_person(draft, replace(owner, authenticators=kept)))
    say(f"Removed a device of {technician_id} from the draft.")


@host.command("list")
def host_list(context: typer.Context) -> None:
    """List the hosts of the draft, or after a ceremony those that are signed."""
    if made := house(context):
        cli_signed.show_hosts(made)
        return
    show_hosts(keys_folder(context).draft())


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
    public = read_public_key(key)
    listed = ListedHost(host_id, name, public, site, group, Profile(model, region, phi))
    if made := house(context):
        cli_signed.host_add(made, listed, (given, yes))
        return
    ceremony = keys_folder(context)
    draft = with_host(ceremony.draft(), listed)
    compare(f"Key of the host {host_id}", fingerprint(Algorithm.ED25519, public), given, yes)
    ceremony.keep(draft)
    say(f"Added {host_id} ({name}) to the draft.")


@host.command("remove")
def host_remove(context: typer.Context, host_id: str) -> None:
    """Remove a host. What happened there stays in the logs."""
    if made := house(context):
        cli_signed.host_remove(made, host_id)
        return
    ceremony = keys_folder(context)
    ceremony.keep(without_host(ceremony.draft(), host_id))
    say(f"Removed {host_id} from the draft.")
