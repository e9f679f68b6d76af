"""Each lane and grant has its own sealer and opener, made once."""

from host_client.core.seals import Seals
from policy.permissions import Direction, Lane
from tests.helpers.playbook import NOON
from wire.frames import split_frame, split_record
from wire.schema import decode
from wire.sealed.inner import HostNotice, Notice
from wire.sealed.records import Channel, Opener, Sealer

SECRET = b"s" * 32


def test_what_is_sealed_here_opens_at_the_other_end_in_order() -> None:
    seals = Seals("s-1", SECRET)
    far = Opener(SECRET, Channel("s-1", Lane.CONTROL, 0, Direction.TO_TECHNICIAN))
    sequences = []
    for notice in (Notice.PROMPT_SHOWN, Notice.PROMPT_GONE):
        header, sealed = split_record(split_frame(seals.say(HostNotice(notice), NOON)).body)
        sequences.append(header.sequence)
        assert decode(far.open(header, sealed), HostNotice).notice is notice
    assert sequences == [0, 1]


def test_what_is_sealed_there_opens_here_in_order() -> None:
    seals = Seals("s-1", SECRET)
    far = Sealer(SECRET, Channel("s-1", Lane.SCREEN, 1, Direction.TO_HOST), 0.0)
    assert [seals.open(*split_record(far.seal(each, 0.0))) for each in (b"one", b"two")] == [b"one", b"two"]


def test_a_bulk_lane_goes_on_over_another_socket_both_ways() -> None:
    seals = Seals("s-1", SECRET)
    seals.renew(Lane.FILE_TO_HOST, 3, NOON)
    there = Sealer(SECRET, Channel("s-1", Lane.FILE_TO_HOST, 3, Direction.TO_HOST), 0.0)
    back = Opener(SECRET, Channel("s-1", Lane.FILE_TO_HOST, 3, Direction.TO_TECHNICIAN))
    for lost in range(2):
        assert seals.open(*split_record(there.seal(b"data", 0.0))) == b"data"
        header, sealed = split_record(split_frame(seals.seal(Lane.FILE_TO_HOST, 3, b"ack", NOON)).body)
        assert back.open(header, sealed) == b"ack"
        assert header.epoch == lost
        there.seal(b"lost", 0.0)
        there.renew(0.0)
        back.renewed()
        seals.renew(Lane.FILE_TO_HOST, 3, NOON)
