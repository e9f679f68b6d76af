"""The picture on systems that do not say what was drawn. mss is the same on each; here it copies an X screen."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from mss import MSS
from mss.exception import ScreenShotError
from Xlib import X

from host_client.ports import ScreenLost
from host_client.screen import capture_polled
from host_client.screen.capture_polled import PolledScreen
from host_client.screen.polling import LONGEST, SHORTEST
from host_client.screen.x_display import open_display
from tests.helpers.x_server import XScreen, xvfb
from wire.sealed.scene import Monitor

COLOUR = 0xC0FFEE


@pytest.fixture
def screen() -> Iterator[XScreen]:
    with xvfb(320, 240) as ready:
        yield ready


def polled(screen: XScreen) -> PolledScreen:
    return PolledScreen(open_grabber=lambda: MSS(display=screen.display))


def test_the_whole_screen_is_taken_with_what_is_drawn_on_it(screen: XScreen) -> None:
    with closing(open_display(screen.display)) as other, closing(polled(screen)) as capture:
        first = capture.take()
        assert (first.x, first.y, first.width, first.height, first.screen, first.monitors) == (0, 0, 320, 240, (320, 240), ())
        assert (capture.size(), capture.origin()) == ((320, 240), (0, 0))
        window = other.screen().root.create_window(20, 30, 10, 5, 0, X.CopyFromParent, background_pixel=COLOUR, override_redirect=True)
        window.map()
        other.sync()
        assert capture.wait_change(1.0)
        pixels = capture.take().pixels
        changed = {at for at in range(0, len(pixels), 4) if pixels[at : at + 3] != first.pixels[at : at + 3]}
        assert changed == {(y * 320 + x) * 4 for x in range(20, 30) for y in range(30, 35)}
        assert all(pixels[at : at + 3] == bytes((0xEE, 0xFF, 0xC0)) for at in changed)


def test_a_screen_that_stands_still_is_looked_at_less(screen: XScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    with closing(polled(screen)) as capture:
        monkeypatch.setattr(capture._pause, "wait", waited.append)
        for _ in range(12):
            capture.take()
            capture.wait_change(9.0)
        capture.spoil()
        capture.wait_change(9.0)
        capture.wait_change(0.001)
    assert (waited[0], waited[11], waited[12], waited[13]) == (SHORTEST, LONGEST, SHORTEST, 0.001)


def test_another_resolution_is_noticed(screen: XScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_polled, "ARRANGED_SECONDS", 0.0)
    sizes = [(320, 240)]
    with closing(PolledScreen(open_grabber=lambda: Cut(screen.display, sizes[0]))) as capture:
        assert capture.take().screen == (320, 240)
        kept = capture._grabber
        capture.take()
        assert capture._grabber is kept
        sizes[0] = (300, 200)
        shot = capture.take()
        assert (shot.screen, len(shot.pixels)) == ((300, 200), 300 * 200 * 4)


class Cut(MSS):
    """A system whose monitors show so much of the X screen; several share it by halves."""

    def __init__(self, display: str, size: tuple[int, int], *, halves: bool = False, left: int = 0) -> None:
        super().__init__(display=display)
        self.close_calls, width, height = 0, *size
        whole = {"left": left, "top": 0, "width": width, "height": height}
        parts = [{**whole, "left": left + x, "width": width // 2} for x in (width // 2, 0)] if halves else [whole]
        self._monitors = [whole, *parts]


def test_several_monitors_are_told_from_left_to_right_with_the_main_one_marked(screen: XScreen) -> None:
    with closing(PolledScreen(open_grabber=lambda: Cut(screen.display, (320, 240), halves=True))) as capture:
        assert capture.take().monitors == (Monitor(0, 0, 160, 240, 1), Monitor(160, 0, 160, 240, 0))


def test_a_monitor_left_of_the_main_one_moves_where_the_picture_begins(screen: XScreen) -> None:
    with closing(PolledScreen(open_grabber=lambda: Cut(screen.display, (320, 240), halves=True, left=-160))) as capture:
        assert capture.origin() == (-160, 0)
        assert capture._monitors() == (Monitor(0, 0, 160, 240, 0), Monitor(160, 0, 160, 240, 1))


class Failing(MSS):
    """It copies no more when it is told so, as while the system shows its own questions."""

    fails = False

    def grab(self, monitor: object, /) -> object:  # type: ignore[override]  # the one thing it is asked for
        if self.fails:
            raise ScreenShotError("access denied")
        return super().grab(monitor)  # type: ignore[arg-type]


def test_a_desktop_of_the_systems_leaves_the_last_picture_and_ends_nothing(screen: XScreen) -> None:
    made = Failing(display=screen.display)
    away = True
    with closing(PolledScreen(lambda: away, lambda: made)) as capture:
        made.fails = True
        with pytest.raises(ScreenLost):
            capture.take()  # nothing was seen that could stand
        made.fails = False
        seen = capture.take()
        made.fails = True
        assert capture.take().pixels == seen.pixels
        away = False
        with pytest.raises(ScreenLost, match="gone"):
            capture.take()


def test_a_system_without_a_screen_says_so() -> None:
    with pytest.raises(ScreenLost, match="cannot be captured"):
        PolledScreen(open_grabber=lambda: MSS(display=":64999"))
