"""Signed documents for tests of whole processes: a vendor's signers and a site's, all in this process, at today's time.

vendor = VendorSigners("Example GmbH")
vendor.root                                        what broker, host and console pin
bundle = vendor.sign(service, persons, devices, hosts)   the next version of everything; PUT it to /api/documents/vendor
site = SiteSigners("Site A"); bundle = site.sign(policy=...)
"""

import time
from collections.abc import Iterable, Mapping
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from tests.helpers.views import ALLOWS_ALL
from trust.bundle import bundle_for
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
from trust.publication import Publication, Who
from wire.messages.documents import (
    DevicesDocument,
    DocumentsBundle,
    HostsDocument,
    ListedHost,
    ListedPerson,
    PersonDevices,
    PersonsDocument,
    Repository,
    SiteDocument,
    Updates,
    VendorDocument,
)
from wire.schema import encode_part

DAYS = 30


def _key(name: str) -> CryptoSigner:
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


class Signers:
    """One repository. Keys come from names, so that another run of a test can take the same repository up again."""

    kind: Repository

    def __init__(self, name: str) -> None:
        self.name = name
        self.publication = Publication()
        self.publication.put_root({role: self._who(role) for role in (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)}, [self._signer(ROOT)], _now())
        self.root = self.publication.files["metadata/1.root.json"]

    def _signer(self, role: str) -> CryptoSigner:
        return _key(f"{self.kind.value} {self.name} {role}")

    def _who(self, role: str) -> Who:
        return Who((self._signer(role).public_key,))

    def _put(self, role: str, documents: Mapping[str, object], delegations: Mapping[str, Who] | None = None) -> None:
        made = {path: each if isinstance(each, bytes) else encode_part(each) for path, each in documents.items()}
        self.publication.put(role, made, [self._signer(role)], _now(), DAYS, delegations)

    def _finish(self, expires_in: int) -> DocumentsBundle:
        """`expires_in` seconds after now the timestamp is over: negative for documents of the past."""
        self.publication.put_snapshot([self._signer(SNAPSHOT)], _now())
        return self.refresh(expires_in)

    def refresh(self, expires_in: int = 86_400) -> DocumentsBundle:
        """A new timestamp over the same documents."""
        issued = _now() + min(0, expires_in - 86_400)
        self.publication.put_timestamp([self._signer(TIMESTAMP)], issued, _now() + expires_in - issued)
        return self.bundle()

    def bundle(self) -> DocumentsBundle:
        """Everything, as it is published."""
        return bundle_for(self.publication.files, self.kind, None)


class VendorSigners(Signers):
    """The vendor: root, directory, one key for each company's devices, hosts, timestamp."""

    kind = Repository.VENDOR

    def sign(
        self,
        service: VendorDocument,
        persons: Iterable[ListedPerson],
        devices: Mapping[str, tuple[PersonDevices, ...]],
        hosts: Iterable[ListedHost],
        *,
        policy: str = ALLOWS_ALL,
        expires_in: int = 86_400,
    ) -> DocumentsBundle:
        """The next version of everything. `devices`: by company, each of which is delegated to."""
        delegations = {role: self._who(role) for role in (*map(devices_role, devices), HOSTS)}
        listed, everywhere = PersonsDocument(tuple(persons)), tuple(hosts)
        documents = {PERSONS_PATH: listed, VENDOR_PATH: service, VENDOR_POLICY_PATH: policy.encode()}
        self._put(TARGETS, documents, delegations)
        for company, owned in devices.items():
            role = devices_role(company)
            self._put(role, {devices_path(role): DevicesDocument(company, owned)})
        sites = sorted({each.site for each in everywhere})
        self._put(HOSTS, {hosts_path(site): HostsDocument(site, tuple(h for h in everywhere if h.site == site)) for site in sites})
        return self._finish(expires_in)


class SiteSigners(Signers):
    """A site with a root of its own."""

    kind = Repository.SITE

    def sign(self, policy: str, *phi_hosts: str, expires_in: int = 86_400, site: str = "") -> DocumentsBundle:
        """The next version of its policy and terms. `site`: another name than its own."""
        terms = SiteDocument(site or self.name, phi_hosts, Updates.VENDOR, "")
        self._put(TARGETS, {SITE_PATH: terms, SITE_POLICY_PATH: policy.encode()})
        return self._finish(expires_in)


def _now() -> int:
    return int(time.time())
