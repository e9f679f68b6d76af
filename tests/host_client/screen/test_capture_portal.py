"""The screen of a Wayland login: how it begins, holds nobody up while a person reads, changes its size and ends. The stream is a list."""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from host_client.ports import ScreenLost, Shot
from host_client.screen import capture_portal, loop
from host_client.screen import portal as portal_module
from host_client.screen.capture_portal import PortalScreen
from host_client.screen.frames_gst import Frame, SizeChanged, packed
from host_client.screen.loop import CaptureLoop
from host_client.screen.outputs_wayland import Output
from host_client.screen.portal import Portal
from policy.decision import Reason
from tests.helpers.scripted_portal import DEADLINE, NODE, ScriptedPortal, scripted_portal, shared

UPRIGHT, TURNED = Output(4, 2), Output(2, 4, turned=True)


def frame(width: int = 4, height: int = 2) -> Frame:
    return Frame(width, height, bytes(range(4 * width * height)))


class ListedFrames:
    """What comes of one stream after another, in this order; an exception is raised."""

    def __init__(self) -> None:
        self.coming: queue.Queue[Frame | Exception] = queue.Queue()
        self.opened: list[int] = []
        self.closed = 0

    def play(self, remote: int, node: int) -> "ListedFrames":
        os.close(remote)
        self.opened.append(node)
        return self

    def pull(self, seconds: float) -> Frame | None:
        try:
            got = self.coming.get(timeout=seconds) if seconds > 0 else self.coming.get_nowait()
        except queue.Empty:
            return None
        if isinstance(got, Exception):
            raise got
        return got

    def close(self) -> None:
        self.closed += 1


class ListedOutputs:
    """These monitors, until the test says others."""

    def __init__(self, *outputs: Output) -> None:
        self.now = outputs or (UPRIGHT,)
        self.told = self.now
        self.closed = 0

    def all(self) -> tuple[Output, ...]:
        return self.now

    def stirred(self) -> bool:
        told, self.told = self.told, self.now
        return told is not self.told

    def close(self) -> None:
        self.closed += 1


Made = Callable[..., PortalScreen]


class Place:
    """A portal, a stream and monitors, and the screens made of them."""

    def __init__(self, scripted: ScriptedPortal, portal: Portal) -> None:
        self.scripted, self.portal = scripted, portal
        self.frames, self.outputs = ListedFrames(), ListedOutputs()

    def screen(self, *, masked: bool = False) -> PortalScreen:
        return PortalScreen(self.portal, lambda: self.outputs, masked=masked, play=self.frames.play)


@pytest.fixture
def place() -> Iterator[Place]:
    with scripted_portal() as (scripted, address):
        portal = Portal(address)
        yield Place(scripted, portal)
        portal.close()


def await_change(screen: PortalScreen) -> Shot:
    until = time.monotonic() + DEADLINE
    while not screen.wait_change(0.05):
        assert time.monotonic() < until, "no picture came"
    return screen.take()


def lost(screen: PortalScreen) -> ScreenLost:
    until = time.monotonic() + DEADLINE
    try:
        while time.monotonic() < until:
            screen.wait_change(0.05)
    except ScreenLost as told:
        return told
    finally:
        screen.close()
    raise AssertionError("the picture goes on")


def test_a_picture_comes_once_it_is_shared_and_again_when_something_is_drawn(place: Place) -> None:
    screen = place.screen()
    assert not screen.wait_change(0)
    place.frames.coming.put(frame())
    shot = await_change(screen)
    assert shot == Shot(0, 0, 4, 2, (4, 2), frame().pixels)
    assert not screen.wait_change(0.01)
    screen.spoil()
    assert screen.wait_change(0), "what is to be shown otherwise is there to be taken"
    newer = Frame(4, 2, bytes(32))
    place.frames.coming.put(newer)
    assert screen.take().pixels == newer.pixels, "the newest counts, also where an older one waits"
    assert place.frames.opened == [NODE]
    screen.close()
    screen.close()
    assert (place.frames.closed, place.outputs.closed) == (1, 1)
    assert place.scripted.await_call("Session.Close")[0] == place.scripted.session


