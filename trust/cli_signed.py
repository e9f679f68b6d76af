"""What `person`, `device`, `host`, `show`, `sign` and `publish` do: they sign at once."""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from trust import ceremonies, role_changes
from trust.bundle import bundle_for
from trust.contents import AUDITOR_KEY_BYTES
from trust.desk import compare, say
from trust.keys import fingerprint, same_fingerprint
from trust.metadata import HOSTS, ROOT
from trust.publication import DAY, Who
from trust.publish import publish_documents
from trust.refused import DocumentInvalid
from trust.signing_folder import FolderRefused, SigningFolder
from trust.waiting import differences, roles_in, standings
from wire.messages.documents import Authenticator, CertifiedDevice, ListedBroker, ListedHost, ListedPerson, Repository, TrainedFor
from wire.schema import base64url
from wire.statements import Algorithm

Agreed = tuple[str, bool]
"""The fingerprint that was read out, and whether not to ask."""


def signing_folder(context: typer.Context) -> Path:
    """The folder that `--keys` named."""
    folder = context.obj
    assert isinstance(folder, Path)
    return folder


def opened(context: typer.Context) -> SigningFolder:
    """The signing folder that `--keys` named. Raises FolderRefused where no ceremony was held, OSError."""
    made = SigningFolder.load(signing_folder(context))
    if made is None:
        raise FolderRefused(f"no ceremony was held in {signing_folder(context)}; say: chaperone-keys ceremony FOLDER --vendor NAME")
    return made


def done(made: SigningFolder, now: int, what: str) -> None:
    """Snapshot, timestamp, save, and say so."""
    complete = made.finish(now)
    say(what if complete else f"{what} It counts once `chaperone-keys timestamp` was said where the timestamp key is.")


def _now() -> int:
    return int(time.time())


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


# ---- persons


def trainings(words: Sequence[str]) -> tuple[TrainedFor, ...]:
    """`eu=2027-12-31` and the like; a day counts to its end, UTC. Raises FolderRefused."""
    try:
        return tuple(_training(word) for word in words)
    except ValueError:
        raise FolderRefused("a training is REGION=YYYY-MM-DD, for example eu=2027-12-31") from None


def _training(word: str) -> TrainedFor:
    region, _, day = word.partition("=")
    end = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    return TrainedFor(region, int(end.timestamp()) + DAY)


def person_add(made: SigningFolder, identity: str, name: str, company: str, groups: tuple[str, ...], training: Sequence[str]) -> None:
    """List a technician."""
    new = ListedPerson(identity, name, company, True, groups, trainings(training))
    if ceremonies.add_person(made, new, _now()):
        say(f"{company} is new. The key for its devices was made on this disk; docs/keys.md tells how to hand it over.")
    done(made, _now(), f"Listed {identity} ({name}).")
    if not training:
        say("No training: nobody without one is let in. Say: chaperone-keys person train")


def person_remove(made: SigningFolder, identity: str) -> None:
    """Take a technician off the list."""
    ceremonies.change_person(made, identity, lambda _: None, _now())
    done(made, _now(), f"{identity} is listed no more.")


def person_active(made: SigningFolder, identity: str, *, active: bool) -> None:
    """Suspend or restore."""
    ceremonies.change_person(made, identity, lambda old: replace(old, active=active), _now())
    done(made, _now(), f"{identity} is {'active' if active else 'suspended'}.")


def person_train(made: SigningFolder, identity: str, words: Sequence[str]) -> None:
    """Replace a technician's trainings."""
    ceremonies.change_person(made, identity, lambda old: replace(old, training=trainings(words)), _now())
    done(made, _now(), f"The trainings of {identity} are signed.")


# ---- devices and hosts


def device_certify(made: SigningFolder, identity: str, device: Authenticator, days: int, agreed: Agreed) -> None:
    """Certify a device, after its fingerprint was compared."""
    owner = ceremonies.person(made, identity)
    compare(f"Device of {identity}", fingerprint(device.type, device.key), *agreed)
    new = CertifiedDevice(device.type, device.key, device.label, _now() + days * DAY)
    kept = tuple(each for each in ceremonies.devices_of(made, owner) if each.key != device.key)
    ceremonies.set_devices(made, owner, (*kept, new), _now())
    done(made, _now(), f"Certified a device of {identity} until {_day(new.expires)}.")


