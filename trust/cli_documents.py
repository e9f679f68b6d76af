"""The commands of `chaperone-keys` for documents of many signers: ceremony, keys of roles, timestamp, a site's own documents.

`person`, `device`, `host`, `broker`, `console`, `show`, `sign` and `publish` are in `cli.py` and `cli_entries.py`.
"""

import signal
import threading
import time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from policy.language import Party
from policy.reading import PolicyRefused, read_policy
from runtime.catalogues import catalogue
from trust import ceremonies, role_changes
from trust.ceremonies import NO_BROKER, begin_site, begin_vendor, migrated
from trust.cli_signed import done, opened, publish_folder, sign_again, signing_folder
from trust.cli_signed import drop as drop_waiting
from trust.desk import say
from trust.directory import read_directory
from trust.metadata import SNAPSHOT, TARGETS, TIMESTAMP, metadata_file
from trust.policy_cli import fault_line
from trust.publication import SignaturesMissing
from trust.publish import NotPublished
from trust.refused import DocumentRefused
from trust.signing_folder import FolderRefused, SigningFolder
from wire.messages.documents import Updates, VendorDocument

EVERY_SECONDS = 20
_HALF = 2

site = typer.Typer(no_args_is_help=True, help="A site's own documents: its policy, which the vendor cannot loosen.")
revoke = typer.Typer(no_args_is_help=True, help="Take something back: a key of a role, a person, a device, a host.")
company = typer.Typer(no_args_is_help=True, help="Companies, each of which certifies the devices of its own people.")

Broker = Annotated[str, typer.Option("--broker", help="Publish there too, https://host:port")]
Ca = Annotated[Path | None, typer.Option(help="Certificate authority of the broker, if the system does not know it.")]
KeyStart = Annotated[str, typer.Option("--key", help="The first digits of a key's id, as `show` prints it.")]


def ceremony(
    folder: Path,
    vendor: Annotated[str, typer.Option(help="Your company, as people at the instruments read it.")],
    company: Annotated[list[str] | None, typer.Option(help="A company whose people help; say it once for each.")] = None,
    root_keys: Annotated[int, typer.Option(min=1, max=9, help="How many root keys to make.")] = 1,
    threshold: Annotated[int, typer.Option(min=1, max=9, help="How many of them must sign a new root.")] = 1,
    site_name: Annotated[str, typer.Option("--site", help="Make the folder of a site too, under FOLDER/site.")] = "",
) -> None:
    """Make all keys and the first documents in FOLDER, one folder for each role."""
    made = begin_vendor(folder, VendorDocument(vendor, NO_BROKER, "", b""), company or (), _now(), root_keys, threshold)
    _warn(made)
    if site_name:
        _warn(begin_site(folder / "site", site_name, _now()))


def migrate(context: typer.Context, old: Path, days: Annotated[int, typer.Option(min=1, max=366)] = 90) -> None:
    """Hold a ceremony in the keys folder and bring over persons, devices and hosts of OLD, a folder with a signed
    directory.json and its directory.pub, as one signer made them.

    Devices and training then count for --days; name their true ends with `person train` and `device certify`.
    """
    directory = read_directory(old)
    made = migrated(signing_folder(context), directory, _now(), days)
    _warn(made)
    say(f"Brought over {len(directory.persons)} persons and {len(directory.hosts)} hosts of directory version {directory.version}.")


def _warn(made: SigningFolder) -> None:
    say(f"Made the keys of the {made.repository.value} in {made.folder}:")
    for role in (*made.roles(), *made.delegations()):
        if role != SNAPSHOT:
            say(f"  {made.key_folder(role).name}/")
    say("ALL KEYS ARE ON THIS DISK. Whoever copies this folder decides who may help. docs/keys.md tells how to move")
    say("  root/                  to a medium in a safe; it is needed only to change keys")
    say("  directory/, or site/   to the computer of whoever decides")
    say("  devices-*/             to each company's supervisor")
    say("  hosts/                 to whoever enrols hosts")
    say("  timestamp/             to a small computer that is no broker and runs: chaperone-keys timestamp --watch")
    say(f"Configure broker, console and hosts with {made.folder / 'published' / metadata_file('root', 1)}")


def rotate(context: typer.Context, role: str, key: KeyStart = "") -> None:
    """Make a new key for ROLE in the place of one it has, and sign with it at once."""
    made = opened(context)
    new = role_changes.rotate(made, role, key, _now())
    say(f"{role} signs with {new.keyid[:12]} from now on. The old key file ends in .retired; destroy it.")


def threshold(context: typer.Context, role: str, number: Annotated[int, typer.Argument(min=1, max=9)]) -> None:
    """Let NUMBER keys be needed to sign for ROLE; missing keys are made here."""
    made = opened(context)
    new = role_changes.set_threshold(made, role, number, _now())
    say(f"{role} needs {number} signatures from now on{f'; {new} keys were made here, move them apart' if new else ''}.")


def timestamp(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, sign what others have signed within a minute, renew in time.")] = False,
    broker_url: Broker = "",
    ca: Ca = None,
    every: Annotated[int, typer.Option(min=1, max=3600, help="Seconds between two looks.")] = EVERY_SECONDS,
) -> None:
    """Sign snapshot and timestamp: once, or as the small signer that stays and tries again when the broker is away."""
    if not watch:
        made = opened(context)
        _sign_fresh(made)
        if broker_url:
            publish_folder(made, broker_url, ca)
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    known = 0
    while not stopped.is_set():
        known = look(opened(context), known, broker_url, ca)
        stopped.wait(every)


def _sign_fresh(made: SigningFolder) -> None:
    made.finish(_now())
    say(f"Signed timestamp {made.publication.version(TIMESTAMP)}.")


