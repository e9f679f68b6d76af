"""Whether this login's screen may be seen now: a port with one source for each thing that tells, and a thread that listens.

A source answers with the reason why not, or None. What says that the screen is locked counts, however many others say that it is
not. A source that fails is asked no more, and says by what it raised whether it ever could: `docs/limits.md` tells which exist where.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from typing_extensions import override

from policy.decision import Reason

LOOK_SECONDS = 0.25
"""A thread looks so often whether it was stopped."""


class SourceGone(Exception):
    """This source can tell nothing (any more)."""


class SessionSource(Protocol):
    """One thing that knows whether the screen is locked or another login's. Called on one thread; raises SourceGone."""

    def away(self) -> Reason | None:
        """Why nobody may see the screen now; None: for all it knows, it may be seen."""

    def wait(self, seconds: float) -> None:
        """Wait until that may have changed, at most so long."""

    def close(self) -> None:
        """Let it go."""


class SessionWatch:
    """Listens to several sources, each on a thread of its own. `changed` is told on one of them, in order."""

    def __init__(self, openers: Sequence[Callable[[], SessionSource]], changed: Callable[[Reason | None], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._said: dict[int, Reason] = {}
        self._told: Reason | None = None
        self._stopped = False
        self._ears = [_Ear(place, opener, self._hear, lambda: self._stopped) for place, opener in enumerate(openers)]

    def start(self) -> None:
        """Listen from now on."""
        for ear in self._ears:
            ear.start()

    def close(self) -> None:
        """Listen no more. Called on any thread."""
        self._stopped = True

    def _hear(self, place: int, reason: Reason | None) -> None:
        with self._lock:
            if reason is None:
                self._said.pop(place, None)
            else:
                self._said[place] = reason
            now = next((self._said[each] for each in sorted(self._said)), None)
            if now is not self._told and not self._stopped:
                self._told = now
                self._changed(now)


class _Ear(threading.Thread):
    """Listens to one source. One that goes while it said that nobody may see the screen has said its last word."""

    def __init__(
        self,
        place: int,
        opener: Callable[[], SessionSource],
        hear: Callable[[int, Reason | None], None],
        stopped: Callable[[], bool],
    ) -> None:
        super().__init__(name=f"session {place}", daemon=True)
        self._place, self._opener, self._hear, self._stopped = place, opener, hear, stopped

    @override
    def run(self) -> None:
        try:
            source = self._opener()
        except SourceGone:
            return
        try:
            while not self._stopped():
                self._hear(self._place, source.away())
                source.wait(LOOK_SECONDS)
        except SourceGone:
            return
        finally:
            source.close()
