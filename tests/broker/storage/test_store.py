"""SQLite keeps the contract, in the mode in which a commit survives a power cut; the schema is what the tables say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from audit.entry import at, decode_entry
from audit.events.broker import BrokerStarted, BrokerStopped
from audit.events.evidence import LogFailed
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.migrate import MIGRATIONS, NEWEST, migrate
from broker.storage.store import Store
from broker.storage.tables import METADATA
from tests.helpers.store_contract import KEY, NOW, store_contract


async def test_sqlite_keeps_the_contract(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    await store_contract(store)
    await store.close()


async def test_the_schema_is_what_the_tables_say_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    await migrate(store.database)

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    async with store.database.reading() as connection:
        assert await connection.run_sync(differences) == []
        modes = [await connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert modes == ["wal", 2, 1]
    await store.close()


def test_the_newest_step_is_the_one_that_a_start_looks_for() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


async def test_what_could_not_be_written_is_written_first_when_it_can_be_again(tmp_path: Path) -> None:
    store = await Store.open_file(tmp_path / "broker.sqlite3")
    log = AuditLog(store.database, lambda: at(NOW), KEY)
    async with store.database.writing() as connection:
        await connection.execute(text("ALTER TABLE audit_log RENAME TO away"))
    late, fresh = BrokerStopped(broker_id="b-one"), BrokerStarted(broker_id="b-one", version="1")
    await log.note(late)
    with pytest.raises(LogUnavailable):
        await log.record(fresh)
    assert not await log.flush()
    async with store.database.writing() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO audit_log"))
    await log.record(fresh)
    assert [decode_entry(row.entry).event for row in await log.rows()] == [LogFailed(seconds=0, late=1, lost=0), late, fresh]
    assert await log.flush()
    await store.close()
