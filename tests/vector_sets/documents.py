"""Vectors of signed documents: readers that are given bundles one after the other, and what they must say. One file a story.

root, repository, site    what the reader pinned, and whose hosts it wants
steps                     each a bundle at a moment (seconds since 1970), and the reason of its refusal, null if it is taken
view                      what the reader believes after the last step, at the moment of that step; null for nothing
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policy.instant import Instant
from tests.trust.simulator import (
    ACME,
    LYON,
    NOW,
    Simulator,
    Site,
    Vendor,
    device,
    key,
    moved,
    person,
    reader,
    resigned,
    rewrite,
    suspended,
    who,
)
from tests.vector_sets.messages import Json
from trust.bundle import bundle_for
from trust.metadata import HOSTS, PERSONS_PATH, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, devices_role, target_file
from trust.publication import DAY
from trust.refused import DocumentRefused, DocumentStale
from trust.updater import Documents
from trust.view import View, compose
from wire.messages.documents import PersonDevices, Repository
from wire.schema import base64url, encode

Change = Callable[[dict[str, Any]], None]


class Story:
    """What one reader is told, and what it makes of it."""

    def __init__(self, simulator: Simulator, site: str | None = LYON) -> None:
        self.simulator, self.site = simulator, site
        self.steps: list[Json] = []
        self._folder = TemporaryDirectory()
        self._reader: Documents = reader(Path(self._folder.name), simulator)
        self._moment = NOW

    def tell(self, seconds: int, alter: Callable[[dict[str, bytes]], None] = lambda files: None) -> None:
        """Give the reader everything as it is published now, altered on the way."""
        files = dict(self.simulator.publication.without_old())
        alter(files)
        bundle = bundle_for(files, self.simulator.kind, self.site)
        self._moment = NOW + seconds
        reason = None
        try:
            self._reader.accept(bundle, self._now(), self.site)
        except DocumentRefused as fault:
            reason = fault.reason.value
        self.steps.append({"now": self._moment, "bundle": encode(bundle).decode(), "reason": reason})

    def wait(self, seconds: int) -> None:
        """Nothing comes until then."""
        self._moment = NOW + seconds
        self.steps.append({"now": self._moment, "bundle": None, "reason": None})

    def _now(self) -> Instant:
        return Instant(float(self._moment), float(self._moment - NOW))

    def told(self) -> Json:
        """The whole story, once; the reader is gone then."""
        root, view = base64url(self.simulator.root), self._view()
        self._folder.cleanup()
        return {"root": root, "repository": self.simulator.kind.value, "site": self.site, "steps": self.steps, "view": view}

    def _view(self) -> Json | None:
        try:
            verified = self._reader.in_force(self._now())
        except DocumentStale:
            return None
        versions: Json = {"versions": dict(verified.versions)}
        if self.simulator.kind is Repository.SITE:
            return versions
        return {**versions, **_said(compose(verified, None, self._reader.time(self._now())))}


def _said(view: View) -> Json:
    return {
        "vendor": view.vendor,
        "broker": {"id": view.broker.id, "key": base64url(view.broker.key)},
        "technicians": [
            {"id": each.id, "name": each.name, "active": each.active, "devices": [base64url(known.key) for known in each.authenticators]}
            for each in view.persons
        ],
        "hosts": [{"id": each.id, "key": base64url(each.key), "phi": each.profile.phi} for each in view.hosts],
        "policy": view.vendor_policy,
        "digest": view.digest.hex(),
    }


def _good(vendor: Vendor) -> Story:
    story = Story(vendor)
    story.tell(10)
    return story


def taken() -> Json:
    """A first bundle, and a second with a new technician and one who is suspended."""
    vendor = Vendor()
    story = _good(vendor)
    vendor.persons = (suspended(vendor.persons[0]), *vendor.persons[1:], person("t-cleo"))
    vendor.sign_targets()
    moved(vendor, ACME, (*vendor.devices[ACME], PersonDevices("t-cleo", (device("phone of cleo"), device("old one", NOW - 1)))))
    vendor.publish()
    story.tell(20)
    return story.told()


def all_sites() -> Json:
    """A reader of all sites' hosts, as the broker is one."""
    story = Story(Vendor(), None)
    story.tell(10)
    return story.told()


