"""Bundles: what a site's reader is sent, the rest alone where it has most, and pieces for a control socket."""

from pathlib import Path

import pytest

from tests.trust.simulator import LYON, NANTES, NOW, Vendor, at, key, reader
from trust.bundle import Gathering, bundle_for, pieces
from trust.metadata import TIMESTAMP
from trust.refused import DocumentInvalid
from wire.limits import DOCUMENT_PIECE_MAX
from wire.messages.documents import DocumentFile, DocumentsBundle, DocumentsPiece, Repository
from wire.schema import encode


def paths(bundle: DocumentsBundle) -> set[str]:
    return {each.path for each in bundle.files}


def test_a_host_is_sent_the_hosts_of_its_own_site_alone() -> None:
    files = Vendor().publication.files
    lyon, nantes, everything = (paths(bundle_for(files, Repository.VENDOR, site)) for site in (LYON, NANTES, None))
    assert lyon | nantes == everything == set(files)
    assert {path for path in lyon if "/hosts/" in path} & {path for path in nantes if "/hosts/" in path} == set()
    assert not [each for each in bundle_for(files, Repository.VENDOR, LYON).files if b"h-nantes" in each.content]


def test_a_reader_that_has_most_of_it_is_sent_the_rest_alone(tmp_path: Path) -> None:
    vendor = Vendor()
    host = reader(tmp_path, vendor)
    assert host.accept(bundle_for(vendor.publication.files, Repository.VENDOR, LYON), at(10), LYON)
    assert host.newest is not None
    vendor.publication.put_timestamp([key(TIMESTAMP)], NOW + 20)
    rest = bundle_for(vendor.publication.without_old(), Repository.VENDOR, LYON, have=host.newest.files)
    assert paths(rest) == {"metadata/timestamp.json", "metadata/1.root.json"}
    assert host.accept(rest, at(30), LYON)
    assert host.in_force(at(30)).issued == NOW + 20


def test_what_a_reader_keeps_is_what_the_next_one_needs(tmp_path: Path) -> None:
    vendor = Vendor()
    (tmp_path / "broker").mkdir()
    broker = reader(tmp_path / "broker", vendor)
    assert broker.refresh(vendor.fetch, at(10), None)
    assert broker.newest is not None
    host = reader(tmp_path, vendor)
    assert host.accept(bundle_for(broker.newest.files, Repository.VENDOR, NANTES), at(20), NANTES)


def test_documents_of_another_repository_are_not_taken(tmp_path: Path) -> None:
    vendor = Vendor()
    with pytest.raises(DocumentInvalid, match="another repository"):
        reader(tmp_path, vendor).accept(bundle_for(vendor.publication.files, Repository.SITE, LYON), at(10), LYON)


def large() -> DocumentsBundle:
    content = bytes(range(256)) * 1200
    return DocumentsBundle(Repository.VENDOR, LYON, (DocumentFile("targets/a", content), DocumentFile("targets/b", content)))


def test_pieces_make_the_bundle_again() -> None:
    cut = pieces(large())
    assert len(cut) > 4
    assert max(len(encode(each)) for each in cut) < 256 * 1024
    gathering = Gathering()
    assert [gathering.add(each) for each in cut[:-1]] == [None] * (len(cut) - 1)
    assert gathering.add(cut[-1]) == large()


def test_pieces_out_of_order_doubled_or_of_another_count_begin_nothing() -> None:
    cut = pieces(large())
    for wrong in ((cut[1],), (cut[0], cut[2]), (cut[0], cut[1], cut[1]), (cut[0], DocumentsPiece(1, 9, b"x"))):
        gathering = Gathering()
        with pytest.raises(DocumentInvalid):
            [gathering.add(each) for each in wrong]
        assert gathering.add(cut[0]) is None
    gathering = Gathering()
    assert gathering.add(cut[0]) is None
    assert [gathering.add(each) for each in cut][-1] == large()


def test_more_than_was_agreed_on_is_refused_at_the_first_piece() -> None:
    cut = pieces(large())
    with pytest.raises(DocumentInvalid):
        Gathering(most=DOCUMENT_PIECE_MAX).add(cut[0])
    with pytest.raises(DocumentInvalid, match="no bundle"):
        Gathering().add(DocumentsPiece(0, 1, b"{}"))


def test_a_bundle_beyond_the_limit_is_not_cut() -> None:
    file = DocumentFile("targets/a", bytes(4 * 1024 * 1024))
    with pytest.raises(ValueError, match="too large"):
        pieces(DocumentsBundle(Repository.VENDOR, LYON, (file,) * 7))
