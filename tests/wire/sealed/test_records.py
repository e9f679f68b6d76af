"""The record layer against an adversary who carries every record: nothing repeats, and nothing altered is opened."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.permissions import Direction, Lane
from wire.errors import PeerMisbehaved
from wire.frames import RecordHeader, SealedBytes, split_record
from wire.limits import ACK_PLAIN_MAX, CARRIERS_MAX, CONTROL_RECORD_MAX, EPOCH_SECONDS, FILE_PLAIN_MAX, INPUT_PLAIN, RECORD_PLAIN_MAX
from wire.schema import MalformedMessage
from wire.sealed import records
from wire.sealed.records import EPOCH_LAST, Channel, Opener, Sealer, plain_bounds

SECRET = bytes(range(32))
CHANNEL = Channel("s-1", Lane.CONTROL, 0, Direction.TO_HOST)


def sealed(*plains: bytes, channel: Channel = CHANNEL) -> list[bytes]:
    sealer = Sealer(SECRET, channel, 0.0)
    return [sealer.seal(plain, 0.0) for plain in plains]


def opened(bodies: list[bytes], channel: Channel = CHANNEL) -> list[bytes]:
    opener = Opener(SECRET, channel)
    return [opener.open(*split_record(body)) for body in bodies]


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=8))
def test_what_one_end_seals_the_other_opens_in_order(plains: list[bytes]) -> None:
    assert opened(sealed(*plains)) == plains


@settings(max_examples=200)
@given(st.lists(st.sampled_from((0.0, 1.0, EPOCH_SECONDS / 2, EPOCH_SECONDS, 3.0 * EPOCH_SECONDS)), max_size=30), st.integers(1, 5))
def test_no_key_meets_the_same_nonce_twice_whenever_epochs_move(waits: list[float], records_per_epoch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "EPOCH_RECORDS", records_per_epoch)
        sealer, opener, now = Sealer(SECRET, CHANNEL, 0.0), Opener(SECRET, CHANNEL), 0.0
        nonces, plains = [], []
        for wait in waits:
            now += wait
            body = sealer.seal(b"x", now)
            header, rest = split_record(body)
            nonces.append((header.epoch, header.sequence))
            plains.append(opener.open(header, rest))
    assert len(set(nonces)) == len(nonces)
    assert nonces == sorted(nonces)
    assert all(sequence < records_per_epoch for _, sequence in nonces)
    assert plains == [b"x"] * len(waits)


@settings(max_examples=300)
@given(st.data())
def test_any_byte_changed_anywhere_ends_the_visit(data: st.DataObject) -> None:
    first, second = sealed(b"first words", b"second words")
    at = data.draw(st.integers(0, len(first) - 1))
    changed = first[:at] + bytes((first[at] ^ data.draw(st.integers(1, 255)),)) + first[at + 1 :]
    with pytest.raises((PeerMisbehaved, MalformedMessage)):
        opened([changed, second])


@given(st.permutations(range(4)))
def test_only_the_order_of_sealing_is_opened(order: list[int]) -> None:
    bodies = sealed(b"0", b"1", b"2", b"3")
    shuffled = [bodies[each] for each in order]
    if order == sorted(order):
        assert opened(shuffled) == [b"0", b"1", b"2", b"3"]
    else:
        with pytest.raises(PeerMisbehaved, match="out of order"):
            opened(shuffled)


@pytest.mark.parametrize("picked", [(0, 0), (0, 2), (1,), (0, 1, 1)])
def test_a_repeat_or_a_gap_ends_the_visit(picked: tuple[int, ...]) -> None:
    bodies = sealed(b"0", b"1", b"2")
    with pytest.raises(PeerMisbehaved, match="out of order"):
        opened([bodies[each] for each in picked])


def test_after_a_fault_even_the_right_record_is_not_opened() -> None:
    first, second = sealed(b"0", b"1")
    opener = Opener(SECRET, CHANNEL)
    with pytest.raises(PeerMisbehaved, match="out of order"):
        opener.open(*split_record(second))
    with pytest.raises(PeerMisbehaved, match="after a fault"):
        opener.open(*split_record(first))


def test_the_receiver_goes_one_epoch_on_and_never_back() -> None:
    sealer = Sealer(SECRET, CHANNEL, 0.0)
    bodies = [sealer.seal(b"x", moment * EPOCH_SECONDS) for moment in (0.0, 1.0, 1.5, 2.0, 2.5)]
    assert opened(bodies) == [b"x"] * 5
    for picked in ((0, 3), (0, 2), (0, 1, 0), (0, 1, 3, 2)):
        with pytest.raises(PeerMisbehaved, match="out of order"):
            opened([bodies[each] for each in picked])


def test_an_epoch_may_be_left_behind_unused() -> None:
    late = Sealer(SECRET, CHANNEL, 0.0).seal(b"late", EPOCH_SECONDS)
    assert split_record(late)[0].epoch == 1
    assert opened([late]) == [b"late"]


@pytest.mark.parametrize(
    "other",
    [
        Channel("s-2", Lane.CONTROL, 0, Direction.TO_HOST),
        Channel("s-1", Lane.CHAT, 0, Direction.TO_HOST),
        Channel("s-1", Lane.CONTROL, 1, Direction.TO_HOST),
        Channel("s-1", Lane.CONTROL, 0, Direction.TO_TECHNICIAN),
    ],
)
def test_a_record_opens_on_its_own_channel_only(other: Channel) -> None:
    with pytest.raises(PeerMisbehaved):
        opened(sealed(b"x"), other)


def test_a_record_opens_with_its_own_secret_only() -> None:
    (body,) = sealed(b"x")
    with pytest.raises(PeerMisbehaved, match="does not open"):
        Opener(bytes(32), CHANNEL).open(*split_record(body))


def test_lanes_carry_what_they_are_for() -> None:
    assert plain_bounds(Lane.SCREEN, Direction.TO_TECHNICIAN) == (1, RECORD_PLAIN_MAX)
    assert plain_bounds(Lane.FILE_TO_HOST, Direction.TO_HOST) == (1, FILE_PLAIN_MAX)
    assert plain_bounds(Lane.FILE_FROM_HOST, Direction.TO_TECHNICIAN) == (1, FILE_PLAIN_MAX)
    assert plain_bounds(Lane.INPUT, Direction.TO_HOST) == (INPUT_PLAIN, INPUT_PLAIN)
    for lane, back in ((Lane.SCREEN, Direction.TO_HOST), (Lane.INPUT, Direction.TO_TECHNICIAN)):
        assert plain_bounds(lane, back) == (1, ACK_PLAIN_MAX)
    for way in Direction:
        assert plain_bounds(Lane.CONTROL, way) == plain_bounds(Lane.CHAT, way) == (1, CONTROL_RECORD_MAX)


@pytest.mark.parametrize("length", [0, CONTROL_RECORD_MAX + 1])
def test_a_length_that_the_lane_does_not_carry_is_neither_sealed_nor_opened(length: int) -> None:
    with pytest.raises(ValueError, match="do not fit the lane"):
        sealed(bytes(length))
    header = RecordHeader(Lane.CONTROL, 0, 0, 0)
    with pytest.raises(PeerMisbehaved, match="length"):
        Opener(SECRET, CHANNEL).open(header, SealedBytes(bytes(length + 16)))


def test_the_last_epoch_has_none_after_it() -> None:
    sealer: Any = Sealer(SECRET, CHANNEL, 0.0)
    sealer._epochs.number = EPOCH_LAST
    assert split_record(sealer.seal(b"x", 0.0))[0].epoch == EPOCH_LAST
    with pytest.raises(OverflowError, match="no epoch is left"):
        sealer.seal(b"x", EPOCH_SECONDS)


BULK = Channel("s-1", Lane.FILE_TO_HOST, 3, Direction.TO_HOST)


def test_a_bulk_lane_goes_on_over_another_socket_with_what_was_on_its_way_lost() -> None:
    sealer, opener = Sealer(SECRET, BULK, 0.0), Opener(SECRET, BULK)
    assert opener.open(*split_record(sealer.seal(b"arrived", 0.0))) == b"arrived"
    sealer.seal(b"lost", 0.0)
    for _ in range(3):  # two sockets in between carried nothing that arrived
        sealer.renew(0.0)
    opener.renewed()
    assert opener.open(*split_record(sealer.seal(b"again", 0.0))) == b"again"
    assert opener.open(*split_record(sealer.seal(b"and on", 0.0))) == b"and on"


def test_without_another_socket_no_epoch_is_passed_over() -> None:
    sealer, opener = Sealer(SECRET, BULK, 0.0), Opener(SECRET, BULK)
    opener.renewed()
    assert opener.open(*split_record(sealer.seal(b"x", 0.0))) == b"x"
    sealer.renew(0.0)
    sealer.renew(0.0)
    with pytest.raises(PeerMisbehaved, match="order"):  # one record used the leap up
        opener.open(*split_record(sealer.seal(b"y", 0.0)))


def test_a_leap_begins_at_the_first_record_and_ends_at_its_bound() -> None:
    sealer, late, far = Sealer(SECRET, BULK, 0.0), Opener(SECRET, BULK), Opener(SECRET, BULK)
    sealer.renew(0.0)
    sealer.renew(0.0)
    sealer.seal(b"first", 0.0)
    second = split_record(sealer.seal(b"second", 0.0))
    late.renewed()
    with pytest.raises(PeerMisbehaved, match="order"):
        late.open(*second)
    for _ in range(CARRIERS_MAX):
        sealer.renew(0.0)
    far.renewed()
    with pytest.raises(PeerMisbehaved, match="order"):
        far.open(*split_record(sealer.seal(b"too far", 0.0)))


def test_a_record_of_before_the_cut_is_not_taken_after_it() -> None:
    sealer, opener = Sealer(SECRET, BULK, 0.0), Opener(SECRET, BULK)
    before = split_record(sealer.seal(b"before", 0.0))
    opener.open(*before)
    opener.renewed()
    with pytest.raises(PeerMisbehaved, match="order"):
        opener.open(*before)
