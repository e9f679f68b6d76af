"""Signed documents are files of their readers now (state/documents); the single directory is kept no more."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table less. What it held was signed, and is brought over where it was signed (`chaperone-keys migrate`)."""
    if sa.inspect(op.get_bind()).has_table("directories"):
        op.drop_table("directories")
