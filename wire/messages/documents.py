"""The directory: who may help, with which keys, at which hosts. Signed by a key that no broker process can read."""

from enum import StrEnum
from typing import Annotated

from wire.schema import Count, Identity, Key32, Number, Octets, Seconds, Text, part

Name = Annotated[str, Text(120, 1)]


class AuthenticatorType(StrEnum):
    """Kinds of technician keys. `webauthn` is in the format so that hardware keys need no new one; nothing makes it yet."""

    P256 = "p256"
    ED25519 = "ed25519"
    WEBAUTHN = "webauthn"


@part
class Authenticator:
    """One recognised device: its type and public key (P-256: 65 bytes uncompressed; Ed25519: 32)."""

    type: AuthenticatorType
    key: Annotated[bytes, Octets(256, 32)]
    label: Annotated[str, Text(120)]


@part
class Person:
    """One technician, as the security officer signed: `groups` are those of the hosts they may see."""

    id: Identity
    name: Name
    company: Name
    active: bool
    groups: Annotated[tuple[Name, ...], Count(64)]
    authenticators: Annotated[tuple[Authenticator, ...], Count(16)]


@part
class Profile:
    """What kind of instrument a host serves. `phi` closes files and clipboard (docs/protocol.md, section 5)."""

    model: Name
    region: Annotated[str, Text(16)]
    phi: bool


@part
class ListedHost:
    """One host: its Ed25519 key, its site, the group whose technicians may see it."""

    id: Identity
    name: Name
    key: Key32
    site: Name
    group: Name
    profile: Profile


@part
class ListedBroker:
    """The broker's online Ed25519 key."""

    id: Identity
    key: Key32


@part
class Directory:
    """Payload of a Statement under Label.DIRECTORY. A higher version replaces a lower; a lower is never accepted."""

    version: Annotated[int, Number(1)]
    issued: Seconds
    expires: Seconds
    vendor: Name
    broker: ListedBroker
    console_digest: Annotated[str, Text(64)]
    persons: tuple[Person, ...]
    hosts: tuple[ListedHost, ...]
