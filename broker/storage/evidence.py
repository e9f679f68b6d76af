"""What hosts showed of their logs, which visits they have not closed yet, and what did not fit. Every method is one transaction.

Whose signature stands under a note was checked before it came here.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from audit.checkpoint import said_by
from audit.heads import Held
from broker.storage.engine import Database
from broker.storage.tables import AUDIT_ENDS, DOUBTS, HELD_HEADS, UNCLOSED
from wire.messages.evidence import Doubt


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """One doubt that nobody acknowledged yet. Notes are empty where there is none; `found` is seconds since 1970."""

    number: int
    subject: str
    doubt: Doubt
    held: str
    given: str
    found: float


class Evidence:
    """What the broker remembers of others' logs, and doubts about any."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- heads

    async def held(self, subject: str) -> Held | None:
        """The newest checkpoint of this host that was verified."""
        async with self._database.reading() as connection:
            note = await connection.scalar(select(HELD_HEADS.c.note).where(HELD_HEADS.c.subject == subject))
        return Held(said_by(note), note) if note is not None else None

    async def hold(self, subject: str, held: Held) -> None:
        """Hold this one from now on."""
        put = insert_or(HELD_HEADS).values(subject=subject, note=held.note)
        async with self._database.writing() as connection:
            await connection.execute(put.on_conflict_do_update(index_elements=[HELD_HEADS.c.subject], set_={"note": held.note}))

    # ---- visits that are not closed

    async def unclosed(self, host_id: str) -> tuple[str, ...]:
        """Visits of this host whose end it has not shown yet."""
        async with self._database.reading() as connection:
            chosen = select(UNCLOSED.c.session_id).where(UNCLOSED.c.host_id == host_id).order_by(UNCLOSED.c.session_id)
            return tuple(await connection.scalars(chosen))

    async def never_ended(self) -> tuple[str, ...]:
        """Visits that were begun and have no end in the broker's own log: it was killed, and nobody wrote it."""
        chosen = select(UNCLOSED.c.session_id).where(UNCLOSED.c.session_id.not_in(select(AUDIT_ENDS.c.session_id)))
        async with self._database.reading() as connection:
            return tuple(await connection.scalars(chosen.order_by(UNCLOSED.c.session_id)))

    async def add_unclosed(self, session_id: str, host_id: str) -> None:
        """A visit begins: until its host has shown its end, that is asked for. A second time changes nothing."""
        async with self._database.writing() as connection:
            await connection.execute(insert_or(UNCLOSED).values(session_id=session_id, host_id=host_id).on_conflict_do_nothing())

    async def closed(self, session_id: str) -> None:
        """It was shown."""
        async with self._database.writing() as connection:
            await connection.execute(delete(UNCLOSED).where(UNCLOSED.c.session_id == session_id))

    # ---- doubts

    async def doubts(self) -> tuple[DoubtRow, ...]:
        """Those that nobody acknowledged yet, oldest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(DOUBTS).where(DOUBTS.c.acknowledged.is_(None)).order_by(DOUBTS.c.number))).all()
        return tuple(DoubtRow(row.number, row.subject, Doubt(row.doubt), row.held, row.given, row.found) for row in rows)

    async def add_doubt(self, subject: str, doubt: Doubt, held: str, given: str, found: float) -> bool:
        """Keep a doubt until somebody acknowledges it. False if just that one is kept already."""
        same = select(DOUBTS.c.number).where(
            DOUBTS.c.subject == subject,
            DOUBTS.c.doubt == doubt.value,
            DOUBTS.c.held == held,
            DOUBTS.c.given == given,
            DOUBTS.c.acknowledged.is_(None),
        )
        made = {"subject": subject, "doubt": doubt.value, "held": held, "given": given, "found": found}
        async with self._database.writing() as connection:
            if await connection.scalar(same) is not None:
                return False
            await connection.execute(insert(DOUBTS).values(made))
        return True

    async def was_raised(self, subject: str, doubt: Doubt, held: str) -> bool:
        """Was this kept before, about the same note, acknowledged or not?"""
        same = (DOUBTS.c.subject == subject) & (DOUBTS.c.doubt == doubt.value) & (DOUBTS.c.held == held)
        return await self._is_there(same)

    async def was_acknowledged(self, subject: str, doubt: Doubt) -> bool:
        """Has a named person once seen such a doubt about this log?"""
        return await self._is_there((DOUBTS.c.subject == subject) & (DOUBTS.c.doubt == doubt.value) & DOUBTS.c.acknowledged.is_not(None))

    async def _is_there(self, which: ColumnElement[bool]) -> bool:
        async with self._database.reading() as connection:
            return await connection.scalar(select(DOUBTS.c.number).where(which).limit(1)) is not None

    async def acknowledge(self, subject: str, by: str, why: str, now: float) -> int:
        """A named person has seen what there is about this log: its next head is believed anew. How many doubts that were."""
        open_ones = (DOUBTS.c.subject == subject) & DOUBTS.c.acknowledged.is_(None)
        async with self._database.writing() as connection:
            done = await connection.execute(update(DOUBTS).where(open_ones).values(acknowledged=now, acknowledged_by=by, why=why))
            await connection.execute(delete(HELD_HEADS).where(HELD_HEADS.c.subject == subject))
        return done.rowcount
