"""Copies of the trail that somebody asked for, and what became of each. Every method is one transaction.

An approval finds it waiting and a fetch finds it approved, once each, of any number at once.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from broker.storage.engine import Database
from broker.storage.trail_tables import AUDIT_EXPORTS
from policy.exports import Export, ExportState
from policy.roles import Member, Role
from wire.messages.audit import ExportForm, TrailFilter
from wire.schema import encode_part, read_part


@dataclass(frozen=True, slots=True)
class StoredExport:
    """A row. `newest` is the newest entry when it was approved, 0 before."""

    export_id: str
    export: Export
    form: ExportForm
    language: str
    wanted: TrailFilter
    newest: int = 0


class ExportStore:
    """Reads and writes them. Rows stay: an approval counts once, and so does a fetch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, made: StoredExport) -> None:
        """A new one."""
        async with self._database.writing() as connection:
            await connection.execute(insert(AUDIT_EXPORTS).values(_row_of(made)))

    async def by_id(self, export_id: str) -> StoredExport | None:
        """The one of this id, whatever became of it."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(AUDIT_EXPORTS).where(AUDIT_EXPORTS.c.export_id == export_id))).one_or_none()
        return _export_of(row) if row else None

    async def waiting(self, utc: float) -> tuple[StoredExport, ...]:
        """Those that nobody decided and that have not expired, oldest first."""
        live = (AUDIT_EXPORTS.c.state == ExportState.WAITING.value) & (AUDIT_EXPORTS.c.expires > utc)
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(AUDIT_EXPORTS).where(live).order_by(AUDIT_EXPORTS.c.made))).all()
        return tuple(_export_of(row) for row in rows)

    async def waiting_of(self, proposer: str, utc: float) -> int:
        """How many of this account's wait."""
        live = (AUDIT_EXPORTS.c.state == ExportState.WAITING.value) & (AUDIT_EXPORTS.c.expires > utc)
        chosen = select(func.count()).select_from(AUDIT_EXPORTS).where(live & (AUDIT_EXPORTS.c.proposer == proposer))
        async with self._database.reading() as connection:
            return await connection.scalar(chosen) or 0

    async def decide(self, export_id: str, state: ExportState, by: str, utc: float, newest: int = 0) -> bool:
        """Approve, decline or withdraw it. False if it was decided meanwhile."""
        values: dict[str, object] = {"state": state.value, "decided_by": by, "decided": utc, "newest": newest}
        return await self._move(export_id, ExportState.WAITING, values)

    async def fetch(self, export_id: str) -> bool:
        """It is handed out now. False if it was handed out before, or never approved."""
        return await self._move(export_id, ExportState.APPROVED, {"state": ExportState.FETCHED.value})

    async def _move(self, export_id: str, before: ExportState, values: dict[str, object]) -> bool:
        own = (AUDIT_EXPORTS.c.export_id == export_id) & (AUDIT_EXPORTS.c.state == before.value)
        async with self._database.writing() as connection:
            changed = await connection.execute(update(AUDIT_EXPORTS).where(own).values(values))
        return changed.rowcount == 1


def _row_of(made: StoredExport) -> dict[str, object]:
    export, proposer = made.export, made.export.proposer
    return {
        "export_id": made.export_id, "form": made.form.value, "language": made.language, "wanted": encode_part(made.wanted).decode(),
        "proposer": proposer.account_id, "proposer_name": export.proposer_name, "role": proposer.role.value, "company": proposer.company,
        "sites": json.dumps(sorted(proposer.sites)), "made": export.made, "expires": export.expires, "state": export.state.value,
    }  # fmt: skip


def _export_of(row: Row[Any]) -> StoredExport:
    proposer = Member(row.proposer, Role(row.role), row.company, frozenset(json.loads(row.sites)))
    export = Export(proposer, row.proposer_name, row.made, row.expires, ExportState(row.state), row.decided)
    wanted = read_part(TrailFilter, row.wanted.encode())
    return StoredExport(row.export_id, export, ExportForm(row.form), row.language, wanted, row.newest or 0)
