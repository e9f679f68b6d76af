"""The reader beside the attacks of case 56: what it keeps, what an unreachable port means, and bytes changed at random."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trust.simulator import ACME, LYON, NANTES, NOW, Vendor, at, key, reader
from trust.bundle import bundle_for
from trust.metadata import SNAPSHOT, TIMESTAMP, devices_role
from trust.publication import DAY
from trust.refused import DocumentInvalid, DocumentRefused, DocumentStale
from trust.tuf_client import NotThere
from trust.updater import Documents
from wire.messages.documents import Repository

HONEST = Vendor()
FILES = HONEST.publication.files


def test_before_the_first_documents_nobody_is_admitted(tmp_path: Path) -> None:
    documents = reader(tmp_path, HONEST)
    documents.restore(at(0), LYON)
    with pytest.raises(DocumentStale, match="yet"):
        documents.in_force(at(0))
    assert documents.newest is None
    assert documents.kept_bytes() == b""
    assert documents.time(at(7)) == at(7).utc


def test_what_was_kept_is_there_again_without_a_network(tmp_path: Path) -> None:
    first = reader(tmp_path, HONEST)
    assert first.refresh(HONEST.fetch, at(10), LYON)
    again = reader(tmp_path, HONEST)
    again.restore(at(20), LYON)
    assert again.in_force(at(30)).contents == first.in_force(at(30)).contents
    assert (tmp_path / "vendor.json").stat().st_mode & 0o777 == 0o600
    assert not again.refresh(HONEST.fetch, at(40), LYON)


def test_a_network_that_fails_changes_nothing_and_is_no_refusal(tmp_path: Path) -> None:
    documents = reader(tmp_path, HONEST)
    assert documents.refresh(HONEST.fetch, at(10), LYON)

    def broken(_repository: Repository, path: str) -> Iterable[bytes]:
        raise ConnectionResetError(path)

    def broken_later(_repository: Repository, path: str) -> Iterable[bytes]:
        if path.endswith("root.json"):
            raise NotThere(path)
        yield b"{"
        raise ConnectionResetError(path)

    for fetch in (broken, broken_later):
        with pytest.raises(ConnectionResetError):
            documents.refresh(fetch, at(20), LYON)
        assert documents.in_force(at(20)).files == documents.in_force(at(10)).files


def test_a_disk_that_fails_leaves_the_old_documents_in_force(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    documents = reader(folder, HONEST)
    folder.rmdir()
    with pytest.raises(OSError, match="gone"):
        documents.refresh(HONEST.fetch, at(10), LYON)
    with pytest.raises(DocumentStale):
        documents.in_force(at(10))


def test_another_site_is_read_anew(tmp_path: Path) -> None:
    documents = reader(tmp_path, HONEST)
    assert documents.refresh(HONEST.fetch, at(10), LYON)
    assert documents.refresh(HONEST.fetch, at(20), NANTES)


def test_a_pinned_root_that_signs_nothing_is_none(tmp_path: Path) -> None:
    for root in (b"", FILES["metadata/timestamp.json"], HONEST.root.replace(b'"sig":"', b'"sig":"00', 1)):
        with pytest.raises(DocumentInvalid):
            Documents(tmp_path / "kept.json", Repository.VENDOR, root)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 10**6), st.integers(1, 255))
def test_one_altered_byte_anywhere_is_refused_or_never_read(path: str, place: int, flip: int) -> None:
    content = bytearray(FILES[path])
    content[place % len(content)] ^= flip
    altered = {**FILES, path: bytes(content)}
    with TemporaryDirectory() as folder:
        documents = reader(Path(folder), HONEST)
        try:
            documents.accept(bundle_for(altered, Repository.VENDOR, LYON), at(10), LYON)
        except DocumentRefused:
            assert documents.newest is None
        else:
            taken = documents.in_force(at(10)).files
            assert altered[path] not in taken.values()
            assert all(FILES[each] == held for each, held in taken.items())


@pytest.mark.parametrize("role", [devices_role(ACME), SNAPSHOT])
def test_metadata_that_is_expired_and_held_need_not_be_sent_again(tmp_path: Path, role: str) -> None:
    """The client asks anew for what has expired; a broker sends only what a reader does not hold."""
    vendor = Vendor()
    if role != SNAPSHOT:
        vendor.sign_devices(ACME, NOW - 31 * DAY)
        vendor.publish(NOW)
    documents = reader(tmp_path, vendor)
    assert documents.accept(bundle_for(vendor.publication.files, Repository.VENDOR, LYON), at(10), LYON)
    moment = 40 * DAY if role == SNAPSHOT else 20
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW + moment)
    assert documents.newest is not None
    news = bundle_for(vendor.publication.files, Repository.VENDOR, LYON, have=documents.newest.files)
    if role == SNAPSHOT:
        with pytest.raises(DocumentStale):
            documents.accept(news, at(moment + 1), LYON)
    else:
        assert documents.accept(news, at(moment + 1), LYON)
