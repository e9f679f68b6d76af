"""The host's log behind two words: `record` (durable before anything goes on) and `note` (done already, written now or late).

Disk work is done in a thread, one call at a time, and waited for so long and no longer: a disk that hangs is a disk that
fails. What could not be written when it happened is kept, and is written before any other entry, behind an entry that says so.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from audit.entry import At, at
from audit.events import host
from audit.events.shape import Event
from policy.instant import Instant
from runtime.file_log import LogUnavailable

PATIENCE = 5.0
LATE_MAX = 10_000


class Appender(Protocol):
    """A log that is on the disk when `append` returns, or raises LogUnavailable."""

    def append(self, events: Sequence[Event], when: At) -> None:
        """Record these events, all or none."""


class Logbook:
    """Writes to one log. Calls must not overlap; the shell handles one event at a time."""

    def __init__(self, log: Appender, clock: Callable[[], Instant], patience: float = PATIENCE) -> None:
        self._log, self._clock, self._patience = log, clock, patience
        self._late: list[Event] = []
        self._writing: asyncio.Future[None] | None = None

    @property
    def late(self) -> int:
        """Entries that wait for the disk."""
        return len(self._late)

    async def record(self, events: Sequence[Event]) -> bool:
        """True when these entries, and every late one before them, are on the disk."""
        late = [host.LateEntries(count=len(self._late)), *self._late] if self._late else []
        if not await self._append([*late, *events]):
            return False
        self._late.clear()
        return True

    async def note(self, event: Event) -> None:
        """Write this entry now, or keep it."""
        if not await self.record((event,)) and len(self._late) < LATE_MAX:
            self._late.append(event)

    async def _append(self, events: Sequence[Event]) -> bool:
        if self._writing is not None and not self._writing.done():
            earlier, _ = await asyncio.wait((self._writing,), timeout=self._patience)
            if not earlier:
                return False  # the disk hangs in an earlier call
        writing = asyncio.ensure_future(asyncio.to_thread(self._log.append, events, at(self._clock())))
        writing.add_done_callback(_looked_at)
        self._writing = writing
        done, _ = await asyncio.wait((writing,), timeout=self._patience)
        return bool(done) and not isinstance(writing.exception(), LogUnavailable) and writing.result() is None


def _looked_at(writing: "asyncio.Future[None]") -> None:
    if not writing.cancelled():
        writing.exception()  # a failure that comes after patience ran out was answered already
