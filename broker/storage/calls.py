"""Requests to be called that wait for their host, kept over a restart. They were verified before they came here."""

from sqlalchemy import delete, insert, select

from broker.core.commands import Call
from broker.storage.engine import Database
from broker.storage.tables import CALLS
from wire.schema import decode, encode
from wire.statements import Statement


class Calls:
    """Reads and writes requests to be called. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> dict[tuple[str, str], Call]:
        """All that wait, by host and technician."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(CALLS))).all()
        waiting = [Call(row.host_id, row.technician_id, decode(row.statement, Statement), row.at) for row in rows]
        return {call.key: call for call in waiting}

    async def keep(self, call: Call) -> None:
        """Store one in the place of an older one."""
        async with self._database.writing() as connection:
            await connection.execute(delete(CALLS).where(CALLS.c.host_id == call.host_id, CALLS.c.technician_id == call.technician_id))
            made = {"host_id": call.host_id, "technician_id": call.technician_id, "statement": encode(call.statement), "at": call.at}
            await connection.execute(insert(CALLS).values(made))

    async def forget(self, call: Call) -> None:
        """This very one waits no longer; a newer one stays."""
        chosen = (CALLS.c.host_id == call.host_id) & (CALLS.c.technician_id == call.technician_id) & (CALLS.c.at == call.at)
        async with self._database.writing() as connection:
            await connection.execute(delete(CALLS).where(chosen))
