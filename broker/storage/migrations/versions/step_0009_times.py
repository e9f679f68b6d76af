"""From when to when entries are, block by block."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, filled from the filing: a thousand entries a block."""
    op.create_table(
        "audit_times",
        sa.Column("block", sa.Integer, primary_key=True),
        sa.Column("first_ms", sa.BigInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO audit_times SELECT position / 1000, min(utc_ms), max(utc_ms) FROM audit_subjects GROUP BY position / 1000")
