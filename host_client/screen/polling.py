"""How often a screen is looked at that does not say when it is drawn on: often while it changes, ever less while it stands still. Pure."""

from typing import Final

SHORTEST, LONGEST = 0.03, 0.5
"""Seconds between two looks."""
_GROWTH: Final = 1.5


class Polling:
    """Remembers the last picture, because only a copy tells whether anything changed."""

    def __init__(self) -> None:
        self._last: bytes | bytearray = b""
        self.pause = SHORTEST
        """How many seconds to wait before the next look."""

    @property
    def last(self) -> bytes | bytearray:
        """What was there at the last look; empty before the first."""
        return self._last

    def looked(self, pixels: bytes | bytearray) -> None:
        """This was there."""
        self.pause = min(LONGEST, self.pause * _GROWTH) if pixels == self._last else SHORTEST
        self._last = pixels

    def hurry(self) -> None:
        """Look again soon."""
        self.pause = SHORTEST
