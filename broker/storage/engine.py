"""Opening the database, and the one way to run a transaction. SQLite: WAL, every commit on the disk before it counts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

LOCK_WAIT_SECONDS = 5
"""How long a writer waits for another process (the command line beside the server), and as long again for its turn here."""

T = TypeVar("T")
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Bringing the journal into the database costs the commit that does it two more fsyncs: every 16 MiB in place of every 4.
    "PRAGMA wal_autocheckpoint=4096",
)


class DatabaseBusy(SQLAlchemyError):
    """Other writers of this process took too long, most likely because another process holds the database."""


def database_url(path: Path) -> str:
    """The address under which SQLAlchemy opens this file."""
    return f"sqlite+aiosqlite:///{path}"


class Database:
    """One engine and its writers' queue. Close it with `close()`."""

    def __init__(self, url: str, lock_wait: float = LOCK_WAIT_SECONDS) -> None:
        self._lock_wait = lock_wait
        self.engine: AsyncEngine = create_async_engine(url, pool_size=4, max_overflow=4)
        event.listen(self.engine.sync_engine, "connect", self._prepare)
        event.listen(self.engine.sync_engine, "begin", _begin)
        # The log's transactions are many short statements: on a thread of their own they need one change of threads, not fifty.
        self._plain = create_engine(url.replace("+aiosqlite", ""))
        event.listen(self._plain, "connect", self._prepare)
        event.listen(self._plain, "begin", _begin)
        # SQLite has one writer at a time. Waiting here is fair and holds no connection; waiting there is neither.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database and changes nothing."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, alone among all writers of all processes; committed at the end, or nothing happened.

        Raises DatabaseBusy if its turn does not come, and what the database raises.
        """
        async with self._my_turn(), self.engine.connect() as plain:
            connection = await plain.execution_options(begins="IMMEDIATE")
            async with connection.begin():
                yield connection

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The same for work that runs on a thread, in one go. Whoever is cancelled meanwhile does not learn how it went."""
        async with self._my_turn():
            return await asyncio.to_thread(self._in_transaction, "IMMEDIATE", work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """On a thread, in one go: sees one state of the database and changes nothing."""
        return await asyncio.to_thread(self._in_transaction, "DEFERRED", work)

    def _in_transaction(self, begins: str, work: Callable[[Connection], T]) -> T:
        with self._plain.connect() as plain:
            connection = plain.execution_options(begins=begins)
            with connection.begin():
                return work(connection)

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(self._turn.acquire(), 2 * self._lock_wait)
        except TimeoutError:
            raise DatabaseBusy("other writers take too long") from None
        try:
            yield
        finally:
            self._turn.release()

    async def truncate_journal(self) -> None:
        """Bring everything into the database file and empty the journal beside it, as far as nobody reads from it just now."""
        async with self.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()
        self._plain.dispose()

    def _prepare(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own object
        # The driver must not open transactions by itself, or BEGIN IMMEDIATE would come too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, f"PRAGMA busy_timeout={round(self._lock_wait * 1000)}"):
            cursor.execute(pragma)
        cursor.close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE takes the write lock before the first read, so what a transaction read is still true when it writes.
    mode = connection.get_execution_options().get("begins", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
