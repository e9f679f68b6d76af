"""Case 56, time: documents of the past, of the future, of different days, and without end do not pass for those of now.

The checks that were removed one by one to see these tests fail are listed in test_case_56_documents_of_many_signers.py.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from policy.decision import Reason
from tests.helpers.signed_documents import changed, documents, vendor
from tests.trust.simulator import (
    ACME,
    LYON,
    NOW,
    Vendor,
    at,
    endless,
    key,
    reader,
    refused,
    rewrite,
    view_of,
    who,
)
from trust.metadata import HOSTS, PERSONS_PATH, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, devices_role, target_file
from trust.publication import DAY
from trust.refused import DocumentInvalid, DocumentStale
from trust.updater import Documents
from trust.view import person_of
from wire.messages.documents import Repository

__all__ = ["documents", "vendor"]
pytestmark = pytest.mark.adversary
INVALID, STALE = Reason.DOCUMENT_INVALID, Reason.DOCUMENT_STALE


def test_an_honest_change_is_taken(vendor: Vendor, documents: Documents) -> None:
    changed(vendor)
    assert documents.refresh(vendor.fetch, at(20), LYON)
    assert person_of(view_of(documents), "t-cleo") is not None


# ---- arbitrary content, and content without end


def test_a_document_that_nobody_signed_is_not_read(vendor: Vendor, documents: Documents) -> None:
    changed(vendor)
    info = vendor.publication.targets()
    assert info is not None
    path = target_file(PERSONS_PATH, info.targets[PERSONS_PATH].hashes["sha256"])
    honest = vendor.publication.files[path]
    vendor.served[path] = honest.replace(b"T-Cleo", b"T-Mole")
    refused(documents, vendor, INVALID)
    vendor.served[path] = honest + b" "
    refused(documents, vendor, INVALID)
    vendor.served[path] = None
    refused(documents, vendor, INVALID)


@pytest.mark.parametrize("role", [ROOT, TIMESTAMP, SNAPSHOT, TARGETS, HOSTS, PERSONS_PATH])
def test_a_file_without_end_is_cut_off(vendor: Vendor, documents: Documents, role: str) -> None:
    changed(vendor)
    vendor.sign_hosts()
    vendor.publish()
    taken = 0

    def fetch(repository: Repository, path: str) -> Iterable[bytes]:
        nonlocal taken
        if not path.endswith(f".{role}") and f"{role}.json" not in path:
            return vendor.fetch(repository, path)

        def counted() -> Iterable[bytes]:
            nonlocal taken
            for piece in endless():
                taken += len(piece)
                yield piece

        return counted()

    with pytest.raises(DocumentInvalid):
        documents.refresh(fetch, at(20), LYON)
    assert 0 < taken < 8 * 1024 * 1024


# ---- back to the past


def test_an_old_timestamp_does_not_come_back(vendor: Vendor, documents: Documents) -> None:
    old = vendor.publication.files[vendor.newest(TIMESTAMP)]
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW)
    assert documents.refresh(vendor.fetch, at(20), LYON)
    vendor.served["metadata/timestamp.json"] = old
    refused(documents, vendor, STALE)


def test_a_newer_timestamp_does_not_point_at_an_older_snapshot(vendor: Vendor, documents: Documents) -> None:
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    del vendor.publication.files[vendor.newest(SNAPSHOT)]
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW)
    refused(documents, vendor, STALE)


@pytest.mark.parametrize("role", [TARGETS, HOSTS, devices_role(ACME)])
def test_a_newer_snapshot_does_not_point_at_older_documents(vendor: Vendor, documents: Documents, role: str) -> None:
    vendor.sign_all()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    del vendor.publication.files[vendor.newest(role)]
    vendor.publish()
    refused(documents, vendor, STALE)


def test_an_old_root_does_not_come_back_as_the_next(vendor: Vendor, documents: Documents) -> None:
    vendor.served["metadata/2.root.json"] = vendor.root
    refused(documents, vendor, STALE)


def test_a_snapshot_does_not_forget_a_role(vendor: Vendor, documents: Documents) -> None:
    vendor.publish()
    rewrite(vendor, SNAPSHOT, lambda signed: signed["meta"].pop(f"{devices_role(ACME)}.json"))
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW)
    refused(documents, vendor, INVALID)


# ---- too far ahead, and back by a new root


def test_a_stolen_key_that_ran_ahead_is_answered_by_a_new_root(vendor: Vendor, documents: Documents) -> None:
    def ahead(signed: dict[str, Any]) -> None:
        signed["version"] = 10**9
        signed["issued"] = NOW + 2 * DAY
        signed["expires"] = "2027-01-18T08:00:00Z"

    rewrite(vendor, TIMESTAMP, ahead, TIMESTAMP)
    vendor.served["metadata/timestamp.json"] = vendor.publication.files["metadata/timestamp.json"]
    assert documents.refresh(vendor.fetch, at(20), LYON)
    assert documents.time(at(20)) == NOW + 2 * DAY
    vendor.served.clear()
    del vendor.publication.files["metadata/timestamp.json"]
    vendor.publish()
    refused(documents, vendor, STALE)
    vendor.rotate({SNAPSHOT: who("new small signer"), TIMESTAMP: who("new small signer")}, ROOT)
    vendor.publish(NOW, "new small signer", "new small signer")
    assert documents.refresh(vendor.fetch, at(30), LYON)
    assert documents.in_force(at(30)).versions[TIMESTAMP] < 10
    assert documents.time(at(30)) == NOW + 30


# ---- frozen in the past


@pytest.mark.parametrize(("role", "days"), [(TIMESTAMP, 1), (SNAPSHOT, 30), (TARGETS, 90), (ROOT, 365)])
def test_an_expired_role_holds_everything_up(tmp_path: Path, vendor: Vendor, role: str, days: int) -> None:
    late = NOW + days * DAY - 100
    if role != TIMESTAMP:
        vendor.publication.put_timestamp([key(TIMESTAMP)], late)
    if role in {TARGETS, ROOT}:
        vendor.publish(late)
    if role == ROOT:
        vendor.sign_targets(late)
        vendor.publish(late)
    fresh = reader(tmp_path, vendor)
    refused(fresh, vendor, STALE, days * DAY)
    assert fresh.refresh(vendor.fetch, at(days * DAY - 1), LYON)
    with pytest.raises(DocumentStale):
        fresh.in_force(at(days * DAY))


@pytest.mark.parametrize("seconds", [7 * DAY + 1, 3650 * DAY, 0])
def test_no_timestamp_is_valid_for_longer_than_a_week(vendor: Vendor, documents: Documents, seconds: int) -> None:
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW, seconds)
    refused(documents, vendor, INVALID if seconds else STALE)


def test_a_timestamp_from_the_future_does_not_end_what_is_in_force(vendor: Vendor, documents: Documents) -> None:
    def later(signed: dict[str, Any]) -> None:
        signed.update(version=2, issued=NOW + 31 * DAY, expires="2027-02-16T08:00:00Z")

    rewrite(vendor, TIMESTAMP, later)
    refused(documents, vendor, STALE)
    assert documents.in_force(at(20)).issued == NOW


def test_a_clock_that_is_set_back_revives_nothing_while_the_program_runs(documents: Documents) -> None:
    assert documents.in_force(at(DAY - 1)).issued == NOW
    with pytest.raises(DocumentStale):
        documents.in_force(at(-30 * DAY, DAY + 20))


def test_a_clock_that_was_set_back_before_a_start_is_behind_the_newest_timestamp(tmp_path: Path, vendor: Vendor) -> None:
    vendor.sign_all(NOW + 40 * DAY)
    first = reader(tmp_path, vendor)
    assert first.refresh(vendor.fetch, at(40 * DAY), LYON)
    again = reader(tmp_path, vendor)
    again.restore(at(0), LYON)
    assert again.time(at(0)) == NOW + 40 * DAY
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW)
    refused(again, vendor, STALE, 0)


# ---- parts of different wholes


def test_a_snapshot_of_another_day_does_not_fit_the_timestamp(vendor: Vendor, documents: Documents) -> None:
    old = vendor.publication.files[vendor.newest(SNAPSHOT)]
    changed(vendor)
    vendor.served[vendor.newest(SNAPSHOT)] = old
    refused(documents, vendor, INVALID)


@pytest.mark.parametrize("role", [TARGETS, HOSTS, devices_role(ACME)])
def test_documents_of_another_day_do_not_fit_the_snapshot(vendor: Vendor, documents: Documents, role: str) -> None:
    old = vendor.publication.files[vendor.newest(role)]
    vendor.sign_all()
    vendor.served[vendor.newest(role)] = old
    refused(documents, vendor, INVALID)


def test_an_extraneous_document_is_not_asked_for(vendor: Vendor, documents: Documents) -> None:
    def extra(signed: dict[str, Any]) -> None:
        signed["targets"]["start.sh"] = {"hashes": {"sha256": "0" * 64}, "length": 3}

    vendor.sign_targets()
    rewrite(vendor, TARGETS, extra)
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    assert not [path for path in vendor.asked if path.endswith("start.sh")]
