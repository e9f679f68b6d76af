"""Packed pictures: the layout of the vectors, bounds, cutting and joining."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vector_sets.tiles import png
from wire.limits import PICTURE_MESSAGE_MAX, PICTURE_PARCEL_MAX, RECORD_PLAIN_MAX
from wire.schema import MalformedMessage
from wire.sealed.screen import (
    Ack,
    Copy,
    FrameEnd,
    Layout,
    Picture,
    Piece,
    Reassembly,
    decode_ack,
    decode_picture,
    encode_ack,
    encode_picture,
    records_of,
)
from wire.sealed.tiles import Codec

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "wire" / "vectors" / "screen.json").read_text())
U16, U32 = st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
SIDES = st.integers(1, 256)


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    width, height = draw(SIDES), draw(SIDES)
    return Piece(draw(U32), draw(U16), draw(U16), width, height, Codec.PNG, png(width, height, draw(st.binary(max_size=40))))


COPIES = st.builds(Copy, U32, U16, U16, U16, U16, st.integers(1, 2**16 - 1), st.integers(1, 2**16 - 1))
LAYOUTS = st.builds(Layout, st.integers(1, 4096), st.integers(1, 4096))
PICTURES = pieces() | COPIES | LAYOUTS | st.builds(FrameEnd, U32, st.integers(0, 2**53 - 1))


@given(PICTURES)
def test_a_screen_message_survives_the_journey(message: Picture) -> None:
    assert decode_picture(encode_picture(message)) == message


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["type"])
def test_messages_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    message = decode_picture(bytes.fromhex(case["hex"]))
    assert type(message).__name__ == case["type"]
    assert encode_picture(message).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["why"])
def test_what_is_no_screen_message_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(MalformedMessage):
        decode_picture(bytes.fromhex(case["hex"]))


def test_a_message_that_is_too_long_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(MalformedMessage, match="is too long"):
        decode_picture(bytes(PICTURE_MESSAGE_MAX + 1))


@pytest.mark.parametrize(
    "message",
    [
        Layout(0, 5),
        Layout(70_000, 5),
        Piece(0, 0, 0, 257, 1, Codec.PNG, png(257, 1)),
        Piece(0, 0, 0, 2, 2, Codec.PNG, b""),
        Piece(0, 0, 0, 2, 2, Codec.JPEG, png(2, 2)),
        Copy(0, 0, 0, 0, 0, 0, 1),
        Copy(0, 0, 0, 70_000, 0, 1, 1),
        FrameEnd(-1, 0),
        FrameEnd(0, 2**53),
    ],
)
def test_what_nobody_could_read_is_not_written(message: Picture) -> None:
    with pytest.raises(ValueError, match="no such screen message"):
        encode_picture(message)


@given(U32, st.integers(0, 65535))
def test_an_acknowledgement_names_its_frame(frame: int, worked: int) -> None:
    assert decode_ack(encode_ack(frame, worked)) == Ack(frame, worked)


@pytest.mark.parametrize("case", VECTORS["acks"], ids=lambda case: case["hex"] or "nothing")
def test_acknowledgements_are_laid_out_as_in_the_vectors(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"])
    if case["frame"] is None:
        with pytest.raises(MalformedMessage, match="is not an acknowledgement"):
            decode_ack(data)
    else:
        assert decode_ack(data) == Ack(case["frame"], case["worked"])
        assert encode_ack(case["frame"], case["worked"]) == data


def test_a_frame_that_cannot_be_is_not_acknowledged() -> None:
    for frame, worked in ((2**32, 0), (1, 65536)):
        with pytest.raises(ValueError, match="no such frame"):
            encode_ack(frame, worked)


@given(st.integers(1, 3), st.integers(-2, 2))
def test_a_message_is_cut_into_full_records_and_joined_again(records: int, beside: int) -> None:
    message = bytes(range(256)) * 1024
    message = message[: records * (RECORD_PLAIN_MAX - 1) + beside]
    cut = list(records_of(message))
    assert [len(part) for part in cut[:-1]] == [RECORD_PLAIN_MAX] * (len(cut) - 1)
    assert [part[0] for part in cut] == [1] * (len(cut) - 1) + [0]
    joined = Reassembly()
    assert [joined.add(part) for part in cut] == [None] * (len(cut) - 1) + [message]
    assert joined.add(b"\0next") == b"next"


def test_a_long_message_is_cut_as_in_the_vectors() -> None:
    cut = VECTORS["chunks"]
    told = [{"more": part[0], "bytes": len(part)} for part in records_of(bytes(cut["message_bytes"]))]
    assert told == cut["records"]


@pytest.mark.parametrize("case", VECTORS["joined"], ids=str)
def test_records_join_as_in_the_vectors(case: dict[str, Any]) -> None:
    joined = Reassembly()
    records = [bytes.fromhex(each) for each in case["records"]]
    if case["messages"] is None:
        with pytest.raises(MalformedMessage, match="carries no part"):
            joined.add(records[0])
    else:
        whole = [joined.add(record) for record in records]
        assert [each.hex() if each is not None else None for each in whole] == case["messages"]


def test_no_parcel_grows_beyond_its_bound() -> None:
    joined = Reassembly()
    part = b"\x01" + bytes(RECORD_PLAIN_MAX - 1)
    for _ in range(PICTURE_PARCEL_MAX // (RECORD_PLAIN_MAX - 1)):
        assert joined.add(part) is None
    with pytest.raises(MalformedMessage, match="too long"):
        joined.add(part)


@given(st.binary(max_size=40))
def test_junk_is_a_message_or_malformed_and_nothing_else(junk: bytes) -> None:
    try:
        message = decode_picture(junk)
    except MalformedMessage:
        return
    assert encode_picture(message) == junk
