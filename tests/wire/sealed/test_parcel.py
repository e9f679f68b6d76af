"""Screen messages that leave together: whole again in their order, and nothing else is a parcel.

Seen to fail: with an empty message accepted, and with a length that reaches beyond the end.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.limits import PICTURE_MESSAGE_MAX, PICTURE_PARCEL_MAX
from wire.schema import MalformedMessage
from wire.sealed.parcel import HEAD, packed, unpacked

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "screen.json").read_text())["parcels"]


def read(parcel: bytes) -> tuple[bytes, ...] | None:
    try:
        return tuple(unpacked(parcel))
    except MalformedMessage:
        return None


def test_messages_come_out_as_they_went_in() -> None:
    assert read(packed((b"a", b"longer"))) == (b"a", b"longer")


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=8))
def test_whatever_the_messages_are(messages: list[bytes]) -> None:
    assert read(packed(messages)) == tuple(messages)


@pytest.mark.parametrize("case", VECTORS, ids=str)
def test_parcels_are_read_as_in_the_vectors(case: dict[str, Any]) -> None:
    told = read(bytes.fromhex(case["hex"]))
    assert (None if told is None else [each.hex() for each in told]) == case["messages"]


def test_the_longest_message_has_a_parcel_of_its_own_and_nothing_longer_is_one() -> None:
    longest = packed((bytes(PICTURE_MESSAGE_MAX),))
    assert (len(longest), HEAD) == (PICTURE_PARCEL_MAX, 4)
    assert read(longest) == (bytes(PICTURE_MESSAGE_MAX),)
    with pytest.raises(MalformedMessage, match="wrong length"):
        tuple(unpacked(longest + b"\0\0\0\1a"))


NOBODY_READS = [(), (b"",), (b"a", b""), (bytes(PICTURE_PARCEL_MAX),)]


@pytest.mark.parametrize("messages", NOBODY_READS, ids=["none", "empty", "one empty", "too long"])
def test_nobody_packs_what_nobody_reads(messages: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="no such parcel"):
        packed(messages)


@given(st.binary(max_size=60))
def test_junk_is_a_parcel_or_malformed_and_what_is_read_is_all_of_it(junk: bytes) -> None:
    told = read(junk)
    assert told is None or packed(told) == junk
