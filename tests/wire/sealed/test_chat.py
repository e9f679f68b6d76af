"""Messages of the chat: strict, and the same as in the vectors."""

import json
from pathlib import Path
from random import Random  # noqa: TID251 - the same junk on every run
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.limits import CHAT_TEXT_MAX, CONTROL_RECORD_MAX
from wire.schema import MalformedMessage
from wire.sealed.chat import decode_said, encode_said
from wire.sealed.plain_text import cleaned

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "chat.json").read_text())


@given(st.text(min_size=1, max_size=CHAT_TEXT_MAX // 4).map(cleaned).filter(bool))
def test_a_message_survives_the_journey_and_fits_its_record(text: str) -> None:
    data = encode_said(text)
    assert decode_said(data) == text
    assert len(data) <= CONTROL_RECORD_MAX


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["hex"][:20])
def test_messages_are_laid_out_as_in_the_vectors(case: dict[str, str]) -> None:
    assert decode_said(bytes.fromhex(case["hex"])) == case["text"]
    assert encode_said(case["text"]).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["why"])
def test_what_no_writer_makes_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedMessage):
        decode_said(bytes.fromhex(case["hex"]))


@pytest.mark.parametrize("case", VECTORS["cleaned"], ids=lambda case: case["text"])
def test_what_somebody_typed_is_cleaned_as_in_the_vectors(case: dict[str, str]) -> None:
    assert cleaned(case["typed"]) == case["text"]


def fuzz(count: int) -> None:
    """So many records of chance, some of them almost right: a text that reads back the same, or malformed, and nothing else."""
    chance = Random(5)
    for _ in range(count):
        junk = chance.choice((b"", b"\x01", b"\x01a")) + chance.randbytes(chance.randrange(12))
        try:
            text = decode_said(junk)
        except MalformedMessage:
            continue
        assert encode_said(text) == junk


def test_junk_is_a_message_or_malformed_and_nothing_else() -> None:
    fuzz(5_000)


@pytest.mark.long
def test_a_million_records_of_junk() -> None:
    fuzz(1_000_000)
