"""The directory as an object that only ever moves forward. It is built from the pinned key and nothing else.

Steps of `accept`, in order (docs/protocol.md, section 2):
    1. the pinned directory key signed it, under its own label
    2. it is a directory, and speaks with one voice: no id, key or name of a person or host twice
    3. its version is not lower than any seen before; the same version must be the same bytes
    4. it is not expired
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from policy.documents import HostFacts
from trust.keys import read_public_key
from trust.refused import DocumentInvalid, DocumentRefused, DocumentStale
from trust.signatures import SignatureInvalid, verify
from wire.messages.documents import Authenticator, AuthenticatorType, Directory, ListedHost, Person
from wire.schema import MalformedMessage, decode, read_part
from wire.statements import Algorithm, Label, Statement

__all__ = [
    "DocumentInvalid",
    "DocumentRefused",
    "DocumentStale",
    "Recognised",
    "TrustedDirectory",
    "contradictions",
    "device_of",
    "host_facts",
    "host_of",
    "person_of",
]

_KEY_BYTES = {AuthenticatorType.P256: 65, AuthenticatorType.ED25519: 32}


class TrustedDirectory:
    """The newest directory this side has accepted. `key` is the directory key's 32 bytes, from configuration."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._newest: tuple[Statement, Directory] | None = None

    def restore(self, statement: Statement) -> None:
        """Begin with what was accepted and kept before, expired or not. Raises DocumentInvalid if it was changed since."""
        self._newest = (statement, self.genuine(statement))

    def check(self, statement: Statement, now: float) -> Directory:
        """All steps, without accepting. `now` is seconds since 1970. Raises DocumentInvalid, DocumentStale."""
        directory = self.genuine(statement)
        if self._newest is not None:
            _not_backwards(statement, directory, *self._newest)
        if directory.expires <= now:
            raise DocumentStale(f"directory {directory.version} is expired")
        return directory

    def accept(self, statement: Statement, now: float) -> Directory:
        """Take this directory as the newest. Raises DocumentInvalid, DocumentStale, and then nothing has changed."""
        directory = self.check(statement, now)
        self._newest = (statement, directory)
        return directory

    def in_force(self, now: float) -> Directory:
        """The newest directory. Raises DocumentStale if there is none or it is expired: nobody is admitted by it."""
        if self._newest is None:
            raise DocumentStale("no directory yet")
        if self._newest[1].expires <= now:
            raise DocumentStale(f"directory {self._newest[1].version} is expired")
        return self._newest[1]

    @property
    def statement(self) -> Statement | None:
        """The newest, as it was signed, to be handed on."""
        return self._newest[0] if self._newest is not None else None

    def genuine(self, statement: Statement) -> Directory:
        """Signed by the pinned key, and sound. Raises DocumentInvalid."""
        try:
            payload = verify(statement, Label.DIRECTORY, self._key, Algorithm.ED25519)
            directory = read_part(Directory, payload)
        except (SignatureInvalid, MalformedMessage) as fault:
            raise DocumentInvalid(str(fault)) from None
        faults = contradictions(directory)
        if faults:
            raise DocumentInvalid(faults[0])
        return directory


def _not_backwards(statement: Statement, directory: Directory, newest: Statement, known: Directory) -> None:
    if directory.version < known.version:
        raise DocumentStale(f"version {directory.version} after {known.version}")
    if directory.version == known.version and statement.payload != newest.payload:
        raise DocumentInvalid(f"two directories of version {known.version}")


def contradictions(directory: Directory) -> list[str]:
    """What two readers could understand differently; empty for a sound directory."""
    devices = [(device.type, device.key) for person in directory.persons for device in person.authenticators]
    return [
        *_twice("person", [person.id for person in directory.persons]),
        *_twice("host", [host.id for host in directory.hosts]),
        *_twice("device key", devices),
        *_twice("host key", [host.key for host in directory.hosts]),
        *(f"a {kind.value} key of {len(key)} bytes" for kind, key in devices if len(key) != _KEY_BYTES.get(kind, len(key))),
        *(["it expires before it was issued"] if directory.expires <= directory.issued else []),
    ]


def _twice(what: str, values: list[str] | list[bytes] | list[tuple[AuthenticatorType, bytes]]) -> list[str]:
    return [f"a {what} stands in it twice" for _, count in Counter(values).items() if count > 1]


def person_of(directory: Directory, technician_id: str) -> Person | None:
    """The technician of this id, active or not."""
    return next((person for person in directory.persons if person.id == technician_id), None)


def host_of(directory: Directory, host_id: str) -> ListedHost | None:
    """The host of this id."""
    return next((host for host in directory.hosts if host.id == host_id), None)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A device that the directory recognises, and whose it is."""

    person: Person
    device: Authenticator


def device_of(directory: Directory, technician_id: str, kind: AuthenticatorType, key: bytes) -> Recognised | None:
    """This person's device with this key, if the person is active and the directory lists it."""
    person = person_of(directory, technician_id)
    if person is None or not person.active:
        return None
    return next((Recognised(person, each) for each in person.authenticators if each.type is kind and each.key == key), None)


def host_facts(directory: Directory | None, host_id: str, *, phi_stated: bool) -> HostFacts:
    """What policy needs to know of a host. One that is not listed is treated as if it held health data."""
    listed = host_of(directory, host_id) if directory is not None else None
    if listed is None:
        return HostFacts(host_id, "", listed=False, phi=True)
    return HostFacts(host_id, listed.group, listed=True, phi=listed.profile.phi or phi_stated)


def read_directory(folder: Path) -> Directory:
    """The one directory that a single officer signed into this folder, expired or not. Raises DocumentInvalid, KeyUnreadable, OSError."""
    key = read_public_key((folder / "directory.pub").read_text(encoding="ascii"))
    try:
        statement = decode((folder / "directory.json").read_bytes().strip(), Statement)
    except MalformedMessage as fault:
        raise DocumentInvalid(f"no signed directory: {fault}") from None
    return TrustedDirectory(key).genuine(statement)