def _renewed(made: SigningFolder) -> SigningFolder:
    """Sign what others have signed. If a reader would not take that, what was there stays fresh: one bad signer stops nobody."""
    if not _due(made, _now()):
        return made
    try:
        _sign_fresh(made)
    except (DocumentRefused, SignaturesMissing) as fault:
        say(f"NOT TAKEN, somebody signed what readers refuse: {fault}")
        made = SigningFolder.load(made.folder) or made
        if _old(made, _now()):
            made.fresh(_now())
            made.save(_now(), drop=False)
    return made


def look(made: SigningFolder, known: int, broker_url: str, ca: Path | None) -> int:
    """Sign if it is due, give to the broker what it has not got. Returns the version that the broker has: 0 if it was not reached."""
    made = _renewed(made)
    newest = made.publication.version(TIMESTAMP)
    if broker_url and newest != known:
        try:
            publish_folder(made, broker_url, ca)
        except NotPublished as fault:
            say(f"Not published yet: {fault}")
            return 0
    return newest


def _due(made: SigningFolder, now: int) -> bool:
    old = made.publication.snapshot()
    changed = any(old.meta[f"{role}.json"].version != made.publication.version(role) for role in _pinned(made, set(old.meta)))
    unnamed = any(f"{role}.json" not in old.meta for role in made.publication.delegated() if made.publication.version(role))
    return changed or unnamed or _old(made, now)


def _old(made: SigningFolder, now: int) -> bool:
    newest = made.publication.timestamp()
    issued = newest.unrecognized_fields["issued"]
    return bool(now >= issued + (newest.expires.timestamp() - issued) / _HALF)


def _pinned(made: SigningFolder, named: set[str]) -> list[str]:
    return [role for role in (TARGETS, *made.publication.delegated()) if f"{role}.json" in named]


# ---- revoke


@revoke.command("key")
def revoke_key(context: typer.Context, role: str, key: Annotated[str, typer.Argument(help="The first digits of its id.")]) -> None:
    """Let a key of ROLE sign no more; the role's other keys must suffice. Where it is the only one: `rotate`."""
    role_changes.revoke_key(opened(context), role, key, _now())
    say(f"{key} signs for {role} no more.")


# ---- companies


@company.command("add")
def company_add(
    context: typer.Context,
    name: str,
    public: Annotated[str, typer.Option("--key", help="The supervisor's public key in hex; without it one is made here.")] = "",
) -> None:
    """Let a company certify the devices of its own people."""
    made = opened(context)
    ceremonies.add_company(made, name, role_changes.public_key(public) if public else None, _now())
    done(made, _now(), f"{name} certifies the devices of its people.")


# ---- a site


@site.command("init")
def site_init(folder: Path, name: Annotated[str, typer.Option("--site", help="The site, as the vendor lists it.")]) -> None:
    """Make a site's own root, policy key and timestamp key in FOLDER. Later commands take it with --keys FOLDER."""
    _warn(begin_site(folder, name, _now()))


@site.command("policy")
def site_policy(context: typer.Context, file: Path) -> None:
    """Sign FILE as this site's policy. It is checked as by `chaperone-policy check` first."""
    made = opened(context)
    ceremonies.site_terms(made)
    ceremonies.set_policy(made, _sound(made, file, Party.SITE), _now())
    done(made, _now(), f"Signed {file} as the site's policy.")


@site.command("terms")
def site_terms(
    context: typer.Context,
    phi_host: Annotated[list[str] | None, typer.Option(help="A host with health data; say it once for each.")] = None,
    updates: Annotated[Updates, typer.Option(help="Whose word lets updates in.")] = Updates.VENDOR,
    witness: Annotated[str, typer.Option(help="Where each head of the logs is sent.")] = "",
) -> None:
    """Sign which hosts hold health data, and who approves updates. What is not said anew is taken back."""
    made = opened(context)
    before = ceremonies.site_terms(made)
    ceremonies.set_site_terms(made, type(before)(before.site, tuple(sorted(phi_host or ())), updates, witness), _now())
    done(made, _now(), "Signed the site's terms.")


@site.command("sign")
def site_sign(context: typer.Context) -> None:
    """Sign what waits for a key that is here; else the site's documents anew, so that they do not expire."""
    made = opened(context)
    ceremonies.site_terms(made)
    sign_again(made)


def drop(context: typer.Context) -> None:
    """Forget the change that waits in pending/ for other signers."""
    drop_waiting(opened(context))


def policy(context: typer.Context, file: Path) -> None:
    """Sign FILE as the vendor's policy. It is checked as by `chaperone-policy check` first."""
    made = opened(context)
    ceremonies.service(made)
    ceremonies.set_policy(made, _sound(made, file, Party.VENDOR), _now())
    done(made, _now(), f"Signed {file} as the vendor's policy.")


def _sound(made: SigningFolder, file: Path, party: Party) -> bytes:
    """The content of a policy that readers will understand, and that is newer. One that they do not understand lets nobody in."""
    try:
        new = read_policy(file.read_text(encoding="utf-8"), str(file), ZoneInfo)
    except PolicyRefused as refused:
        raise FolderRefused("\n".join(fault_line(fault, catalogue("en")) for fault in refused.faults)) from None
    if new.party is not party:
        raise FolderRefused(f"{file} is the policy of the {new.party.value}, and this is the folder of the {party.value}")
    signed = ceremonies.policy_of(made)
    if signed and signed != file.read_bytes() and new.version <= read_policy(signed.decode("utf-8"), "the signed policy", ZoneInfo).version:
        raise FolderRefused(f"{file} has version {new.version}, which was signed already; raise it with every change")
    return file.read_bytes()


def _now() -> int:
    return int(time.time())
