"""Texts between two clipboards: strict, bounded, and the same as in the vectors."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251 - the same junk on every run
from typing import Any

import pytest

from wire.limits import CLIPBOARD_TEXT_MAX, RECORD_PLAIN_MAX
from wire.schema import MalformedMessage
from wire.sealed.clipboard import (
    MESSAGE_MAX,
    ClipboardMissing,
    ClipboardText,
    Missing,
    Parts,
    PutOutcome,
    decode_done,
    decode_fetch,
    decode_given,
    decode_put,
    encode_done,
    encode_fetch,
    encode_missing,
    encode_text,
    records_of,
)

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "clipboard.json").read_text())


@pytest.mark.parametrize("case", VECTORS["texts"], ids=lambda case: case["hex"][:20])
def test_texts_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    data, wanted = bytes.fromhex(case["hex"]), ClipboardText(case["number"], case["text"])
    assert decode_put(data) == decode_given(data) == wanted
    assert encode_text(wanted.number, wanted.text) == data


@pytest.mark.parametrize("case", VECTORS["missing"], ids=lambda case: case["hex"])
def test_reasons_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    why = ClipboardMissing(case["why"])
    assert decode_given(bytes.fromhex(case["hex"])) == Missing(case["number"], why)
    assert encode_missing(case["number"], why).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["why"])
def test_what_no_writer_makes_is_refused(case: dict[str, str]) -> None:
    for read in (decode_given, decode_put):
        with pytest.raises(MalformedMessage):
            read(bytes.fromhex(case["hex"]))


@pytest.mark.parametrize("case", VECTORS["fetches"], ids=lambda case: case["hex"])
def test_requests_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    if case["number"] is None:
        with pytest.raises(MalformedMessage):
            decode_fetch(bytes.fromhex(case["hex"]))
    else:
        assert decode_fetch(bytes.fromhex(case["hex"])) == case["number"]
        assert encode_fetch(case["number"]).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["dones"], ids=lambda case: case["hex"])
def test_answers_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    if case["number"] is None:
        with pytest.raises(MalformedMessage):
            decode_done(bytes.fromhex(case["hex"]))
    else:
        outcome = PutOutcome(case["outcome"])
        assert decode_done(bytes.fromhex(case["hex"])) == (case["number"], outcome)
        assert encode_done(case["number"], outcome).hex() == case["hex"]


@pytest.mark.parametrize(("number", "text"), [(2**32, "a"), (-1, "a"), (0, ""), (0, "a\u202e"), (0, "x" * (CLIPBOARD_TEXT_MAX + 1))])
def test_what_nobody_could_read_is_not_written(number: int, text: str) -> None:
    with pytest.raises(ValueError, match="no such"):
        encode_text(number, text)


def test_the_longest_text_is_cut_into_records_and_joined_again() -> None:
    whole = encode_text(1, "x" * CLIPBOARD_TEXT_MAX)
    assert len(whole) == MESSAGE_MAX
    parts, records = Parts(), list(records_of(whole))
    assert len(records) == 2
    assert all(len(each) <= RECORD_PLAIN_MAX for each in records)
    assert [parts.add(each) for each in records] == [None, whole]
    assert parts.add(records[0]) is None
    with pytest.raises(MalformedMessage):
        parts.add(records[0])


@pytest.mark.parametrize("case", VECTORS["joined"], ids=str)
def test_records_are_joined_as_in_the_vectors(case: dict[str, Any]) -> None:
    parts, records = Parts(), [bytes.fromhex(each) for each in case["records"]]
    if case["messages"] is None:
        with pytest.raises(MalformedMessage):
            parts.add(records[0])
    else:
        assert [each and each.hex() for each in map(parts.add, records)] == case["messages"]


def fuzz(count: int) -> None:
    """So many messages of chance: each reader takes what its writer would have written, or calls it malformed."""
    chance = Random(36)
    readers: list[Callable[[bytes], object]] = [decode_put, decode_given, decode_fetch, decode_done]
    for _ in range(count):
        junk = chance.choice((b"", b"\1\0\0\0\7", b"\2\0\0\0\7")) + chance.randbytes(chance.randrange(8))
        for read in readers:
            try:
                said = read(junk)
            except MalformedMessage:
                continue
            assert _written(said) == junk


def _written(said: object) -> bytes:
    match said:
        case ClipboardText(number, text):
            return encode_text(number, text)
        case Missing(number, why):
            return encode_missing(number, why)
        case int():
            return encode_fetch(said)
        case _:
            assert isinstance(said, tuple)
            return encode_done(*said)


def test_junk_is_a_message_or_malformed_and_nothing_else() -> None:
    fuzz(2_000)


@pytest.mark.long
def test_a_million_messages_of_junk() -> None:
    fuzz(1_000_000)
