"""The directory while it is being edited: `draft.json` beside the directory key, for people to read and compare.

    directory.key     the directory key; 0600, and the only secret here
    directory.pub     its public half, as broker, host and console are configured with it
    draft.json        what the next `sign` will sign
    directory.json    the newest signed statement

Editing makes a new draft from an old one and touches no file but through `Ceremony`.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from runtime.private_files import private_folder, write_private
from trust.directory import TrustedDirectory, contradictions
from trust.keys import load_key, make_key, public_key_text
from trust.signatures import Ed25519Signer
from trust.store import read_statement
from wire.messages.documents import Authenticator, Directory, ListedBroker, ListedHost, Name, Person
from wire.schema import MalformedMessage, Text, base64url, canonical, encode, encode_part, part, read_part
from wire.statements import Label, Statement


class DraftRefused(Exception):
    """The command cannot be carried out on this draft. The message is for the security officer."""


@part
class Draft:
    """A directory without its version and times. `broker` is None until `chaperone-keys broker` says who it is."""

    vendor: Name
    broker: ListedBroker | None
    console_digest: Annotated[str, Text(64)]
    persons: tuple[Person, ...]
    hosts: tuple[ListedHost, ...]


def with_person(draft: Draft, person: Person) -> Draft:
    """One person more. Raises DraftRefused if the id is taken."""
    if any(each.id == person.id for each in draft.persons):
        raise DraftRefused(f"there is a person {person.id} already")
    return replace(draft, persons=tuple(sorted((*draft.persons, person), key=lambda each: each.id)))


def changed_person(draft: Draft, changed: Person) -> Draft:
    """The person of this id as they are now. Raises DraftRefused if there is none."""
    named_person(draft, changed.id)
    return replace(draft, persons=tuple(changed if each.id == changed.id else each for each in draft.persons))


def without_person(draft: Draft, technician_id: str) -> Draft:
    """One person less. Raises DraftRefused if there is none."""
    gone = named_person(draft, technician_id)
    return replace(draft, persons=tuple(each for each in draft.persons if each != gone))


def named_person(draft: Draft, technician_id: str) -> Person:
    """Raises DraftRefused if there is none."""
    found = next((each for each in draft.persons if each.id == technician_id), None)
    if found is None:
        raise DraftRefused(f"there is no person {technician_id}; add one with: chaperone-keys person add {technician_id} ...")
    return found


def with_device(draft: Draft, technician_id: str, device: Authenticator) -> Draft:
    """Certify a device of this person. Raises DraftRefused if anybody has it already."""
    owner = next((each.id for each in draft.persons if any(known.key == device.key for known in each.authenticators)), None)
    if owner is not None:
        raise DraftRefused(f"this key is certified for {owner} already")
    person = named_person(draft, technician_id)
    return changed_person(draft, replace(person, authenticators=(*person.authenticators, device)))


def with_host(draft: Draft, host: ListedHost) -> Draft:
    """One host more. Raises DraftRefused if its id or key is taken."""
    if any(each.id == host.id or each.key == host.key for each in draft.hosts):
        raise DraftRefused(f"there is a host with the id {host.id} or this key already")
    return replace(draft, hosts=tuple(sorted((*draft.hosts, host), key=lambda each: each.id)))


def without_host(draft: Draft, host_id: str) -> Draft:
    """One host less. Raises DraftRefused if there is none."""
    if not any(each.id == host_id for each in draft.hosts):
        raise DraftRefused(f"there is no host {host_id}")
    return replace(draft, hosts=tuple(each for each in draft.hosts if each.id != host_id))


def to_sign(draft: Draft, version: int, now: int, days: int) -> Directory:
    """The directory of this draft. Raises DraftRefused if it names no broker or contradicts itself."""
    if draft.broker is None:
        raise DraftRefused("the directory names no broker yet; say: chaperone-keys broker ID --key KEY --fingerprint ...")
    expires = now + days * 24 * 3600
    directory = Directory(version, now, expires, draft.vendor, draft.broker, draft.console_digest, draft.persons, draft.hosts)
    faults = contradictions(directory)
    if faults:
        raise DraftRefused(f"this directory contradicts itself: {faults[0]}")
    return directory


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One keys folder."""

    folder: Path

    @property
    def public_key_file(self) -> Path:
        """What broker, host and console are configured with."""
        return self.folder / "directory.pub"

    @property
    def signed_file(self) -> Path:
        """The newest signed directory."""
        return self.folder / "directory.json"

    def begin(self, vendor: str) -> Ed25519Signer:
        """Make key and empty draft. Raises FileExistsError if there is a key, OSError, ValueError for a vendor without a name."""
        draft = encode_part(Draft(vendor, None, "", (), ()))
        private_folder(self.folder)
        key = make_key(self.folder / "directory.key")
        write_private(self.public_key_file, public_key_text(key.public_key).encode() + b"\n")
        self.public_key_file.chmod(0o644)
        write_private(self.folder / "draft.json", _pretty(draft))
        return key

    def key(self) -> Ed25519Signer:
        """The directory key. Raises KeyUnreadable, FileExposed, OSError."""
        return load_key(self.folder / "directory.key")

    def draft(self) -> Draft:
        """Raises DraftRefused, OSError."""
        try:
            return read_part(Draft, canonical(json.loads((self.folder / "draft.json").read_text(encoding="utf-8"))))
        except (ValueError, MalformedMessage) as fault:
            raise DraftRefused(f"{self.folder / 'draft.json'} is damaged: {fault}") from None

    def keep(self, draft: Draft) -> None:
        """Write the draft. Raises DraftRefused for a value out of bounds, OSError."""
        try:
            write_private(self.folder / "draft.json", _pretty(encode_part(draft)))
        except ValueError as fault:
            raise DraftRefused(str(fault)) from None

    def signed(self) -> tuple[Statement, Directory] | None:
        """The newest signed directory, None before the first. Raises DocumentInvalid, and what `key` raises."""
        if not self.signed_file.exists():
            return None
        statement = read_statement(self.signed_file.read_bytes())
        trusted = TrustedDirectory(self.key().public_key)
        trusted.restore(statement)
        return statement, read_part(Directory, statement.payload)

    def sign(self, now: int, days: int) -> tuple[Directory, Directory | None]:
        """Sign the draft under the next version. Returns it and the one before. Raises what `signed` and `to_sign` raise."""
        before = self.signed()
        directory = to_sign(self.draft(), before[1].version + 1 if before else 1, now, days)
        write_private(self.signed_file, encode(self.key().sign(Label.DIRECTORY, directory)) + b"\n")
        self.signed_file.chmod(0o644)
        return directory, before[1] if before else None