def test_nothing_can_be_taken_before_there_is_a_picture(place: Place) -> None:
    screen = place.screen()
    with pytest.raises(ScreenLost, match="no picture"):
        screen.take()
    screen.spoil()
    assert not screen.wait_change(0)
    screen.close()


def test_a_refusal_in_the_desktops_question_is_told_as_one(place: Place) -> None:
    place.scripted.answers["Start"] = (1, {})
    assert lost(place.screen()).reason is Reason.REFUSED_BY_PERSON


def test_the_capture_thread_waits_awake_while_the_person_reads_and_takes_the_question_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "CAPTURE_STALL_SECONDS", 0.3)
    monkeypatch.setattr(loop, "WATCH_SECONDS", 0.05)
    place.scripted.answers["Start"] = None
    over: queue.Queue[Reason] = queue.Queue()
    capture = CaptureLoop(place.screen, lambda _: None, over.put, time.monotonic)
    capture.start()
    place.scripted.await_call("ScreenCast.Start")
    with pytest.raises(queue.Empty):
        over.get(timeout=1.0)
    capture.halt()
    capture.join(DEADLINE)
    closed = {place.scripted.await_call("Session.Close")[0], place.scripted.await_call("Request.Close")[0]}
    assert closed == {place.scripted.session, place.scripted.request}
    assert over.empty()


def test_what_was_opened_for_somebody_who_had_gone_is_let_go(place: Place) -> None:
    place.scripted.answers["Start"] = None
    going, gone = threading.Event(), threading.Event()
    ended = place.frames.close

    def play(remote: int, node: int) -> ListedFrames:
        going.set()
        assert gone.wait(DEADLINE)
        return place.frames.play(remote, node)

    def close() -> None:
        ended()
        done.set()

    done = threading.Event()
    place.frames.close = close  # type: ignore[method-assign]  # the test's own list
    screen = PortalScreen(place.portal, lambda: place.outputs, masked=False, play=play)
    place.scripted.await_call("ScreenCast.Start")
    place.scripted.answer(*shared())
    assert going.wait(DEADLINE)
    screen.close()
    gone.set()
    assert done.wait(DEADLINE)


def test_one_picture_is_shown_at_a_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.screen()
    place.frames.coming.put(frame())
    await_change(first)
    second = place.screen()
    first.close()
    place.frames.coming.put(frame(2, 2))
    assert await_change(second).screen == (2, 2), "one that follows waits for the one before to be gone"
    monkeypatch.setattr(portal_module, "STEP_SECONDS", 0.1)
    assert "one at a time" in str(lost(place.screen()))
    assert not second.wait_change(0)
    second.close()


def test_the_desktops_own_stop_ends_the_picture(place: Place) -> None:
    screen = place.screen()
    place.frames.coming.put(frame())
    await_change(screen)
    place.scripted.end_session()
    assert "ended the picture" in str(lost(screen))


def test_a_stream_that_never_shows_anything_is_not_waited_for_for_ever(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_portal, "FIRST_SECONDS", 0.05)
    assert "no picture comes" in str(lost(place.screen()))


def test_a_still_screen_is_not_one_that_shows_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_portal, "FIRST_SECONDS", 1.0)
    screen = place.screen()
    place.frames.coming.put(frame())
    await_change(screen)
    assert not screen.wait_change(1.5)
    screen.close()


def test_a_frame_of_another_length_opens_the_stream_anew_under_the_same_yes(place: Place) -> None:
    screen = place.screen()
    place.frames.coming.put(SizeChanged(bytes(96)))
    place.frames.coming.put(frame(6, 4))
    assert await_change(screen).screen == (6, 4)
    assert place.frames.opened == [NODE, NODE]
    assert "Start" in {name.partition(".")[2] for name, _, _ in place.scripted.heard.queue}
    place.scripted.await_call("ScreenCast.Start")
    assert "ScreenCast.Start" not in {name for name, _, _ in place.scripted.heard.queue}, "the person was asked again"
    screen.close()


