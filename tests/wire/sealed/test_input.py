"""Input batches: one size, strict, and the same as in the vectors."""

import json
from hashlib import shake_128
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.limits import INPUT_PLAIN
from wire.schema import MalformedMessage
from wire.sealed.input import BUTTONS, KEYS, Batch, Button, Character, Event, Key, Move, Wheel, decode_batch, encode_batch

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "input.json").read_text())
U16, U32, I8 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(-128, 127)
PRINTABLE = st.characters(exclude_categories=("Cs", "Cc")).map(ord)
EVENTS = (
    st.builds(Move, U16, U16)
    | st.builds(Button, st.integers(0, BUTTONS - 1), st.booleans())
    | st.builds(Wheel, I8, I8)
    | st.builds(Character, PRINTABLE)
    | st.builds(Key, st.sampled_from(KEYS), st.booleans())
)


@given(st.builds(Batch, U32, U32, st.lists(EVENTS, max_size=11).map(tuple)))
def test_a_batch_survives_the_journey_and_has_one_size(batch: Batch) -> None:
    data = encode_batch(batch)
    assert len(data) == INPUT_PLAIN
    assert decode_batch(data) == batch


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["hex"][:20])
def test_batches_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    batch = decode_batch(bytes.fromhex(case["hex"]))
    assert encode_batch(batch).hex() == case["hex"]
    assert (batch.picture, batch.milliseconds) == (case["picture"], case["milliseconds"])
    assert [type(event).__name__ for event in batch.events] == [event["type"] for event in case["events"]]


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["why"])
def test_what_no_writer_makes_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedMessage):
        decode_batch(bytes.fromhex(case["hex"]))


@pytest.mark.parametrize(
    "events",
    [
        (Move(0, 0),) * 12,
        (Move(2**16, 0),),
        (Move(-1, 0),),
        (Button(BUTTONS, True),),
        (Wheel(128, 0),),
        (Character(0x0A),),
        (Character(0xD800),),
        (Key("Power", True),),
    ],
    ids=str,
)
def test_what_nobody_could_read_is_not_written(events: tuple[Event, ...]) -> None:
    with pytest.raises(ValueError, match="no such input batch"):
        encode_batch(Batch(0, 0, events))


def test_no_key_has_two_places_and_all_places_fit_one_byte() -> None:
    assert len(set(KEYS)) == len(KEYS) <= 256


@given(st.binary(min_size=INPUT_PLAIN, max_size=INPUT_PLAIN) | st.binary(max_size=70))
def test_junk_is_a_batch_or_malformed_and_nothing_else(junk: bytes) -> None:
    try:
        batch = decode_batch(junk)
    except MalformedMessage:
        return
    assert encode_batch(batch) == junk


@pytest.mark.long
def test_a_million_batches_of_junk_are_read_or_refused() -> None:
    """Half of them begin as a batch should: a kind that exists, and few events."""
    for number in range(1_000_000):
        dice = shake_128(number.to_bytes(4)).digest(INPUT_PLAIN)
        junk = dice if number % 2 else dice[:8] + bytes((dice[8] % 4, 1 + dice[9] % 5)) + dice[10:24].ljust(INPUT_PLAIN - 10, b"\0")
        try:
            batch = decode_batch(junk)
        except MalformedMessage:
            continue
        assert encode_batch(batch) == junk
