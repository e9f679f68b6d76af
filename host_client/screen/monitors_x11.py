"""The monitors of an X screen (RandR 1.5): which part of the picture each one shows, and a word when that changes.

A resolution, scale or rotation that is changed shows here and in the size of the root window; the picture follows both.
"""

from Xlib import X
from Xlib.display import Display
from Xlib.ext import randr
from Xlib.protocol.rq import Event

from host_client.screen.change import Rectangle
from host_client.screen.masks import cut
from wire.limits import MONITORS_MAX
from wire.sealed.scene import Monitor

_CHANGES = randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask | randr.RROutputChangeNotifyMask


class XMonitors:
    """On a connection of somebody else's, who passes its events on to `heed`. Raises what python-xlib raises."""

    def __init__(self, display: Display) -> None:
        self._display, self._root = display, display.screen().root
        self._there = display.has_extension("RANDR") and self._version() >= (1, 5)
        self.stale = True
        if self._there:
            self._root.xrandr_select_input(_CHANGES)

    def _version(self) -> tuple[int, int]:
        told = self._display.xrandr_query_version()
        return int(told.major_version), int(told.minor_version)

    def heed(self, event: Event) -> None:
        """One event of that connection."""
        kinds = self._display.extension_event
        about = (event.type, getattr(event, "sub_code", None))
        # A monitor that a program made is told of by the root window alone.
        if self._there and (
            event.type in {X.ConfigureNotify, kinds.ScreenChangeNotify} or about in {kinds.CrtcChangeNotify, kinds.OutputChangeNotify}
        ):
            self.stale = True

    def ask(self, width: int, height: int) -> tuple[Monitor, ...]:
        """Those that show something of a picture of this size, from left to right; none if that is only one."""
        self.stale = False
        if not self._there:
            return ()
        told = self._root.xrandr_get_monitors(is_active=True).monitors
        found = [(part, bool(each.primary)) for each in told if (part := cut(_area(each), width, height)) is not None]
        found.sort(key=lambda pair: (pair[0].x, pair[0].y))
        first = next((place for place, (_, primary) in enumerate(found) if primary), -1)
        every = tuple(Monitor(at.x, at.y, at.width, at.height, int(place == first)) for place, (at, _) in enumerate(found))
        return every[:MONITORS_MAX] if len(every) > 1 else ()


def _area(told: object) -> Rectangle:
    return Rectangle(*(int(getattr(told, name)) for name in ("x", "y", "width_in_pixels", "height_in_pixels")))
