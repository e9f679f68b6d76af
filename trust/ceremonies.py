"""What is done in a signing folder: the first ceremony, and edits of its documents. Who signs is in `role_changes.py`.

Each function leaves the folder as one sound step from before to after, or raises and changes nothing that is published.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from securesystemslib.signer import SSlibKey

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
)
from trust.older import older_service
from trust.publication import DAY, Who
from trust.signing_folder import FolderRefused, SigningFolder
from wire.messages.documents import (
    CertifiedDevice,
    DevicesDocument,
    Directory,
    HostsDocument,
    ListedBroker,
    ListedHost,
    ListedPerson,
    PersonDevices,
    PersonsDocument,
    Repository,
    SiteDocument,
    TrainedFor,
    Updates,
    VendorDocument,
)
from wire.schema import encode_part, read_part

T = TypeVar("T")
STARTER_POLICY = Path(__file__).with_name("starter_policy.toml")


# ---- beginning


def begin_vendor(
    folder: Path, service: VendorDocument, companies: Iterable[str], now: int, root_keys: int = 1, threshold: int = 1
) -> SigningFolder:
    """All keys on this disk, in a folder for each role, empty lists, and the starter's policy. Raises FolderRefused, OSError."""
    made = SigningFolder.begin(folder, Repository.VENDOR)
    _first_root(made, now, root_keys, threshold)
    roles = {role: Who((made.make_key(role),)) for role in (*map(devices_role, sorted(set(companies))), HOSTS)}
    lists = {PERSONS_PATH: encode_part(PersonsDocument(())), VENDOR_PATH: encode_part(service)}
    made.put(TARGETS, {**lists, VENDOR_POLICY_PATH: STARTER_POLICY.read_bytes()}, now, roles)
    for company in sorted(set(companies)):
        _put_devices(made, company, (), now)
    made.put(HOSTS, {}, now)
    made.finish(now)
    return made


def begin_site(folder: Path, site: str, now: int) -> SigningFolder:
    """A site's own root, policy key and timestamp key, on this disk. Raises FolderRefused, OSError."""
    made = SigningFolder.begin(folder, Repository.SITE)
    _first_root(made, now, 1, 1)
    terms = SiteDocument(site, (), Updates.VENDOR, "")
    made.put(TARGETS, {SITE_PATH: encode_part(terms), SITE_POLICY_PATH: b""}, now)
    made.finish(now)
    return made


def _first_root(made: SigningFolder, now: int, root_keys: int, threshold: int) -> None:
    if not 1 <= threshold <= root_keys:
        raise FolderRefused(f"{threshold} of {root_keys} root keys cannot sign")
    small = Who((made.make_key(TIMESTAMP),))
    root = Who(tuple(made.make_key(ROOT) for _ in range(root_keys)), threshold)
    made.put_root({ROOT: root, TARGETS: Who((made.make_key(TARGETS),)), SNAPSHOT: small, TIMESTAMP: small}, now)


# ---- documents


def _document(made: SigningFolder, cls: type[T], path: str, role: str = TARGETS) -> T | None:
    content = made.publication.document(path, role)
    return read_part(cls, content) if content is not None else None


def _change(made: SigningFolder, role: str, path: str, content: bytes, now: int) -> None:
    made.put(role, {**made.publication.documents(role), path: content}, now)


def service(made: SigningFolder) -> VendorDocument:
    """Vendor, broker and console as they are listed, also by an earlier version: so that it can be signed again. Raises FolderRefused
    in a site's folder.
    """
    content = made.publication.document(VENDOR_PATH, TARGETS)
    if content is None:
        raise FolderRefused("this is not the vendor's folder")
    return older_service(content) or read_part(VendorDocument, content)


def set_service(made: SigningFolder, changed: VendorDocument, now: int) -> None:
    """Name another broker or console. Raises SignaturesMissing."""
    service(made)
    _change(made, TARGETS, VENDOR_PATH, encode_part(changed), now)


def persons(made: SigningFolder) -> tuple[ListedPerson, ...]:
    """Everybody listed."""
    found = _document(made, PersonsDocument, PERSONS_PATH)
    return found.persons if found else ()


def person(made: SigningFolder, identity: str) -> ListedPerson:
    """Raises FolderRefused for one who is not listed."""
    found = next((each for each in persons(made) if each.id == identity), None)
    if found is None:
        raise FolderRefused(f"there is no person {identity}")
    return found


def add_person(made: SigningFolder, new: ListedPerson, now: int) -> bool:
    """List a person. True if the company is new: then a key of its devices was made here. Raises FolderRefused, SignaturesMissing."""
    if any(each.id == new.id for each in persons(made)):
        raise FolderRefused(f"there is a person {new.id} already")
    fresh = devices_role(new.company) not in made.publication.delegated()
    if fresh:
        add_company(made, new.company, None, now)
    _put_persons(made, (*persons(made), new), now)
    return fresh


def change_person(made: SigningFolder, identity: str, change: Callable[[ListedPerson], ListedPerson | None], now: int) -> None:
    """Change a listed person, or remove with None. Raises FolderRefused, SignaturesMissing."""
    new = change(person(made, identity))
    _put_persons(made, [*(each for each in persons(made) if each.id != identity), *([new] if new else [])], now)


