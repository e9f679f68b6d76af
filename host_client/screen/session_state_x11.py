"""The X server's own screen saver (MIT-SCREEN-SAVER): while it is active, nobody is before the screen, or it is locked.

Lockers of the X world either use it or tell logind (`session_state_logind.py`).
"""

import select

from Xlib.ext import screensaver

from host_client.ports import ScreenLost
from host_client.screen.session_state import SourceGone
from host_client.screen.x_display import X_LOST, close_display, open_display
from policy.decision import Reason


class XScreenSaver:
    """The screen saver of one X screen. Raises SourceGone where there is none."""

    def __init__(self, display: str | None) -> None:
        try:
            self._display = open_display(display)
        except ScreenLost:
            raise SourceGone("there is no X screen") from None
        if not self._display.has_extension("MIT-SCREEN-SAVER"):
            close_display(self._display)
            raise SourceGone("this X server has no screen saver")
        try:
            self._root = self._display.screen().root
            self._root.screensaver_select_input(screensaver.NotifyMask)
            self._display.sync()
        except X_LOST:
            close_display(self._display)
            raise SourceGone("the X server went away") from None

    def away(self) -> Reason | None:
        """SCREEN_LOCKED while it is active."""
        try:
            while self._display.pending_events():
                self._display.next_event()
            active = self._root.screensaver_query_info().state == screensaver.StateOn
        except X_LOST:
            raise SourceGone("the X server went away") from None
        return Reason.SCREEN_LOCKED if active else None

    def wait(self, seconds: float) -> None:
        """Wait for a word of the server."""
        try:
            if not self._display.pending_events():
                select.select([self._display.fileno()], [], [], seconds)
        except X_LOST:
            raise SourceGone("the X server went away") from None

    def close(self) -> None:
        """Let the connection go."""
        close_display(self._display)
