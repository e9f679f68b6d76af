"""Connections to the local X server, opened and closed so that nothing is left behind.

Only a server on this machine is ever spoken to, through its socket file: the host client has one way out of the
machine, and X is not it.
"""

import threading
from pathlib import Path
from typing import Final

from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.protocol.display import Display as BaseDisplay
from Xlib.protocol.event import event_class

from host_client.ports import ScreenLost

X_LOST: Final = (XError, DisplayError, ConnectionClosedError, OSError)
"""Everything that python-xlib raises when the server is not there or goes away."""
_OPENING = threading.Lock()
_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108  # where every X server puts its socket; nothing is written there


def open_display(name: str | None) -> Display:
    """A connection to the display of that name (`:3`, `:3.0`). Raises ScreenLost when there is none on this machine."""
    host, _, number = (name or "").partition(":")
    if host or not number:
        raise ScreenLost("there is no local X display")
    if not Path(_SOCKETS, f"X{number.partition('.')[0]}").is_socket():
        raise ScreenLost("the X server is not running")
    try:
        with _OPENING:
            return _with_its_own_codes(name)
    except X_LOST as lost:
        raise ScreenLost(f"the X server cannot be reached: {type(lost).__name__}") from lost


def _with_its_own_codes(name: str | None) -> Display:
    """python-xlib keeps one table of event codes for all connections, but every server numbers its extensions itself."""
    BaseDisplay.event_classes = event_class.copy()
    made = Display(name)
    made.display.event_classes = BaseDisplay.event_classes
    return made


def close_display(display: Display) -> None:
    """Close a connection, also one whose server went first."""
    try:
        display.close()
    except X_LOST:
        display.display.socket.close()
