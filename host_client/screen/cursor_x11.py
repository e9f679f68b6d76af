"""The pointer of an X screen: its shape (XFIXES) when it changes, and where it is while somebody moves it.

A device that moves may report a thousand times a second. The first raw event (XI 2.2) says that it moves; from then on the
server is asked where it is, at a steady pace, until it rests. A still pointer costs nothing. Where the server has no XI 2 it is
asked now and then instead.
"""

import select
from contextlib import suppress
from typing import Final

from Xlib.ext import xfixes, xinput
from Xlib.protocol.rq import Event

from host_client.ports import ScreenLost
from host_client.screen.pointer import Seen, Shape, shape_of
from host_client.screen.x_display import X_LOST, close_display, open_display

REST_SECONDS: Final = 0.5
"""Not moved for so long: it rests."""
ASK_SECONDS: Final = 0.25
"""How often it is asked where nothing tells that it moves."""


class XCursor:
    """The pointer of one screen. Everything is called on the thread that made it; raises ScreenLost when the server goes away."""

    def __init__(self, display: str | None, *, hears_motion: bool = True) -> None:
        self._display = open_display(display)
        if not self._display.has_extension("XFIXES"):
            close_display(self._display)
            raise ScreenLost("this X screen does not tell the shape of its pointer")
        try:
            self._display.xfixes_query_version()
            self._root = self._display.screen().root
            self._display.xfixes_select_cursor_input(self._root, xfixes.XFixesDisplayCursorNotifyMask)
            self._told = hears_motion and self._select()
            self._listen(on=True)
            self._shape: Shape | None = None
            self._place = (-1, -1)
            self._shape_changed = True
            self._moving_until = 0.0
            self._display.sync()
        except X_LOST as lost:
            close_display(self._display)
            raise ScreenLost("the pointer of this X screen cannot be seen") from lost

    def _select(self) -> bool:
        """Whether this server tells that a pointer moves."""
        if not self._display.has_extension("XInputExtension"):
            return False
        opcode = self._display.display.get_extension_major(xinput.extname)
        version = xinput.XIQueryVersion(display=self._display.display, opcode=opcode, major_version=2, minor_version=2)
        return (int(version.major_version), int(version.minor_version)) >= (2, 1)

    def _listen(self, *, on: bool) -> None:
        self._listening = on and self._told
        if self._told:
            self._root.xinput_select_events([(xinput.AllMasterDevices, xinput.RawMotionMask if on else 0)])

    def wait(self, seconds: float, now: float) -> None:
        """Wait until something may have changed, at most so long. Raises ScreenLost."""
        try:
            if self._shape_changed or now < self._moving_until or self._display.pending_events():
                return
            select.select([self._display.fileno()], [], [], seconds if self._told else min(seconds, ASK_SECONDS))
        except X_LOST as lost:
            raise ScreenLost("the X screen is gone") from lost

    def look(self, now: float) -> Seen | None:
        """The pointer, if it is not what it was at the last look. Raises ScreenLost."""
        try:
            return self._look(now)
        except X_LOST as lost:
            raise ScreenLost("the X screen is gone") from lost

    def _look(self, now: float) -> Seen | None:
        while self._display.pending_events():
            self._heed(self._display.next_event(), now)
        changed, self._shape_changed = self._shape_changed, False
        if changed:
            self._shape = self._ask_shape()
        rests = self._told and now >= self._moving_until
        if rests and self._listening and not changed:
            return None
        if rests and not self._listening:
            self._listen(on=True)  # before it is asked once more: whoever moves it in between is not missed
        told = self._root.query_pointer()
        place = (int(told.root_x), int(told.root_y))
        if place != self._place:
            self._moving_until = now + REST_SECONDS
        elif not changed:
            return None
        self._place = place
        return Seen(self._shape, *place)

    def _heed(self, event: Event, now: float) -> None:
        if event.type == self._display.extension_event.GenericEvent:
            self._moving_until = now + REST_SECONDS
            if self._listening:
                self._listen(on=False)
        elif (event.type, getattr(event, "sub_code", None)) == self._display.extension_event.DisplayCursorNotify:
            self._shape_changed = True

    def _ask_shape(self) -> Shape | None:
        told = self._display.xfixes_get_cursor_image(self._root)
        if not (told.width and told.height):
            return None
        return shape_of(list(told.cursor_image), told.width, told.height, (told.xhot, told.yhot))

    def close(self) -> None:
        """Let the connection go."""
        with suppress(*X_LOST):
            close_display(self._display)
