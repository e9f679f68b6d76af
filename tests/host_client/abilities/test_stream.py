"""The stream of a file or folder is taken apart as it comes, and is whole only if it is what was said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_client.abilities.stream import Content, FileRuined, NextEntry, Stream
from tests.helpers.host_transfer import folder_of, words_of

NAMES = st.text("abcdef", min_size=1, max_size=6)


def taken(stream: Stream, data: bytes, cut: int) -> list[NextEntry | Content]:
    return [part for at in range(0, len(data), cut) for part in stream.take(data[at : at + cut])]


@given(st.binary(max_size=200), st.integers(1, 50))
def test_a_file_is_its_contents_however_it_is_cut(content: bytes, cut: int) -> None:
    stream = Stream(words_of(content))
    parts = taken(stream, content, cut)
    assert b"".join(part.content for part in parts if isinstance(part, Content)) == content
    assert stream.whole
    assert stream.contents == len(content)


@given(st.dictionaries(NAMES, st.binary(max_size=40), min_size=1, max_size=6), st.integers(1, 60))
def test_a_folder_is_its_files_however_it_is_cut(files: dict[str, bytes], cut: int) -> None:
    words, data = folder_of(files)
    stream, found, at = Stream(words), dict[str, bytes](), ""
    for part in taken(stream, data, cut):
        if isinstance(part, NextEntry):
            at = part.path
            found[at] = b""
        else:
            found[at] += part.content
    assert found == files
    assert stream.whole
    assert stream.contents == words.size


@given(st.binary(min_size=1, max_size=100), st.data())
def test_one_byte_that_differs_ruins_the_file(content: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    wrong = content[:at] + bytes((content[at] ^ 1,)) + content[at + 1 :]
    stream = Stream(words_of(content))
    with pytest.raises(FileRuined):
        taken(stream, wrong, 7)


def test_an_empty_file_has_a_hash_too() -> None:
    assert Stream(words_of(b"")).whole
    with pytest.raises(FileRuined):
        _ = Stream(replace(words_of(b""), digest=bytes(32))).whole


def test_a_part_is_not_whole_and_more_than_all_is_refused() -> None:
    stream = Stream(words_of(b"abc"))
    taken(stream, b"ab", 1)
    assert not stream.whole
    with pytest.raises(FileRuined):
        taken(stream, b"cd", 2)


def test_a_manifest_is_believed_only_if_it_is_the_one_that_was_said() -> None:
    words, data = folder_of({"a": b"x"})
    for wrong in (replace(words, digest=bytes(32)), replace(words, files=2), replace(words, size=2)):
        with pytest.raises(FileRuined):
            taken(Stream(wrong), data + b"x", 1000)
    outside, data = folder_of({"../a": b"x"})
    with pytest.raises(FileRuined):
        taken(Stream(outside), data, 1000)


def test_an_empty_file_of_a_folder_is_named_and_checked() -> None:
    words, data = folder_of({"a": b"", "b": b"x", "c": b""})
    assert [part.path for part in taken(Stream(words), data, 1000) if isinstance(part, NextEntry)] == ["a", "b", "c"]


def test_a_file_and_a_folder_byte_by_byte() -> None:
    stream = Stream(words_of(b"abc"))
    assert taken(stream, b"abc", 1) == [Content(b"a"), Content(b"b"), Content(b"c")]
    assert (stream.contents, stream.whole) == (3, True)
    words, data = folder_of({"a": b"x", "b": b"", "c": b"yz"})
    stream = Stream(words)
    assert taken(stream, data, 1) == [
        NextEntry("a"), Content(b"x"), NextEntry("b"), NextEntry("c"), Content(b"y"), Content(b"z"),
    ]  # fmt: skip
    assert stream.whole
    with pytest.raises(FileRuined):
        taken(Stream(replace(words, digest=bytes(32))), data, len(data))