def _put_persons(made: SigningFolder, listed: Iterable[ListedPerson], now: int) -> None:
    document = PersonsDocument(tuple(sorted(listed, key=lambda each: each.id)))
    _change(made, TARGETS, PERSONS_PATH, encode_part(document), now)


def add_company(made: SigningFolder, company: str, key: SSlibKey | None, now: int) -> None:
    """Let a company certify its own devices, by this key, or by one that is made here. Raises FolderRefused, SignaturesMissing."""
    role = devices_role(company)
    if role in made.publication.delegated():
        raise FolderRefused(f"{company} certifies its devices already")
    who = Who((key or made.make_key(role),))
    made.put(TARGETS, made.publication.documents(), now, {**made.delegations(), role: who})
    if key is None:
        _put_devices(made, company, (), now)


def devices(made: SigningFolder, company: str) -> tuple[PersonDevices, ...]:
    """The certified devices of a company's persons."""
    role = devices_role(company)
    found = _document(made, DevicesDocument, devices_path(role), role)
    return found.persons if found else ()


def set_devices(made: SigningFolder, owner: ListedPerson, kept: tuple[CertifiedDevice, ...], now: int) -> None:
    """Say which devices a person has. Raises FolderRefused for a key that anybody else has, SignaturesMissing."""
    keys = {each.key for each in kept}
    for company in {each.company for each in persons(made)}:
        for other in devices(made, company):
            if other.person != owner.id and keys & {each.key for each in other.devices}:
                raise FolderRefused(f"this key is certified for {other.person} already")
    others = tuple(each for each in devices(made, owner.company) if each.person != owner.id)
    _put_devices(made, owner.company, (*others, *([PersonDevices(owner.id, kept)] if kept else [])), now)


def devices_of(made: SigningFolder, owner: ListedPerson) -> tuple[CertifiedDevice, ...]:
    """The certified devices of one person."""
    return next((each.devices for each in devices(made, owner.company) if each.person == owner.id), ())


def _put_devices(made: SigningFolder, company: str, listed: tuple[PersonDevices, ...], now: int) -> None:
    role = devices_role(company)
    document = DevicesDocument(company, tuple(sorted(listed, key=lambda each: each.person)))
    made.put(role, {devices_path(role): encode_part(document)}, now)


def hosts(made: SigningFolder) -> tuple[ListedHost, ...]:
    """Every listed host."""
    return tuple(host for content in made.publication.documents(HOSTS).values() for host in read_part(HostsDocument, content).hosts)


def set_hosts(made: SigningFolder, listed: Iterable[ListedHost], now: int) -> None:
    """Say which hosts there are. Raises FolderRefused for an id or a key that stands in it twice, SignaturesMissing."""
    everything = sorted(listed, key=lambda each: each.id)
    if len({each.id for each in everything}) < len(everything) or len({each.key for each in everything}) < len(everything):
        raise FolderRefused("there is a host with this id or key already")
    sites = sorted({each.site for each in everything})
    made.put(HOSTS, {hosts_path(site): encode_part(HostsDocument(site, _of(site, everything))) for site in sites}, now)


def _of(site: str, everything: Iterable[ListedHost]) -> tuple[ListedHost, ...]:
    return tuple(each for each in everything if each.site == site)


def set_policy(made: SigningFolder, text: bytes, now: int) -> None:
    """Sign this party's policy. Whether it makes sense is the caller's question. Raises SignaturesMissing."""
    _change(made, TARGETS, _policy_path(made), text, now)


def policy_of(made: SigningFolder) -> bytes:
    """This party's policy as it is signed, empty if there is none."""
    return made.publication.document(_policy_path(made)) or b""


def _policy_path(made: SigningFolder) -> str:
    return SITE_POLICY_PATH if made.repository is Repository.SITE else VENDOR_POLICY_PATH


def site_terms(made: SigningFolder) -> SiteDocument:
    """The site's own terms. Raises FolderRefused in the vendor's folder."""
    found = _document(made, SiteDocument, SITE_PATH)
    if found is None:
        raise FolderRefused("this is not a site's folder; make one with: chaperone-keys site init FOLDER --site NAME")
    return found


def set_site_terms(made: SigningFolder, terms: SiteDocument, now: int) -> None:
    """Change them. Raises SignaturesMissing."""
    site_terms(made)
    _change(made, TARGETS, SITE_PATH, encode_part(terms), now)


# ---- from one directory to many documents


def migrated(folder: Path, directory: Directory, now: int, days: int) -> SigningFolder:
    """A vendor's folder with everything that a single directory said; devices and training count for `days`. Raises FolderRefused."""
    service = VendorDocument(directory.vendor, directory.broker, directory.console_digest, b"")
    companies = {each.company for each in directory.persons}
    made = begin_vendor(folder, service, companies, now)
    until = now + days * DAY
    people = [ListedPerson(p.id, p.name, p.company, p.active, p.groups, (TrainedFor("", until),)) for p in directory.persons]
    _put_persons(made, people, now)
    for company in companies:
        owned = {
            each.id: tuple(CertifiedDevice(known.type, known.key, known.label, until) for known in each.authenticators)
            for each in directory.persons
            if each.company == company
        }
        _put_devices(made, company, tuple(PersonDevices(identity, kept) for identity, kept in owned.items() if kept), now)
    set_hosts(made, directory.hosts, now)
    made.finish(now)
    return made


NO_BROKER = ListedBroker("b-none", bytes(32))
"""Stands in the first documents until `broker` names one."""
