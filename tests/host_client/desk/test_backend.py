"""Which desktop the desk takes a login for, and what it refuses where it can see nothing."""

import pytest

from host_client.desk.backend import backend_of
from host_client.desk.backend_none import NoBackend
from host_client.desk.backend_x11 import X11Backend
from host_client.ports import ScreenLost
from host_client.screen.masked import Veil
from tests.helpers.x_server import xvfb

BESIDE = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}


@pytest.mark.parametrize(
    ("named", "environment", "display"),
    [
        (None, {"DISPLAY": ":7", "XDG_SESSION_TYPE": "x11"}, ":7"),
        (":8", {"DISPLAY": ":7"}, ":8"),
        (":8", BESIDE, ":8"),
        (None, {}, None),
    ],
    ids=["its own", "named", "named beside Wayland", "no display"],
)
def test_an_x_login_is_one(named: str | None, environment: dict[str, str], display: str | None) -> None:
    found = backend_of(named, environment, "Linux")
    assert isinstance(found, X11Backend)
    assert found.display == display


@pytest.mark.parametrize(
    ("environment", "system"),
    [(BESIDE, "Linux"), ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "Linux"), ({}, "Darwin"), ({"DISPLAY": ":0"}, "Windows")],
    ids=["its socket", "its type", "macOS", "Windows"],
)
def test_what_an_x_server_would_show_beside_another_desktop_is_not_taken_for_it(environment: dict[str, str], system: str) -> None:
    found = backend_of(None, environment, system)
    assert not isinstance(found, X11Backend)


def test_nothing_is_there_where_nothing_can_be_seen() -> None:
    nothing = NoBackend()
    assert (nothing.size(), nothing.display, nothing.sessions(), nothing.witness({}), nothing.managed()) == ((0, 0), None, (), None, True)
    for opener in (nothing.screen, nothing.pointer, nothing.windows, lambda: nothing.hand(Veil(), lambda: None)):
        with pytest.raises(ScreenLost, match="this kind of desktop"):
            opener()


def test_an_x_screen_that_is_not_there_has_no_size_and_no_window_manager() -> None:
    gone = X11Backend(":64999")
    assert gone.size() == (0, 0)
    assert not gone.managed()
    with pytest.raises(ScreenLost):
        gone.hand(Veil(), lambda: None)


def test_a_bare_x_screen_has_a_size_and_no_window_manager() -> None:
    with xvfb(320, 240) as screen:
        bare = X11Backend(screen.display)
        assert bare.size() == (320, 240)
        assert not bare.managed()
