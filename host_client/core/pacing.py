"""How fast records go onto a channel that has no sense of it, and whether it is worth its while (docs/protocol.md, section 9).

`Pacer` is a token bucket filled at the rate at which the other end takes records, and a little more, so that a line that
grew faster is found out. `Rivals` compares what both carriers moved while there was always something to send.
"""

from collections import deque

RATE_START = 4_000_000.0
RATE_LEAST = 64_000.0
RATE_MOST = 200_000_000.0
GROWTH = 1.25
BURST_SECONDS = 0.05
BURST_LEAST = 2 * 65_568
"""Two of the longest records: one is always let go whole."""
LOOK_SECONDS = 0.2
WINDOW_SECONDS = 1.0
STRIKE_SECONDS = 30.0
STRIKES = 2
RELAY_UNTRIED = 128_000.0
"""What is expected of a relay that was never filled: a megabit a second. SCTP on a line that loses much stays below that."""
MARGIN = 0.9
"""Of the relay's rate: nobody changes carriers over a tenth."""


class Pacer:
    """Bytes a second. Clocks are seconds of any one steady clock."""

    def __init__(self, now: float) -> None:
        self.rate = RATE_START
        self._tokens = self._most
        self._at = self._looked = now
        self._taken = 0

    @property
    def _most(self) -> float:
        return max(BURST_LEAST, self.rate * BURST_SECONDS)

    def delay(self, now: float) -> float:
        """Seconds until the next record may go; 0 for now."""
        self._fill(now)
        return 0.0 if self._tokens > 0 else (1 - self._tokens) / self.rate

    def spend(self, size: int) -> None:
        """A record of so many bytes goes."""
        self._tokens -= size

    def taken(self, size: int, now: float, *, busy: bool) -> None:
        """The other end took so many bytes. `busy`: there was always something to send, so this is what the line gives."""
        self._taken += size
        passed = now - self._looked
        if passed < LOOK_SECONDS:
            return
        if busy:
            self._fill(now)
            self.rate = min(RATE_MOST, max(RATE_LEAST, GROWTH * self._taken / passed))
        self._taken, self._looked = 0, now

    def _fill(self, now: float) -> None:
        self._tokens = min(self._most, self._tokens + (now - self._at) * self.rate)
        self._at = now


class Rivals:
    """The relay and the channel, each by its last full window in which it was never idle."""

    def __init__(self) -> None:
        self._relay = RELAY_UNTRIED
        self._began: float | None = None
        self._moved = 0
        self._strikes: deque[float] = deque()

    def idle(self) -> None:
        """There was nothing to send, or the carrier changed: what was moved so far says nothing."""
        self._began, self._moved = None, 0

    def moved(self, size: int, now: float, *, direct: bool) -> bool:
        """So many bytes left while more waited. True: the channel is worse than the relay once too often."""
        if self._began is None:
            self._began = now  # what left just now was waiting before the clock ran
            return False
        self._moved += size
        passed = now - self._began
        if passed < WINDOW_SECONDS:
            return False
        rate, self._began, self._moved = self._moved / passed, now, 0
        if not direct:
            self._relay = rate
            return False
        return self._worse(rate, now)

    def _worse(self, rate: float, now: float) -> bool:
        if rate >= MARGIN * self._relay:
            return False
        self._strikes.append(now)
        while now - self._strikes[0] > STRIKE_SECONDS:
            self._strikes.popleft()
        return len(self._strikes) >= STRIKES