def _pretty(body: bytes) -> bytes:
    plain: Any = json.loads(body)
    return json.dumps(plain, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def changes(now: Directory | Draft, before: Directory | Draft | None) -> list[str]:
    """What is different, one line each: `+` new, `-` gone, `~` changed."""
    lines = []
    for what, old, new in (
        ("person", {each.id: each for each in before.persons} if before else {}, {each.id: each for each in now.persons}),
        ("host", {each.id: each for each in before.hosts} if before else {}, {each.id: each for each in now.hosts}),
    ):
        lines += [f"+ {what} {name} ({new[name].name})" for name in new if name not in old]
        lines += [f"- {what} {name} ({old[name].name})" for name in old if name not in new]
        lines += [f"~ {what} {name}: {_differences(old[name], new[name])}" for name in new if name in old and old[name] != new[name]]
    for what in ("vendor", "broker", "console_digest"):
        if before is None or getattr(now, what) != getattr(before, what):
            lines.append(f"~ {what}: {_said(getattr(now, what))}")
    return lines


def _differences(old: Person | ListedHost, new: Person | ListedHost) -> str:
    names = [name for name in old.__dataclass_fields__ if getattr(old, name) != getattr(new, name)]
    return ", ".join(f"{name} {_said(getattr(new, name))}" for name in names)


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_said(each) for each in value)}]"
    if isinstance(value, Authenticator):
        return f"{value.type.value} {base64url(value.key)[:12]}…"
    return value.id if isinstance(value, ListedBroker) else str(value)
