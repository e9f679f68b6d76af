"""What one kind of desktop gives the desk: a port, and the choice between its implementations.

    backend_x11.py        an X screen: everything there is
    backend_windows.py    Windows: thin, and never run there
    backend_wayland.py    a Wayland login whose portal shares a monitor: the picture alone
    backend_none.py       everything else: nothing

`docs/limits.md` says what each lacks. What is not there refuses when it is opened: nothing is shown, and nothing is typed, without
what it needs.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from host_client.desk.backend_none import NoBackend
from host_client.desk.input_thread import OpenInjector
from host_client.desk.witness import Chord, Witness
from host_client.ports import ScreenLost
from host_client.screen.masked import BareScreen, Veil, WindowSource
from host_client.screen.pointer_loop import OpenPointer
from host_client.screen.session_state import SessionSource

_LOG = logging.getLogger(__name__)


class Backend(Protocol):
    """One desktop. Called on any thread; what is opened belongs to the thread that opened it. Openers raise ScreenLost."""

    @property
    def display(self) -> str | None:
        """The X display that the desk's own windows open on; None: the toolkit knows."""

    def size(self) -> tuple[int, int]:
        """Width and height of the whole screen in pixels; 0, 0 where there is no screen to show."""

    def screen(self, *, masked: bool = False) -> BareScreen:
        """The picture. `masked`: only one whose corner is the desktop's, from which regions are counted; what was opened raises
        ScreenLost with MASK_NOT_PLACED where that is not so.
        """

    def pointer(self) -> OpenPointer:
        """The pointer, where it is not part of the picture."""

    def windows(self) -> WindowSource:
        """The windows, for masks that are about one."""

    def hand(self, veil: Veil, veiled: Callable[[], None]) -> OpenInjector:
        """The technician's hand. `veiled` is told when something was dropped because a mask lies there."""

    def sessions(self) -> tuple[Callable[[], SessionSource], ...]:
        """Openers of what tells that nobody may see this login's screen now."""

    def witness(self, chords: Mapping[Chord, Callable[[], None]]) -> Witness | None:
        """Who tells a person's hand from the technician's; None where nobody can."""

    def managed(self) -> bool:
        """Does somebody else place the windows of this screen?"""


def backend_of(display: str | None, environment: Mapping[str, str], system: str) -> Backend:
    """The backend of this login. `display` is an X display that somebody named, which then counts; `system` as `platform.system()`.

    A Wayland login usually has an X display too, for older programs: what it shows is not what the person sees.
    """
    if system == "Windows":
        from host_client.desk.backend_windows import WindowsBackend

        return WindowsBackend()
    if system != "Linux":
        return NoBackend()
    if display is None and on_wayland(environment):
        return _wayland(environment)
    from host_client.desk.backend_x11 import X11Backend

    return X11Backend(display or environment.get("DISPLAY"), environment.get("XDG_SESSION_ID", ""))


def _wayland(environment: Mapping[str, str]) -> Backend:
    """What is missing is said once, where the login's programs say such things: docs/it-guide.md tells what to install."""
    try:
        from host_client.desk.backend_wayland import WaylandBackend

        return WaylandBackend(environment)
    except ScreenLost as lost:
        _LOG.warning("The screen of this Wayland login cannot be shown: %s", lost)
        return NoBackend()


def on_wayland(environment: Mapping[str, str]) -> bool:
    """Is the desktop of this login a Wayland compositor's?"""
    return bool(environment.get("WAYLAND_DISPLAY")) or environment.get("XDG_SESSION_TYPE") == "wayland"
