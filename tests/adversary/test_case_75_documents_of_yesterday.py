"""Case 75: a broker or a signer that was restored from yesterday's backup brings back no technician, device or policy of yesterday.

Here: the documents. One-time codes, sessions and seals after a restore are the broker's store, and stand in its own tests.
Seen to fail with these removed: `_lay_out` of what was kept (trust/tuf_client.py `lay_out`), `restore` at a start.
"""

from pathlib import Path

import pytest

from policy.decision import Reason
from tests.trust.simulator import ACME, LYON, NOW, Vendor, at, key, moved, reader, refused, view_of, without
from trust.bundle import bundle_for
from trust.metadata import TIMESTAMP
from trust.refused import DocumentInvalid, DocumentStale
from trust.view import person_of
from wire.messages.documents import DocumentsBundle, Repository

pytestmark = pytest.mark.adversary


def yesterday_and_today(vendor: Vendor) -> tuple[DocumentsBundle, DocumentsBundle]:
    """Everything as it was, and after a technician was removed, another lost a device, and the policy was narrowed."""
    before = bundle_for(vendor.publication.without_old(), Repository.VENDOR, LYON)
    without(vendor, "t-bo")
    vendor.policy = "party = 'vendor'\n# nothing is allowed\n"
    vendor.sign_targets()
    moved(vendor, ACME, ())
    vendor.publish()
    return before, bundle_for(vendor.publication.without_old(), Repository.VENDOR, LYON)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_restored_broker_does_not_bring_a_removed_technician_back(tmp_path: Path, restarted: bool) -> None:
    vendor = Vendor()
    before, after = yesterday_and_today(vendor)
    host = reader(tmp_path, vendor)
    assert host.accept(before, at(10), LYON)
    assert host.accept(after, at(20), LYON)
    if restarted:
        host = reader(tmp_path, vendor)
        host.restore(at(25), LYON)
    with pytest.raises(DocumentStale):
        host.accept(before, at(30), LYON)
    view = view_of(host, 30)
    assert person_of(view, "t-bo") is None
    assert [each.authenticators for each in view.persons] == [()]
    assert "nothing is allowed" in view.vendor_policy


def test_a_signer_restored_from_a_backup_is_refused_until_it_is_ahead_again(tmp_path: Path) -> None:
    vendor = Vendor()
    files = dict(vendor.publication.files)
    yesterday_and_today(vendor)
    host = reader(tmp_path, vendor)
    assert host.refresh(vendor.fetch, at(10), LYON)
    vendor.publication.files = files
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW + 20)
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW + 20)
    refused(host, vendor, Reason.DOCUMENT_STALE)
    assert person_of(view_of(host), "t-bo") is None


def test_what_was_kept_and_then_altered_is_not_begun_with(tmp_path: Path) -> None:
    vendor = Vendor()
    host = reader(tmp_path, vendor)
    assert host.refresh(vendor.fetch, at(10), LYON)
    kept = tmp_path / "vendor.json"
    honest = kept.read_bytes()
    for altered in (b"{}", honest[:-5], honest.replace(b'"site":"Lyon Nord"', b'"site":"Lyon Sud"').replace(b"ey", b"fy", 1)):
        kept.write_bytes(altered)
        again = reader(tmp_path, vendor)
        with pytest.raises(DocumentInvalid):
            again.restore(at(20), LYON)
        with pytest.raises(DocumentStale):
            again.in_force(at(20))
