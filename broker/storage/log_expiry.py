"""Retention: what entries said is let go, their hashes stay (docs/protocol.md, section 8).

Recorded first, then done: if the second step is cut off, the record covers entries that still have their words, and the next run
lets those go. Which entries may go at all: `audit/retention.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text, update
from sqlalchemy.engine import Connection

from audit.events.evidence import EntriesExpired
from audit.retention import may_go, older
from broker.storage.engine import Database
from broker.storage.filing import unfile
from broker.storage.log import AuditLog
from broker.storage.tables import AUDIT_LOG

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Expiring:
    """Entries whose words go, by their places; at least one."""

    places: tuple[int, ...]

    @property
    def first(self) -> int:
        """The oldest."""
        return self.places[0]

    @property
    def last(self) -> int:
        """The newest."""
        return self.places[-1]


async def expiring(database: Database, before: float) -> Expiring | None:
    """Entries from before this moment (seconds since 1970) that still have words; None if there are none."""
    async with database.reading() as connection:
        places = tuple(await connection.run_sync(lambda plain: list(_older(plain, round(before * 1000)))))
    return Expiring(places) if places else None


def _older(connection: Connection, before_ms: int) -> Iterator[int]:
    after = 0
    while True:
        chosen = select(AUDIT_LOG.c.position, AUDIT_LOG.c.entry).where(AUDIT_LOG.c.position > after).order_by(AUDIT_LOG.c.position)
        rows = connection.execute(chosen.limit(_BATCH)).all()
        yield from (row.position for row in rows if older(row.entry, before_ms) and may_go(row.entry))
        if len(rows) < _BATCH:
            return
        after = rows[-1].position


async def expire(database: Database, log: AuditLog, chosen: Expiring, days: int, by: str) -> None:
    """Record it, then let their words go, on the disk too. Raises LogUnavailable: then nothing went."""
    await log.record(EntriesExpired(first=chosen.first, last=chosen.last, older_than_days=days, by=by))
    for start in range(0, len(chosen.places), _BATCH):
        some = chosen.places[start : start + _BATCH]
        async with database.writing() as connection:
            await connection.execute(text("PRAGMA secure_delete = ON"))
            await connection.execute(update(AUDIT_LOG).where(AUDIT_LOG.c.position.in_(some)).values(salt=b"", entry=b""))
            await connection.run_sync(unfile, some)
    await database.truncate_journal()
