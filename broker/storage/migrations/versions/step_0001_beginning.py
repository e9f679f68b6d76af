"""The first schema. Written out in full: later changes to `tables.py` must not change what this step did."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NEVER_CHANGED = ("audit_log", "audit_meta")


def upgrade() -> None:
    """Make every table, and forbid the database itself to change the log."""
    _people()
    _machines()
    _log()


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("technician_id", sa.String(64), primary_key=True),
        sa.Column("sign_in_name", sa.String(120), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(256)),
        sa.Column("totp_sealed", sa.LargeBinary),
        sa.Column("totp_newest_step", sa.Integer),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("suspended", sa.Boolean, nullable=False),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("technician_id", sa.String(64), sa.ForeignKey("accounts.technician_id"), nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.String(256)),
        sa.Column("totp_sealed", sa.LargeBinary),
    )
    op.create_table(
        "sign_ins",
        sa.Column("sign_in_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("technician_id", sa.String(64), sa.ForeignKey("accounts.technician_id"), nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
        sa.Column("factor", sa.Float, nullable=False),
    )
    op.create_table(
        "tallies",
        sa.Column("subject", sa.String(320), primary_key=True),
        sa.Column("failed_at", sa.String, nullable=False),
        sa.Column("paused_at", sa.Float),
    )
    op.create_table(
        "devices",
        sa.Column("key", sa.LargeBinary(256), primary_key=True),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("technician_id", sa.String(64), sa.ForeignKey("accounts.technician_id"), nullable=False),
        sa.Column("made", sa.Float, nullable=False),
    )


def _machines() -> None:
    op.create_table(
        "enrol_tokens",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("site", sa.String(120), nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
    )
    op.create_table(
        "hosts",
        sa.Column("host_id", sa.String(64), primary_key=True),
        sa.Column("key", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("site", sa.String(120), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("phi", sa.Boolean, nullable=False),
        sa.Column("accepted_by", sa.String(120), nullable=False),
        sa.Column("terms_version", sa.String(32), nullable=False),
        sa.Column("made", sa.Float, nullable=False),
    )
    op.create_table(
        "directories",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("statement", sa.LargeBinary, nullable=False),
    )


def _log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_meta",
        sa.Column("log_id", sa.String(64), primary_key=True),
        sa.Column("side", sa.String(16), nullable=False),
    )
    for table in _NEVER_CHANGED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END"
            )
