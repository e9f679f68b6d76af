"""The composed view: each question, answered from vendor and site, and what expires meanwhile."""

from dataclasses import replace
from pathlib import Path

import pytest

from policy.documents import HostFacts
from tests.trust.simulator import ACME, LYON, NOW, Site, Vendor, at, device, host, key, moved, reader, suspended, view_of
from trust.metadata import TIMESTAMP, devices_role
from trust.publication import DAY
from trust.updater import Documents
from trust.view import View, compose, device_of, digest, host_facts, host_of, instrument_facts, person_of, visitor_facts
from wire.messages.documents import AuthenticatorType, PersonDevices

ANA = device("laptop of ana")


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def both(tmp_path: Path, vendor: Vendor, site: Site | None) -> View:
    first = reader(tmp_path, vendor)
    first.refresh(vendor.fetch, at(10), LYON)
    if site is None:
        return compose(first.in_force(at(10)), None, first.time(at(10)))
    second = reader(tmp_path, site)
    second.refresh(site.fetch, at(10), LYON)
    return compose(first.in_force(at(10)), second.in_force(at(10)), first.time(at(10)))


def test_an_active_person_has_their_certified_devices(tmp_path: Path, vendor: Vendor) -> None:
    view = both(tmp_path, vendor, None)
    found = device_of(view, "t-ana", AuthenticatorType.ED25519, ANA.key)
    assert found is not None
    assert (found.person, found.device.label) == (person_of(view, "t-ana"), "laptop of ana")
    assert device_of(view, "t-ana", AuthenticatorType.P256, ANA.key) is None
    assert device_of(view, "t-bo", AuthenticatorType.ED25519, ANA.key) is None
    assert device_of(view, "t-none", AuthenticatorType.ED25519, ANA.key) is None
    visitor = visitor_facts(view, "t-ana")
    assert visitor is not None
    assert (visitor.company, visitor.training[0].expires) == (ACME, NOW + 300 * DAY)


def test_a_suspended_person_has_nothing(tmp_path: Path, vendor: Vendor) -> None:
    vendor.persons = tuple(suspended(each) for each in vendor.persons)
    vendor.sign_all()
    view = both(tmp_path, vendor, None)
    assert person_of(view, "t-ana") is not None
    assert device_of(view, "t-ana", AuthenticatorType.ED25519, ANA.key) is None
    assert visitor_facts(view, "t-ana") is None


def test_health_data_is_there_if_anybody_says_so(tmp_path: Path, vendor: Vendor) -> None:
    vendor.hosts = {LYON: (host("h-1"), host("h-2"), host("h-3", phi=True))}
    vendor.sign_all()
    site = Site()
    site.terms = replace(site.terms, phi_hosts=("h-2",))
    site.sign()
    view = both(tmp_path, vendor, site)
    assert [host_facts(view, each, phi_stated=False).phi for each in ("h-1", "h-2", "h-3", "h-none")] == [False, True, True, True]
    assert [instrument_facts(view, each).phi for each in ("h-1", "h-2", "h-3", "h-none")] == [False, True, True, True]
    assert host_facts(view, "h-1", phi_stated=True).phi
    assert host_facts(None, "h-1", phi_stated=False) == HostFacts("h-1", "", listed=False, phi=True)
    facts = instrument_facts(view, "h-1")
    assert (facts.site, facts.model, facts.region, facts.listed) == (LYON, "AU 680", "eu", True)
    assert not instrument_facts(view, "h-none").listed


def test_without_a_repository_of_its_own_a_site_has_no_policy_which_is_not_an_empty_one(tmp_path: Path, vendor: Vendor) -> None:
    assert both(tmp_path, vendor, None).site_policy is None
    site = Site()
    site.policy = ""
    site.sign()
    (tmp_path / "2").mkdir()
    assert both(tmp_path / "2", vendor, site).site_policy == ""


def test_an_expired_device_counts_no_more_and_the_view_says_when_to_ask_again(tmp_path: Path, vendor: Vendor) -> None:
    moved(vendor, ACME, (PersonDevices("t-ana", (device("short", NOW + 100), ANA)),))
    vendor.publish()
    view = both(tmp_path, vendor, None)
    assert view.expires == NOW + 100
    documents = reader(tmp_path, vendor)
    documents.restore(at(20), LYON)
    later = view_of(documents, 100)
    assert [each.label for each in later.persons[0].authenticators] == ["laptop of ana"]
    assert later.expires == NOW + DAY


def _month_later(tmp_path: Path, vendor: Vendor) -> Documents:
    vendor.sign_targets(NOW + 29 * DAY)
    vendor.publish(NOW + 29 * DAY)
    documents = reader(tmp_path, vendor)
    assert documents.refresh(vendor.fetch, at(29 * DAY), LYON)
    return documents


def test_a_company_that_did_not_sign_for_a_month_has_no_devices_and_holds_up_nobody(tmp_path: Path, vendor: Vendor) -> None:
    vendor.sign_hosts(NOW + DAY)
    vendor.sign_devices("Bolt Service", NOW + DAY)
    documents = _month_later(tmp_path, vendor)
    before = compose(documents.in_force(at(29 * DAY + 10)), None, NOW + 29 * DAY + 10)
    assert before.notes == ()
    after = compose(documents.in_force(at(30 * DAY - 1)), None, NOW + 30 * DAY)
    assert [len(each.authenticators) for each in after.persons] == [0, 1]
    assert len(after.hosts) == 2
    assert f"{devices_role(ACME)} is expired" in after.notes


def test_hosts_whose_list_is_expired_are_strangers(tmp_path: Path, vendor: Vendor) -> None:
    documents = _month_later(tmp_path, vendor)
    view = compose(documents.in_force(at(30 * DAY - 1)), None, NOW + 30 * DAY)
    assert host_of(view, "h-lyon-1") is None
    assert "hosts is expired" in view.notes


def test_what_was_expired_when_it_came_is_passed_on_and_kept_but_does_not_count(tmp_path: Path, vendor: Vendor) -> None:
    vendor.sign_hosts(NOW + 40 * DAY)
    vendor.sign_targets(NOW + 40 * DAY)
    vendor.publish(NOW + 40 * DAY)
    documents = reader(tmp_path, vendor)
    assert documents.refresh(vendor.fetch, at(40 * DAY), LYON)
    view = view_of(documents, 40 * DAY)
    assert [len(each.authenticators) for each in view.persons] == [0, 0]
    assert documents.newest is not None
    assert f"metadata/1.{devices_role(ACME)}.json" in documents.newest.files
    again = reader(tmp_path, vendor)
    again.restore(at(40 * DAY), LYON)
    assert again.newest is not None
    assert again.newest.files == documents.newest.files


def test_the_digest_names_the_documents_and_not_their_freshness(tmp_path: Path, vendor: Vendor) -> None:
    documents = reader(tmp_path, vendor)
    documents.refresh(vendor.fetch, at(10), LYON)
    first = documents.in_force(at(10))
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW + 20)
    documents.refresh(vendor.fetch, at(20), LYON)
    fresh = documents.in_force(at(20))
    assert fresh.versions[TIMESTAMP] > first.versions[TIMESTAMP]
    assert digest(fresh, None) == digest(first, None)
    vendor.sign_all(NOW + 30)
    documents.refresh(vendor.fetch, at(30), LYON)
    assert digest(documents.in_force(at(30)), None) != digest(first, None)
