"""Case 78: a host that was offline for thirty days comes back into safe mode: nobody is admitted until it was refreshed.

Here: the documents. What the guardian says and does in safe mode is its own test's; memory while offline is flat because nothing runs.
Seen to fail with the expiry in `in_force` (trust/updater.py) removed.
"""

from pathlib import Path

import pytest

from tests.trust.simulator import LYON, NOW, Site, Vendor, at, key, reader, view_of
from trust.publication import DAY
from trust.refused import DocumentInvalid, DocumentStale
from trust.view import person_of

pytestmark = pytest.mark.adversary
MONTH = 30 * DAY


@pytest.mark.parametrize("restarted", [False, True])
def test_a_host_that_was_offline_for_thirty_days_admits_nobody_until_it_is_refreshed(tmp_path: Path, restarted: bool) -> None:
    vendor = Vendor()
    host = reader(tmp_path, vendor)
    assert host.refresh(vendor.fetch, at(10), LYON)
    if restarted:
        host = reader(tmp_path, vendor)
        host.restore(at(MONTH), LYON)
    with pytest.raises(DocumentStale, match="expired"):
        host.in_force(at(MONTH))
    assert host.newest is not None
    vendor.sign_all(NOW + MONTH)
    assert host.refresh(vendor.fetch, at(MONTH + 10), LYON)
    assert person_of(view_of(host, MONTH + 20), "t-ana") is not None


def test_a_months_changes_of_keys_are_caught_up_with_in_one_refresh(tmp_path: Path) -> None:
    vendor = Vendor()
    host = reader(tmp_path, vendor)
    assert host.refresh(vendor.fetch, at(10), LYON)
    for day in range(1, 30):
        vendor.rotate({}, "root", now=NOW + day * DAY)
    vendor.sign_all(NOW + MONTH)
    assert host.refresh(vendor.fetch, at(MONTH), LYON)
    assert host.in_force(at(MONTH)).versions["root"] == 30


def test_documents_that_come_back_expired_or_in_part_leave_it_in_safe_mode(tmp_path: Path) -> None:
    vendor = Vendor()
    host = reader(tmp_path, vendor)
    assert host.refresh(vendor.fetch, at(10), LYON)
    vendor.sign_all(NOW + MONTH - 2 * DAY)
    with pytest.raises(DocumentStale):
        host.refresh(vendor.fetch, at(MONTH), LYON)
    vendor.sign_all(NOW + MONTH)
    vendor.served[vendor.newest("targets")] = None
    with pytest.raises(DocumentInvalid):
        host.refresh(vendor.fetch, at(MONTH), LYON)
    with pytest.raises(DocumentStale):
        host.in_force(at(MONTH))


def test_a_site_whose_administrator_is_away_for_thirty_days_is_in_safe_mode_too(tmp_path: Path) -> None:
    site = Site()
    site.publication.put_timestamp([key("timestamp")], NOW, MONTH)
    host = reader(tmp_path, site)
    assert host.refresh(site.fetch, at(10), LYON)
    assert host.in_force(at(MONTH - 1)).issued == NOW
    with pytest.raises(DocumentStale):
        host.in_force(at(MONTH))
