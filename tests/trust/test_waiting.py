"""What waits for other signers: written and read, who is missing, and what it changes in words."""

from hashlib import sha256

import pytest

from tests.trust.simulator import NOW, Vendor, key
from trust.metadata import HOSTS, PERSONS_PATH, TARGETS, VENDOR_PATH, VENDOR_POLICY_PATH
from trust.publication import Publication, SignaturesMissing, Who
from trust.waiting import ChangeUnreadable, differences, first_missing, read_change, roles_in, standings, write_change
from wire.messages.documents import ListedBroker, ListedPerson, PersonsDocument, TrainedFor, VendorDocument
from wire.schema import encode_part

ANA = ListedPerson("t-ana", "Ana", "Acme", True, ("north",), (TrainedFor("eu", 5_000_000_000),))
BERT = ListedPerson("t-bert", "Bert", "Acme", True, ("north",), ())


def two(vendor: Vendor) -> Publication:
    """The vendor's repository, whose targets two of three keys must sign."""
    vendor.rotate({TARGETS: Who(tuple(key(f"officer {n}").public_key for n in (1, 2, 3)), 2)}, "root")
    vendor.sign_targets(NOW, "officer 1", "officer 2")
    return vendor.publication


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def change(publication: Publication, documents: dict[str, bytes], *names: str) -> dict[str, bytes]:
    """What this change would publish, signed by these."""
    before = dict(publication.files)
    signers = [key(name) for name in names]
    publication.put(TARGETS, {**publication.documents(), **documents}, signers, NOW, 90, wait=True)
    return {path: content for path, content in publication.files.items() if before.get(path) != content}


def test_a_change_comes_back_as_it_was_written(vendor: Vendor) -> None:
    files = change(two(vendor), {VENDOR_POLICY_PATH: b"x"}, "officer 1")
    assert read_change(write_change(files)) == files
    assert roles_in(files) == {TARGETS: vendor.publication.version(TARGETS)}


def test_it_is_known_who_signed_and_who_is_missing(vendor: Vendor) -> None:
    files = change(two(vendor), {VENDOR_POLICY_PATH: b"x"}, "officer 2", "a stranger")
    (standing,) = standings(vendor.publication, files)
    assert standing.signed == (key("officer 2").public_key.keyid,)
    assert set(standing.missing) == {key("officer 1").public_key.keyid, key("officer 3").public_key.keyid}
    missing = first_missing([standing])
    assert missing is not None
    assert "targets: 1 of 2 signatures" in str(missing)
    assert vendor.publication.waiting == {TARGETS}


def test_nobody_waits_where_nobody_signed_or_one_is_enough(vendor: Vendor) -> None:
    publication = two(vendor)
    for names in ((), ("a stranger",)):
        with pytest.raises(SignaturesMissing, match="0 of 2"):
            change(publication, {VENDOR_POLICY_PATH: b"x"}, *names)
    with pytest.raises(SignaturesMissing, match="0 of 1"):
        publication.put(HOSTS, {}, [key("a stranger")], NOW, 90, wait=True)
    files = change(publication, {VENDOR_POLICY_PATH: b"x"}, "officer 1", "officer 3")
    assert first_missing(standings(publication, files)) is None
    assert not publication.waiting


def test_a_second_change_of_what_waits_takes_its_place_under_the_same_version(vendor: Vendor) -> None:
    publication = two(vendor)
    version = publication.version(TARGETS)
    change(publication, {VENDOR_POLICY_PATH: b"x"}, "officer 1")
    change(publication, {VENDOR_POLICY_PATH: b"y"}, "officer 1")
    assert publication.version(TARGETS) == version + 1
    assert publication.document(VENDOR_POLICY_PATH) == b"y"
    assert not [content for content in publication.newest_alone().values() if content == b"x"]


def test_a_change_is_told_in_words(vendor: Vendor) -> None:
    publication = two(vendor)
    before = Publication(publication.files)
    persons = PersonsDocument((ANA, BERT))
    publication.put(TARGETS, {**publication.documents(), PERSONS_PATH: encode_part(persons)}, [key("officer 1"), key("officer 2")], NOW, 90)
    middle = Publication(publication.files)
    renamed = ListedPerson("t-ana", "Ana", "Acme", False, ("north", "south"), ())
    documents = {
        PERSONS_PATH: encode_part(PersonsDocument((renamed,))),
        VENDOR_PATH: encode_part(VendorDocument("Acme", ListedBroker("b-9", bytes(32)), "c", b"")),
        VENDOR_POLICY_PATH: b"new",
    }
    publication.put(TARGETS, {**publication.documents(), **documents}, [key("officer 1"), key("officer 2")], NOW, 90)
    added = differences(before, middle, {TARGETS: 0})
    assert any(line.startswith("+ persons.json t-bert: id t-bert, name Bert") for line in added)
    lines = differences(middle, publication, {TARGETS: 0})
    assert "~ persons.json t-ana: active True -> False" in lines
    assert "~ persons.json t-ana: groups [north] -> [north, south]" in lines
    assert any(line.startswith("- persons.json t-bert") for line in lines)
    assert any(line.startswith("~ vendor.json: broker id ") and "-> id b-9" in line for line in lines)
    assert any(line.startswith("~ vendor-policy.toml") and sha256(b"new").hexdigest() in line for line in lines)
    assert differences(publication, publication, {TARGETS: 0}) == ["nothing but version and expiry"]


def test_who_signs_is_part_of_what_is_told(vendor: Vendor) -> None:
    publication = two(vendor)
    before = Publication(publication.files)
    hosts = Who((key("somebody else").public_key,))
    delegations = {role: publication.who(role) for role in publication.delegated()}
    officers = [key("officer 1"), key("officer 2")]
    publication.put(TARGETS, publication.documents(), officers, NOW, 90, {**delegations, HOSTS: hosts})
    told = differences(before, publication, {TARGETS: 0})
    assert told == [f"~ who signs for hosts: 1 of {hosts.keys[0].keyid[:12]}"]
    fewer = Publication(publication.files)
    publication.put(TARGETS, publication.documents(), officers, NOW, 90, {})
    assert "~ who signs for hosts: nobody any more" in differences(fewer, publication, {TARGETS: 0})


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files":[]}', b'{"files":{"metadata/1.root.json":"e30"}}', b'{"files":{"x":"AA"}}'])
def test_what_is_no_change_is_not_read(content: bytes) -> None:
    with pytest.raises(ChangeUnreadable, match="damaged"):
        read_change(content)
