"""The broker's log on the database: appended in one transaction at a time by whichever process, changed by none.

What could not be written (`note`) is kept in memory and written, in order, before anything else. Appends that arrive
while one is being written share the next transaction: one fsync makes a whole group durable, or none of it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes, token_hex

from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import At
from audit.events.shape import Event
from audit.log import SALT, Chain, Row, Side
from broker.storage.engine import Database
from broker.storage.tables import AUDIT_LOG, AUDIT_META

LATE_HELD = 10_000
"""Entries kept for later. Beyond them nothing new can be admitted anyway; the newest are the ones that are kept out."""


class LogUnavailable(Exception):
    """An entry could not be made durable."""


@dataclass(slots=True)
class _Append:
    """What one caller wants durable, and how it went."""

    entries: list[tuple[Event, At]]
    over: bool = False
    fault: str = ""


class AuditLog:
    """The one writer of this process. Other processes may append between two calls."""

    def __init__(self, database: Database, clock: Callable[[], At]) -> None:
        self._database = database
        self._clock = clock
        self._turn = asyncio.Lock()
        self._waiting: list[_Append] = []
        self._late: list[tuple[Event, At]] = []
        self.dropped = 0
        """Entries lost because even the memory for late ones was full. Anything but 0 is an alarm."""

    async def record(self, *events: Event) -> None:
        """Make these durable, all or none, after everything that is late. Raises LogUnavailable."""
        await self._append([(event, self._clock()) for event in events])

    async def note(self, event: Event) -> None:
        """Record what has already happened; keep it for later if it cannot be written now."""
        at = self._clock()
        try:
            await self._append([(event, at)])
        except LogUnavailable:
            self._keep(event, at)

    async def _append(self, entries: list[tuple[Event, At]]) -> None:
        mine = _Append(entries)
        self._waiting.append(mine)
        async with self._turn:
            # Whoever holds the turn writes for all who wait, in the order they came; they find it done.
            if not mine.over:
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        if mine.fault:
            raise LogUnavailable(mine.fault)

    async def _write_group(self, group: list[_Append]) -> None:
        fault = "interrupted"
        try:
            await self._write([entry for each in group for entry in each.entries])
            fault = ""
        except LogUnavailable as failed:
            fault = str(failed)
        finally:
            for each in group:
                each.over, each.fault = True, fault

    def _keep(self, event: Event, at: At) -> None:
        if len(self._late) < LATE_HELD:
            self._late.append((event, at))
        else:
            self.dropped += 1

    async def flush(self) -> bool:
        """Try to write what is late. True if nothing is late any more."""
        async with self._turn:
            try:
                await self._write([])
            except LogUnavailable:
                return False
        return True

    async def _write(self, fresh: list[tuple[Event, At]]) -> None:
        entries = [*self._late, *fresh]
        if not entries:
            return
        try:
            async with self._database.writing() as connection:
                await _append(connection, entries)
        except (SQLAlchemyError, OSError) as fault:
            raise LogUnavailable(type(fault).__name__) from fault
        self._late.clear()

    async def rows(self) -> tuple[Row, ...]:
        """Every entry, oldest first."""
        async with self._database.reading() as connection:
            found = (await connection.execute(select(AUDIT_LOG).order_by(AUDIT_LOG.c.position))).all()
        return tuple(Row(*row) for row in found)

    async def chain(self) -> Chain:
        """Where the log stands."""
        async with self._database.writing() as connection:
            return await _chain(connection)


async def _append(connection: AsyncConnection, entries: list[tuple[Event, At]]) -> None:
    chain = await _chain(connection)
    for event, at in entries:
        chain, row = chain.append(event, at, token_bytes(SALT))
        stored = {"position": row.index, "salt": row.salt, "entry": row.entry, "leaf": row.leaf, "head": row.head}
        await connection.execute(insert(AUDIT_LOG).values(stored))


async def _chain(connection: AsyncConnection) -> Chain:
    log_id = await connection.scalar(select(AUDIT_META.c.log_id))
    if log_id is None:
        log_id = f"l-{token_hex(16)}"
        await connection.execute(insert(AUDIT_META).values(log_id=log_id, side=Side.BROKER.value))
    newest = (await connection.execute(select(AUDIT_LOG).order_by(AUDIT_LOG.c.position.desc()).limit(1))).one_or_none()
    return Chain.after(log_id, Side.BROKER, Row(*newest) if newest else None)
