"""How many bytes of a file may be on their way: half a second of what the line carries, so that nothing else waits long behind them."""

from policy.instant import Instant
from wire.limits import FILE_SIZE_MAX, FILE_WINDOW, FILE_WINDOW_LEAST

FIRST = 512 * 1024
RATE_MOST = FILE_SIZE_MAX
"""Bytes a second that anybody is told: two readings of a clock may lie as close as it can tell."""
_SECONDS = 0.5
_OLD = 0.7
"""Weight of what was measured before."""


class Pace:
    """Measures the receiver's end of one file, and knows rate and time left."""

    def __init__(self, now: Instant, had: int = 0) -> None:
        """`had`: bytes that came over another socket, which say nothing about this one."""
        self._since, self._bytes = now, had
        self.rate = 0.0
        """Bytes a second."""
        self.window = FIRST

    def came(self, total: int, now: Instant) -> None:
        """So many bytes have come since the beginning."""
        seconds = now.elapsed_since(self._since)
        if seconds <= 0:
            return
        measured = min(RATE_MOST, max(0, total - self._bytes) / seconds)
        self.rate = measured if not self.rate else _OLD * self.rate + (1 - _OLD) * measured
        self._since, self._bytes = now, total
        self.window = int(min(FILE_WINDOW, max(FILE_WINDOW_LEAST, self.rate * _SECONDS)))

    def left(self, remaining: int) -> int:
        """Seconds until the rest has come; 0 while nobody can tell."""
        return min(2**32 - 1, int(remaining / self.rate) + 1) if self.rate >= 1 and remaining else 0
