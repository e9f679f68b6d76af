"""The pointer of a real X screen, and the thread that tells of it."""

import queue
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from Xlib import X, Xcursorfont
from Xlib.display import Display
from Xlib.ext import xtest

from host_client.ports import ScreenLost
from host_client.screen.cursor_x11 import REST_SECONDS, XCursor
from host_client.screen.pointer_loop import PointerLoop
from host_client.screen.x_display import open_display
from tests.helpers.x_server import XScreen, xvfb
from wire.limits import POINTER_HIDDEN
from wire.sealed.parcel import unpacked
from wire.sealed.scene import Cursor, Pointer
from wire.sealed.screen import Picture, decode_picture

DEADLINE = 10.0


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with xvfb(800, 600) as ready:
        yield ready


@pytest.fixture
def other(screen: XScreen) -> Iterator[Display]:
    """Another program of that screen."""
    with closing(open_display(screen.display)) as display:
        move(display, 400, 300)
        wear(display, Xcursorfont.left_ptr)
        yield display


def wear(display: Display, glyph: int) -> None:
    font = display.open_font("cursor")
    black, white = (0, 0, 0), (65535, 65535, 65535)
    display.screen().root.change_attributes(cursor=font.create_glyph_cursor(font, glyph, glyph + 1, black, white))
    display.sync()


def move(display: Display, x: int, y: int) -> None:
    xtest.fake_input(display, X.MotionNotify, x=x, y=y)
    display.sync()


def test_a_shape_that_changes_wakes_and_is_seen_with_the_pixel_that_points(screen: XScreen, other: Display) -> None:
    with closing(XCursor(screen.display)) as cursor:
        first = cursor.look(0)
        assert first is not None
        assert (first.x, first.y) == (400, 300)
        assert cursor.look(0) is None
        wear(other, Xcursorfont.xterm)
        cursor.wait(DEADLINE, 0)
        then = cursor.look(0)
        assert then is not None
        assert first.shape is not None
        assert then.shape is not None
        assert then.shape != first.shape
        assert then.shape.height > then.shape.width  # a caret
        assert len(then.shape.data) == then.shape.width * then.shape.height * 4


def test_a_movement_wakes_once_and_is_asked_for_until_it_rests(screen: XScreen, other: Display) -> None:
    with closing(XCursor(screen.display)) as cursor:
        cursor.look(0)
        assert cursor.look(1) is None
        move(other, 10, 20)
        began = time.monotonic()
        cursor.wait(DEADLINE, 1)
        assert time.monotonic() - began < DEADLINE / 2
        seen = cursor.look(1)
        assert seen is not None
        assert (seen.x, seen.y) == (10, 20)
        move(other, 11, 20)
        seen = cursor.look(1.1)
        assert seen is not None
        assert seen.x == 11
        assert cursor.look(1.2) is None
        move(other, 12, 20)  # nobody listens at this moment: it is found when the listening begins again
        seen = cursor.look(1.2 + REST_SECONDS)
        assert seen is not None
        assert seen.x == 12


def look_for_ever(cursor: XCursor) -> None:
    while True:
        cursor.wait(0.1, 0)
        cursor.look(0)


def test_a_server_that_tells_of_no_movement_is_asked_now_and_then(screen: XScreen, other: Display) -> None:
    with closing(XCursor(screen.display, hears_motion=False)) as cursor:
        cursor.look(0)
        assert cursor.look(0.1) is None
        move(other, 50, 60)
        began = time.monotonic()
        cursor.wait(DEADLINE, 10)
        assert time.monotonic() - began < DEADLINE / 2
        seen = cursor.look(10)
        assert seen is not None
        assert (seen.x, seen.y) == (50, 60)


def test_a_screen_that_goes_away_is_said_so() -> None:
    with xvfb(320, 200) as short_lived:
        cursor = XCursor(short_lived.display)
    with pytest.raises(ScreenLost):
        look_for_ever(cursor)
    cursor.close()
    with pytest.raises(ScreenLost):
        XCursor(":64999")


class Console:
    """Hears what the thread tells."""

    def __init__(self) -> None:
        self.heard: queue.Queue[Picture] = queue.Queue()
        self.shapes: dict[int, Cursor] = {}

    def take(self, parcel: bytes) -> None:
        for message in unpacked(parcel):
            self.heard.put(decode_picture(message))

    def see(self, x: int, y: int) -> Cursor | None:
        """Wait until the pointer is there; its shape."""
        while True:
            told = self.heard.get(timeout=DEADLINE)
            if isinstance(told, Cursor):
                self.shapes[told.slot] = told
            elif isinstance(told, Pointer) and (told.x, told.y) == (x, y):
                return self.shapes.get(told.slot)


@contextmanager
def telling(screen: XScreen, veil: range = range(0)) -> Iterator[tuple[PointerLoop, Console]]:
    console = Console()
    loop = PointerLoop(lambda: XCursor(screen.display), console.take, lambda x, _y: x in veil)
    loop.start()
    yield loop, console
    loop.halt()
    loop.join(DEADLINE)
    assert not loop.is_alive()


def test_the_console_hears_where_the_pointer_is_and_what_it_looks_like(screen: XScreen, other: Display) -> None:
    with telling(screen) as (_, console):
        arrow = console.see(400, 300)
        wear(other, Xcursorfont.sb_h_double_arrow)
        move(other, 30, 40)
        resize = console.see(30, 40)
        while resize == arrow:
            move(other, 31, 40)
            resize = console.see(31, 40)
            move(other, 30, 40)
            resize = console.see(30, 40)
        assert arrow is not None
        assert resize is not None


def test_under_a_veil_neither_place_nor_shape_is_told(screen: XScreen, other: Display) -> None:
    with telling(screen, range(200, 300)) as (_, console):
        console.see(400, 300)
        for x in range(299, 199, -20):
            move(other, x, 100)
        told = console.heard.get(timeout=DEADLINE)
        assert told == Pointer(POINTER_HIDDEN, 0, 0)
        move(other, 199, 100)
        assert console.see(199, 100) is not None
        assert console.heard.empty()


def test_nothing_is_told_after_halt(screen: XScreen, other: Display) -> None:
    with telling(screen) as (loop, console):
        console.see(400, 300)
        loop.halt()
        already = console.heard.qsize()
        move(other, 1, 1)
        loop.join(DEADLINE)
        assert console.heard.qsize() == already


def test_where_there_is_no_pointer_nothing_is_told() -> None:
    console = Console()
    loop = PointerLoop(lambda: XCursor(":64999"), console.take)
    loop.start()
    loop.join(DEADLINE)
    assert not loop.is_alive()
    assert console.heard.empty()
