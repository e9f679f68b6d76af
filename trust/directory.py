"""The one signed directory that came before documents of many signers: read once more, for `chaperone-keys migrate`."""

from collections import Counter
from pathlib import Path

from trust.keys import read_public_key
from trust.refused import DocumentInvalid
from trust.signatures import SignatureInvalid, verify
from wire.messages.documents import AuthenticatorType, Directory
from wire.schema import MalformedMessage, decode, read_part
from wire.statements import Algorithm, Label, Statement

_KEY_BYTES = {AuthenticatorType.P256: 65, AuthenticatorType.ED25519: 32}


def read_directory(folder: Path) -> Directory:
    """The directory that a single officer signed into this folder, expired or not. Raises DocumentInvalid, KeyUnreadable, OSError."""
    key = read_public_key((folder / "directory.pub").read_text(encoding="ascii"))
    try:
        statement = decode((folder / "directory.json").read_bytes().strip(), Statement)
        directory = read_part(Directory, verify(statement, Label.DIRECTORY, key, Algorithm.ED25519))
    except (SignatureInvalid, MalformedMessage) as fault:
        raise DocumentInvalid(f"no signed directory: {fault}") from None
    faults = contradictions(directory)
    if faults:
        raise DocumentInvalid(faults[0])
    return directory


def contradictions(directory: Directory) -> list[str]:
    """What two readers could understand differently; empty for a sound directory."""
    devices = [(device.type, device.key) for person in directory.persons for device in person.authenticators]
    return [
        *_twice("person", [person.id for person in directory.persons]),
        *_twice("host", [host.id for host in directory.hosts]),
        *_twice("device key", devices),
        *_twice("host key", [host.key for host in directory.hosts]),
        *(f"a {kind.value} key of {len(key)} bytes" for kind, key in devices if len(key) != _KEY_BYTES.get(kind, len(key))),
    ]


def _twice(what: str, values: list[str] | list[bytes] | list[tuple[AuthenticatorType, bytes]]) -> list[str]:
    return [f"a {what} stands in it twice" for _, count in Counter(values).items() if count > 1]
