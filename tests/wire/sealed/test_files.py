"""Pieces of files, acknowledgements, and the manifest of a folder: nothing is read that was not written so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.limits import FILE_PLAIN_MAX, FILE_SIZE_MAX, FILE_WINDOW, FILES_MAX, MANIFEST_MAX
from wire.schema import MalformedMessage, canonical
from wire.sealed.files import (
    DATA_MAX,
    Ack,
    Data,
    FileEntry,
    decode_ack,
    decode_data,
    decode_manifest,
    encode_ack,
    encode_data,
    encode_manifest,
)

HASH = bytes(32)


@given(st.integers(0, FILE_SIZE_MAX), st.binary(min_size=1, max_size=200))
def test_a_piece_is_read_as_it_was_written(offset: int, content: bytes) -> None:
    assert decode_data(encode_data(Data(offset, content))) == Data(offset, content)


@given(st.integers(0, FILE_SIZE_MAX), st.integers(0, FILE_WINDOW))
def test_an_acknowledgement_is_read_as_it_was_written(offset: int, window: int) -> None:
    assert decode_ack(encode_ack(Ack(offset, window))) == Ack(offset, window)


def test_a_piece_fits_one_record() -> None:
    assert len(encode_data(Data(1, bytes(DATA_MAX)))) == FILE_PLAIN_MAX
    for wrong in (b"", bytes(DATA_MAX + 1)):
        with pytest.raises(ValueError, match="piece of a file"):
            encode_data(Data(0, wrong))


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\x01" + bytes(8),
        b"\x02" + bytes(9),
        b"\x01" + bytes(FILE_PLAIN_MAX),
        b"\x01" + b"\xff" * 8 + b"x",
    ],
)
def test_what_is_no_piece_is_refused(plain: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode_data(plain)


@pytest.mark.parametrize(
    "plain",
    [b"", b"\x02" + bytes(11), b"\x01" + bytes(12), b"\x02" + b"\xff" * 8 + bytes(4), b"\x02" + bytes(8) + b"\xff" * 4],
)
def test_what_is_no_acknowledgement_is_refused(plain: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode_ack(plain)


@given(st.binary(max_size=100))
def test_no_bytes_break_a_reader(data: bytes) -> None:
    for reads in (decode_data, decode_ack, decode_manifest):
        try:
            reads(data)
        except MalformedMessage:
            continue


def test_a_manifest_is_read_as_it_was_written() -> None:
    entries = (FileEntry("a.txt", 3, HASH), FileEntry("deeper/b.txt", 0, HASH))
    assert decode_manifest(encode_manifest(entries)) == entries


@pytest.mark.parametrize(
    "path", ["..", "../a", "a/../b", "/a", "a/", "a//b", ".", "a/./b", "..\\a", "C:\\a", "a\0b", "/", f"{'a' * 256}/b"]
)
def test_a_manifest_leads_nowhere_else(path: str) -> None:
    with pytest.raises(MalformedMessage, match="leads elsewhere"):
        decode_manifest(encode_manifest((FileEntry(path, 1, HASH),)))


def test_a_manifest_names_each_file_once_and_at_least_one() -> None:
    with pytest.raises(MalformedMessage, match="twice"):
        decode_manifest(encode_manifest((FileEntry("a", 1, HASH), FileEntry("a", 2, HASH))))
    with pytest.raises(MalformedMessage, match="empty"):
        decode_manifest(canonical({"entries": []}))


def test_a_manifest_has_bounds() -> None:
    with pytest.raises(ValueError, match="too many"):
        encode_manifest(tuple(FileEntry(f"{each}-{'n' * 250}", 1, HASH) for each in range(FILES_MAX)))
    with pytest.raises(ValueError, match="not to be signed"):
        encode_manifest(tuple(FileEntry(str(each), 1, HASH) for each in range(FILES_MAX + 1)))
    assert len(encode_manifest(tuple(FileEntry(str(each), 1, HASH) for each in range(FILES_MAX)))) < MANIFEST_MAX


def test_one_piece_and_one_acknowledgement_survive_the_journey() -> None:
    assert decode_data(encode_data(Data(7, b"contents"))) == Data(7, b"contents")
    assert decode_ack(encode_ack(Ack(15, 4096))) == Ack(15, 4096)
