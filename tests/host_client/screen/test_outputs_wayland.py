"""The monitors of a Wayland desktop, as a compositor of the test's own tells them in the core protocol."""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_client.ports import ScreenLost
from host_client.screen.outputs_wayland import Output, Outputs
from tests.helpers.scripted_compositor import DISPLAY, Compositor, geometry, message, mode, named

PREFERRED = 2


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": DISPLAY}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Compositor]:
    first = named(5, b"wl_shm") + named(6) + named(9)
    second = geometry(4, 0) + mode(4, 640, 480, PREFERRED) + mode(4, 1920, 1080) + geometry(5, 1) + mode(5, 1280, 1024)
    compositor = Compositor(tmp_path, first, second)
    yield compositor
    compositor.close()


def test_each_monitor_has_the_size_that_it_stands_in(two: Compositor, place: dict[str, str]) -> None:
    outputs = Outputs(place)
    assert two.bound == [4, 5]
    assert outputs.all() == (Output(1920, 1080), Output(1024, 1280, turned=True))
    assert not outputs.stirred()
    outputs.close()


def test_a_monitor_that_changes_goes_or_comes_is_told(two: Compositor, place: dict[str, str]) -> None:
    outputs = Outputs(place)
    two.client.sendall(mode(4, 800, 600))
    assert outputs.stirred()
    assert outputs.all()[0] == Output(800, 600)
    two.client.sendall(message(2, 1, struct.pack("=I", 9)))
    assert outputs.stirred()
    assert outputs.all() == (Output(800, 600),)
    two.client.sendall(message(2, 1, struct.pack("=I", 5)))
    assert not outputs.stirred(), "that was no monitor"
    two.client.sendall(named(11))
    assert outputs.stirred()
    assert outputs.all() == (Output(800, 600),), "it has not said its size yet"
    outputs.close()


@pytest.mark.parametrize("said", [b"", message(1, 0, bytes(12)), struct.pack("=IHH", 4, 1, 0)], ids=["gone", "error", "nonsense"])
def test_a_compositor_that_ends_or_complains_is_none(two: Compositor, place: dict[str, str], said: bytes) -> None:
    outputs = Outputs(place)
    two.client.sendall(said) if said else two.client.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ScreenLost):
        outputs.stirred()
    outputs.close()


def test_no_compositor_and_one_that_is_silent_are_told(place: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for environment in ({}, place):
        with pytest.raises(ScreenLost, match="no Wayland compositor"):
            Outputs(environment)
    monkeypatch.setattr("host_client.screen.outputs_wayland.ANSWER_SECONDS", 0.05)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{place['XDG_RUNTIME_DIR']}/{DISPLAY}")
        listener.listen()
        with pytest.raises(ScreenLost, match="no Wayland compositor"):
            Outputs(place)
