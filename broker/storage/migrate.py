"""Brings the database up to the newest schema, step by step (Alembic). Run at every start; a second run does nothing."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from broker.storage.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0009"
"""The last step in `migrations/versions`; a test holds it to what Alembic finds there."""


def _upgrade(connection: Connection) -> None:
    # Alembic takes a third of a second to load: at nearly every start there is nothing for it to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [NEWEST]


async def migrate(database: Database) -> None:
    """All or nothing: an upgrade that fails leaves the schema as it was. Raises what the database raises."""
    async with database.reading() as connection:
        if await connection.run_sync(_is_newest):
            return
    async with database.writing() as connection:
        await connection.run_sync(_upgrade)
