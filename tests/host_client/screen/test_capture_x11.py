"""Capture of a real X screen: every change found, woken by DAMAGE, stopped when told."""

import queue
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest
from Xlib import X

from host_client.ports import ScreenLost
from host_client.screen.capture_x11 import XScreenCapture
from host_client.screen.loop import CaptureLoop, OpenScreen
from host_client.screen.x_display import open_display
from policy.decision import Reason
from tests.helpers.console_canvas import Canvas, picture_of
from tests.helpers.x_server import XScreen, xvfb, xvnc

DEADLINE = 10.0


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with xvfb(800, 600) as ready:
        yield ready


class Painter:
    """Another program that draws on the screen."""

    def __init__(self, screen: XScreen) -> None:
        self._display = open_display(screen.display)
        root = self._display.screen().root
        self._window = root.create_window(0, 0, screen.width, screen.height, 0, X.CopyFromParent, override_redirect=True)
        self._window.map()
        self._gc = self._window.create_gc()
        self._display.sync()

    def fill(self, colour: int, x: int, y: int, width: int, height: int) -> None:
        self._gc.change(foreground=colour)
        self._window.fill_rectangle(self._gc, x, y, width, height)
        self._display.sync()

    def close(self) -> None:
        self._display.close()


class Session:
    """A capture loop whose console is this test."""

    def __init__(self, screen: XScreen, *, poll: bool = False, ui_beat: float | None = None) -> None:
        self.sent: queue.Queue[bytes] = queue.Queue()
        self.over: queue.Queue[Reason] = queue.Queue()
        self.canvas = Canvas()

        def opened() -> OpenScreen:
            return XScreenCapture(screen.display, use_damage=not poll)

        self.loop = CaptureLoop(opened, self.sent.put, self.over.put, lambda: time.monotonic() if ui_beat is None else ui_beat)
        self.loop.start()

    def frame(self) -> int:
        """Draw until one more frame is whole, and show it."""
        while (frame := self.canvas.take(self.sent.get(timeout=DEADLINE))) is None:
            pass
        self.loop.shown(frame)
        return frame

    def settle_on(self, screen: XScreen) -> None:
        """Draw frames until the canvas is what is on the screen."""
        with closing(XScreenCapture(screen.display)) as grabber:
            wanted = picture_of(grabber.grab(), grabber.size())
        while self.canvas.picture != wanted:
            self.frame()

    def close(self) -> None:
        self.loop.halt()
        self.loop.join(DEADLINE)
        assert not self.loop.is_alive()


@contextmanager
def capturing(screen: XScreen, *, poll: bool = False) -> Iterator[Session]:
    with closing(Session(screen, poll=poll)) as session:
        yield session


@pytest.mark.parametrize("poll", [False, True])
def test_every_random_change_reaches_the_console_exactly(screen: XScreen, poll: bool) -> None:
    dice = np.random.default_rng(7)
    with closing(Painter(screen)) as painter, capturing(screen, poll=poll) as session:
        session.frame()
        for _ in range(40):
            x, y = int(dice.integers(0, 790)), int(dice.integers(0, 590))
            width, height = int(dice.integers(1, 800 - x)), int(dice.integers(1, 600 - y))
            painter.fill(int(dice.integers(0, 2**24)), x, y, width, height)
            session.settle_on(screen)
    assert session.canvas.picture.size == (800, 600)


def test_damage_wakes_and_a_small_change_is_sent_quickly(screen: XScreen) -> None:
    with closing(Painter(screen)) as painter, capturing(screen) as session:
        session.frame()
        session.settle_on(screen)
        took = []
        for number in range(1, 30):
            began = time.monotonic()
            painter.fill(number, 100, 100, 20, 20)
            session.frame()
            took.append(time.monotonic() - began)
        session.settle_on(screen)
    assert sorted(took)[len(took) // 2] < 0.05


def test_without_credit_nothing_is_sent_and_then_the_latest_picture_wins(screen: XScreen) -> None:
    with closing(Painter(screen)) as painter, capturing(screen) as session:
        ends = 0
        for colour in (1, 2):
            while session.canvas.take(session.sent.get(timeout=DEADLINE)) is None:
                pass
            ends += 1
            painter.fill(colour, 0, 0, 50, 50)
        for colour in range(3, 20):
            painter.fill(colour, 0, 0, 50, 50)
        with pytest.raises(queue.Empty):
            session.sent.get(timeout=0.3)
        session.loop.shown(ends)
        session.frame()
        assert session.canvas.picture.getpixel((10, 10)) == (0, 0, 19)


def test_nothing_is_sent_after_halt(screen: XScreen) -> None:
    with closing(Painter(screen)) as painter:
        session = Session(screen)
        session.frame()
        session.loop.halt()
        already = session.sent.qsize()
        painter.fill(0xABCDEF, 0, 0, 300, 300)
        session.close()
        assert session.sent.qsize() == already
        assert session.over.empty()


def test_capture_stops_when_the_window_thread_hangs(screen: XScreen) -> None:
    session = Session(screen, ui_beat=time.monotonic() - 60)
    assert session.over.get(timeout=DEADLINE) is Reason.DESK_HUNG
    assert session.sent.empty()
    session.close()


def test_a_screen_that_goes_away_is_told_once() -> None:
    with xvfb(320, 200) as short_lived:
        session = Session(short_lived)
        session.frame()
    assert session.over.get(timeout=DEADLINE) is Reason.NO_SCREEN
    session.close()


def test_a_screen_that_is_not_there_is_said_so() -> None:
    with pytest.raises(ScreenLost):
        XScreenCapture(":64999")


def test_a_new_resolution_is_told_and_captured_whole() -> None:
    with xvnc(640, 480) as resized, capturing(resized) as session:
        session.frame()
        with closing(open_display(resized.display)) as changer:
            root = changer.screen().root
            info = root.xrandr_get_screen_info()
            wanted = [(size["width_in_pixels"], size["height_in_pixels"]) for size in info.sizes].index((800, 600))
            root.xrandr_set_screen_config(wanted, 1, info.config_timestamp)
            changer.sync()
        while session.canvas.picture.size != (800, 600):
            session.frame()
        session.settle_on(resized)
