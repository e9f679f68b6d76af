"""The host's log behind a few words: `record` (durable before anything goes on), `note` (done already, written now or late), `head`.

Disk work is done in a thread, one call at a time, and waited for so long and no longer: a disk that hangs is a disk that
fails. What could not be written when it happened is kept, and is written before any other entry, behind entries that say so.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from audit.entry import At, at, written_or_said
from audit.events import evidence, host
from audit.events.shape import Event
from audit.events.visit import SessionEnded
from policy.instant import Instant
from runtime.file_log import LogUnavailable
from wire.messages.evidence import Head

T = TypeVar("T")
PATIENCE = 5.0
LATE_MAX = 10_000


class Log(Protocol):
    """What the host's log can do (`runtime.file_log.FileLog`). Each call blocks, and raises LogUnavailable."""

    def append(self, events: Sequence[Event], when: At) -> None:
        """Record these events, all or none; they are on the disk when this returns."""

    def head(self, since: int, session_id: str = "", /) -> Head | None:
        """The newest checkpoint, kept before it is shown."""

    def checkpoint(self) -> str:
        """Keep a checkpoint of where the log stands."""

    def probe(self) -> None:
        """Could something be written now?"""

    def room(self) -> int:
        """How much of its disk is free, in percent."""


class Logbook:
    """Writes to one log."""

    def __init__(
        self, log: Log, clock: Callable[[], Instant], patience: float = PATIENCE, signed: Callable[[str], None] | None = None
    ) -> None:
        """`signed` is called with the note of each checkpoint."""
        self._log, self._clock, self._patience, self._signed = log, clock, patience, signed
        self._late: list[Event] = []
        self._lost = 0
        self._turn = asyncio.Lock()
        self._writing: asyncio.Future[Any] | None = None
        self.failing_since: Instant | None = None
        """When writing failed for the first time since it last worked."""

    @property
    def late(self) -> int:
        """Entries that wait for the disk."""
        return len(self._late)

    async def record(self, events: Sequence[Event]) -> bool:
        """True when these entries, and every late one before them, are on the disk."""
        async with self._turn:
            return await self._record(events)

    async def note(self, event: Event) -> None:
        """Write this entry now, or keep it. What cannot be encoded is recorded as such: nothing behind it waits for it."""
        fit = written_or_said(event, at(self._clock())).event
        async with self._turn:
            if await self._record((fit,)):
                return
            if len(self._late) < LATE_MAX:
                self._late.append(fit)
            else:
                self._lost += 1

    async def probe(self) -> bool:
        """Does writing work now? What is late is written on this occasion."""
        async with self._turn:
            if self._late or self.failing_since is not None:
                return await self._record(())
            return await self._done(self._log.probe) is not None

    async def head(self, since: int, session_id: str = "") -> Head | None:
        """Where the log stands, signed and proven to continue the first `since` entries; None while `session_id` has no end in it,
        and while nothing can be written.
        """
        async with self._turn:
            shown = await self._done(lambda: self._log.head(since, session_id))
            if shown is None or shown[0] is None:
                return None
            self._tell(shown[0].note)
            return shown[0]

    async def checkpoint(self) -> bool:
        """Keep a checkpoint of where the log stands."""
        async with self._turn:
            return await self._checkpoint()

    async def _checkpoint(self) -> bool:
        kept = await self._done(self._log.checkpoint)
        if kept is not None:
            self._tell(kept[0])
        return kept is not None

    def _tell(self, note: str) -> None:
        if note and self._signed is not None:
            self._signed(note)

    async def room(self) -> int | None:
        """How much of the log's disk is free, in percent; None if the disk does not say."""
        async with self._turn:
            said = await self._done(self._log.room)
            return said[0] if said is not None else None

    async def _record(self, events: Sequence[Event]) -> bool:
        all_of_them = [*self._before(), *self._late, *events]
        when = at(self._clock())
        if await self._done(lambda: self._log.append(all_of_them, when)) is None:
            return False
        self._late.clear()
        self._lost, self.failing_since = 0, None
        if any(isinstance(each, SessionEnded) for each in all_of_them):
            await self._checkpoint()
        return True

    def _before(self) -> list[Event]:
        """What stands before entries that come late."""
        said: list[Event] = []
        if self.failing_since is not None:
            seconds = int(self._clock().elapsed_since(self.failing_since))
            said.append(evidence.LogFailed(seconds=seconds, late=len(self._late), lost=self._lost))
        return [*said, host.LateEntries(count=len(self._late))] if self._late else said

    async def _done(self, work: Callable[[], T]) -> tuple[T] | None:
        """What the log answered, alone in a tuple; None if it cannot write."""
        answer = await self._in_thread(work)
        if answer is None and self.failing_since is None:
            self.failing_since = self._clock()
        return answer

    async def _in_thread(self, work: Callable[[], T]) -> tuple[T] | None:
        if self._writing is not None and not self._writing.done():
            earlier, _ = await asyncio.wait((self._writing,), timeout=self._patience)
            if not earlier:
                return None  # the disk hangs in an earlier call
        writing = asyncio.ensure_future(asyncio.to_thread(work))
        writing.add_done_callback(_looked_at)
        self._writing = writing
        done, _ = await asyncio.wait((writing,), timeout=self._patience)
        if not done or isinstance(writing.exception(), LogUnavailable):
            return None
        return (writing.result(),)


def _looked_at(writing: "asyncio.Future[T]") -> None:
    if not writing.cancelled():
        writing.exception()  # a failure that comes after patience ran out was answered already
