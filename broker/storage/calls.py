"""Requests to be called that wait for their host, kept over a restart. They were verified before they came here.

One that cannot be read any more is tried at three starts and then put aside: it must not stop the service from starting.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broker.core.commands import Call
from broker.storage.engine import Database
from broker.storage.tables import CALLS
from broker.storage.trail_tables import QUARANTINE
from wire.schema import MalformedMessage, decode, encode
from wire.statements import Statement

KIND, TRIES = "call", 3


class Calls:
    """Reads and writes requests to be called. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> dict[tuple[str, str], Call]:
        """All that wait, by host and technician."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(CALLS))).all()
        read = {(row.host_id, row.technician_id): _call(row) for row in rows}
        return {key: call for key, call in read.items() if call is not None}

    async def put_aside(self) -> tuple[str, ...]:
        """Count a try for each that cannot be read; the hosts of those that were tried often enough, and wait no longer."""
        aside: list[str] = []
        async with self._database.writing() as connection:
            for row in (await connection.execute(select(CALLS))).all():
                if _call(row) is None and await self._tried(connection, row) >= TRIES:
                    await connection.execute(delete(CALLS).where(_own(row.host_id, row.technician_id)))
                    aside.append(row.host_id)
        return tuple(aside)

    @staticmethod
    async def _tried(connection: AsyncConnection, row: Row[Any]) -> int:
        subject = f"{row.host_id} {row.technician_id}"
        own = (QUARANTINE.c.kind == KIND) & (QUARANTINE.c.subject == subject)
        tries = (await connection.scalar(select(QUARANTINE.c.tries).where(own)) or 0) + 1
        await connection.execute(delete(QUARANTINE).where(own))
        content = row.statement if tries >= TRIES else None
        await connection.execute(insert(QUARANTINE).values(kind=KIND, subject=subject, tries=tries, content=content))
        return tries

    async def keep(self, call: Call) -> None:
        """Store one in the place of an older one."""
        async with self._database.writing() as connection:
            await connection.execute(delete(CALLS).where(_own(call.host_id, call.technician_id)))
            made = {"host_id": call.host_id, "technician_id": call.technician_id, "statement": encode(call.statement), "at": call.at}
            await connection.execute(insert(CALLS).values(made))

    async def forget(self, call: Call) -> None:
        """This very one waits no longer; a newer one stays."""
        chosen = _own(call.host_id, call.technician_id) & (CALLS.c.at == call.at)
        async with self._database.writing() as connection:
            await connection.execute(delete(CALLS).where(chosen))


def _own(host_id: str, technician_id: str) -> ColumnElement[bool]:
    return (CALLS.c.host_id == host_id) & (CALLS.c.technician_id == technician_id)


def _call(row: Row[Any]) -> Call | None:
    """None if it is no statement."""
    try:
        return Call(row.host_id, row.technician_id, decode(row.statement, Statement), row.at)
    except MalformedMessage:
        return None
