"""Privacy masks on a real X screen: no pixel of a hidden window is in anything that leaves, wherever the window goes."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest
from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.xobject.drawable import Window as XWindow

from host_client.link_masks import MaskRule
from host_client.ports import ScreenLost, Shot
from host_client.screen.capture_x11 import XScreenCapture
from host_client.screen.masked import MaskedScreen, Veil
from host_client.screen.masks import Window
from host_client.screen.windows_x11 import XWindows
from host_client.screen.x_display import open_display
from policy.decision import Reason
from tests.helpers.x_server import XScreen, openbox, xvfb

SECRET = 0x00C0FFEE
"""A colour that nothing else on the screen has."""
TITLE = MaskRule("Patient*", "", "", 0, 0, 0, 0)
PROGRAM = MaskRule("", "", "python*", 0, 0, 0, 0)
DEADLINE = 40.0
"""A window manager of a busy machine takes its time."""


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with xvfb(640, 480) as ready:
        yield ready


@pytest.fixture
def other(screen: XScreen) -> Iterator[Display]:
    """The program whose window is hidden."""
    with closing(open_display(screen.display)) as display:
        yield display


def secret(display: Display, title: str, x: int = 100, y: int = 80, *, managed: bool = False) -> XWindow:
    root = display.screen().root
    window = root.create_window(x, y, 120, 90, 0, X.CopyFromParent, background_pixel=SECRET, override_redirect=not managed)
    window.change_text_property(Xatom.WM_NAME, Xatom.STRING, title)
    window.set_wm_class("list", "MedView")
    window.map()
    display.sync()
    return window


@contextmanager
def masking(screen: XScreen, *rules: MaskRule) -> Iterator[tuple[MaskedScreen, Veil]]:
    veil = Veil()
    with closing(MaskedScreen(XScreenCapture(screen.display), XWindows(screen.display), rules, veil)) as ready:
        yield ready, veil


def shows(shot: Shot, colour: int = SECRET) -> int:
    return int(np.count_nonzero((np.frombuffer(shot.pixels, dtype=np.uint32) & 0xFFFFFF) == colour))


def settled(screen: MaskedScreen) -> Shot:
    """The last of what has to be taken; a secret in any of them is a fault."""
    shot = screen.take()
    until = time.monotonic() + DEADLINE
    while screen.wait_change(0):
        assert not shows(shot)
        assert time.monotonic() < until
        shot = screen.take()
    assert not shows(shot)
    return shot


def test_a_window_is_hidden_and_where_it_was_is_seen_again(screen: XScreen, other: Display) -> None:
    with masking(screen, TITLE) as (masked, veil):
        window = secret(other, "Patient list")
        settled(masked)
        assert veil.lies_over(100, 80)
        assert veil.lies_over(219, 169)
        assert not veil.lies_over(220, 169)
        window.configure(x=300, y=200)
        other.sync()
        last = settled(masked)
        assert not veil.lies_over(100, 80)
        assert veil.lies_over(300, 200)
        assert (last.width, last.height) == (640, 480)
        window.destroy()
        other.sync()
        settled(masked)
        assert not veil.lies_over(300, 200)


def test_without_its_mask_the_window_would_be_seen(screen: XScreen, other: Display) -> None:
    with masking(screen, MaskRule("Other*", "", "", 0, 0, 0, 0)) as (masked, _):
        window = secret(other, "Patient list")
        assert shows(masked.take()) == 120 * 90
        window.destroy()


@pytest.mark.parametrize("rule", [PROGRAM, MaskRule("", "medview", "", 0, 0, 0, 0), MaskRule("", "", "", 90, 70, 150, 110)])
def test_a_window_is_hidden_by_its_program_its_class_or_its_place(screen: XScreen, other: Display, rule: MaskRule) -> None:
    with masking(screen, rule) as (masked, _):
        window = secret(other, "Anything")
        settled(masked)
        window.destroy()


def test_a_window_that_becomes_the_one_is_hidden_without_drawing_anything(screen: XScreen, other: Display) -> None:
    with masking(screen, TITLE) as (masked, _):
        window = secret(other, "Notes")
        while masked.wait_change(0):
            masked.take()
        window.change_text_property(other.intern_atom("_NET_WM_NAME"), other.intern_atom("UTF8_STRING"), "Patient 5")
        other.sync()
        assert masked.wait_change(0.1)
        settled(masked)
        window.destroy()


def test_a_window_that_is_the_one_no_more_is_seen_again_though_only_another_place_was_drawn(screen: XScreen, other: Display) -> None:
    window = secret(other, "Patient list")
    with masking(screen, TITLE) as (masked, _):
        settled(masked)
        window.change_text_property(Xatom.WM_NAME, Xatom.STRING, "Notes")
        other.screen().root.clear_area(0, 0, 3, 3)
        other.sync()
        seen = np.zeros((480, 640), dtype=np.uint32)
        while masked.wait_change(0):
            shot = masked.take()
            part = np.frombuffer(shot.pixels, dtype=np.uint32).reshape(shot.height, shot.width)
            seen[shot.y : shot.y + shot.height, shot.x : shot.x + shot.width] = part & 0xFFFFFF
        assert int(np.count_nonzero(seen == SECRET)) == 120 * 90
    window.destroy()


def test_a_window_in_a_frame_is_hidden_with_its_frame(screen: XScreen, other: Display) -> None:
    with openbox(screen), masking(screen, TITLE) as (masked, veil):
        window = secret(other, "Patient list", managed=True)
        at = window.query_tree().parent
        until = time.monotonic() + DEADLINE
        while at == other.screen().root:
            assert time.monotonic() < until
            at = window.query_tree().parent
        settled(masked)
        frame = at
        while (above := frame.query_tree().parent) != other.screen().root:
            frame = above
        geometry = frame.get_geometry()
        while not veil.lies_over(geometry.x + 2, geometry.y + 2):
            assert time.monotonic() < until
            masked.wait_change(0.1)
            assert not shows(masked.take())
            geometry = frame.get_geometry()
        window.destroy()
        other.sync()


def test_no_move_and_no_moment_shows_a_hidden_window(screen: XScreen, other: Display) -> None:
    """Moved between the questions too: the copy itself is made to fall between two places of the window."""
    dice = np.random.default_rng(11)
    window = secret(other, "Patient list")

    def hop() -> None:
        for _ in range(int(dice.integers(0, 4))):
            window.configure(x=int(dice.integers(-60, 600)), y=int(dice.integers(-40, 440)))
        if dice.integers(0, 5) == 0:
            window.unmap()
            window.map()
        other.sync()

    class Jumping(XScreenCapture):
        def take(self) -> Shot:
            hop()
            shot = super().take()
            hop()
            return shot

    veil = Veil()
    with closing(MaskedScreen(Jumping(screen.display), XWindows(screen.display), (TITLE,), veil)) as masked:
        for _ in range(150):
            hop()
            assert not shows(masked.take())
    window.destroy()


def test_a_window_that_came_and_went_before_anybody_could_ask_is_hidden(screen: XScreen, other: Display) -> None:
    class Flashing(XScreenCapture):
        def take(self) -> Shot:
            window = secret(other, "Patient list")
            shot = super().take()
            window.destroy()
            other.sync()
            return shot

    with closing(MaskedScreen(Flashing(screen.display), XWindows(screen.display), (TITLE,), Veil())) as masked:
        for _ in range(5):
            assert not shows(masked.take())


def test_what_only_claims_to_have_moved_stays_hidden(screen: XScreen, other: Display) -> None:
    from Xlib.protocol.event import ConfigureNotify

    window = secret(other, "Patient list")
    root = other.screen().root
    with masking(screen, TITLE) as (masked, _):
        settled(masked)
        lie = ConfigureNotify(window=window, event=root, above_sibling=0, x=500, y=400, width=5, height=5, border_width=0, override=0)
        root.send_event(lie, X.SubstructureNotifyMask)
        window.clear_area()
        other.sync()
        settled(masked)
    window.destroy()


def test_where_windows_cannot_be_asked_for_nothing_is_taken() -> None:
    with xvfb(320, 200) as short_lived:
        capture, windows = XScreenCapture(short_lived.display), XWindows(short_lived.display)
    with pytest.raises(ScreenLost) as lost:
        MaskedScreen(capture, windows, (TITLE,), Veil()).take()
    assert lost.value.reason is Reason.MASK_NOT_PLACED
    with pytest.raises(ScreenLost) as lost:
        windows.stirred()
    assert lost.value.reason is Reason.MASK_NOT_PLACED
    windows.close()
    capture.close()


def test_a_program_that_the_server_does_not_know_might_be_any(screen: XScreen, other: Display) -> None:
    window = secret(other, "Anything")
    with closing(XWindows(screen.display)) as windows:
        windows._knows_programs = False
        found = [each for each in windows.windows() if each.titles == ("Anything",)]
    assert [each.programs for each in found] == [None]
    assert isinstance(found[0], Window)
    window.destroy()
