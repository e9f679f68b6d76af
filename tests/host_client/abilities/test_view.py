"""The screen lane of one grant: what the desk is told, which frames went out, and which acknowledgements can be meant."""

import pytest

from audit.events import host
from host_client.abilities.view import View
from host_client.core.ports import Seat
from host_client.link import PictureShown, StartCapture, StopCapture
from host_client.link_masks import EVERYTHING, MaskRule
from policy.decision import Reason
from tests.helpers.parcels import parcel
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage
from wire.sealed.parcel import packed
from wire.sealed.screen import FrameEnd, Layout, encode_ack

SEAT = Seat("en", "lab", "c1", 640, 480)

MASK = MaskRule("Patient*", "", "", 0, 0, 0, 0)


def sent(view: View, *frames: FrameEnd) -> None:
    for frame in frames:
        assert list(view.outgoing(parcel(frame)))


def test_it_begins_and_ends_under_its_grant_and_the_log_says_so() -> None:
    view = View()
    assert view.begun("s-1", 3, SEAT) == host.CaptureStarted(session_id="s-1", ask=3, width=640, height=480)
    assert view.grant == 0
    assert (view.begin(3), view.grant) == ((StartCapture(3, (EVERYTHING,)),), 3), "until somebody has said what may be seen"
    assert (view.end(), view.grant) == ((StopCapture(3),), 0)
    assert view.ended("s-1", 3, Reason.NO_SCREEN) == host.CaptureStopped(session_id="s-1", ask=3, reason=Reason.NO_SCREEN)


def test_session_time_begins_with_the_first_frame_of_the_grant() -> None:
    view = View()
    view.begin(1)
    assert list(view.outgoing(parcel(Layout(640, 480))))
    assert (view.newest, view.zero) == (0, None)
    sent(view, FrameEnd(1, 5_000), FrameEnd(2, 9_000))
    assert (view.newest, view.zero) == (2, 5_000)
    view.begin(2)
    assert (view.newest, view.zero) == (0, None)


def test_only_a_frame_that_went_out_can_be_acknowledged() -> None:
    view = View()
    view.begin(4)
    sent(view, FrameEnd(1, 5_000))
    assert view.shown(encode_ack(1, 9)) == PictureShown(4, 1, 9)
    with pytest.raises(PeerMisbehaved):
        view.shown(encode_ack(2))
    with pytest.raises(PeerMisbehaved):
        view.shown(b"\x01")


def test_each_frame_that_ends_in_a_parcel_counts_and_what_is_no_parcel_is_refused() -> None:
    view = View()
    view.begin(1)
    together = parcel(Layout(640, 480), FrameEnd(1, 5), FrameEnd(2, 9))
    assert list(view.outgoing(together)) == [b"\0" + together]
    assert (view.newest, view.zero) == (2, 5)
    for wrong in (b"", bytes(5), parcel(Layout(640, 480)) + b"\0"):
        with pytest.raises(MalformedMessage):
            list(view.outgoing(wrong))


def test_a_frame_end_that_cannot_be_read_is_no_screen_message() -> None:
    with pytest.raises(MalformedMessage):
        list(View().outgoing(packed((b"\x03\x00",))))


def test_a_pause_keeps_the_grant_and_frames_of_before_are_still_acknowledged() -> None:
    view = View()
    view.masks = (MASK,)
    view.begin(3)
    list(view.outgoing(parcel(FrameEnd(7, 5))))
    assert (view.paused(), view.again(), view.grant) == ((StopCapture(3),), (StartCapture(3, (MASK,), 1),), 3)
    list(view.outgoing(parcel(FrameEnd(1, 9))))
    assert (view.newest, view.run) == (7, 1)
    assert (view.begin(4)[0].run, view.run) == (0, 0), "another grant counts anew"
