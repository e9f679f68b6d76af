"""The tree over the log, what the broker signs of it, and what hosts showed of theirs (docs/protocol.md, section 8).

The tree is built here, from the rows that stand. The first checkpoint is signed by whoever appends next: no step has a key.
"""

import sqlalchemy as sa
from alembic import op

from broker.storage.log_guard import put_guards
from broker.storage.log_tree import grow_from_rows

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seven tables, the triggers, and the tree."""
    _own_log()
    _of_hosts()
    grow_from_rows(op.get_bind())
    put_guards(op.get_bind())


def _own_log() -> None:
    op.create_table(
        "audit_tree",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "audit_tip",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("note", sa.String(1000), nullable=False),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", sa.Integer, primary_key=True),
        sa.Column("note", sa.String(1000), nullable=False),
    )
    op.create_table(
        "audit_ends",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
    )


def _of_hosts() -> None:
    op.create_table(
        "held_heads",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("note", sa.String(1000), nullable=False),
    )
    op.create_table(
        "unclosed",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("host_id", sa.String(64), nullable=False),
    )
    op.create_index("ix_unclosed_host_id", "unclosed", ["host_id"])
    op.create_table(
        "doubts",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("doubt", sa.String(32), nullable=False),
        sa.Column("held", sa.String(1000), nullable=False),
        sa.Column("given", sa.String(1000), nullable=False),
        sa.Column("found", sa.Float, nullable=False),
        sa.Column("acknowledged", sa.Float),
        sa.Column("acknowledged_by", sa.String(120), nullable=False, server_default=""),
        sa.Column("why", sa.String(120), nullable=False, server_default=""),
    )
    op.create_index("ix_doubts_subject", "doubts", ["subject"])
