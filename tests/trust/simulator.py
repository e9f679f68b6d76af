"""Repositories in memory, whose signers are in this process and do what they are told, honest or not; and their readers.

An attack changes what is published after it was signed, or has a signer sign what he should not; the reader is the real one.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from policy.decision import Reason
from policy.instant import Instant
from trust.metadata import (
    HOSTS,
    PERSONS_PATH,
    ROOT,
    SITE_PATH,
    SITE_POLICY_PATH,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    VENDOR_PATH,
    VENDOR_POLICY_PATH,
    devices_path,
    devices_role,
    hosts_path,
    metadata_file,
)
from trust.publication import DAY, Publication, Who
from trust.refused import DocumentRefused
from trust.tuf_client import NotThere
from trust.updater import Documents
from trust.view import View, compose
from wire.messages.documents import (
    AuthenticatorType,
    CertifiedDevice,
    DevicesDocument,
    HostsDocument,
    ListedBroker,
    ListedHost,
    ListedPerson,
    PersonDevices,
    PersonsDocument,
    Profile,
    Repository,
    SiteDocument,
    TrainedFor,
    Updates,
    VendorDocument,
)
from wire.schema import canonical, encode_part

NOW = 1_800_000_000
ACME, OTHER = "Acme Diagnostics", "Bolt Service"
LYON, NANTES = "Lyon Nord", "Nantes"


def key(name: str) -> CryptoSigner:
    """The same key for the same name."""
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


def who(*names: str, threshold: int = 1) -> Who:
    return Who(tuple(key(name).public_key for name in names), threshold)


def at(seconds: float, boot: float | None = None) -> Instant:
    """`seconds` after the beginning, on both clocks."""
    return Instant(NOW + seconds, seconds if boot is None else boot)


def person(identity: str, company: str = ACME, *, active: bool = True, groups: tuple[str, ...] = ("haematology",)) -> ListedPerson:
    return ListedPerson(identity, identity.title(), company, active, groups, (TrainedFor("", NOW + 300 * DAY),))


def device(name: str, expires: int = NOW + 300 * DAY) -> CertifiedDevice:
    return CertifiedDevice(AuthenticatorType.ED25519, device_key(name), name, expires)


def device_key(name: str) -> bytes:
    return bytes.fromhex(key(name).public_key.keyval["public"])


def host(identity: str, site: str = LYON, *, phi: bool = False) -> ListedHost:
    return ListedHost(identity, identity.title(), device_key(identity), site, "haematology", Profile("AU 680", "eu", phi))


class Simulator:
    """One repository: `publication` is what the signers made, `served` what the reader is shown instead, by path."""

    kind = Repository.VENDOR

    def __init__(self) -> None:
        self.publication = Publication()
        self.served: dict[str, bytes | None] = {}
        self.asked: list[str] = []
        self.roles = {role: who(role) for role in (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)}
        self.publication.put_root(self.roles, [key(ROOT)], NOW)
        self.root = self.publication.files["metadata/1.root.json"]

    def fetch(self, repository: Repository, path: str) -> Iterable[bytes]:
        """What the reader's port is given."""
        assert repository is self.kind
        self.asked.append(path)
        content = self.served[path] if path in self.served else self.publication.files.get(path)
        if content is None:
            raise NotThere(path)
        return (content,)

    def publish(self, now: int = NOW, snapshot: str = SNAPSHOT, timestamp: str = TIMESTAMP) -> None:
        """Snapshot and timestamp of what the signers made."""
        self.publication.put_snapshot([key(snapshot)], now)
        self.publication.put_timestamp([key(timestamp)], now)

    def rotate(self, roles: Mapping[str, Who], *signers: str, now: int = NOW, days: int = 365) -> None:
        """A new root with these roles changed."""
        self.roles = {**self.roles, **roles}
        self.publication.put_root(self.roles, [key(each) for each in signers], now, days)

    def newest(self, role: str) -> str:
        """Where the newest metadata of a role is published."""
        return metadata_file(role, 0 if role == TIMESTAMP else self.publication.version(role))


