"""Alembic runs this: on the connection and in the transaction that `migrate.py` opened."""

from alembic import context

from broker.storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transaction_per_migration=False)
context.run_migrations()
