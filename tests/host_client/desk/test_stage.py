"""The screen under a grant: masked, paused while nobody may see it, and going on."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from typing_extensions import override
from Xlib import X, Xatom

from host_client.desk.backend_x11 import X11Backend
from host_client.desk.input_thread import InputThread
from host_client.desk.stage import Stage
from host_client.link import CapturePaused, CaptureResumed, CaptureStopped, PictureShown, StartCapture
from host_client.link_frames import Picture, ToGuardian
from host_client.link_masks import EVERYTHING, MaskRule
from host_client.ports import ScreenLost
from host_client.screen.masked import Veil
from host_client.screen.masks import INK, PAPER
from host_client.screen.session_state import SessionWatch
from host_client.screen.session_state_x11 import XScreenSaver
from host_client.screen.windows_x11 import XWindows
from host_client.screen.x_display import open_display
from policy.decision import Reason
from tests.helpers.console_canvas import Canvas
from tests.helpers.injector import ListHands
from tests.helpers.x_server import XScreen, xvfb
from wire.limits import FRAMES_IN_FLIGHT
from wire.sealed.parcel import unpacked

DEADLINE = 10.0
LAYOUT, FRAME_END = 1, 3
SECRET = (0xC0, 0xFF, 0xEE)
TITLE = MaskRule("Patient*", "", "", 0, 0, 0, 0)
GREYS = {(grey >> 16, grey >> 8 & 255, grey & 255) for grey in (PAPER, INK)}


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with xvfb(320, 240) as ready:
        yield ready


class Guardian:
    """Hears what the stage says, and shows what it shows."""

    def __init__(self) -> None:
        self.said: queue.Queue[ToGuardian] = queue.Queue()
        self.shown: queue.Queue[bytes] = queue.Queue()
        self.grant: int | None = None
        self.canvas = Canvas()

    def say(self, said: ToGuardian) -> None:
        self.said.put(said)

    def show(self, picture: Picture) -> None:
        for message in unpacked(picture.parcel) if picture.grant == self.grant else ():
            self.shown.put(message)

    def follow(self, grant: int | None, run: int = 0) -> None:
        self.grant = grant

    def hear(self) -> ToGuardian:
        return self.said.get(timeout=DEADLINE)

    def frame(self, stage: Stage) -> None:
        while (frame := self.canvas.draw(self.shown.get(timeout=DEADLINE))) is None:
            pass
        stage.shown(PictureShown(self.grant or 0, frame, 0))

    def until(self, stage: Stage, seen: Callable[[], bool]) -> None:
        while not seen():
            self.frame(stage)

    def colours(self) -> set[tuple[int, int, int]]:
        return {colour for _, colour in self.canvas.picture.getcolors(320 * 240) or ()}  # type: ignore[misc]  # RGB


@contextmanager
def staged(screen: XScreen, kind: Callable[[str], X11Backend] = X11Backend) -> Iterator[tuple[Stage, Guardian, ListHands]]:
    guardian, hands = Guardian(), ListHands()
    thread = InputThread(lambda: hands, lambda _: None)
    thread.start_grant(2)
    before = set(threading.enumerate())
    stage = Stage(kind(screen.display), guardian, thread, Veil(), time.monotonic)
    yield stage, guardian, hands
    stage.halt()
    for each in set(threading.enumerate()) - before:  # a server that goes while one of them opens a connection leaves a socket behind
        each.join(DEADLINE)


def test_a_masked_window_is_striped_in_all_that_is_shown(screen: XScreen) -> None:
    with closing(open_display(screen.display)) as other, staged(screen) as (stage, guardian, _):
        window = other.screen().root.create_window(20, 30, 100, 80, 0, X.CopyFromParent, background_pixel=0xC0FFEE, override_redirect=True)
        window.change_text_property(Xatom.WM_NAME, Xatom.STRING, "Patients of today")
        window.map()
        other.sync()
        stage.start(StartCapture(1, (TITLE,)))
        guardian.frame(stage)
        assert SECRET not in guardian.colours()
        assert guardian.canvas.picture.getpixel((21, 31)) in GREYS
        window.destroy()
        other.sync()
        guardian.until(stage, lambda: not guardian.colours() & GREYS)
        stage.start(StartCapture(3, (EVERYTHING,)))
        guardian.until(stage, lambda: guardian.colours() == GREYS)


def test_a_locked_screen_pauses_and_goes_on_with_a_whole_picture(screen: XScreen) -> None:
    with closing(open_display(screen.display)) as other, staged(screen) as (stage, guardian, hands):
        watch = SessionWatch((lambda: XScreenSaver(screen.display),), stage.away)
        watch.start()
        stage.start(StartCapture(1))
        guardian.frame(stage)
        other.force_screen_saver(X.ScreenSaverActive)
        other.sync()
        assert guardian.hear() == CapturePaused(1, Reason.SCREEN_LOCKED)
        assert guardian.grant is None
        assert "release_all" in hands.did
        already = guardian.shown.qsize()
        other.screen().root.clear_area(0, 0, 9, 9)
        other.sync()
        other.force_screen_saver(X.ScreenSaverReset)
        other.sync()
        assert guardian.hear() == CaptureResumed(1)
        assert already == 0 or guardian.shown.qsize() >= already
        guardian.canvas = Canvas()
        guardian.until(stage, lambda: guardian.canvas.picture.size == (320, 240))
        watch.close()


def test_a_grant_that_begins_while_nobody_may_see_shows_nothing_until_then(screen: XScreen) -> None:
    with staged(screen) as (stage, guardian, _):
        stage.away(Reason.SESSION_AWAY)
        assert guardian.said.empty()
        stage.start(StartCapture(5))
        assert guardian.hear() == CapturePaused(5, Reason.SESSION_AWAY)
        stage.away(Reason.SCREEN_LOCKED)
        assert guardian.hear() == CapturePaused(5, Reason.SCREEN_LOCKED)
        assert guardian.grant is None
        stage.stop(5)
        stage.away(None)
        assert guardian.said.empty()
        stage.start(StartCapture(6))
        assert guardian.hear() == CaptureResumed(6)
        guardian.frame(stage)


def test_a_mask_that_cannot_be_placed_shows_nothing_until_it_can(screen: XScreen) -> None:
    blind = True

    class Blind(X11Backend):
        @override
        def windows(self) -> XWindows:
            if blind:
                raise ScreenLost("the windows cannot be asked for", Reason.MASK_NOT_PLACED)
            return super().windows()

    with staged(screen, Blind) as (stage, guardian, hands):
        stage.start(StartCapture(1, (TITLE,)))
        assert guardian.hear() == CapturePaused(1, Reason.MASK_NOT_PLACED)
        assert guardian.shown.empty() or all(each[0] >= 16 for each in guardian.shown.queue)
        assert "release_all" in hands.did
        stage.away(Reason.SCREEN_LOCKED)
        assert guardian.hear() == CapturePaused(1, Reason.SCREEN_LOCKED)
        stage.away(None)
        assert guardian.hear() == CapturePaused(1, Reason.MASK_NOT_PLACED)
        blind = False
        assert guardian.hear() == CaptureResumed(1)
        guardian.until(stage, lambda: guardian.canvas.picture.size == (320, 240))


def test_a_screen_that_goes_is_told_and_ends_it() -> None:
    with xvfb(320, 240) as short_lived, staged(short_lived) as (stage, guardian, _):
        stage.start(StartCapture(1))
        guardian.frame(stage)
        short_lived.process.terminate()
        assert guardian.hear() == CaptureStopped(1, Reason.NO_SCREEN)


def test_what_the_console_worked_over_a_frame_is_told_on_in_seconds(screen: XScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, float]] = []
    monkeypatch.setattr("host_client.screen.loop.CaptureLoop.shown", lambda _self, frame, worked: told.append((frame, worked)))
    with staged(screen) as (stage, guardian, _):
        stage.start(StartCapture(1))
        guardian.frame(stage)
        stage.shown(PictureShown(1, 1, 250))
        stage.shown(PictureShown(9, 1, 250))
        stage.halt()
    assert told == [(1, 0.0), (1, 0.25)]


def test_somebody_who_watches_and_takes_nothing_in_slows_nobody_down(screen: XScreen) -> None:
    """Two stages of one screen: each has its own pipeline and credit, begins with a whole picture, and pauses nobody's hand but its own."""
    with closing(open_display(screen.display)) as other, staged(screen) as (stage, guardian, hands):
        watcher = Guardian()
        beside = Stage(X11Backend(screen.display), watcher, None, Veil(), time.monotonic)
        stage.start(StartCapture(1))
        guardian.frame(stage)
        beside.start(StartCapture(7))
        while (told := watcher.shown.get(timeout=DEADLINE))[0] != LAYOUT:
            assert told[0] >= 16, "his own whole picture begins with the size of the screen; shapes of the pointer are none"
        for place in range(1, 6):  # he shows nothing of what he is sent; she goes on
            window = other.screen().root.create_window(
                40 * place, 20, 30, 30, 0, X.CopyFromParent, background_pixel=0x101010 * place, override_redirect=True
            )
            window.map()
            other.sync()
            grey = 0x10 * place
            guardian.until(stage, lambda grey=grey: (grey, grey, grey) in guardian.colours())  # type: ignore[misc]  # bound here
        assert sum(each[0] == FRAME_END for each in watcher.shown.queue) <= FRAMES_IN_FLIGHT
        hands.did.clear()
        beside.away(Reason.MASK_NOT_PLACED)
        assert watcher.hear() == CapturePaused(7, Reason.MASK_NOT_PLACED)
        assert "release_all" not in hands.did
        beside.away(None)
        assert watcher.hear() == CaptureResumed(7)
        beside.halt()