def test_a_stream_that_cannot_be_opened_anew_is_let_go_whole(place: Place) -> None:
    screen = place.screen()
    place.frames.coming.put(frame())
    await_change(screen)
    place.frames.coming.put(SizeChanged(bytes(96)))
    place.frames.coming.put(SizeChanged(bytes(96)))
    place.scripted.close()
    assert lost(screen).reason is Reason.NO_SCREEN
    assert (place.frames.closed, place.outputs.closed) == (len(place.frames.opened), 1)
    place.portal.begin()


def test_a_frame_of_another_length_is_shown_where_one_monitor_has_that_size(place: Place) -> None:
    screen = place.screen()
    place.outputs.now = (Output(6, 4), Output(6, 4))
    place.frames.coming.put(SizeChanged(bytes(96)))
    assert await_change(screen).screen == (6, 4)
    place.outputs.now = (Output(6, 4), Output(3, 8))
    place.frames.coming.put(SizeChanged(bytes(96)))
    place.outputs.now = (Output(4, 6, turned=True),)
    place.frames.coming.put(SizeChanged(bytes(96)))
    assert not screen.wait_change(0.05)
    assert not screen.wait_change(0.05)
    screen.close()


def test_a_monitor_that_is_turned_has_its_stream_opened_anew_once_it_has_settled(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_portal, "SETTLE_SECONDS", 0.3)
    screen = place.screen()
    place.frames.coming.put(frame())
    await_change(screen)
    place.outputs.now = (TURNED,)
    place.frames.coming.put(frame(2, 4))
    assert not screen.wait_change(0)
    assert (place.frames.opened, place.frames.closed) == ([NODE], 1), "a frame of the old stream would be read with the wrong rows"
    assert await_change(screen).screen == (2, 4)
    assert place.frames.opened == [NODE, NODE]
    screen.close()


@pytest.mark.parametrize(
    ("at", "outputs"),
    [((1920, 0), (UPRIGHT,)), (None, (UPRIGHT, UPRIGHT)), ((0, 0), (TURNED,)), (None, ())],
    ids=["elsewhere", "nobody knows where", "turned", "nowhere"],
)
def test_regions_show_nothing_where_their_corner_is_not_known(
    place: Place, at: tuple[int, int] | None, outputs: tuple[Output, ...]
) -> None:
    place.scripted.answers["Start"] = shared(at=at)
    place.outputs.now = place.outputs.told = outputs
    place.frames.coming.put(frame())
    assert lost(place.screen(masked=True)).reason is Reason.MASK_NOT_PLACED
    assert place.outputs.closed == 1
    bare = place.screen()
    await_change(bare)
    bare.close()


@pytest.mark.parametrize(("at", "outputs"), [((0, 0), (UPRIGHT, UPRIGHT)), (None, (UPRIGHT,))], ids=["the first of two", "the only one"])
def test_regions_are_counted_from_the_corner_of_the_desktop(place: Place, at: tuple[int, int] | None, outputs: tuple[Output, ...]) -> None:
    place.scripted.answers["Start"] = shared(at=at)
    place.outputs.now = place.outputs.told = outputs
    place.frames.coming.put(frame())
    screen = place.screen(masked=True)
    await_change(screen)
    place.outputs.now = (TURNED,)
    assert lost(screen).reason is Reason.MASK_NOT_PLACED


def test_rows_are_packed_or_nothing() -> None:
    assert packed(bytes(24), 3, 2) == bytes(24)
    padded = b"\1" * 12 + b"\0" * 4
    assert packed(padded * 2, 3, 2) == b"\1" * 24
    for length in (25, 33, 8, 2 * 20, 2 * 512):
        with pytest.raises(SizeChanged):
            packed(bytes(length), 3, 2)
