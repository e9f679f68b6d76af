"""Who failed how often, kept over a restart: otherwise a crash would be worth three more guesses."""

import json
from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from broker.storage.engine import Database
from broker.storage.tables import TALLIES
from policy.instant import Instant
from policy.throttle import Tally

AT_ONCE = 500
"""Subjects named in one statement: a database bounds how many values it takes."""


class Tallies:
    """Reads and writes tallies by subject."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, now: Instant) -> dict[str, Tally]:
        """Every tally. Only calendar time is stored, because the run-time clock begins again with the machine."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(TALLIES))).all()
        return {
            subject: Tally(tuple(_seen_from(now, then) for then in json.loads(failed)), None if paused is None else _seen_from(now, paused))
            for subject, failed, paused in rows
        }

    async def keep(self, subject: str, tally: Tally) -> None:
        """Store one tally, or forget it when it is clean."""
        failed = json.dumps([then.utc for then in tally.failed_at])
        paused = tally.paused_at.utc if tally.paused_at else None
        async with self._database.writing() as connection:
            await connection.execute(delete(TALLIES).where(TALLIES.c.subject == subject))
            if tally != Tally():
                await connection.execute(insert(TALLIES).values(subject=subject, failed_at=failed, paused_at=paused))

    async def forget(self, subjects: Sequence[str]) -> None:
        """Forget all of these."""
        if not subjects:
            return
        async with self._database.writing() as connection:
            for first in range(0, len(subjects), AT_ONCE):
                await connection.execute(delete(TALLIES).where(TALLIES.c.subject.in_(subjects[first : first + AT_ONCE])))


def _seen_from(now: Instant, utc: float) -> Instant:
    # A calendar that was set back must not lengthen a pause beyond its length.
    return Instant(utc, now.boot - max(0.0, now.utc - utc))
