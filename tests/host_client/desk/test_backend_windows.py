"""What the desk would have on Windows. Its libraries run on an X screen here, and what Windows says of its desktops is played."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import cast

import pytest
from mss import MSS

from host_client.desk.backend_windows import PointerAlone, WindowsBackend
from host_client.ports import ScreenLost
from host_client.screen.capture_polled import PolledScreen
from host_client.screen.pointer_pynput import ARROW, PynputPointer
from host_client.screen.session_state_windows import OWN_DESKTOP
from policy.decision import Reason
from tests.helpers.x_server import XScreen, xvfb


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with xvfb(320, 240) as ready:
        yield ready


def backend(screen: str, desktop: str | None = OWN_DESKTOP) -> WindowsBackend:
    def opened(away: Callable[[], bool]) -> PolledScreen:
        return PolledScreen(away, lambda: MSS(display=screen))

    return WindowsBackend(lambda: desktop, opened)


def test_its_screen_has_a_size_and_a_picture(screen: XScreen) -> None:
    windows = backend(screen.display)
    assert (windows.size(), windows.display, windows.witness({}), windows.managed()) == ((320, 240), None, None, True)
    with closing(windows.screen()) as capture:
        assert capture.take().screen == (320, 240)


def test_without_a_screen_there_is_no_size() -> None:
    assert backend(":64999").size() == (0, 0)


@pytest.mark.parametrize(("desktop", "reason"), [(OWN_DESKTOP, None), ("Winlogon", Reason.SCREEN_LOCKED)])
def test_the_systems_desktop_pauses(screen: XScreen, desktop: str, reason: Reason | None) -> None:
    (opener,) = backend(screen.display, desktop).sessions()
    assert opener().away() is reason
    assert backend(screen.display, desktop)._away() is (reason is not None)


def test_a_mask_about_a_window_cannot_be_placed(screen: XScreen) -> None:
    with pytest.raises(ScreenLost) as refused:
        backend(screen.display).windows()
    assert refused.value.reason is Reason.MASK_NOT_PLACED


def test_the_pointer_is_told_as_an_arrow_when_it_moves() -> None:
    places = [(10, 20), (10, 20), (11, 20)]
    pointer = PynputPointer(lambda: places.pop(0))
    first = pointer.look(0.0)
    assert first is not None
    assert (first.shape, first.x, first.y) == (ARROW, 10, 20)
    assert pointer.look(0.1) is None
    second = pointer.look(0.2)
    assert second is not None
    assert second.x == 11
    assert len(ARROW.data) == ARROW.width * ARROW.height * 4
    pointer.wait(0.001, 0.3)
    pointer.close()


def test_nobody_says_which_window_has_the_keyboard() -> None:
    alone = PointerAlone(lambda: (5, 6))
    assert alone.pointer() == (5, 6)
    with pytest.raises(ScreenLost):
        alone.keyboard()
    alone.close()


HAND = """
import json, sys
from host_client.desk.backend_windows import WindowsBackend
from host_client.screen.capture_polled import PolledScreen
from host_client.screen.change import Rectangle
from host_client.screen.masked import Veil
from host_client.screen.pointer_pynput import pynput_place

veil, told, seen = Veil(), [], []
backend = WindowsBackend(lambda: "Default", PolledScreen)
hand, pointer = backend.hand(veil, lambda: told.append("dropped")), backend.pointer()

def look():
    now = pointer.look(0.0)
    seen.append(now and [now.x, now.y])

look()
hand.move(30, 40)
look()
veil.drape(frozenset({Rectangle(100, 100, 50, 50)}))
hand.move(120, 120)
hand.key("KeyA", True)
look()
hand.move(60, 70)
look()
hand.close()
json.dump({"seen": seen, "told": told, "left of it": pynput_place((-100, 7))()}, sys.stdout)
"""


def test_the_hand_of_pynput_moves_the_pointer_and_reaches_nothing_under_a_mask(screen: XScreen) -> None:
    """In a process of its own: pynput looks for a screen as soon as it is imported."""
    environment = {**os.environ, "DISPLAY": screen.display}
    done = subprocess.run([sys.executable, "-c", HAND], env=environment, capture_output=True, text=True, timeout=60, check=True)
    said = cast(dict[str, object], json.loads(done.stdout))
    assert cast(list[object], said["seen"])[1:] == [[30, 40], None, [60, 70]]
    assert said["told"] == ["dropped"]
    assert said["left of it"] == [160, 63], "the picture begins 100 pixels left of the main monitor, and 7 below it"


@pytest.mark.parametrize(
    "module", ["host_client.desk.main", "host_client.desk.backend_windows", "host_client.desk.qt.ui", "host_client.desk.terminal"]
)
def test_the_desk_needs_no_library_of_x_or_of_unix_before_it_knows_its_desktop(module: str) -> None:
    """None of these is there on Windows."""
    lacking = ("Xlib", "fcntl", "pwd", "termios", "resource", "jeepney")
    code = f"import importlib, sys; sys.modules |= dict.fromkeys({lacking}); importlib.import_module({module!r})"
    subprocess.run([sys.executable, "-c", code], timeout=60, check=True)
