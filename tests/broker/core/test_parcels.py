"""Frames of bundles are made once for all ends that need the same."""

from broker.core.commands import Unhurried
from broker.core.parcels import Parcels
from tests.helpers.views import SITE
from trust.metadata import slug
from wire.messages.documents import Repository

OWN, OTHER = f"targets/hosts/aa.{slug(SITE)}.json", "targets/hosts/bb.elsewhere.json"
FILES = {"metadata/1.root.json": b"r", "metadata/timestamp.json": b"t", OWN: b"o", OTHER: b"x"}


def test_many_ends_share_the_same_frames_and_old_ones_are_let_go() -> None:
    parcels = Parcels(most=4096)
    first, second = (parcels.of(FILES, Repository.VENDOR, SITE, frozenset()) for _ in range(2))
    assert first is second
    assert all(isinstance(frame, Unhurried) for frame in first)
    for number in range(20):
        parcels.of(FILES, Repository.VENDOR, f"Site {number}", frozenset())
    third = parcels.of(FILES, Repository.VENDOR, SITE, frozenset())
    assert third == first
    assert third is not first


def test_a_sites_own_repository_is_sent_whole_and_the_vendors_without_other_sites() -> None:
    parcels = Parcels()
    assert parcels.of(FILES, Repository.VENDOR, SITE, dict(FILES)) == ()
    assert parcels.of(FILES, Repository.VENDOR, SITE, {OWN: b"older"}) != ()
    vendor = b"".join(parcels.of(FILES, Repository.VENDOR, SITE, frozenset({OWN})))
    site = b"".join(parcels.of(FILES, Repository.SITE, SITE, frozenset()))
    assert len(vendor) < len(site)
