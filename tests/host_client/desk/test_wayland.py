"""A Wayland desktop for real: sway, PipeWire, the portal and its wlroots back end, and true pixels at the end (`make wayland-test`)."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pytest

from host_client.desk.backend import backend_of
from host_client.desk.backend_wayland import WaylandBackend
from host_client.link_masks import MaskRule
from host_client.ports import ScreenLost, Shot
from host_client.screen.capture_portal import PortalScreen
from host_client.screen.change import pixels_of
from host_client.screen.masked import MaskedScreen, Veil
from host_client.screen.masks import INK, PAPER
from tests.helpers.wayland_desktop import OUTPUT, WaylandDesktop, wayland_desktop

pytestmark = pytest.mark.wayland
DEADLINE = 20.0
LOOK, TRIES = 0.1, 10
COFFEE, INKY, LEAFY = 0xC0FFEE, 0x123456, 0x228833


@pytest.fixture
def desktop() -> Iterator[WaylandDesktop]:
    with wayland_desktop(640, 400, f"#{COFFEE:06x}") as ready:
        yield ready


def backend(desktop: WaylandDesktop) -> WaylandBackend:
    found = backend_of(None, desktop.environment, "Linux")
    assert isinstance(found, WaylandBackend)
    return found


def colours(shot: Shot) -> set[int]:
    return set(np.unique(pixels_of(shot.pixels, shot.width, shot.height) & 0xFFFFFF).tolist())


def shows(screen: PortalScreen | MaskedScreen, seen: Callable[[Shot], bool], seconds: float = DEADLINE) -> Shot | None:
    """The first picture of which this is true, if one comes in time. Raises ScreenLost."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if screen.wait_change(LOOK) and seen(shot := screen.take()):
            return shot
    return None


def drawn(desktop: WaylandDesktop, screen: PortalScreen | MaskedScreen, colour: int, seen: Callable[[Shot], bool] | None = None) -> Shot:
    """The picture, once the desktop is drawn in this colour: wlroots hands one out only when something is drawn after it was asked."""
    for _ in range(TRIES):
        desktop.paint(f"#{colour:06x}")
        shot = shows(screen, seen or only(colour), DEADLINE / TRIES)
        if shot is not None:
            return shot
    raise AssertionError("the picture did not come")


def only(colour: int) -> Callable[[Shot], bool]:
    return lambda shot: colours(shot) == {colour}


def sized(width: int, height: int, colour: int) -> Callable[[Shot], bool]:
    return lambda shot: shot.screen == (width, height) and colours(shot) == {colour}


def gone(screen: PortalScreen) -> str:
    """How the picture ends."""
    try:
        shows(screen, lambda _: False)
    except ScreenLost as lost:
        return str(lost)
    raise AssertionError("the picture goes on")


def test_every_pixel_is_the_desktops_and_a_change_is_noticed(desktop: WaylandDesktop) -> None:
    login = backend(desktop)
    assert login.size() == (640, 400)
    with closing(login.screen()) as screen:
        assert drawn(desktop, screen, COFFEE).screen == (640, 400)
        assert not screen.wait_change(0.5), "a still screen makes no frames"
        drawn(desktop, screen, INKY)


def test_a_new_resolution_is_shown_and_nothing_is_garbled(desktop: WaylandDesktop) -> None:
    with closing(backend(desktop).screen()) as screen:
        drawn(desktop, screen, COFFEE)
        for width, height, colour in ((1366, 768, INKY), (801, 333, LEAFY), (1280, 720, COFFEE)):
            desktop.say("output", OUTPUT, "resolution", f"{width}x{height}")
            drawn(desktop, screen, colour, sized(width, height, colour))


def test_a_region_is_hidden_in_the_picture(desktop: WaylandDesktop) -> None:
    rule = MaskRule("", "", "", 100, 50, 200, 100)
    with closing(MaskedScreen(backend(desktop).screen(masked=True), None, (rule,), Veil())) as screen:
        shot = drawn(desktop, screen, COFFEE, lambda shot: colours(shot) == {COFFEE, PAPER, INK})
        pixels = pixels_of(shot.pixels, *shot.screen) & 0xFFFFFF
        assert set(np.unique(pixels[50:150, 100:300]).tolist()) == {PAPER, INK}
        assert set(np.unique(np.delete(pixels, np.s_[50:150], axis=0)).tolist()) == {COFFEE}


def test_one_picture_at_a_time_and_the_next_when_it_is_gone(desktop: WaylandDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    login = backend(desktop)
    with closing(login.screen()) as first:
        drawn(desktop, first, COFFEE)
        monkeypatch.setattr("host_client.screen.portal.STEP_SECONDS", 0.5)
        with closing(login.screen()) as second:
            assert "one at a time" in gone(second)
        drawn(desktop, first, INKY)
    with closing(login.screen()) as third:
        drawn(desktop, third, LEAFY)


def test_a_compositor_that_ends_takes_the_picture_along(desktop: WaylandDesktop) -> None:
    with closing(backend(desktop).screen()) as screen:
        drawn(desktop, screen, COFFEE)
        desktop.compositor.terminate()
        assert "gone" in (told := gone(screen)) or "ended" in told


def test_pipewire_that_ends_takes_the_picture_along(desktop: WaylandDesktop) -> None:
    with closing(backend(desktop).screen()) as screen:
        drawn(desktop, screen, COFFEE)
        desktop.pipewire.kill()
        assert gone(screen)
