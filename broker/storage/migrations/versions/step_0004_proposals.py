"""What one person proposed and another has to approve. Rows stay when they are decided: an approval counts once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.String(64), primary_key=True),
        sa.Column("operation", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("sign_in_name", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("before_role", sa.String(32)),
        sa.Column("before_sites", sa.String, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("sites", sa.String, nullable=False),
        sa.Column("proposer", sa.String(64), sa.ForeignKey("accounts.technician_id"), nullable=False),
        sa.Column("proposer_role", sa.String(32), nullable=False),
        sa.Column("proposer_sites", sa.String, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided", sa.Float),
    )
