"""A Wayland login at the desk: the picture alone, and what refuses does so before anybody is asked."""

import queue
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from host_client.desk import backend_wayland
from host_client.desk.backend import backend_of
from host_client.desk.backend_none import NoBackend
from host_client.desk.backend_wayland import WaylandBackend
from host_client.desk.stage import Stage
from host_client.link import CapturePaused, CaptureStopped, StartCapture
from host_client.link_frames import Picture, ToGuardian
from host_client.link_masks import MaskRule
from host_client.ports import ScreenLost
from host_client.screen.masked import Veil
from policy.decision import Reason
from tests.helpers.scripted_compositor import DISPLAY, Compositor, geometry, mode, named
from tests.helpers.scripted_portal import DEADLINE, ScriptedPortal, scripted_portal

TITLE = MaskRule("Patient*", "", "", 0, 0, 0, 0)
Login = tuple[ScriptedPortal, Mapping[str, str]]


class Guardian:
    """Hears what the stage says."""

    def __init__(self) -> None:
        self.said: queue.Queue[ToGuardian] = queue.Queue()

    def say(self, said: ToGuardian) -> None:
        self.said.put(said)

    def show(self, picture: Picture) -> None:
        raise AssertionError("there is no picture")

    def follow(self, grant: int | None, run: int = 0) -> None:
        """Nothing is shown."""


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Login]:
    """A session with a portal; GStreamer is taken to be there, and no stream comes to it."""
    monkeypatch.setattr(backend_wayland, "usable", lambda: None)
    second = geometry(4, 0) + mode(4, 1920, 1080) + geometry(5, 1) + mode(5, 1280, 1024)
    compositor = Compositor(tmp_path, named(6) + named(9), second)
    with scripted_portal() as (scripted, address):
        yield scripted, {"WAYLAND_DISPLAY": DISPLAY, "XDG_RUNTIME_DIR": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": address, "DISPLAY": ":0"}
    compositor.close()


def staged(backend: WaylandBackend) -> tuple[Stage, Guardian]:
    guardian = Guardian()
    return Stage(backend, guardian, None, Veil(), time.monotonic), guardian


def test_a_login_whose_portal_shares_monitors_has_a_picture_of_the_largest_ones_size_and_nothing_else(login: Login) -> None:
    backend = backend_of(None, login[1], "Linux")
    assert isinstance(backend, WaylandBackend)
    assert backend.size() == (1920, 1080)
    assert (backend.display, backend.witness({}), backend.managed(), len(backend.sessions())) == (None, None, True, 1)
    for opener, reason in (
        (backend.pointer, Reason.NO_SCREEN),
        (lambda: backend.hand(Veil(), lambda: None), Reason.NO_SCREEN),
        (backend.windows, Reason.MASK_NOT_PLACED),
    ):
        with pytest.raises(ScreenLost) as lost:
            opener()
        assert lost.value.reason is reason


def test_a_compositor_that_is_gone_leaves_no_screen(login: Login) -> None:
    backend = WaylandBackend({**login[1], "WAYLAND_DISPLAY": "wayland-8"})
    assert backend.size() == (0, 0)


def test_a_mask_about_a_window_pauses_before_anybody_is_asked_for_a_picture(login: Login) -> None:
    stage, guardian = staged(WaylandBackend(login[1]))
    stage.start(StartCapture(1, (TITLE,)))
    assert guardian.said.get(timeout=DEADLINE) == CapturePaused(1, Reason.MASK_NOT_PLACED)
    stage.halt()
    assert [name for name, _, _ in login[0].heard.queue] == ["Properties.GetAll"]


def test_a_person_who_refuses_the_desktops_question_refuses_the_picture(login: Login) -> None:
    login[0].answers["Start"] = (1, {})
    stage, guardian = staged(WaylandBackend(login[1]))
    stage.start(StartCapture(1))
    assert guardian.said.get(timeout=DEADLINE) == CaptureStopped(1, Reason.REFUSED_BY_PERSON)
    stage.halt()


def test_a_login_without_a_portal_shows_nothing_and_says_why(login: Login, caplog: pytest.LogCaptureFixture) -> None:
    silent = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nowhere"}
    assert isinstance(backend_of(None, silent, "Linux"), NoBackend)
    assert "cannot be shown: there is no session bus" in caplog.text


def test_what_is_not_installed_is_named(login: Login, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> None:
        raise ScreenLost("GStreamer has no pipewiresrc here (Debian: gstreamer1.0-pipewire)")

    monkeypatch.setattr(backend_wayland, "usable", missing)
    assert isinstance(backend_of(None, login[1], "Linux"), NoBackend)
    assert "gstreamer1.0-pipewire" in caplog.text
