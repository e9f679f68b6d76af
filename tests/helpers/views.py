"""What signed documents say, made at a table: for tests of rooms that decide and read no file.

ana = technician("t-ana", "blue", devices=(device(key),))
view(technicians=(ana,), hosts=(listed_host("h-1", "blue", key),))
"""

from policy.permissions import Permission
from trust.view import Technician, View
from wire.messages.documents import (
    Authenticator,
    AuthenticatorType,
    ListedBroker,
    ListedHost,
    Profile,
    SiteDocument,
    TrainedFor,
    Updates,
)

VENDOR, COMPANY, SITE = "Example GmbH", "Example GmbH", "Site A"
FOREVER = 4_000_000_000
"""Seconds since 1970: in the year 2096."""
TRAINED = (TrainedFor("", FOREVER),)
_EVERYTHING = ", ".join(f'"{each.value}"' for each in Permission)
ALLOWS_ALL = f'party = "vendor"\nversion = 1\nzone = "UTC"\n[[allow]]\nname = "everything"\npermissions = [{_EVERYTHING}]\n'
"""A vendor that leaves it to the site and to the person at the instrument."""


def rules(party: str, text: str, version: int = 1) -> str:
    """A whole policy document in UTC."""
    return f'party = "{party}"\nversion = {version}\nzone = "UTC"\n{text}'


def device(key: bytes, kind: AuthenticatorType = AuthenticatorType.ED25519, label: str = "test device") -> Authenticator:
    """A device that its company certified."""
    return Authenticator(kind, key, label)


def technician(
    identity: str,
    *groups: str,
    devices: tuple[Authenticator, ...] = (),
    name: str = "Anna Example",
    company: str = COMPANY,
    active: bool = True,
    training: tuple[TrainedFor, ...] = TRAINED,
) -> Technician:
    """A listed technician, trained for every region."""
    return Technician(identity, name, company, active, groups, training, devices)


def listed_host(
    identity: str,
    group: str,
    key: bytes,
    *,
    name: str = "Analyser 1",
    site: str = SITE,
    model: str = "analyser",
    region: str = "eu",
    phi: bool = False,
) -> ListedHost:
    """A listed host."""
    return ListedHost(identity, name, key, site, group, Profile(model, region, phi))


def site_terms(*phi_hosts: str, site: str = SITE) -> SiteDocument:
    """A site's own terms."""
    return SiteDocument(site, phi_hosts, Updates.VENDOR, "")


def view(
    technicians: tuple[Technician, ...] = (),
    hosts: tuple[ListedHost, ...] = (),
    *,
    broker: ListedBroker | None = None,
    vendor: str = VENDOR,
    vendor_policy: str = ALLOWS_ALL,
    site_policy: str | None = None,
    terms: SiteDocument | None = None,
    version: int = 1,
    expires: int = FOREVER,
    digest: bytes = bytes(32),
    auditor_key: bytes = b"",
    notes: tuple[str, ...] = (),
) -> View:
    """What vendor and site say together. `site_policy` None: the site has no repository of its own."""
    return View(
        vendor,
        broker or ListedBroker("b-1", bytes(32)),
        "",
        auditor_key,
        {each.id: each for each in technicians},
        {each.id: each for each in hosts},
        vendor_policy,
        site_policy,
        terms,
        version,
        expires,
        digest,
        notes,
    )
