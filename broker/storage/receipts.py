"""Digests of receipts that were signed, and the sealed copies, which nobody here can open. Every method is one transaction."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, insert, literal, select, update

from audit.subjects import host, kind, session
from broker.core.commands import ReceiptRecord
from broker.storage.engine import Database
from broker.storage.tables import AUDIT_ENDS, RECEIPTS
from broker.storage.trail_tables import AUDIT_SUBJECTS


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt as the broker knows it. `copy_bytes` is 0 while there is no copy; times are seconds since 1970."""

    session_id: str
    host_id: str
    digest: bytes
    signed: float
    copy_bytes: int


SIGNED, KEPT = "receipt_signed", "receipt_kept"
"""The entries before a signature, and before a copy is confirmed."""


class ReceiptStore:
    """What the broker keeps of receipts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def was_visit(self, session_id: str, host_id: str) -> bool:
        """Was this a visit of this host, and has it ended? By the log alone, in which nobody can write a visit that was none."""
        of_host = select(AUDIT_SUBJECTS.c.position).where(AUDIT_SUBJECTS.c.subject == host(host_id))
        of_both = select(AUDIT_SUBJECTS.c.position).where(
            AUDIT_SUBJECTS.c.subject == session(session_id), AUDIT_SUBJECTS.c.position.in_(of_host)
        )
        ended = select(AUDIT_ENDS.c.position).where(AUDIT_ENDS.c.session_id == session_id)
        async with self._database.reading() as connection:
            return await connection.scalar(ended) is not None and await connection.scalar(of_both.limit(1)) is not None

    async def find(self, session_id: str) -> ReceiptRecord | None:
        """What is known of this visit's receipt."""
        of_visit = select(AUDIT_SUBJECTS.c.position).where(AUDIT_SUBJECTS.c.subject == session(session_id))
        kinds = select(AUDIT_SUBJECTS.c.subject).where(
            AUDIT_SUBJECTS.c.position.in_(of_visit), AUDIT_SUBJECTS.c.subject.in_((kind(SIGNED), kind(KEPT)))
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(select(RECEIPTS).where(RECEIPTS.c.session_id == session_id))).one_or_none()
            recorded = frozenset((await connection.scalars(kinds)).all())
        if row is None:
            return None
        copy = sha256(row.sealed).digest() if row.sealed is not None else b""
        return ReceiptRecord(row.host_id, row.digest, kind(SIGNED) in recorded, copy, kind(KEPT) in recorded)

    async def keep(self, session_id: str, host_id: str, digest: bytes, now: float) -> None:
        """This digest is signed for this visit, and no other ever will be."""
        async with self._database.writing() as connection:
            await connection.execute(insert(RECEIPTS).values(session_id=session_id, host_id=host_id, digest=digest, signed=now))

    async def keep_copy(self, session_id: str, content: bytes) -> None:
        """The sealed copy."""
        first = (RECEIPTS.c.session_id == session_id) & RECEIPTS.c.sealed.is_(None)
        async with self._database.writing() as connection:
            await connection.execute(update(RECEIPTS).where(first).values(sealed=content))

    # ---- for people

    async def all(self) -> tuple[ReceiptRow, ...]:
        """Every receipt, oldest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(RECEIPTS).order_by(RECEIPTS.c.signed, RECEIPTS.c.session_id))).all()
        return tuple(map(_receipt, rows))

    async def copy(self, session_id: str) -> bytes | None:
        """The sealed copy, None if there is none."""
        async with self._database.reading() as connection:
            found: bytes | None = await connection.scalar(select(RECEIPTS.c.sealed).where(RECEIPTS.c.session_id == session_id))
        return found

    async def within(self, scope: frozenset[str], after: str, count: int) -> tuple[ReceiptRow, ...]:
        """At most so many that are about anything of this scope, by the ids of their visits, behind this one."""
        chosen = select(RECEIPTS).where(_filed_under(scope), RECEIPTS.c.session_id > after).order_by(RECEIPTS.c.session_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(chosen.limit(count))).all()
        return tuple(map(_receipt, rows))

    async def copy_within(self, scope: frozenset[str], session_id: str) -> bytes | None:
        """The sealed copy, None if there is none that is about anything of this scope."""
        chosen = select(RECEIPTS.c.sealed).where(_filed_under(scope), RECEIPTS.c.session_id == session_id)
        async with self._database.reading() as connection:
            found: bytes | None = await connection.scalar(chosen)
        return found


def _receipt(row: Row[Any]) -> ReceiptRow:
    return ReceiptRow(row.session_id, row.host_id, row.digest, row.signed, len(row.sealed or b""))


def _filed_under(scope: frozenset[str]) -> ColumnElement[bool]:
    """By the entry that says it was signed: a row beside the log, which somebody wrote there, is within nobody's reach."""
    visit, about, signed = (AUDIT_SUBJECTS.alias() for _ in range(3))
    return exists().where(
        visit.c.subject == literal(session("")) + RECEIPTS.c.session_id,
        about.c.position == visit.c.position,
        about.c.subject.in_(sorted(scope)),
        signed.c.position == visit.c.position,
        signed.c.subject == kind(SIGNED),
    )