def a_site() -> Json:
    """A site's own repository, from its second root on."""
    story = Story(Site())
    story.tell(10)
    return story.told()


def rotated() -> Json:
    """Every key of the top roles is replaced, in two roots, the second with a threshold of two."""
    vendor = Vendor()
    story = _good(vendor)
    vendor.rotate({ROOT: who("root 2")}, ROOT, "root 2")
    vendor.rotate({ROOT: who("root 2", "root 3", threshold=2), TARGETS: who("new")}, "root 2", "root 3")
    vendor.sign_targets(NOW, "new")
    vendor.publish()
    story.tell(20)
    return story.told()


def beyond() -> Json:
    """A company certifies a device of a person it has not: that device counts for nobody, the rest stands."""
    vendor = Vendor()
    story = _good(vendor)
    moved(vendor, ACME, (*vendor.devices[ACME], PersonDevices("t-bo", (device("of another company"),)), PersonDevices("t-mole", ())))
    vendor.publish()
    story.tell(20)
    return story.told()


def late_company() -> Json:
    """The signature of one company is expired: its devices do not count, everything else does."""
    vendor = Vendor()
    vendor.sign_devices(ACME, NOW, days=0)
    vendor.publish()
    story = Story(vendor)
    story.tell(10)
    return story.told()


def rollback() -> Json:
    """Yesterday's bundle again."""
    vendor = Vendor()
    before = vendor.publication.without_old()
    vendor.sign_all()
    story = _good(vendor)
    vendor.publication.files = before
    story.tell(20)
    return story.told()


def rollback_below() -> Json:
    """A newer timestamp and snapshot over older documents."""
    vendor = Vendor()
    vendor.sign_all()
    story = _good(vendor)
    del vendor.publication.files[vendor.newest(TARGETS)]
    vendor.publish()
    story.tell(20)
    return story.told()


def freeze() -> Json:
    """Nothing new for a day: the documents are not in force any more. The same bundle changes nothing about that."""
    story = _good(Vendor())
    story.wait(DAY)
    return story.told()


def expired() -> Json:
    """A first bundle that is a day old."""
    story = Story(Vendor())
    story.tell(DAY)
    return story.told()


def too_long() -> Json:
    """A timestamp that wants to be valid for eight days."""
    vendor = Vendor()
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW, 8 * DAY)
    story = Story(vendor)
    story.tell(10)
    return story.told()


def mixed() -> Json:
    """The persons of today under the metadata of tomorrow, then a snapshot of yesterday under its number."""
    vendor = Vendor()
    story = _good(vendor)
    old = vendor.publication.files[vendor.newest(SNAPSHOT)]
    vendor.sign_all()
    newest = vendor.newest(SNAPSHOT)
    story.tell(20, lambda files: files.update({newest: old}))
    return story.told()


def altered() -> Json:
    """A document with another name in it, of the same length."""
    vendor = Vendor()
    targets = vendor.publication.targets()
    assert targets is not None
    path = target_file(PERSONS_PATH, targets.targets[PERSONS_PATH].hashes["sha256"])
    story = Story(vendor)
    story.tell(10, lambda files: files.update({path: files[path].replace(b"T-Ana", b"T-Eve")}))
    return story.told()


def withheld() -> Json:
    """A bundle without the persons."""
    story = Story(Vendor())

    def without(files: dict[str, bytes]) -> None:
        for path in [each for each in files if each.endswith(PERSONS_PATH)]:
            del files[path]

    story.tell(10, without)
    return story.told()


