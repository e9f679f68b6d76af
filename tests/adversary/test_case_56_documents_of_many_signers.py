"""Case 56: whoever carries the documents, or holds a few of the keys, makes a reader believe nothing else.

Every attack is made on a repository in memory, and the reader is the one that hosts and broker run, python-tuf's client in it.
Seen to fail, one by one, with these checks removed:

    in python-tuf (patched)     signatures counted (`if not result`) · a lower version of timestamp, of its snapshot, of a role in the
                                snapshot, a root that is not the next · a role the snapshot forgets · a root that its own keys did
                                not sign · expiry of the timestamp · version of the snapshot, hash of the snapshot, of a role's
                                metadata, of a document · length while downloading
    trust/metadata.py           spelling (`again != content`) · unknown fields · id of a key is its hash · Ed25519 alone · bounds of a
                                threshold · paths of a delegated role
    trust/tuf_client.py         spelling before parsing · our time · the kept timestamp as lower bound, and only while its key
                                counts · longest life of a timestamp · a site delegates nothing
    trust/updater.py            `time`: the timestamp, and what ran since · expiry in `in_force` · "expired when it came"
    trust/contents.py           a device's owner is of that company · a hosts file is its site's, and so are its hosts

Held twice, and seen to fail with both removed: expiry of root, snapshot and delegated roles (in python-tuf, and in updater.py
and view.py), and the version of a role's metadata (by number, and by the hash in the snapshot).

Slow retrieval and what a mirror may cost in time belong to the port that fetches over a network; a bundle comes at once.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy.decision import Reason
from tests.helpers.signed_documents import documents, vendor
from tests.trust.simulator import (
    ACME,
    LYON,
    NANTES,
    NOW,
    OTHER,
    Simulator,
    Site,
    Vendor,
    at,
    device,
    host,
    key,
    moved,
    reader,
    refused,
    rewrite,
    view_of,
    who,
    without,
)
from trust.metadata import HOSTS, PERSONS_PATH, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, devices_role, hosts_path, key_id
from trust.publication import DAY, SignaturesMissing
from trust.refused import DocumentInvalid
from trust.updater import Documents
from trust.view import device_of, person_of
from wire.messages.documents import AuthenticatorType, HostsDocument, PersonDevices, Repository
from wire.schema import canonical, encode_part

__all__ = ["documents", "vendor"]
pytestmark = pytest.mark.adversary
INVALID, STALE = Reason.DOCUMENT_INVALID, Reason.DOCUMENT_STALE


# ---- the wrong hand


@pytest.mark.parametrize(
    ("role", "signer"),
    [
        (TIMESTAMP, TARGETS),
        (SNAPSHOT, HOSTS),
        (TARGETS, HOSTS),
        (TARGETS, devices_role(ACME)),
        (TARGETS, TIMESTAMP),
        (HOSTS, devices_role(ACME)),
        (HOSTS, TARGETS),
        (devices_role(ACME), devices_role(OTHER)),
        (devices_role(ACME), TIMESTAMP),
        (TARGETS, "a stranger"),
    ],
)
def test_one_role_does_not_sign_for_another(vendor: Vendor, documents: Documents, role: str, signer: str) -> None:
    vendor.sign_all()
    rewrite(vendor, role, lambda signed: None, signer)
    if role not in {TIMESTAMP, SNAPSHOT}:
        vendor.publish()
    elif role == SNAPSHOT:
        vendor.publication.put_timestamp([key(TIMESTAMP)], NOW)
    refused(documents, vendor, INVALID)


def test_metadata_of_one_kind_is_not_read_as_another(vendor: Vendor, documents: Documents) -> None:
    vendor.rotate({TIMESTAMP: who(TARGETS)}, ROOT)
    vendor.served["metadata/timestamp.json"] = vendor.publication.files[vendor.newest(TARGETS)]
    refused(documents, vendor, INVALID)


def test_too_few_signatures_do_not_reach_the_threshold(tmp_path: Path, vendor: Vendor) -> None:
    three = who("officer 1", "officer 2", "officer 3", threshold=2)
    vendor.rotate({TARGETS: three}, ROOT)
    with pytest.raises(SignaturesMissing, match="1 of 2"):
        vendor.sign_targets(NOW, "officer 1")
    vendor.sign_targets(NOW, "officer 1", "officer 3")
    vendor.publish()
    documents = reader(tmp_path, vendor)
    assert documents.refresh(vendor.fetch, at(10), LYON)
    vendor.sign_targets(NOW, "officer 1", "officer 2")
    rewrite(vendor, TARGETS, lambda signed: None, "officer 1")
    vendor.publish()
    refused(documents, vendor, INVALID)
    rewrite(vendor, TARGETS, lambda signed: None, "officer 1", "a stranger")
    vendor.publish()
    refused(documents, vendor, INVALID)


def test_one_key_does_not_sign_twice(vendor: Vendor, documents: Documents) -> None:
    vendor.rotate({TIMESTAMP: who("signer 1", "signer 2", threshold=2)}, ROOT)
    rewrite(vendor, TIMESTAMP, lambda signed: signed.update(version=2), "signer 1", "signer 1")
    refused(documents, vendor, INVALID)
    rewrite(vendor, TIMESTAMP, lambda signed: None, "signer 1", "signer 2")
    assert documents.refresh(vendor.fetch, at(20), LYON)


def test_one_key_does_not_count_twice_under_two_ids(tmp_path: Path, vendor: Vendor) -> None:
    only, second = key("officer").public_key, "a" * 64

    def twice(signed: dict[str, Any]) -> None:
        signed["keys"][second] = signed["keys"][only.keyid]
        signed["roles"][TARGETS] = {"keyids": [only.keyid, second], "threshold": 2}

    vendor.rotate({TARGETS: who("officer")}, ROOT)
    vendor.sign_targets(NOW, "officer")
    rewrite(vendor, ROOT, twice, ROOT)
    path = vendor.newest(TARGETS)
    signed = json.loads(vendor.publication.files[path])
    signed["signatures"].append({**signed["signatures"][0], "keyid": second})
    vendor.publication.files[path] = canonical(signed)
    vendor.publish()
    refused(reader(tmp_path, vendor), vendor, INVALID)


@pytest.mark.parametrize("threshold", [0, 2, -1, True])
def test_a_threshold_is_at_least_one_and_can_be_met(tmp_path: Path, vendor: Vendor, threshold: int) -> None:
    vendor.rotate({}, ROOT)
    rewrite(vendor, ROOT, lambda signed: signed["roles"][TARGETS].update(threshold=threshold), ROOT)
    refused(reader(tmp_path, vendor), vendor, INVALID)


# ---- keys that were taken back


def test_a_revoked_key_signs_nothing_more(vendor: Vendor, documents: Documents) -> None:
    vendor.rotate({TARGETS: who("new officer")}, ROOT)
    refused(documents, vendor, INVALID)
    vendor.sign_targets(NOW, "new officer")
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    rewrite(vendor, TARGETS, lambda signed: signed.update(version=9), TARGETS)
    vendor.publish()
    refused(documents, vendor, INVALID)


def test_a_revoked_devices_key_certifies_nothing_more(vendor: Vendor, documents: Documents) -> None:
    role = devices_role(ACME)
    vendor.delegations = {**vendor.delegations, role: who("new supervisor")}
    vendor.sign_targets()
    vendor.publish()
    refused(documents, vendor, INVALID)
    vendor.sign_devices(ACME, NOW, "new supervisor")
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)


# ---- the chain of roots


def test_roots_follow_one_another_each_signed_by_the_last_and_by_itself(vendor: Vendor, documents: Documents) -> None:
    vendor.rotate({ROOT: who("root 2")}, ROOT, "root 2")
    vendor.rotate({ROOT: who("root 3", "root 3 b", threshold=2)}, "root 2", "root 3", "root 3 b")
    assert documents.refresh(vendor.fetch, at(20), LYON)
    assert documents.in_force(at(20)).versions[ROOT] == 3


@pytest.mark.parametrize("signers", [("root 2",), (ROOT,), ("a stranger", "root 2")])
def test_a_root_that_the_last_or_the_new_keys_did_not_sign_is_no_root(
    vendor: Vendor, documents: Documents, signers: tuple[str, ...]
) -> None:
    vendor.rotate({ROOT: who("root 2")}, ROOT, "root 2")
    rewrite(vendor, ROOT, lambda signed: None, *signers)
    refused(documents, vendor, INVALID)


def test_a_gap_in_the_chain_is_not_jumped(vendor: Vendor, documents: Documents) -> None:
    vendor.rotate({ROOT: who("root 2"), TIMESTAMP: who("new small signer")}, ROOT, "root 2")
    vendor.rotate({ROOT: who("root 3")}, "root 2", "root 3")
    vendor.publish(NOW, SNAPSHOT, "new small signer")
    vendor.served["metadata/2.root.json"] = None
    refused(documents, vendor, INVALID)
    vendor.served["metadata/2.root.json"] = vendor.publication.files["metadata/3.root.json"]
    assert refused(documents, vendor, INVALID)


def test_a_root_that_expired_long_ago_still_leads_to_its_successor(tmp_path: Path, vendor: Vendor) -> None:
    vendor.rotate({ROOT: who("root 2")}, ROOT, "root 2", days=1)
    later = NOW + 400 * DAY
    vendor.rotate({ROOT: who("root 3")}, "root 2", "root 3", now=later)
    vendor.sign_all(later)
    documents = reader(tmp_path, vendor)
    assert documents.refresh(vendor.fetch, at(400 * DAY), LYON)
    assert documents.in_force(at(400 * DAY)).versions[ROOT] == 3


# ---- delegated hands that reach too far


@pytest.mark.parametrize("owner", ["t-mole", "t-bo"])
def test_a_company_certifies_devices_of_nobody_else(vendor: Vendor, documents: Documents, owner: str) -> None:
    moved(vendor, ACME, (*vendor.devices[ACME], PersonDevices(owner, (device("somebody"),))))
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    view = view_of(documents)
    assert person_of(view, "t-mole") is None
    key_bytes = device("somebody").key
    assert device_of(view, owner, AuthenticatorType.ED25519, key_bytes) is None
    assert device_of(view, "t-ana", AuthenticatorType.ED25519, device("laptop of ana").key) is not None
    assert view.notes == (f"{ACME} has no person {owner}",)


def test_a_company_names_no_persons_and_no_hosts(vendor: Vendor, documents: Documents) -> None:
    role = devices_role(ACME)
    held = vendor.publication.documents(role)
    mole = encode_part(HostsDocument(LYON, (host("h-mole"),)))
    more = {**held, PERSONS_PATH: b'{"persons":[]}', hosts_path(LYON): mole, "persons/t-mole.json": b"{}"}
    vendor.publication.put(role, more, [key(role)], NOW, 30)
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    view = view_of(documents)
    assert [each.id for each in view.persons] == ["t-ana", "t-bo"]
    assert [each.id for each in view.hosts] == ["h-lyon-1", "h-lyon-2"]


@pytest.mark.parametrize(
    "paths",
    [
        [f"devices/{devices_role(ACME)[8:]}.json", PERSONS_PATH],
        ["*"],
        [PERSONS_PATH],
        ["devices/*.json"],
        ["hosts/*.json"],
        [],
        ["devices/a.json", PERSONS_PATH],
    ],
)
def test_no_role_is_given_paths_beyond_its_own(vendor: Vendor, documents: Documents, paths: list[str]) -> None:
    def wider(signed: dict[str, Any]) -> None:
        next(each for each in signed["delegations"]["roles"] if each["name"] == devices_role(ACME))["paths"] = paths

    vendor.sign_targets()
    rewrite(vendor, TARGETS, wider)
    vendor.publish()
    refused(documents, vendor, INVALID)


def test_a_removed_technician_goes_at_once_though_his_supervisor_did_not_sign(vendor: Vendor, documents: Documents) -> None:
    without(vendor, "t-ana")
    vendor.sign_targets()
    vendor.publish()
    assert documents.refresh(vendor.fetch, at(20), LYON)
    assert person_of(view_of(documents), "t-ana") is None


# ---- somebody else's documents


def test_one_site_is_not_governed_by_anothers_policy(tmp_path: Path) -> None:
    lyon, nantes = Site(LYON), Site(NANTES)
    documents = reader(tmp_path, lyon)
    assert documents.refresh(lyon.fetch, at(10), LYON)
    nantes.sign()
    nantes.publish()
    refused(documents, nantes, INVALID)


def test_the_vendor_does_not_speak_for_a_site(tmp_path: Path, vendor: Vendor) -> None:
    lyon = Site(LYON)
    documents = reader(tmp_path, lyon)
    lyon.publication.files.update({path: content for path, content in vendor.publication.files.items() if "root" not in path})
    refused(documents, lyon, INVALID)


def test_a_site_delegates_to_nobody(tmp_path: Path) -> None:
    lyon = Site(LYON)
    held = lyon.publication.documents()
    lyon.publication.put(TARGETS, held, [key(f"{LYON} targets")], NOW, 90, {HOSTS: who(HOSTS)})
    lyon.publish()
    refused(reader(tmp_path, lyon), lyon, INVALID)


def test_hosts_of_one_site_do_not_pass_for_those_of_another(vendor: Vendor, documents: Documents) -> None:
    hosts = {hosts_path(LYON): encode_part(HostsDocument(NANTES, (host("h-nantes", NANTES),)))}
    vendor.publication.put(HOSTS, hosts, [key(HOSTS)], NOW, 30)
    vendor.publish()
    refused(documents, vendor, INVALID)
    hosts = {hosts_path(LYON): encode_part(HostsDocument(LYON, (host("h-nantes", NANTES),)))}
    vendor.publication.put(HOSTS, hosts, [key(HOSTS)], NOW, 30)
    vendor.publish()
    refused(documents, vendor, INVALID)


# ---- two readings of the same bytes


def _stranger(content: bytes) -> bytes:
    return content.replace(b'"signed":{', b'"signed":{"zebra":1,')


@pytest.mark.parametrize(
    "spelled",
    [
        lambda content: content.replace(b'":', b'": ', 1),
        lambda content: content + b"\n",
        lambda content: content.replace(b'"version":', b'"version":7,"version":'),
        lambda content: content.replace(b'"_type":"timestamp"', b'"_type":"\\u0074imestamp"'),
        lambda content: content.replace(b'"signatures":', b'"a":1,"signatures":'),
        lambda content: content.replace(b'"sig":"', b'"sig":"A', 1),
        lambda content: b'{"signed"' + content.removeprefix(b'{"signatures"'),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: b"[]",
        lambda content: b"",
        _stranger,
    ],
)
def test_metadata_has_one_spelling(vendor: Vendor, documents: Documents, spelled: Callable[[bytes], bytes]) -> None:
    vendor.publish()
    honest = vendor.publication.files["metadata/timestamp.json"]
    vendor.served["metadata/timestamp.json"] = spelled(honest)
    assert spelled(honest) != honest
    refused(documents, vendor, INVALID)


@pytest.mark.parametrize(
    "change",
    [
        lambda signed: signed.update(zebra=1),
        lambda signed: signed.pop("issued"),
        lambda signed: signed.update(version="7"),
        lambda signed: signed.update(version=True),
        lambda signed: signed.update(version=0),
        lambda signed: signed.update(expires="tomorrow"),
        lambda signed: signed.update(expires="2027-1-16T08:00:00Z"),
        lambda signed: signed.update(spec_version="2.0.0"),
        lambda signed: signed.update(spec_version="1.0"),
        lambda signed: signed.update(issued=NOW + 2 * DAY),
        lambda signed: signed["meta"].update({"more.json": {"version": 1}}),
        lambda signed: signed["meta"].update({"more.json": signed["meta"]["snapshot.json"]}),
        lambda signed: signed["meta"]["snapshot.json"].pop("hashes"),
        lambda signed: signed["meta"]["snapshot.json"]["hashes"].update(md5="0" * 32),
    ],
)
def test_a_signed_timestamp_in_another_form_is_none(vendor: Vendor, documents: Documents, change: Callable[[dict[str, Any]], None]) -> None:
    vendor.publish()
    rewrite(vendor, TIMESTAMP, change)
    refused(documents, vendor, INVALID)


@pytest.mark.parametrize(
    "bad",
    [
        {"keytype": "rsa", "scheme": "rsassa-pss-sha256"},
        {"keyval": {"public": "01" + "00" * 31}},
        {"keyval": {"public": "ab"}},
        {"keyval": {"public": key("x").public_key.keyval["public"].upper()}},
        {"more": 1},
    ],
)
def test_a_key_is_a_sound_ed25519_key_under_its_own_hash(tmp_path: Path, vendor: Vendor, bad: dict[str, Any]) -> None:
    def more(signed: dict[str, Any]) -> None:
        spare = {"keytype": "ed25519", "keyval": {"public": key("spare").public_key.keyval["public"]}, "scheme": "ed25519", **bad}
        signed["keys"][key_id(spare["keyval"]["public"])] = spare

    vendor.rotate({}, ROOT)
    assert reader(tmp_path, vendor).refresh(vendor.fetch, at(10), LYON)
    rewrite(vendor, ROOT, more, ROOT)
    refused(reader(tmp_path / "other", vendor), vendor, INVALID)


def test_whatever_is_thrown_at_a_reader_is_a_refusal(tmp_path: Path) -> None:
    junk = [b"", b"{}", b'{"signatures":[],"signed":{}}', b'{"signatures":[],"signed":{"_type":"root"}}', b"\xff", b"[" * 5000]
    for number, content in enumerate(junk):
        with pytest.raises(DocumentInvalid):
            Documents(tmp_path / f"{number}.json", Repository.VENDOR, content)
    simulator = Simulator()
    fresh = reader(tmp_path, simulator)
    for content in junk:
        simulator.served["metadata/timestamp.json"] = content
        refused(fresh, simulator, INVALID)
