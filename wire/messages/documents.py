"""Documents that are signed by keys no broker process can read: who may help, with which keys, at which hosts.

Below are the contents of documents and how they travel. Who signs which of them, and how a reader checks it, is told in
docs/keys.md; the signatures themselves are TUF metadata, which travels in a bundle as files like the documents do.
"""

from enum import StrEnum
from typing import Annotated

from wire.limits import DOCUMENT_FILE_MAX, DOCUMENT_PIECE_MAX, DOCUMENT_PIECES_MAX
from wire.schema import Count, Identity, Key32, Number, Octets, Seconds, Text, message, part

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


class Repository(StrEnum):
    """Whose documents these are. Each has a root of its own, and neither root names the other."""

    VENDOR = "vendor"
    SITE = "site"


@part
class TrainedFor:
    """One training: the region it counts for, empty for all of them, and when it is over."""

    region: Annotated[str, Text(16)]
    expires: Seconds


@part
class ListedPerson:
    """One technician, as the security officer signed. Devices are certified by their company, in another document."""

    id: Identity
    name: Name
    company: Name
    active: bool
    groups: Annotated[tuple[Name, ...], Count(64)]
    training: Annotated[tuple[TrainedFor, ...], Count(32)]


@part
class PersonsDocument:
    """`persons.json` of the vendor: everybody who may help anywhere."""

    persons: Annotated[tuple[ListedPerson, ...], Count(20_000)]


@part
class VendorDocument:
    """`vendor.json` of the vendor: its name, the broker, the digest of the console's files, and to whose X25519 key hosts seal a copy of
    each receipt (empty or 32 bytes: without one no copy is made).
    """

    vendor: Name
    broker: ListedBroker
    console_digest: Annotated[str, Text(64)]
    auditor_key: Annotated[bytes, Octets(32)]


@part
class CertifiedDevice:
    """One device that its company's supervisor certified, until `expires`."""

    type: AuthenticatorType
    key: Annotated[bytes, Octets(256, 32)]
    label: Annotated[str, Text(120)]
    expires: Seconds


@part
class PersonDevices:
    """The devices of one person, who must stand in `persons.json` as one of this company."""

    person: Identity
    devices: Annotated[tuple[CertifiedDevice, ...], Count(16)]


@part
class DevicesDocument:
    """`devices/<company>.json` of the vendor. It adds no person and no right."""

    company: Name
    persons: Annotated[tuple[PersonDevices, ...], Count(20_000)]


@part
class HostsDocument:
    """`hosts/<site>.json` of the vendor: the hosts of one site."""

    site: Name
    hosts: tuple[ListedHost, ...]


class Updates(StrEnum):
    """Whose word lets a signed program update in."""

    VENDOR = "vendor"
    SITE_APPROVED = "site-approved"


@part
class SiteDocument:
    """`site.json` of a site: which of its hosts hold health data whatever the vendor says, and who witnesses."""

    site: Name
    phi_hosts: tuple[Identity, ...]
    updates: Updates
    witness: Annotated[str, Text(200)]


@part
class DocumentFile:
    """One file of a repository, as it is published: `metadata/timestamp.json`, `targets/hosts/<hash>.<site>.json`."""

    path: Annotated[str, Text(200, 1)]
    content: Annotated[bytes, Octets(DOCUMENT_FILE_MAX)]


@message("documents_bundle")
class DocumentsBundle:
    """The files of one repository that a reader lacks, or all. `site`: whose; empty for all sites. It proves nothing by itself."""

    repository: Repository
    site: Annotated[str, Text(120)]
    files: tuple[DocumentFile, ...]


@message("documents_piece")
class DocumentsPiece:
    """A part of an encoded bundle, small enough for a control socket. Pieces come in order, `number` from 0."""

    number: Annotated[int, Number(0, DOCUMENT_PIECES_MAX - 1)]
    pieces: Annotated[int, Number(1, DOCUMENT_PIECES_MAX)]
    content: Annotated[bytes, Octets(DOCUMENT_PIECE_MAX, 1)]
