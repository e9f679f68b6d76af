"""The bytes between guardian and desk."""

import pytest

from host_client.link import LINK_FRAME_MAX, EndPressed, Heartbeat, LinkKind, StartCapture
from host_client.link_frames import (
    TO_DESK,
    TO_GUARDIAN,
    Input,
    LinkReader,
    Picture,
    input_frame,
    message_frame,
    picture_frame,
    read_to_desk,
    read_to_guardian,
)
from wire.schema import MESSAGES, MalformedMessage


def test_frames_arrive_whole_however_the_stream_is_cut() -> None:
    stream = message_frame(EndPressed()) + picture_frame(Picture(7, b"\x03abc", 5)) + message_frame(Heartbeat())
    for step in (1, 2, 3, 7, len(stream)):
        reader = LinkReader()
        read = [
            read_to_guardian(kind, body)
            for start in range(0, len(stream), step)
            for kind, body in reader.feed(stream[start : start + step])
        ]
        assert read == [EndPressed(), Picture(7, b"\x03abc", 5), Heartbeat()]


def test_input_and_messages_reach_the_desk() -> None:
    reader = LinkReader()
    stream = input_frame(Input(4, bytes(64))) + message_frame(StartCapture(3))
    read = [read_to_desk(kind, body) for kind, body in reader.feed(stream)]
    assert read == [Input(4, bytes(64)), StartCapture(3)]


def test_nobody_may_say_what_the_other_end_says() -> None:
    with pytest.raises(MalformedMessage):
        read_to_guardian(LinkKind.JSON, message_frame(StartCapture(3))[5:])
    with pytest.raises(MalformedMessage):
        read_to_desk(LinkKind.JSON, message_frame(EndPressed())[5:])
    with pytest.raises(MalformedMessage):
        read_to_guardian(LinkKind.INPUT, bytes(68))
    with pytest.raises(MalformedMessage):
        read_to_desk(LinkKind.PICTURE, bytes(68))
    with pytest.raises(MalformedMessage):
        read_to_desk(LinkKind.INPUT, bytes(4))


def test_every_link_message_has_one_direction() -> None:
    both = {*TO_DESK, *TO_GUARDIAN}
    assert len(both) == len(TO_DESK) + len(TO_GUARDIAN)
    assert both == {cls for name, cls in MESSAGES.items() if name.startswith("desk.")}


@pytest.mark.parametrize(
    "head",
    [
        b"\x00\x00\x00\x00\x01",
        b"\xff\xff\xff\xff\x02",
        (LINK_FRAME_MAX + 1).to_bytes(4, "big") + b"\x02",
        (LINK_FRAME_MAX).to_bytes(4, "big") + b"\x01",
        b"\x00\x00\x00\x05\x09",
    ],
)
def test_a_bad_head_is_refused_before_its_body_is_held(head: bytes) -> None:
    with pytest.raises(MalformedMessage):
        list(LinkReader().feed(head))


def test_a_message_too_long_is_not_sent() -> None:
    with pytest.raises(MalformedMessage):
        picture_frame(Picture(1, bytes(LINK_FRAME_MAX)))
