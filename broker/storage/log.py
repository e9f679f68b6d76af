"""The broker's log on the database: appended in one transaction at a time by whichever process, changed by none.

What could not be written (`note`) is kept in memory and written, in order, before anything else. Appends that arrive
while one is being written share the next transaction: one fsync makes a whole group durable, or none of it. The same
transaction grows the tree and signs a checkpoint over exactly its newest entry, after it was asked whether what stands
continues what was signed before (`log_tip.py`).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from audit.entry import At, Written, written, written_or_said
from audit.events.evidence import LogFailed
from audit.events.shape import Event
from audit.log import Chain, Row
from broker.storage.anchor import Anchor
from broker.storage.engine import Database
from broker.storage.log_begun import Acknowledged
from broker.storage.log_faults import LogDoubtful, LogUnavailable
from broker.storage.log_keeper import Keeper
from broker.storage.log_tree import stored_rows
from policy.instant import Instant
from trust.signatures import Ed25519Signer
from wire.messages.evidence import EntryProof, Head

__all__ = ["AuditLog", "LogDoubtful", "LogUnavailable"]

LATE_HELD = 10_000
"""Entries kept for later. Beyond them nothing new can be admitted anyway; the newest are the ones that are kept out."""
WAITING_MAX = 20_000
"""Appends that may wait for their turn: every host of a large fleet at once, and no more."""
GROUP_MAX = 500
"""Entries of one transaction. Hashing them takes this process some twenty milliseconds, in which it does nothing else."""
STALLED_SECONDS = 2.0
"""An append that takes so long is as good as failed, until it is done."""

PACE_SECONDS = 60
"""How often a checkpoint is kept for good, if anything is new."""
_LOG = logging.getLogger(__name__)

Entries = list[Written]


@dataclass(slots=True)
class _Append:
    """What one caller wants durable, and how it went."""

    entries: Entries
    over: bool = False
    fault: LogUnavailable | None = None


class AuditLog:
    """The one writer of this process. Other processes may append between two calls."""

    def __init__(self, database: Database, clock: Callable[[], At], signer: Ed25519Signer, anchor: Path | None = None) -> None:
        """Without an anchor file a database that was put back before the start is found by the hosts alone."""
        self._database = database
        self._clock = clock
        self._keeper = Keeper(signer, Anchor(anchor) if anchor is not None else None)
        self._turn = asyncio.Lock()
        self._waiting: list[_Append] = []
        self._late: Entries = []
        self._failed: At | None = None
        self._began: At | None = None
        self._told = 0
        self._anchor_due = False
        self._paced: At | None = None
        self.fault: LogUnavailable | None = None
        """Why nothing can be written; None while it can."""
        self.dropped = 0
        """Entries lost because even the memory for late ones was full. Anything but 0 is an alarm."""

    # ---- appending

    async def record(self, *events: Event) -> None:
        """Make these durable, all or none, after everything that is late. Raises LogUnavailable, ValueError for what cannot be encoded.

        While it fails one at a time tries; who comes meanwhile is refused at once.
        """
        if self._began is not None and self.failing_since is not None:
            raise LogUnavailable("it has been failing, and is being tried")
        await self._append([written(event, self._clock()) for event in events])

    async def note(self, event: Event) -> None:
        """Record what has already happened; keep it for later if it cannot be written now. What cannot be encoded is recorded as such."""
        entry = written_or_said(event, self._clock())
        if self.failing_since is not None:
            # What narrows waits for nothing. The next probe writes it (`flush`).
            self._keep(entry)
            return
        try:
            await self._append([entry])
        except LogUnavailable:
            self._keep(entry)

    async def flush(self, *, probe: bool = False) -> bool:
        """Try to write what is late. True if nothing is late any more, and the log takes entries.

        With `probe` it is written to also where there is nothing to say, so that a full disk is found before somebody needs it.
        """
        async with self._turn:
            try:
                await self._write([], probe=probe)
            except LogUnavailable:
                return False
        return True

    @property
    def failing_since(self) -> Instant | None:
        """Since when nothing can be written; None while it can."""
        since = self._failed
        if since is None and self._began is not None and self._clock().boot_ms - self._began.boot_ms > STALLED_SECONDS * 1000:
            since = self._began
        return Instant(since.utc_ms / 1000, since.boot_ms / 1000) if since is not None else None

    @property
    def doubtful(self) -> LogDoubtful | None:
        """Why, if it is because what stands was not signed."""
        return self.fault if isinstance(self.fault, LogDoubtful) else None

    @property
    def late(self) -> int:
        """How many entries wait to be written."""
        return len(self._late)

    async def _append(self, entries: Entries) -> None:
        if len(self._waiting) >= WAITING_MAX:
            raise LogUnavailable("too many wait for it")
        mine = _Append(entries)
        self._waiting.append(mine)
        async with self._turn:
            # Whoever holds the turn writes for all who wait, in the order they came; they find it done.
            while not mine.over:
                await self._write_group(self._next_group())
        if mine.fault is not None:
            raise mine.fault

    def _next_group(self) -> list[_Append]:
        count = total = 0
        for each in self._waiting:
            total += len(each.entries)
            if count and total > GROUP_MAX:
                break
            count += 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    async def _write_group(self, group: list[_Append]) -> None:
        fault: LogUnavailable | None = LogUnavailable("interrupted")
        try:
            await self._write([entry for each in group for entry in each.entries])
            fault = None
        except LogUnavailable as failed:
            fault = failed
        finally:
            for each in group:
                each.over, each.fault = True, fault

    def _keep(self, entry: Written) -> None:
        if len(self._late) < LATE_HELD:
            self._late.append(entry)
        else:
            self.dropped += 1

    async def _write(self, fresh: Entries, *, probe: bool = False) -> None:
        """What is late first, a group at a time, and that it was late; then these."""
        self._began = self._clock()
        try:
            if self._failed is not None:
                await self._write_once([written_or_said(self._failure(self._failed), self._clock())])
                self._failed, self._told, self.fault = None, self.dropped, None
            while self._late:
                group = self._late[:GROUP_MAX]
                await self._write_once(group)
                del self._late[: len(group)]
            if fresh or probe:
                await self._write_once(fresh)
        except LogUnavailable as fault:
            self._failed, self.fault = self._failed or self._began, fault
            raise
        finally:
            self._began = None

    def _failure(self, since: At) -> LogFailed:
        seconds = max(0, self._clock().boot_ms - since.boot_ms) // 1000
        return LogFailed(seconds=seconds, late=len(self._late), lost=self.dropped - self._told)

    async def _write_once(self, entries: Entries) -> None:
        try:
            await self._keeper.learn()
            grown = await self._database.write(lambda connection: self._keeper.append(connection, entries))
        except (SQLAlchemyError, OSError) as fault:
            raise LogUnavailable(_words(fault)) from fault
        self._anchor_due = self._keeper.believe(grown) or self._anchor_due

    async def begin_anew(self, said: Acknowledged, held: Sequence[str]) -> None:
        """Let the log go on from what stands. `held` are notes that it should have continued; what the anchor file holds is added.

        Recorded are the doubts, who acknowledges them, and that it goes on; in the same transaction everybody is signed out.
        Raises LogUnavailable.
        """
        at = self._clock()
        try:
            async with self._turn:
                grown = await self._database.write(lambda connection: self._keeper.begin_anew(connection, said, held, at))
                self._keeper.believe(grown)
            await self._keeper.anchor_anew()
        except (SQLAlchemyError, OSError) as fault:
            raise LogUnavailable(_words(fault)) from fault

    # ---- reading

    async def head(self, since: int, session_id: str = "") -> Head | None:
        """The newest checkpoint, that it continues the one over `since` entries, and the end of this visit; None while that visit has no
        end here. Whoever holds more than there is gets no proof. Raises LogUnavailable.
        """
        try:
            known = await self._keeper.learn()
            return await self._database.read(lambda connection: self._keeper.head(connection, known, since, session_id))
        except (SQLAlchemyError, OSError) as fault:
            raise LogUnavailable(_words(fault)) from fault

    async def prove(self, index: int) -> tuple[str, EntryProof]:
        """The newest checkpoint, and that entry `index` stands in it. Raises LookupError if it does not, LogUnavailable."""
        try:
            known = await self._keeper.learn()
            return await self._database.read(lambda connection: self._keeper.prove(connection, known, index))
        except (SQLAlchemyError, OSError) as fault:
            raise LogUnavailable(_words(fault)) from fault

    async def checkpoint(self) -> str:
        """Keep the newest checkpoint for good, here and in the anchor file; its note. Raises LogUnavailable."""
        try:
            known = await self._keeper.learn()
            async with self._turn:
                note = await self._database.write(lambda connection: self._keeper.keep_checkpoint(connection, known))
            self._keeper.kept(note)
            await self._keeper.anchor_now(note)
        except (SQLAlchemyError, OSError) as fault:
            raise LogUnavailable(_words(fault)) from fault
        return note

    async def keep_pace(self) -> None:
        """Called every moment: the anchor file after the end of a visit, and at a steady pace a checkpoint for good, if anything is new.
        What fails now is tried again at the next call.
        """
        now = self._clock()
        if self.failing_since is not None:
            return
        try:
            if self._anchor_due:
                await self._keeper.anchor_now()
                self._anchor_due = False
            if self._paced is None or now.boot_ms - self._paced.boot_ms >= PACE_SECONDS * 1000:
                self._paced = now
                if self._keeper.is_news:
                    await self.checkpoint()
        except (LogUnavailable, OSError) as fault:
            _LOG.error("a checkpoint could not be kept (%s)", fault)

    async def settle(self) -> None:
        """At the end of a process: what it appended is in the anchor file. A failure is said, and found again by the next process."""
        self._paced = None
        await self.keep_pace()

    async def rows(self) -> tuple[Row, ...]:
        """Every entry, oldest first."""
        return await self._database.read(lambda connection: tuple(stored_rows(connection)))

    async def chain(self) -> Chain:
        """Where the log stands. Raises LogUnavailable if nothing was recorded yet."""
        known = await self._keeper.learn()
        return (await self._database.read(lambda connection: self._keeper.standing(connection, known))).chain


def _words(fault: Exception) -> str:
    return str(getattr(fault, "orig", None) or fault) or type(fault).__name__
