"""What verified documents say, read and checked against each other. Signatures were checked before (`updater.py`).

A fault of a document's own signer refuses the document. What one signer says beyond his rights is dropped and noted
instead (`VendorContents.dropped`): else a company's supervisor could hold up the security officer's next word, and a
removed technician would stay until the supervisor signs again.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from trust.metadata import (
    HOSTS,
    PERSONS_PATH,
    SITE_PATH,
    SITE_POLICY_PATH,
    VENDOR_PATH,
    VENDOR_POLICY_PATH,
    devices_path,
    devices_role,
    slug,
)
from trust.older import DocumentOlder, older_service
from trust.refused import DocumentInvalid
from wire.messages.documents import (
    AuthenticatorType,
    CertifiedDevice,
    DevicesDocument,
    HostsDocument,
    ListedHost,
    ListedPerson,
    PersonsDocument,
    SiteDocument,
    VendorDocument,
)
from wire.schema import MalformedMessage, read_part

T = TypeVar("T")

KEY_BYTES = {AuthenticatorType.P256: 65, AuthenticatorType.ED25519: 32}
AUDITOR_KEY_BYTES = (0, 32)


@dataclass(frozen=True, slots=True)
class Target:
    """One document: the role that signed it, and its bytes."""

    role: str
    content: bytes


Targets = Mapping[str, Target]


@dataclass(frozen=True, slots=True)
class VendorContents:
    """The vendor's documents. `devices`: role, person id, device. `dropped` says what was beyond its signer's rights."""

    service: VendorDocument
    persons: Mapping[str, ListedPerson]
    devices: tuple[tuple[str, str, CertifiedDevice], ...]
    hosts: tuple[ListedHost, ...]
    policy: str
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteContents:
    """A site's documents. `terms` is None for a site that only signs a policy."""

    policy: str
    terms: SiteDocument | None


def read_vendor(targets: Targets) -> VendorContents:
    """Raises DocumentInvalid for documents that are incomplete, out of form, or contradict themselves; DocumentOlder."""
    listed = _part(PersonsDocument, targets, PERSONS_PATH).persons
    _once("person", (each.id for each in listed))
    persons = {each.id: each for each in listed}
    devices, dropped = _devices(targets, persons)
    if VENDOR_PATH in targets and older_service(targets[VENDOR_PATH].content) is not None:
        raise DocumentOlder
    service = _part(VendorDocument, targets, VENDOR_PATH)
    if len(service.auditor_key) not in AUDITOR_KEY_BYTES:
        raise DocumentInvalid("the auditor's key has a wrong length")
    return VendorContents(service, persons, devices, _hosts(targets), _text(targets, VENDOR_POLICY_PATH), dropped)


def read_site(targets: Targets) -> SiteContents:
    """Raises DocumentInvalid."""
    terms = _part(SiteDocument, targets, SITE_PATH) if SITE_PATH in targets else None
    return SiteContents(_text(targets, SITE_POLICY_PATH), terms)


def _part(cls: type[T], targets: Targets, path: str) -> T:
    if path not in targets:
        raise DocumentInvalid(f"there is no {path}")
    try:
        return read_part(cls, targets[path].content)
    except MalformedMessage as fault:
        raise DocumentInvalid(f"{path}: {fault}") from None


def _text(targets: Targets, path: str) -> str:
    if path not in targets:
        return ""
    try:
        return targets[path].content.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentInvalid(f"{path} is not UTF-8") from None


def _once(what: str, values: Iterable[Hashable]) -> None:
    if any(count > 1 for count in Counter(values).values()):
        raise DocumentInvalid(f"a {what} stands in it twice")


def _devices(targets: Targets, persons: Mapping[str, ListedPerson]) -> tuple[tuple[tuple[str, str, CertifiedDevice], ...], tuple[str, ...]]:
    kept, dropped = [], []
    for path, target in sorted(targets.items()):
        if not path.startswith("devices/"):
            continue
        document = _part(DevicesDocument, targets, path)
        if devices_path(devices_role(document.company)) != path:
            raise DocumentInvalid(f"{path} is of another company")
        _once(f"person of {document.company}", (each.person for each in document.persons))
        for each in document.persons:
            owner = persons.get(each.person)
            # A company's key speaks for devices of its own people, and adds nobody (docs/protocol.md, section 2).
            if owner is None or owner.company != document.company:
                dropped.append(f"{document.company} has no person {each.person}")
                continue
            kept += [(target.role, owner.id, device) for device in _sound(each.devices)]
    return tuple(kept), tuple(dropped)


def _sound(devices: tuple[CertifiedDevice, ...]) -> tuple[CertifiedDevice, ...]:
    _once("device key", ((each.type, each.key) for each in devices))
    if any(len(each.key) != KEY_BYTES.get(each.type, len(each.key)) for each in devices):
        raise DocumentInvalid("a device key of a wrong length")
    return devices


def _hosts(targets: Targets) -> tuple[ListedHost, ...]:
    hosts: list[ListedHost] = []
    for path in sorted(targets):
        if not path.startswith("hosts/"):
            continue
        document = _part(HostsDocument, targets, path)
        if path != f"{HOSTS}/{slug(document.site)}.json" or any(each.site != document.site for each in document.hosts):
            raise DocumentInvalid(f"{path} is of another site")
        hosts += document.hosts
    _once("host", (each.id for each in hosts))
    _once("host key", (each.key for each in hosts))
    return tuple(hosts)
