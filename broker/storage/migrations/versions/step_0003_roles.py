"""What each account is for, which sites it is of, when it was deleted; and the secret that lets the first administrator in.

Every account of before was a technician's, and stays one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns with a value for the rows that are there, and one table."""
    op.add_column("accounts", sa.Column("role", sa.String(32), nullable=False, server_default="technician"))
    op.add_column("accounts", sa.Column("sites", sa.String, nullable=False, server_default="[]"))
    op.add_column("accounts", sa.Column("deleted", sa.Float))
    op.create_table(
        "bootstrap",
        sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("used", sa.Float),
    )
