"""The channel of the direct path: its two kinds of message, and which frames move to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.permissions import Lane
from wire.frames import Frame, FrameKind, RecordHeader
from wire.limits import SEALED_FRAME_MAX
from wire.schema import MalformedMessage
from wire.sealed.direct import DIRECT_LANES, encode_taken, moves, read_channel


def record(lane: Lane, size: int = 20) -> bytes:
    return Frame(FrameKind.SEALED, RecordHeader(lane, 1, 0, 0).encode() + bytes(size)).encode()


@pytest.mark.parametrize("lane", Lane)
def test_content_moves_and_what_the_broker_must_see_stays(lane: Lane) -> None:
    assert moves(record(lane)) is (lane in {Lane.SCREEN, Lane.INPUT, Lane.CLIPBOARD_TO_HOST, Lane.CLIPBOARD_FROM_HOST, Lane.CHAT})


@pytest.mark.parametrize("kind", [FrameKind.CONTROL, FrameKind.LEDGER, FrameKind.HANDSHAKE])
def test_nothing_but_records_moves(kind: FrameKind) -> None:
    assert not moves(Frame(kind, bytes((Lane.SCREEN,)) + bytes(40)).encode())


def test_a_frame_without_a_body_does_not_move() -> None:
    assert not moves(bytes((FrameKind.SEALED,)))


@given(st.integers(0, 2**64 - 1))
def test_a_count_comes_back_as_it_went(count: int) -> None:
    assert read_channel(encode_taken(count)) == count


def test_an_acknowledgement_is_nine_bytes() -> None:
    assert encode_taken(3).hex() == "410000000000000003"


def test_a_record_is_told_from_a_count() -> None:
    for lane in DIRECT_LANES:
        assert read_channel(record(lane)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x41",
        encode_taken(1) + b"\0",
        b"\x04",
        record(Lane.CONTROL),
        record(Lane.RESTART),
        record(Lane.FILE_TO_HOST),
        b"\x02\x01",
        record(Lane.SCREEN, SEALED_FRAME_MAX),
    ],
    ids=["empty", "short", "long", "bare", "control", "restart", "file", "ledger", "huge"],
)
def test_what_no_honest_end_sends_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_channel(data)
