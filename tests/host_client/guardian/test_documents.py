"""The documents on this host's disk: kept before they count, of its own broker and site, and what is in force of them."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from host_client.core.in_force import Held, Taken
from host_client.guardian.documents import HostDocuments
from policy.decision import Reason
from policy.instant import Instant
from policy.permissions import Permission
from tests.helpers.documents import SiteSigners, VendorSigners
from tests.helpers.site_rules import LOOK, NOTHING
from tests.helpers.views import listed_host, rules
from trust.refused import DocumentInvalid
from wire.messages.documents import DocumentsBundle, ListedBroker, VendorDocument
from wire.schema import decode, encode

VENDOR, SITE = VendorSigners("Acme"), SiteSigners("Site A")


class Clock:
    """Both clocks, to be set."""

    def __init__(self) -> None:
        self.now = Instant(time.time(), 1000.0)

    def __call__(self) -> Instant:
        return self.now


def signed(policy: str | None = None, *, broker: str = "b-1", expires_in: int = 86_400) -> DocumentsBundle:
    """The vendor's next documents: two sites with one host each."""
    hosts = (listed_host("h-1", "blue", b"1" * 32), listed_host("h-2", "blue", b"2" * 32, site="Site B"))
    service = VendorDocument("Acme", ListedBroker(broker, bytes(32)), "", b"")
    more = {} if policy is None else {"policy": policy}
    return VENDOR.sign(service, (), {}, hosts, expires_in=expires_in, **more)


def reader(folder: Path, clock: Clock, site_root: bytes = b"") -> HostDocuments:
    return HostDocuments(folder / "documents", "Site A", "b-1", VENDOR.root, site_root, clock)


def test_what_is_newer_is_kept_and_in_force_after_a_restart_too(tmp_path: Path) -> None:
    clock = Clock()
    documents = reader(tmp_path, clock)
    assert (documents.restore(), documents.held) == (None, Held())
    bundle = signed()
    taken = documents.take(bundle)
    assert isinstance(taken, Taken)
    assert taken.documents is not None
    assert (taken.changed, list(taken.documents.view.listed_hosts)) == (True, ["h-1"])
    assert "metadata/timestamp.json" in taken.held.vendor
    assert not any("site-b" in path for path in taken.held.vendor)
    again = documents.take(bundle)
    assert isinstance(again, Taken)
    assert not again.changed
    restarted = reader(tmp_path, clock)
    in_force = restarted.restore()
    assert in_force is not None
    assert in_force.view.digest == taken.documents.view.digest
    assert restarted.held == documents.held
    assert restarted.held.broker_key == bytes(32)


def test_what_does_not_stand_changes_nothing(tmp_path: Path) -> None:
    clock = Clock()
    documents = reader(tmp_path, clock)
    older = signed()
    assert isinstance(documents.take(signed()), Taken)
    before = documents.held
    assert documents.take(older) is Reason.DOCUMENT_STALE
    assert documents.take(signed(broker="b-2")) is Reason.DOCUMENT_INVALID
    assert documents.take(signed(expires_in=-1)) is Reason.DOCUMENT_STALE
    assert documents.held == before


def test_what_cannot_be_kept_does_not_count(tmp_path: Path) -> None:
    documents = reader(tmp_path, Clock())
    documents.restore()
    (tmp_path / "documents").rename(tmp_path / "gone")
    assert documents.take(signed()) is Reason.LOG_UNAVAILABLE
    assert documents.look() is None


def test_what_was_changed_on_the_disk_is_found_out(tmp_path: Path) -> None:
    clock = Clock()
    assert isinstance(reader(tmp_path, clock).take(signed()), Taken)
    kept = tmp_path / "documents" / "vendor.json"
    bundle = decode(kept.read_bytes(), DocumentsBundle)
    moved = tuple(replace(each, content=each.content.replace(b"Analyser", b"Analysed")) for each in bundle.files)
    kept.write_bytes(encode(replace(bundle, files=moved)))
    with pytest.raises(DocumentInvalid):
        reader(tmp_path, clock).restore()
    with pytest.raises(DocumentInvalid):
        HostDocuments(tmp_path / "other", "Site A", "b-1", b"{}", b"", clock)


def test_a_host_that_was_off_for_thirty_days_is_in_safe_mode_until_newer_ones_came(tmp_path: Path) -> None:
    clock = Clock()
    assert isinstance(reader(tmp_path, clock).take(signed()), Taken)
    clock.now = Instant(clock.now.utc + 30 * 86_400, 50.0)
    back = reader(tmp_path, clock)
    assert back.restore() is None
    assert back.held.vendor
    assert back.look() is None


def test_a_pinned_site_must_speak_and_its_word_is_its_own(tmp_path: Path) -> None:
    clock = Clock()
    documents = reader(tmp_path, clock, SITE.root)
    documents.take(signed())
    alone = documents.look()
    assert alone is not None
    assert alone.site is None, "the site has said nothing yet"
    assert documents.take(SITE.sign(NOTHING, site="Site B")) is Reason.DOCUMENT_INVALID
    taken = documents.take(SITE.sign(rules("site", LOOK)))
    assert isinstance(taken, Taken)
    assert taken.documents is not None
    assert taken.documents.site is not None
    allowed = taken.documents.site.pages[0].document.allow[0].permissions
    assert allowed == frozenset({Permission.VIEW})
    assert taken.documents.view.site_terms is not None
    assert taken.held.site
    unreadable = documents.take(SITE.sign("this is no policy"))
    assert isinstance(unreadable, Taken)
    assert unreadable.documents is not None
    assert unreadable.documents.site is not None
    assert unreadable.documents.site.pages[0].document.allow == ()


def test_without_a_pinned_root_a_site_is_silent_and_what_the_broker_sends_of_it_is_no_fault(tmp_path: Path) -> None:
    documents = reader(tmp_path, Clock())
    documents.take(signed())
    unheard = documents.take(SITE.sign(NOTHING))
    assert isinstance(unheard, Taken), "else a host would hang up for ever once the broker knows the root of its site"
    assert (unheard.changed, unheard.held.site, (tmp_path / "documents" / "site.json").exists()) == (False, (), False)
    in_force = documents.look()
    assert in_force is not None
    assert in_force.site is not None
    assert in_force.site.pages == ()
