"""An X screen: all that the desk can use of one."""

from collections.abc import Callable, Mapping

from host_client.desk.devices_x11 import open_witness
from host_client.desk.input_thread import OpenInjector
from host_client.desk.input_x11 import XInjector
from host_client.desk.places_x11 import XPlaces
from host_client.desk.veiled import VeiledInjector
from host_client.desk.witness import Chord, Witness
from host_client.ports import ScreenLost
from host_client.screen.capture_x11 import XScreenCapture
from host_client.screen.cursor_x11 import XCursor
from host_client.screen.masked import Veil
from host_client.screen.session_state import SessionSource
from host_client.screen.session_state_logind import LogindSession
from host_client.screen.session_state_x11 import XScreenSaver
from host_client.screen.windows_x11 import XWindows
from host_client.screen.x_display import close_display, open_display


class X11Backend:
    """The screen of one X display, in the login session of that name (XDG_SESSION_ID)."""

    def __init__(self, display: str | None, session: str = "") -> None:
        self._display, self._session = display, session

    @property
    def display(self) -> str | None:
        """Its name, such as `:0`."""
        return self._display

    def size(self) -> tuple[int, int]:
        """0, 0 where there is no screen to show."""
        try:
            screen = XScreenCapture(self._display)
        except ScreenLost:
            return 0, 0
        try:
            return screen.size()
        finally:
            screen.close()

    def screen(self, *, masked: bool = False) -> XScreenCapture:
        """The picture, which always begins where the desktop does."""
        return XScreenCapture(self._display)

    def pointer(self) -> XCursor:
        """Its shape and place."""
        return XCursor(self._display)

    def windows(self) -> XWindows:
        """Every window."""
        return XWindows(self._display)

    def hand(self, veil: Veil, veiled: Callable[[], None]) -> OpenInjector:
        """XTEST, and nothing where a mask lies."""
        hand = XInjector(self._display)
        try:
            places = XPlaces(self._display)
        except ScreenLost:
            hand.close()
            raise
        return VeiledInjector(hand, places, veil, veiled)

    def sessions(self) -> tuple[Callable[[], SessionSource], ...]:
        """The X screen saver and logind."""
        return lambda: XScreenSaver(self._display), lambda: LogindSession(self._session)

    def witness(self, chords: Mapping[Chord, Callable[[], None]]) -> Witness | None:
        """XInput 2."""
        return open_witness(self._display, chords)

    def managed(self) -> bool:
        """Whether a window manager looks after this screen (EWMH, _NET_SUPPORTING_WM_CHECK)."""
        try:
            screen = open_display(self._display)
        except ScreenLost:
            return False
        try:
            atom = screen.intern_atom("_NET_SUPPORTING_WM_CHECK")
            return screen.screen().root.get_full_property(atom, 0) is not None
        finally:
            close_display(screen)
