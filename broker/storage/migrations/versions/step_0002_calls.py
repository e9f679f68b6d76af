"""Requests to be called, which wait for their host."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "calls",
        sa.Column("host_id", sa.String(64), primary_key=True),
        sa.Column("technician_id", sa.String(64), primary_key=True),
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
    )