def device_remove(made: SigningFolder, identity: str, text: str) -> None:
    """Take a device away."""
    owner = ceremonies.person(made, identity)
    before = ceremonies.devices_of(made, owner)
    kept = tuple(each for each in before if not same_fingerprint(fingerprint(each.type, each.key), text))
    if kept == before:
        raise FolderRefused(f"{identity} has no device with this fingerprint")
    ceremonies.set_devices(made, owner, kept, _now())
    done(made, _now(), f"Took a device of {identity} away.")


def host_add(made: SigningFolder, host: ListedHost, agreed: Agreed) -> None:
    """List a host, after its fingerprint was compared."""
    compare(f"Key of the host {host.id}", fingerprint(Algorithm.ED25519, host.key), *agreed)
    ceremonies.set_hosts(made, (*ceremonies.hosts(made), host), _now())
    done(made, _now(), f"Listed {host.id} ({host.name}).")


def host_remove(made: SigningFolder, host_id: str) -> None:
    """Take a host off the list."""
    kept = tuple(each for each in ceremonies.hosts(made) if each.id != host_id)
    if len(kept) == len(ceremonies.hosts(made)):
        raise FolderRefused(f"there is no host {host_id}")
    ceremonies.set_hosts(made, kept, _now())
    done(made, _now(), f"{host_id} is listed no more.")


def set_broker(made: SigningFolder, broker_id: str, key: bytes, agreed: Agreed) -> None:
    """Name the broker, after its fingerprint was compared."""
    compare(f"Key of the broker {broker_id}", fingerprint(Algorithm.ED25519, key), *agreed)
    ceremonies.set_service(made, replace(ceremonies.service(made), broker=ListedBroker(broker_id, key)), _now())
    done(made, _now(), f"The documents name the broker {broker_id}.")