def wrong_signer() -> Json:
    """The persons signed by the key of the hosts."""
    vendor = Vendor()
    rewrite(vendor, TARGETS, lambda signed: None, HOSTS)
    vendor.publish()
    story = Story(vendor)
    story.tell(10)
    return story.told()


def short_threshold() -> Json:
    """One signature where two must be."""
    vendor = Vendor()
    vendor.rotate({TARGETS: who(TARGETS, "second", threshold=2)}, ROOT)
    story = Story(vendor)
    story.tell(10)
    return story.told()


def two_ids() -> Json:
    """One key under two ids, which would make one signature two."""
    vendor = Vendor()
    only, second = key(TARGETS).public_key.keyid, "a" * 64

    def twice(signed: dict[str, Any]) -> None:
        signed["keys"][second] = signed["keys"][only]
        signed["roles"][TARGETS] = {"keyids": [only, second], "threshold": 2}

    vendor.rotate({}, ROOT)
    rewrite(vendor, ROOT, twice)
    story = Story(vendor)
    story.tell(10)
    return story.told()


def revoked() -> Json:
    """Documents signed by a key that a newer root does not name."""
    vendor = Vendor()
    story = _good(vendor)
    vendor.rotate({TARGETS: who("new")}, ROOT)
    vendor.publish()
    story.tell(20)
    return story.told()


def root_by_itself() -> Json:
    """A second root that the first did not sign."""
    vendor = Vendor()
    story = _good(vendor)
    vendor.rotate({ROOT: who("stranger")}, ROOT, "stranger")
    rewrite(vendor, ROOT, lambda signed: None, "stranger")
    story.tell(20)
    return story.told()


def wider_paths() -> Json:
    """A company's role that may provide hosts as well."""
    vendor = Vendor()

    def wider(signed: dict[str, Any]) -> None:
        next(each for each in signed["delegations"]["roles"] if each["name"] == devices_role(ACME))["paths"].append("hosts/*.json")

    rewrite(vendor, TARGETS, wider)
    vendor.publish()
    story = Story(vendor)
    story.tell(10)
    return story.told()


def another_site() -> Json:
    """The documents of one site for a reader of another."""
    story = Story(Site())
    story.tell(10)
    other = Site("Nantes")
    other.sign()
    story.simulator.publication.files = other.publication.files
    story.tell(20)
    return story.told()


def spelled() -> Json:
    """A timestamp with white space, with an escape, with a key twice, with a field more."""
    vendor = Vendor()
    vendor.publish()
    story = Story(vendor)
    path = "metadata/timestamp.json"
    for change in (
        lambda content: content.replace(b'":', b'": ', 1),
        lambda content: content.replace(b"timestamp", b"\\u0074imestamp", 1),
        lambda content: content.replace(b'"version":', b'"version":1,"version":', 1),
        lambda content: resigned(content, lambda signed: signed.update(zebra=1), TIMESTAMP),
        lambda content: resigned(content, lambda signed: signed.pop("issued"), TIMESTAMP),
    ):
        story.tell(10, lambda files, change=change: files.update({path: change(files[path])}))  # type: ignore[misc]
    return story.told()


STORIES: tuple[Callable[[], Json], ...] = (
    taken,
    all_sites,
    a_site,
    rotated,
    beyond,
    late_company,
    rollback,
    rollback_below,
    freeze,
    expired,
    too_long,
    mixed,
    altered,
    withheld,
    wrong_signer,
    short_threshold,
    two_ids,
    revoked,
    root_by_itself,
    wider_paths,
    another_site,
    spelled,
)


def sets() -> Iterator[tuple[str, Callable[[], Json]]]:
    """Each story under the name of its file."""
    for story in STORIES:
        yield f"tuf/{story.__name__}", lambda story=story: {"why": _first_line(story), **story()}  # type: ignore[misc]


def _first_line(story: Callable[[], Json]) -> str:
    return (story.__doc__ or "").splitlines()[0]
