"""The whole desktop through mss, on systems that tell no program what was drawn: it is looked at, more seldom the longer it stands still.

Sizes and places are those of the system's virtual screen, whose left upper corner may lie left of and above its main monitor.
The pointer is not part of the picture.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from mss import MSS
from mss.exception import ScreenShotError

from host_client.ports import ScreenLost, Shot
from host_client.screen.change import Rectangle
from host_client.screen.masks import cut
from host_client.screen.polling import Polling
from wire.limits import MONITORS_MAX
from wire.sealed.scene import Monitor

_LOST: Final = (ScreenShotError, OSError)
ARRANGED_SECONDS: Final = 1.0
"""How often the monitors are asked for: mss keeps its first answer."""
Area = dict[str, int]


class PolledScreen:
    """One desktop. Everything is called on the thread that made it; raises ScreenLost when it cannot be copied any more.

    `away` says that nobody may see this desktop now, as while the system shows its own questions. It cannot be copied then, and
    that is no loss: the last picture stands until somebody pauses it.
    """

    def __init__(self, away: Callable[[], bool] = lambda: False, open_grabber: Callable[[], MSS] = MSS) -> None:
        self._away, self._open = away, open_grabber
        self._grabber, self._areas = self._opened()
        self._asked = time.monotonic()
        self._polling = Polling()
        self._pause = threading.Event()

    def _opened(self) -> tuple[MSS, list[Area]]:
        try:
            grabber = self._open()
            return grabber, [{name: int(each[name]) for name in ("left", "top", "width", "height")} for each in grabber.monitors]
        except _LOST as lost:
            raise ScreenLost(f"the screen cannot be captured: {type(lost).__name__}") from lost

    def size(self) -> tuple[int, int]:
        """Width and height of the whole."""
        return self._areas[0]["width"], self._areas[0]["height"]

    def origin(self) -> tuple[int, int]:
        """Where the picture's first pixel lies for the system."""
        return self._areas[0]["left"], self._areas[0]["top"]

    def take(self) -> Shot:
        """The whole screen. Raises ScreenLost."""
        self._arrange()
        width, height = self.size()
        try:
            pixels: bytes | bytearray = self._grabber.grab(self._areas[0]).raw
        except _LOST as lost:
            if len(self._polling.last) != width * height * 4 or not self._away():
                raise ScreenLost("the screen is gone") from lost
            pixels = self._polling.last
        self._polling.looked(pixels)
        return Shot(0, 0, width, height, (width, height), pixels, self._monitors())

    def _arrange(self) -> None:
        """A monitor may have come, gone or changed."""
        now = time.monotonic()
        if now - self._asked < ARRANGED_SECONDS:
            return
        self._asked = now
        grabber, areas = self._opened()
        if areas == self._areas:
            grabber.close()
            return
        self._grabber.close()
        self._grabber, self._areas = grabber, areas

    def _monitors(self) -> tuple[Monitor, ...]:
        (left, top), (width, height) = self.origin(), self.size()
        areas = [Rectangle(each["left"] - left, each["top"] - top, each["width"], each["height"]) for each in self._areas[1:]]
        found = sorted((part for each in areas if (part := cut(each, width, height)) is not None), key=lambda part: (part.x, part.y))
        # The system's main monitor is the one that its coordinates begin at.
        every = tuple(Monitor(at.x, at.y, at.width, at.height, int((at.x + left, at.y + top) == (0, 0))) for at in found)
        return every[:MONITORS_MAX] if len(every) > 1 else ()

    def wait_change(self, seconds: float) -> bool:
        """Wait until it is worth looking again."""
        self._pause.wait(min(seconds, self._polling.pause))
        return True

    def spoil(self) -> None:
        """Look again soon; every copy is whole."""
        self._polling.hurry()

    def close(self) -> None:
        """Let the screen go."""
        self._grabber.close()
