"""Signed documents for a fleet: `python -m benchmarks documents`. Bytes to a host and CPU at a host, a broker and a signer.

500 sites with 28 hosts each, 1000 technicians of ten companies with two devices each, an example policy. A host asks for its own
site. CPU is of this process alone; what carries the bytes is not in it.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.results import keep
from tests.trust.simulator import NOW, Vendor, at, device, host, key, person, reader
from trust.bundle import bundle_for, pieces
from trust.metadata import TIMESTAMP, devices_role
from trust.publication import Who
from trust.updater import Documents
from trust.view import compose, device_of
from wire.messages.documents import AuthenticatorType, DocumentsBundle, PersonDevices, Repository
from wire.schema import encode

SITES, PER_SITE, PEOPLE, COMPANIES = 500, 28, 1000, 10
POLICY = Path(__file__).parent.parent / "trust" / "policy_example.toml"
LOOKUPS = 20_000


class Fleet(Vendor):
    """A vendor of that size."""

    def sign_all(self, now: int = NOW) -> None:
        companies = [f"Company {number}" for number in range(COMPANIES)]
        self.persons = tuple(person(f"t-{number:04}", companies[number % COMPANIES]) for number in range(PEOPLE))
        self.devices = {each: tuple(_devices(one.id) for one in self.persons if one.company == each) for each in companies}
        self.hosts = {
            site: tuple(host(f"h-{site[5:]}-{number:02}", site) for number in range(PER_SITE))
            for site in (f"Site {number:03}" for number in range(SITES))
        }
        named = {devices_role(each): Who((key(devices_role(each)).public_key,)) for each in companies}
        self.delegations = {**named, "hosts": self.delegations["hosts"]}
        self.policy = POLICY.read_text(encoding="utf-8")
        super().sign_all(now)


def _devices(identity: str) -> PersonDevices:
    return PersonDevices(identity, (device(f"{identity} laptop"), device(f"{identity} phone")))


class Tap:
    """Counts what a reader fetches."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet, self.taken = fleet, 0

    def fetch(self, repository: Repository, path: str) -> Iterable[bytes]:
        """As the reader's port."""
        pieces = tuple(self._fleet.fetch(repository, path))
        self.taken += sum(map(len, pieces))
        return pieces


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _refresh(documents: Documents, fleet: Fleet, site: str | None, moment: int) -> dict[str, float]:
    tap = Tap(fleet)
    spent = _cpu(lambda: documents.refresh(tap.fetch, at(moment), site))
    return {"kib": round(tap.taken / 1024, 1), "cpu_ms": round(spent * 1000, 1)}


def run() -> None:
    """Bytes and CPU per refresh of a host's documents, for a fleet of 14,000 hosts."""
    fleet = Fleet()
    site = "Site 007"
    figures: dict[str, object] = {"hosts": SITES * PER_SITE, "sites": SITES, "technicians": PEOPLE}
    with TemporaryDirectory() as folder:
        (Path(folder) / "broker").mkdir()
        one, broker = reader(Path(folder), fleet), reader(Path(folder) / "broker", fleet)
        figures["host: first"] = _refresh(one, fleet, site, 10)
        figures["broker: first"] = _refresh(broker, fleet, None, 10)
        figures["bundle for a host, as sent"] = f"{sum(len(encode(each)) for each in pieces(_bundle(fleet, site))) / 1024:.0f} KiB"
        for name, change in (
            ("nothing new", lambda: None),
            ("a fresh timestamp", lambda: fleet.publication.put_timestamp([key(TIMESTAMP)], NOW + 20)),
            ("a device certified", lambda: _after(fleet, lambda: fleet.sign_devices("Company 3", NOW + 20))),
            ("a host certified elsewhere", lambda: _after(fleet, lambda: _one_host_more(fleet))),
            ("a person changed", lambda: _after(fleet, lambda: fleet.sign_targets(NOW + 20))),
        ):
            signed = _cpu(change)
            figures[f"host: {name}"] = _refresh(one, fleet, site, 30)
            figures[f"broker: {name}"] = _refresh(broker, fleet, None, 30)
            figures[f"signer: {name}"] = {"cpu_ms": round(signed * 1000, 1)}
        figures["host: view composed"] = {"cpu_ms": round(_cpu(lambda: compose(one.in_force(at(40)), None, NOW + 40)) * 1000, 2)}
        view = compose(broker.in_force(at(40)), None, NOW + 40)
        laptop = device("t-0500 laptop").key
        spent = _cpu(lambda: [device_of(view, "t-0500", AuthenticatorType.ED25519, laptop) for _ in range(LOOKUPS)])
        figures["device_of"] = {"cpu_us": round(spent / LOOKUPS * 1e6, 2)}
    keep("documents", figures)


def _bundle(fleet: Fleet, site: str) -> DocumentsBundle:
    return bundle_for(fleet.publication.without_old(), Repository.VENDOR, site)


def _after(fleet: Fleet, change: Callable[[], None]) -> None:
    change()
    fleet.publish(NOW + 20)


def _one_host_more(fleet: Fleet) -> None:
    fleet.hosts["Site 100"] = (*fleet.hosts["Site 100"], host("h-new", "Site 100"))
    fleet.sign_hosts(NOW + 20)
