"""Whose window is under the pointer, asked for in one journey, and right whatever changed since the last time.

Mutations tried: the way of the last time is believed; it is not kept; a window of the way is not compared with what the pointer is in;
a window that goes counts as another's; only the uppermost window is looked at.
"""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.protocol.display import Display as Connection
from Xlib.xobject.drawable import Window

from host_client.desk.pointed_x11 import TRIES, Pointed
from host_client.screen.x_display import open_display
from tests.helpers.x_server import XScreen, xvfb

OTHER = 1


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with xvfb(320, 240) as ready:
        yield ready


@pytest.fixture
def display(screen: XScreen) -> Iterator[Display]:
    with closing(open_display(screen.display)) as opened:
        opened.screen().root.warp_pointer(50, 50)
        opened.sync()
        yield opened


def window(display: Display, within: Window | None = None, process: int | None = None) -> Window:
    """A window over the pointer."""
    made = (within or display.screen().root).create_window(0, 0, 100, 100, 0, X.CopyFromParent, override_redirect=True)
    if process is not None:
        made.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [process])
    made.map()
    display.sync()
    return made


def test_a_window_is_ours_by_the_process_written_on_it_or_on_one_around_it(display: Display) -> None:
    pointed = Pointed(display, os.getpid())
    seen = [pointed.is_ours()]
    frame = window(display)
    seen.append(pointed.is_ours())
    ours = window(display, frame, os.getpid())
    seen.append(pointed.is_ours())
    window(display, ours)
    seen.append(pointed.is_ours())
    ours.destroy()
    window(display, frame, OTHER)
    seen.append(pointed.is_ours())
    assert seen == [False, False, True, True, False]


def test_the_way_of_the_last_time_is_never_believed(display: Display) -> None:
    pointed = Pointed(display, os.getpid())
    theirs = window(display, process=OTHER)
    inner = window(display, theirs)
    assert not pointed.is_ours()
    ours = window(display, process=os.getpid())  # over it
    assert pointed.is_ours()
    ours.unmap()
    assert not pointed.is_ours()
    display.screen().root.warp_pointer(200, 200)
    ours.map()
    assert not pointed.is_ours()
    display.screen().root.warp_pointer(50, 50)
    inner.destroy()
    assert pointed.is_ours()
    ours.destroy()
    assert not pointed.is_ours()
    theirs.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
    assert pointed.is_ours()


@pytest.mark.parametrize("written", [[], [OTHER, os.getpid()], [os.getpid(), OTHER]], ids=["nothing", "two", "two, ours first"])
def test_who_writes_more_than_one_process_is_not_misread(display: Display, written: list[int]) -> None:
    strange = window(display)
    strange.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, written)
    assert Pointed(display, os.getpid()).is_ours() == (written[:1] == [os.getpid()])


def test_the_second_look_is_one_journey(display: Display, monkeypatch: pytest.MonkeyPatch) -> None:
    pointed = Pointed(display, os.getpid())
    window(display, window(display, window(display)))
    waits: list[int] = []
    wait = Connection.send_and_recv

    def counted(self: Connection, **wanted: object) -> None:
        waits.append(1)
        wait(self, **wanted)

    monkeypatch.setattr(Connection, "send_and_recv", counted)
    assert not pointed.is_ours()
    first, waits[:] = len(waits), []
    assert not pointed.is_ours()
    assert len(waits) <= 2 < first  # one answer may come in two parts


def test_where_nobody_can_say_it_is_ours(display: Display, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def gone(_: Pointed) -> bool:
        tries.append(1)
        raise BadWindow(display.display, bytes(32))

    monkeypatch.setattr(Pointed, "_walk", gone)
    assert Pointed(display, os.getpid()).is_ours()
    assert len(tries) == TRIES
