"""Brings the database up to the newest schema, step by step (Alembic). Run at every start; a second run does nothing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from broker.storage.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def migrate(database: Database) -> None:
    """All or nothing: an upgrade that fails leaves the schema as it was. Raises what the database raises."""
    async with database.writing() as connection:
        await connection.run_sync(_upgrade)
