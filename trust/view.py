"""What all signed documents together say at one moment: who may help, with which devices, at which hosts, by which rules.

`compose` takes what `updater.Documents.in_force` returned for the vendor and, where a site has a repository of its own,
for the site. Each speaks for itself: nothing of a site is read from the vendor, and the other way round. The questions
at the end are those that `directory.py` answers for a single directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from policy.documents import HostFacts
from policy.facts import InstrumentFacts, Training, VisitorFacts
from trust.contents import SiteContents, VendorContents
from trust.metadata import HOSTS, ROOT, SNAPSHOT, metadata_file
from trust.verified import Verified
from wire.messages.documents import Authenticator, AuthenticatorType, ListedBroker, ListedHost, ListedPerson, SiteDocument, TrainedFor


@dataclass(frozen=True, slots=True)
class Technician:
    """One listed person with the devices that count now."""

    id: str
    name: str
    company: str
    active: bool
    groups: tuple[str, ...]
    training: tuple[TrainedFor, ...]
    authenticators: tuple[Authenticator, ...]


@dataclass(frozen=True, slots=True)
class View:
    """`version`: the vendor's snapshot. `expires`: from when on something of it has to be composed anew, or is over.

    `digest` names exactly these documents, for logs: SHA-256 over the newest root and snapshot of both repositories.
    `notes` is for this side's log: what was left out, and why.
    """

    vendor: str
    broker: ListedBroker
    console_digest: str
    auditor_key: bytes
    technicians: Mapping[str, Technician]
    listed_hosts: Mapping[str, ListedHost]
    vendor_policy: str
    site_policy: str | None
    site_terms: SiteDocument | None
    version: int
    expires: int
    digest: bytes
    notes: tuple[str, ...]

    @property
    def persons(self) -> tuple[Technician, ...]:
        """Every listed person, by id."""
        return tuple(self.technicians.values())

    @property
    def hosts(self) -> tuple[ListedHost, ...]:
        """Every listed host, by id."""
        return tuple(self.listed_hosts.values())


def compose(vendor: Verified, site: Verified | None, now: float) -> View:
    """The view of `now`, seconds since 1970: `updater.Documents.time`. What expired by then is left out.

    `site` is None where the site has no repository of its own; then `site_policy` is None, which is not an empty policy.
    """
    said, own = vendor.contents, site.contents if site else None
    assert isinstance(said, VendorContents)
    assert own is None or isinstance(own, SiteContents)
    late = sorted(role for role, expires in vendor.expiries.items() if expires <= now)
    devices = _devices(said, vendor, now)
    technicians = {each.id: _technician(each, devices.get(each.id, ())) for each in said.persons.values()}
    hosts = () if HOSTS in late else said.hosts
    return View(
        said.service.vendor,
        said.service.broker,
        said.service.console_digest,
        said.service.auditor_key,
        dict(sorted(technicians.items())),
        {each.id: each for each in sorted(hosts, key=lambda each: each.id)},
        said.policy,
        own.policy if own else None,
        own.terms if own else None,
        vendor.versions[SNAPSHOT],
        _until(vendor, site, said, now),
        digest(vendor, site),
        (*said.dropped, *(f"{role} is expired" for role in late)),
    )


def _devices(said: VendorContents, vendor: Verified, now: float) -> dict[str, tuple[Authenticator, ...]]:
    found: dict[str, tuple[Authenticator, ...]] = {}
    for role, person, device in said.devices:
        if min(device.expires, vendor.expiries[role]) > now:
            found[person] = (*found.get(person, ()), Authenticator(device.type, device.key, device.label))
    return found


def _technician(listed: ListedPerson, devices: tuple[Authenticator, ...]) -> Technician:
    return Technician(listed.id, listed.name, listed.company, listed.active, listed.groups, listed.training, devices)


def _until(vendor: Verified, site: Verified | None, said: VendorContents, now: float) -> int:
    moments = [*vendor.expiries.values(), *(site.expiries.values() if site else ())]
    moments += [device.expires for _, _, device in said.devices]
    return min((each for each in moments if each > now), default=vendor.expires)


def digest(vendor: Verified, site: Verified | None) -> bytes:
    """Names exactly these documents. A fresh timestamp over the same documents has the same digest."""
    parts = b"".join(_pinned(each) if each else bytes(64) for each in (vendor, site))
    return sha256(b"chaperone documents\0" + parts).digest()


def _pinned(verified: Verified) -> bytes:
    files = (metadata_file(role, verified.versions[role]) for role in (ROOT, SNAPSHOT))
    return b"".join(sha256(verified.files[each]).digest() for each in files)


# ---- the questions


@dataclass(frozen=True, slots=True)
class RecognisedDevice:
    """A device that signed documents recognise, and whose it is."""

    person: Technician
    device: Authenticator


def person_of(view: View, technician_id: str) -> Technician | None:
    """The technician of this id, active or not."""
    return view.technicians.get(technician_id)


def host_of(view: View, host_id: str) -> ListedHost | None:
    """The host of this id."""
    return view.listed_hosts.get(host_id)


def device_of(view: View, technician_id: str, kind: AuthenticatorType, key: bytes) -> RecognisedDevice | None:
    """This person's device with this key, if the person is active and the device certified and not expired."""
    person = person_of(view, technician_id)
    if person is None or not person.active:
        return None
    return next((RecognisedDevice(person, each) for each in person.authenticators if each.type is kind and each.key == key), None)


def host_facts(view: View | None, host_id: str, *, phi_stated: bool) -> HostFacts:
    """What policy needs to know of a host. One that is not listed is treated as if it held health data."""
    listed = host_of(view, host_id) if view is not None else None
    if view is None or listed is None:
        return HostFacts(host_id, "", listed=False, phi=True)
    return HostFacts(host_id, listed.group, listed=True, phi=listed.profile.phi or phi_stated or _phi_by_site(view, host_id))


def visitor_facts(view: View, technician_id: str) -> VisitorFacts | None:
    """What the rules need to know of a technician; None for one who is not listed, or stopped."""
    person = person_of(view, technician_id)
    if person is None or not person.active:
        return None
    training = tuple(Training(each.region, each.expires) for each in person.training)
    return VisitorFacts(person.id, person.company, frozenset(person.groups), training)


def instrument_facts(view: View, host_id: str, *, phi_stated: bool = False) -> InstrumentFacts:
    """What the rules need to know of a host. `phi_stated`: what the host itself says; the site may add to it."""
    host = host_of(view, host_id)
    if host is None:
        return InstrumentFacts(host_id, "", "", "", "", listed=False, phi=True)
    profile = host.profile
    phi = profile.phi or phi_stated or _phi_by_site(view, host_id)
    return InstrumentFacts(host.id, host.group, host.site, profile.model, profile.region, listed=True, phi=phi)


def _phi_by_site(view: View, host_id: str) -> bool:
    return view.site_terms is not None and host_id in view.site_terms.phi_hosts
