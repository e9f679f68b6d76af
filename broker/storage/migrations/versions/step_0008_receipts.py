"""Digests of receipts, and the copies sealed to the vendor's auditor."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "receipts",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("host_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("signed", sa.Float, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )
    op.create_index("ix_receipts_host_id", "receipts", ["host_id"])
