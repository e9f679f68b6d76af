"""Who may read what of the log: subjects, names, copies; and what could not be read."""

import sqlalchemy as sa
from alembic import op

from broker.storage.filing import file_all

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables, and every entry filed under what it is about."""
    op.create_table(
        "audit_subjects",
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("utc_ms", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("audit_subjects_position", "audit_subjects", ["position"])
    op.create_table(
        "audit_names",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("commitment", sa.LargeBinary(32), primary_key=True),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("belongs", sa.String(120), nullable=False),
        sa.Column("made", sa.Float, nullable=False),
    )
    _exports()
    op.create_table(
        "quarantine",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary),
    )
    file_all(op.get_bind())


def _exports() -> None:
    op.create_table(
        "audit_exports",
        sa.Column("export_id", sa.String(64), primary_key=True),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("wanted", sa.String, nullable=False),
        sa.Column("proposer", sa.String(64), nullable=False),
        sa.Column("proposer_name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("sites", sa.String, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided", sa.Float),
        sa.Column("newest", sa.Integer),
    )
