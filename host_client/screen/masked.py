"""A screen with its privacy masks on: every pixel that leaves here has been painted over where it had to be.

The windows are asked for before and after each copy, and every place that either answer names is hidden: where a window is now,
where it was, and where it passed. Where what is hidden has changed, the next copy is whole, so that nothing stays hidden or
seen too long. A mask that cannot be placed lets no picture out: `ScreenLost` says why.
"""

from collections.abc import Iterable
from dataclasses import replace
from threading import Lock
from typing import Protocol

from host_client.link_masks import MaskRule
from host_client.ports import Shot
from host_client.screen.change import Rectangle, pixels_of
from host_client.screen.masks import Window, covers, masked, paint


class WindowSource(Protocol):
    """The windows of one screen."""

    def windows(self) -> frozenset[Window]:
        """Every window that can be seen now or could be since the last call. Raises ScreenLost."""

    def stirred(self) -> bool:
        """Did something happen to a window since then? Raises ScreenLost."""

    def close(self) -> None:
        """Let the connection go."""


class BareScreen(Protocol):
    """A screen without masks, of which all can be asked for again."""

    def take(self) -> Shot:
        """See `ports.Screen`."""

    def wait_change(self, seconds: float) -> bool:
        """See `ports.Screen`."""

    def spoil(self) -> None:
        """The next copy is whole."""

    def close(self) -> None:
        """Let the connection go."""


class Veil:
    """What is hidden now, for whoever must not touch it. Asked and told on any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hidden: frozenset[Rectangle] = frozenset()

    @property
    def on(self) -> bool:
        """Is anything hidden?"""
        return bool(self._hidden)

    def lies_over(self, x: int, y: int) -> bool:
        """Is this pixel of the screen hidden?"""
        with self._lock:
            return covers(self._hidden, x, y)

    def drape(self, hidden: frozenset[Rectangle]) -> None:
        """From now on this is hidden, and nothing else."""
        with self._lock:
            self._hidden = hidden


class MaskedScreen:
    """One screen and the windows on it. Called on one thread."""

    def __init__(self, screen: BareScreen, windows: WindowSource | None, rules: Iterable[MaskRule], veil: Veil) -> None:
        """`windows` None: no rule is about one."""
        self._screen, self._windows, self._rules, self._veil = screen, windows, tuple(rules), veil
        self._hidden: frozenset[Rectangle] = frozenset()
        self._again = False

    def _seen(self) -> frozenset[Window]:
        return frozenset() if self._windows is None else self._windows.windows()

    def take(self) -> Shot:
        """A copy in which nothing that is hidden can be seen. Raises ScreenLost."""
        before = self._seen()
        shot = self._screen.take()
        hidden = masked(self._rules, before | self._seen(), *shot.screen)
        self._again = hidden != self._hidden
        if self._again:
            self._veil.drape(hidden)
            self._screen.spoil()
        self._hidden = hidden
        pixels = bytearray(shot.pixels)
        paint(pixels_of(pixels, shot.width, shot.height), shot.x, shot.y, hidden)
        return replace(shot, pixels=pixels)

    def wait_change(self, seconds: float) -> bool:
        """As of the screen, and at once while what is hidden has just changed."""
        return self._again or self._screen.wait_change(seconds) or self._windows_changed()

    def _windows_changed(self) -> bool:
        """A window may say something else of itself without drawing anything."""
        return self._windows is not None and self._windows.stirred()

    def close(self) -> None:
        """Let the connections go."""
        self._veil.drape(frozenset())
        self._screen.close()
        if self._windows is not None:
            self._windows.close()