class Vendor(Simulator):
    """A vendor with two companies, two technicians and two sites."""

    def __init__(self) -> None:
        super().__init__()
        self.persons: tuple[ListedPerson, ...] = (person("t-ana"), person("t-bo", OTHER))
        self.devices: dict[str, tuple[PersonDevices, ...]] = {
            ACME: (PersonDevices("t-ana", (device("laptop of ana"),)),),
            OTHER: (PersonDevices("t-bo", (device("laptop of bo"),)),),
        }
        self.hosts: dict[str, tuple[ListedHost, ...]] = {LYON: (host("h-lyon-1"), host("h-lyon-2")), NANTES: (host("h-nantes", NANTES),)}
        self.policy = "party = 'vendor'\n"
        self.delegations = {**{devices_role(each): who(devices_role(each)) for each in self.devices}, HOSTS: who(HOSTS)}
        self.sign_all()

    def sign_all(self, now: int = NOW) -> None:
        self.sign_targets(now)
        for company in self.devices:
            self.sign_devices(company, now)
        self.sign_hosts(now)
        self.publish(now)

    def sign_targets(self, now: int = NOW, *signers: str, documents: Mapping[str, bytes] | None = None) -> None:
        made = {
            PERSONS_PATH: encode_part(PersonsDocument(self.persons)),
            VENDOR_PATH: encode_part(VendorDocument("Acme", ListedBroker("b-1", device_key("broker")), "digest", b"")),
            VENDOR_POLICY_PATH: self.policy.encode(),
        }
        by = [key(each) for each in signers or (TARGETS,)]
        self.publication.put(TARGETS, made if documents is None else documents, by, now, 90, self.delegations)

    def sign_devices(self, company: str, now: int = NOW, *signers: str, days: int = 30) -> None:
        role = devices_role(company)
        document = encode_part(DevicesDocument(company, self.devices[company]))
        self.publication.put(role, {devices_path(role): document}, [key(each) for each in signers or (role,)], now, days)

    def sign_hosts(self, now: int = NOW, days: int = 30) -> None:
        made = {hosts_path(site): encode_part(HostsDocument(site, hosts)) for site, hosts in self.hosts.items()}
        self.publication.put(HOSTS, made, [key(HOSTS)], now, days)


class Site(Simulator):
    """A site with a root of its own."""

    kind = Repository.SITE

    def __init__(self, name: str = LYON) -> None:
        super().__init__()
        self.name = name
        self.rotate({TARGETS: who(f"{name} targets"), ROOT: who(ROOT, f"{name} root")}, ROOT, f"{name} root")
        self.root = self.publication.files["metadata/2.root.json"]
        self.terms = SiteDocument(name, (), Updates.VENDOR, "")
        self.policy = "party = 'site'\n"
        self.sign()

    def sign(self, now: int = NOW) -> None:
        made = {SITE_PATH: encode_part(self.terms), SITE_POLICY_PATH: self.policy.encode()}
        self.publication.put(TARGETS, made, [key(f"{self.name} targets")], now, 90)
        self.publish(now)


def reader(folder: Path, simulator: Simulator) -> Documents:
    """A reader that pinned this repository's root."""
    return Documents(folder / f"{simulator.kind.value}.json", simulator.kind, simulator.root)


def endless(piece: bytes = b" " * 65536) -> Iterator[bytes]:
    """A file that never ends."""
    while True:
        yield piece


def moved(simulator: Vendor, company: str, devices: tuple[PersonDevices, ...]) -> None:
    """Give a company other devices, signed by its own key."""
    simulator.devices = {**simulator.devices, company: devices}
    simulator.sign_devices(company)


def without(simulator: Vendor, identity: str) -> None:
    """Take a person off the list."""
    simulator.persons = tuple(each for each in simulator.persons if each.id != identity)


def suspended(each: ListedPerson) -> ListedPerson:
    """The same person, who may do nothing."""
    return replace(each, active=False)


# ---- what a dishonest signer, or whoever carries the files, can do


def resigned(content: bytes, change: Callable[[dict[str, Any]], None], *signers: str) -> bytes:
    """Metadata with a changed `signed` part, signed by these keys whether they may or not."""
    signed = json.loads(content)["signed"]
    change(signed)
    body = canonical(signed)
    signatures = [{"keyid": key(each).public_key.keyid, "sig": key(each).sign(body).signature} for each in signers]
    return canonical({"signatures": signatures, "signed": signed})


def rewrite(simulator: Simulator, role: str, change: Callable[[dict[str, Any]], None], *signers: str) -> None:
    """Replace a role's newest metadata by a changed one."""
    path = simulator.newest(role)
    simulator.publication.files[path] = resigned(simulator.publication.files[path], change, *signers or (role,))


def refused(documents: Documents, simulator: Simulator, reason: Reason, moment: float = 20, site: str | None = LYON) -> str:
    """A refresh is refused for this reason and changes nothing: neither what is in force nor what is kept. Returns why."""
    before, kept = documents.newest, documents.kept_bytes()
    with pytest.raises(DocumentRefused) as fault:
        documents.refresh(simulator.fetch, at(moment), site)
    assert fault.value.reason is reason, fault.value
    assert documents.newest is before
    assert documents.kept_bytes() == kept
    return str(fault.value)


def view_of(documents: Documents, moment: float = 20) -> View:
    """What the vendor's documents say."""
    return compose(documents.in_force(at(moment)), None, documents.time(at(moment)))