def set_console(made: SigningFolder, digest: str) -> None:
    """Note the console's digest. Raises FolderRefused for anything that is none."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise FolderRefused("that is no digest; `chaperone-console digest` prints it: 64 hex digits")
    ceremonies.set_service(made, replace(ceremonies.service(made), console_digest=digest), _now())
    done(made, _now(), "The documents name this console.")


def set_auditor(made: SigningFolder, key: bytes) -> None:
    """Name the key to which hosts seal a copy of each receipt; empty: none is made. Raises FolderRefused for anything that is none."""
    if len(key) not in AUDITOR_KEY_BYTES:
        raise FolderRefused("that is no auditor's key; `auditor new` prints it: 43 characters")
    ceremonies.set_service(made, replace(ceremonies.service(made), auditor_key=key), _now())
    done(made, _now(), "Hosts seal a copy of each receipt to this key." if key else "Hosts seal copies of receipts to nobody.")


# ---- the whole


def sign_again(made: SigningFolder) -> None:
    """Sign what waits for a key that is here; where nothing waits, everything whose keys are here, so that nothing expires."""
    if made.change() is not None:
        _say_change(made)
    if made.sign_change(_now()) is not None:
        say("Signed by enough. It counts once its timestamp is signed and it is published.")
        return
    for role in role_changes.sign_everything(made, _now()):
        say(f"Signed {role}, valid for {made.days(role)} days.")


def show(made: SigningFolder) -> None:
    """Who signs what, until when; and what is signed."""
    for role, who in role_changes.roles_of(made).items():
        say(_role_line(made, role, who))
    if made.repository is Repository.VENDOR:
        service = ceremonies.service(made)
        say(f"Vendor: {service.vendor}")
        say(f"Broker: {service.broker.id}  {fingerprint(Algorithm.ED25519, service.broker.key)}")
        say(f"Auditor: {base64url(service.auditor_key) or 'none'}")
    if made.change() is not None:
        _say_change(made)
    for each in ceremonies.persons(made):
        trained = ", ".join(f"{one.region or 'everywhere'} until {_day(one.expires)}" for one in each.training) or "none"
        state = "" if each.active else ", suspended"
        say(f"Person {each.id}: {each.name}, {each.company}, groups {', '.join(each.groups) or 'none'}, training {trained}{state}")
        for known in ceremonies.devices_of(made, each):
            say(f"  device {known.type.value}  {fingerprint(known.type, known.key)}  {known.label}, until {_day(known.expires)}")
    show_hosts(made)


def show_json(made: SigningFolder) -> None:
    """The same, for programs. `expires`: the first signature of a role to run out, the timestamp aside; seconds since 1970."""
    vendor = made.repository is Repository.VENDOR
    service = ceremonies.service(made) if vendor else None
    listed = ceremonies.hosts(made) if HOSTS in made.publication.delegated() else ()
    told = {
        "expires": role_changes.first_to_expire(made),
        "broker": {"id": service.broker.id, "key": base64url(service.broker.key)} if service else None,
        "console_digest": service.console_digest if service else "",
        "auditor_key": base64url(service.auditor_key) if service else "",
        "policy": ceremonies.policy_of(made).decode("utf-8"),
        "persons": [_person(made, each) for each in ceremonies.persons(made)],
        "hosts": [{"id": each.id, "key": base64url(each.key), "site": each.site} for each in listed],
    }
    typer.echo(json.dumps(told))


def _person(made: SigningFolder, person: ListedPerson) -> dict[str, object]:
    return {"id": person.id, "active": person.active, "devices": [base64url(each.key) for each in ceremonies.devices_of(made, person)]}


def _say_change(made: SigningFolder) -> None:
    """What waits in pending/, and who has signed it: to be read before one signs."""
    files = made.change()
    assert files is not None
    laid = made.with_change(files)
    for each in standings(laid, files):
        signed, missing = (", ".join(key[:12] for key in keys) or "nobody" for keys in (each.signed, each.missing))
        rest = "" if each.complete else f", {each.threshold - len(each.signed)} more of {missing}"
        say(f"Waiting: {each.role} version {each.version}, signed by {signed}{rest}")
    for line in differences(made.publication, laid, roles_in(files)):
        say(f"  {line}")


def drop(made: SigningFolder) -> None:
    """Forget what waits."""
    say("Dropped what waited in pending/." if made.drop_change() else "Nothing waits in pending/.")


def _role_line(made: SigningFolder, role: str, who: Who) -> str:
    here = {each.public_key.keyid for each in made.signers(role)}
    keys = ", ".join(f"{each.keyid[:12]}{'' if each.keyid in here else ' (not here)'}" for each in who.keys)
    return f"Role {role}: version {made.publication.version(role)}, {who.threshold} of {keys}"


def show_hosts(made: SigningFolder) -> None:
    """Every listed host."""
    for each in ceremonies.hosts(made) if HOSTS in made.publication.delegated() else ():
        kind = f"{each.profile.model}{', health data' if each.profile.phi else ''}"
        say(f"Host {each.id}: {each.name}, {each.site}, group {each.group}, {kind}")
        say(f"  key  {fingerprint(Algorithm.ED25519, each.key)}")


def publish_folder(made: SigningFolder, broker_url: str, ca: Path | None) -> None:
    """Give everything to the broker. Raises NotPublished."""
    publish_documents(bundle_for(made.publication.without_old(), made.repository, None), broker_url, ca)
    say(f"Published the documents of the {made.repository.value}.")


def verify_folder(published: Path, root: Path) -> None:
    """Would a reader that pinned this root take a published/ folder today? Raises DocumentInvalid, DocumentStale, OSError."""
    made = SigningFolder.load(published.parent) if published.name == "published" else None
    if made is None:
        raise DocumentInvalid("this is no published/ folder of a signing folder")
    made.verify(_now(), root.read_bytes())
    kind = "site" if made.repository is Repository.SITE else "vendor"
    say(f"The documents of the {kind} stand, root version {made.publication.version(ROOT)}.")
