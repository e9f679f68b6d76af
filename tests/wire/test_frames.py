"""The outer frame: what the broker may read of what it carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.permissions import Lane
from wire.frames import FRAME_MAX, Frame, FrameKind, RecordHeader, SealedBytes, split_frame, split_record
from wire.limits import RECORD_TAG
from wire.schema import SAFE_INTEGER, MalformedMessage

HEADERS = st.builds(RecordHeader, st.sampled_from(Lane), st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1), st.integers(0, SAFE_INTEGER))


@given(st.sampled_from(FrameKind), st.binary(max_size=200))
def test_a_frame_is_its_kind_and_its_body(kind: FrameKind, body: bytes) -> None:
    frame = Frame(kind, body)
    assert frame.encode() == bytes((kind,)) + body
    assert split_frame(frame.encode()) == frame


@pytest.mark.parametrize("kind", FrameKind)
def test_a_frame_may_be_as_long_as_its_kind_allows_and_not_longer(kind: FrameKind) -> None:
    longest = bytes((kind,)) + bytes(FRAME_MAX[kind] - 1)
    assert len(split_frame(longest).body) == FRAME_MAX[kind] - 1
    with pytest.raises(MalformedMessage, match=f"is longer than {FRAME_MAX[kind]} bytes"):
        split_frame(longest + b"\0")


def test_an_empty_frame_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(MalformedMessage, match="is empty"):
        split_frame(b"")
    for kind in {*range(256)} - set(FrameKind):
        with pytest.raises(MalformedMessage, match="is unknown"):
            split_frame(bytes((kind,)) + b"{}")


@given(HEADERS, st.binary(min_size=RECORD_TAG, max_size=60))
def test_a_record_is_its_header_and_what_nobody_here_can_read(header: RecordHeader, sealed: bytes) -> None:
    assert len(header.encode()) == 15
    assert split_record(header.encode() + sealed) == (header, SealedBytes(sealed))


def test_the_header_of_a_record_is_laid_out_as_documented() -> None:
    header = RecordHeader(Lane.CONTROL, 0x01020304, 0x0506, 0x0708090A0B0C)
    assert header.encode().hex() == "0701020304050600000708090a0b0c"


def test_a_sealed_frame_is_taken_apart_in_two_steps() -> None:
    header = RecordHeader(Lane.SCREEN, 1, 0, 7)
    data = Frame(FrameKind.SEALED, header.encode() + bytes(RECORD_TAG)).encode()
    assert split_record(split_frame(data).body) == (header, bytes(RECORD_TAG))


def test_a_record_without_room_for_its_tag_is_refused() -> None:
    header = RecordHeader(Lane.SCREEN, 1, 0, 0)
    with pytest.raises(MalformedMessage, match="is too short"):
        split_record(header.encode() + bytes(RECORD_TAG - 1))


def test_a_lane_that_does_not_exist_is_refused() -> None:
    body = RecordHeader(Lane.SCREEN, 1, 0, 0).encode()[1:] + bytes(RECORD_TAG)
    for lane in {*range(256)} - set(Lane):
        with pytest.raises(MalformedMessage, match="lane is unknown"):
            split_record(bytes((lane,)) + body)


def test_a_sequence_that_a_browser_cannot_count_is_refused() -> None:
    body = RecordHeader(Lane.SCREEN, 1, 0, SAFE_INTEGER + 1).encode() + bytes(RECORD_TAG)
    with pytest.raises(MalformedMessage, match="sequence is out of range"):
        split_record(body)


@given(st.binary(max_size=64))
def test_junk_is_a_frame_or_malformed_and_nothing_else(junk: bytes) -> None:
    try:
        frame = split_frame(junk)
        header, sealed = split_record(frame.body)
    except MalformedMessage:
        return
    assert frame.encode() == junk
    assert header.encode() + sealed == frame.body
