"""The X screen: copied through shared memory by mss, and only where X DAMAGE, on a connection of its own, says it changed.

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
from Xlib.protocol.rq import Event

from host_client.ports import ScreenLost, Shot
from host_client.screen.change import Rectangle
from host_client.screen.monitors_x11 import XMonitors
from host_client.screen.polling import Polling
from host_client.screen.x_display import X_LOST, close_display, open_display
from wire.sealed.scene import Monitor

_LOST: Final = (ScreenShotError, XcbError, AssertionError, *X_LOST)
"""Everything that the two libraries raise when a server goes away; mss asserts that each of its questions is answered."""


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
            self._divided = XMonitors(self._watch)
            has_damage = use_damage and self._watch.has_extension("DAMAGE")
            self._damage = self._begin_damage() if has_damage else None
            self._grabber = _grabber(display)
            self._size = self._root_size()
        except _LOST as lost:
            close_display(self._watch)
            raise ScreenLost(f"the X screen cannot be captured: {type(lost).__name__}") from lost
        self._monitors: tuple[Monitor, ...] = ()
        self._drawn_in: Rectangle | None = self._whole()
        """A rectangle around the damage that was reported and not taken yet."""
        self._polling = Polling()

    def _begin_damage(self) -> int:
        """Told of each growth of the rectangle around what was drawn: few events, and each says where to look."""
        self._watch.damage_query_version()
        made: int = self._root.damage_create(damage.DamageReportBoundingBox)
        self._watch.sync()
        return made

    def _root_size(self) -> tuple[int, int]:
        geometry = self._root.get_geometry()
        return int(geometry.width), int(geometry.height)

    def size(self) -> tuple[int, int]:
        """Width and height of the screen as last heard of."""
        return self._size

    def grab(self) -> bytes | bytearray:
        """The whole screen, BGRX, rows without padding. Raises ScreenLost."""
        return self._copy(self._whole())

    def take(self) -> Shot:
        """A rectangle around everything drawn since the last one was taken; the first is whole. Raises ScreenLost."""
        try:
            self._hear()
            if self._divided.stale:
                self._monitors = self._divided.ask(*self._size)
            at = self._drawn_in or self._whole()
            self._give_back()
        except _LOST as lost:
            raise ScreenLost("the X screen is gone") from lost
        pixels = self._copy(at)
        if self._damage is None:
            self._polling.looked(pixels)
        return Shot(at.x, at.y, at.width, at.height, self._size, pixels, self._monitors)

    def _whole(self) -> Rectangle:
        return Rectangle(0, 0, *self._size)

    def spoil(self) -> None:
        """The next copy is whole, and there is something to copy."""
        self._drawn_in = self._whole()

    def _copy(self, at: Rectangle) -> bytes | bytearray:
        try:
            shot = self._grabber.grab({"left": at.x, "top": at.y, "width": at.width, "height": at.height})
        except _LOST as lost:
            raise ScreenLost("the X screen is gone") from lost
        return shot.raw  # a fresh copy of our own, never written again

    def _give_back(self) -> None:
        """Have the server begin to count damage anew. It must have done so before another connection copies pixels, or
        what is drawn between the two would never be reported: hence a round trip and not a flush. Events that came
        meanwhile stay where they are: they may be of damage that was counted anew already.
        """
        self._drawn_in = None
        if self._damage is not None:
            self._watch.damage_subtract(self._damage)
            self._watch.sync()

    def wait_change(self, seconds: float) -> bool:
        """Wait for something drawn. Without DAMAGE it waits one polling pause and answers that it may have been."""
        try:
            if self._damage is None:
                return self._poll(seconds)
            return self._drawn(seconds)
        except _LOST as lost:
            raise ScreenLost("the X screen is gone") from lost

    def _poll(self, seconds: float) -> bool:
        self._drawn(min(seconds, self._polling.pause))
        return True

    def _drawn(self, seconds: float) -> bool:
        """Read what the watching connection has to say, for at most `seconds`."""
        until = time.monotonic() + seconds
        while True:
            self._hear()
            if self._drawn_in is not None:
                return True
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._watch.fileno()], [], [], left)[0]:
                return False

    def _hear(self) -> None:
        """Read every event that is here."""
        while self._watch.pending_events():
            self._heed(self._watch.next_event())

    def _heed(self, event: Event) -> None:
        self._divided.heed(event)
        if self._divided.stale:
            self._drawn_in = self._whole()  # so that somebody takes a picture and tells of it
        if self._damage is not None and event.type == self._watch.extension_event.DamageNotify:
            at = Rectangle(event.area.x, event.area.y, event.area.width, event.area.height).within(*self._size)
            self._drawn_in = at if self._drawn_in is None else self._drawn_in.joined(at)
        elif event.type == X.ConfigureNotify and self._root_size() != self._size:
            self._size = self._root_size()
            self._divided.stale = True
            self._grabber.close()
            self._grabber = _grabber(self._display_name)
            self._drawn_in = self._whole()

    def close(self) -> None:
        """Let both connections go."""
        with suppress(*_LOST):  # the server may have gone first
            self._grabber.close()
        close_display(self._watch)
