"""The X screen: grabbed through shared memory by mss, woken by X DAMAGE on a connection of its own.

Where the server has no DAMAGE the screen is polled, more and more slowly while nothing changes. The pointer is not
part of the picture: the console draws its own.
"""

import select
import time
from contextlib import suppress
from typing import Final

from mss import MSS
from mss.exception import ScreenShotError
from mss.linux.xcbhelpers import XError as XcbError
from Xlib import X
from Xlib.ext import damage

from host_client.ports import ScreenLost
from host_client.screen.x_display import X_LOST, close_display, open_display

_LOST: Final = (ScreenShotError, XcbError, AssertionError, *X_LOST)
"""Everything that the two libraries raise when a server goes away; mss asserts that each of its questions is answered."""
POLL_SHORTEST, POLL_LONGEST = 0.03, 0.5


def _grabber(display: str | None) -> MSS:
    """Shared memory where mss takes the server for fit. It misjudges servers that list a depth twice, as Xvnc does;
    there the slower way of copying gives the same pixels.
    """
    try:
        return MSS(display=display)
    except ScreenShotError:
        return MSS(display=display, backend="xlib")


class XScreenCapture:
    """One X screen. Everything is called on the thread that made it; raises ScreenLost when the server goes away."""

    def __init__(self, display: str | None, *, use_damage: bool = True) -> None:
        self._display_name = display
        self._watch = open_display(display)
        try:
            self._root = self._watch.screen().root
            self._root.change_attributes(event_mask=X.StructureNotifyMask)
            has_damage = use_damage and self._watch.has_extension("DAMAGE")
            self._damage = self._begin_damage() if has_damage else None
            self._grabber = _grabber(display)
            self._size = self._root_size()
        except _LOST as lost:
            close_display(self._watch)
            raise ScreenLost(f"the X screen cannot be captured: {type(lost).__name__}") from lost
        self._last: bytes | bytearray = b""
        self._pause = POLL_SHORTEST

    def _begin_damage(self) -> int:
        self._watch.damage_query_version()
        made: int = self._root.damage_create(damage.DamageReportNonEmpty)
        self._watch.sync()
        return made

    def _root_size(self) -> tuple[int, int]:
        geometry = self._root.get_geometry()
        return int(geometry.width), int(geometry.height)

    def size(self) -> tuple[int, int]:
        """Width and height of the last grab."""
        return self._size

    def grab(self) -> bytes:
        """The whole screen, BGRX, rows without padding. Raises ScreenLost."""
        width, height = self._size
        try:
            raw = self._grabber.grab({"left": 0, "top": 0, "width": width, "height": height}).raw
        except _LOST as lost:
            raise ScreenLost("the X screen is gone") from lost
        if self._damage is None:
            self._pause = min(POLL_LONGEST, self._pause * 1.5) if raw == self._last else POLL_SHORTEST
            self._last = raw
        return raw  # type: ignore[return-value]  # a fresh bytearray of our own, never written again

    def wait_change(self, seconds: float) -> bool:
        """Wait for something drawn. Without DAMAGE it waits one polling pause and answers that it may have been."""
        try:
            if self._damage is None:
                return self._poll(seconds)
            return self._drawn(seconds)
        except _LOST as lost:
            raise ScreenLost("the X screen is gone") from lost

    def _poll(self, seconds: float) -> bool:
        self._drawn(min(seconds, self._pause))
        return True

    def _drawn(self, seconds: float) -> bool:
        """Read what the watching connection has to say, for at most `seconds`."""
        until = time.monotonic() + seconds
        drawn = False
        while not drawn:
            if not self._watch.pending_events():
                left = until - time.monotonic()
                if left <= 0 or not select.select([self._watch.fileno()], [], [], left)[0]:
                    return False
            while self._watch.pending_events():
                drawn = self._heed(self._watch.next_event()) or drawn
        if self._damage is not None:
            # The server must have taken the damage back before another connection grabs, or what is drawn between
            # the two would never be reported: hence a round trip and not a flush.
            self._watch.damage_subtract(self._damage)
            self._watch.sync()
        return True

    def _heed(self, event: object) -> bool:
        kind = getattr(event, "type", None)
        if self._damage is not None and kind == self._watch.extension_event.DamageNotify:
            return True
        resized = kind == X.ConfigureNotify and self._root_size() != self._size
        if resized:
            self._size = self._root_size()
            self._grabber.close()
            self._grabber = _grabber(self._display_name)
        return resized

    def close(self) -> None:
        """Let both connections go."""
        with suppress(*_LOST):  # the server may have gone first
            self._grabber.close()
        close_display(self._watch)
