"""How often an account failed, since when its password stands, a second factor that waits for its proof, recovery codes.

Tables of their own, so that the account's row says who somebody is and these say what they prove it with.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002a"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. Every account that is confirmed begins without a failure, its password from an unknown day; nobody has a row
    too, so that counting a failure for a name that does not exist is the same write.
    """
    op.create_table(
        "credentials",
        sa.Column("technician_id", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("password_set", sa.Float, nullable=False),
        sa.Column("totp_waiting", sa.LargeBinary),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("technician_id", sa.String(64), sa.ForeignKey("accounts.technician_id"), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("used", sa.Float),
    )
    op.execute(
        "INSERT INTO credentials (technician_id, failures, password_set) SELECT technician_id, 0, 0 FROM accounts WHERE confirmed = 1"
    )
    op.execute("INSERT INTO credentials (technician_id, failures, password_set) VALUES ('', 0, 0)")
