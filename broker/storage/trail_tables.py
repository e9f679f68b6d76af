"""Tables beside the log: under which subjects each entry is filed, which names ids have, and copies that somebody asked for."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, String, Table

from broker.storage.tables import METADATA

AUDIT_SUBJECTS = Table(
    "audit_subjects",
    METADATA,
    Column("subject", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("utc_ms", BigInteger, nullable=False),
    Index("audit_subjects_position", "position"),
    sqlite_with_rowid=False,
)
"""Found out from the entries, and never believed against them: whoever alters it hides an entry from a list, and from no check."""

BLOCK = 1_000
"""Entries of one row of `AUDIT_TIMES`."""

AUDIT_TIMES = Table(
    "audit_times",
    METADATA,
    Column("block", Integer, primary_key=True),
    Column("first_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
)
"""The earliest and the latest time among the entries of a block (position / BLOCK). Clocks are set back: places do not follow times.

It only widens. Like the filing it is believed for lists alone.
"""

AUDIT_NAMES = Table(
    "audit_names",
    METADATA,
    Column("subject", String(64), primary_key=True),
    Column("commitment", LargeBinary(32), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("name", String(120), nullable=False),
    Column("belongs", String(120), nullable=False),
    Column("made", Float, nullable=False),
)
"""The name of an account or host, and its company or site: what an entry `named` commits to."""

AUDIT_EXPORTS = Table(
    "audit_exports",
    METADATA,
    Column("export_id", String(64), primary_key=True),
    Column("form", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("wanted", String, nullable=False),
    Column("proposer", String(64), nullable=False),
    Column("proposer_name", String(120), nullable=False),
    Column("role", String(32), nullable=False),
    Column("company", String(120), nullable=False),
    Column("sites", String, nullable=False),
    Column("made", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(64)),
    Column("decided", Float),
    Column("newest", Integer),
)
"""`newest`: the newest entry when it was approved; nothing later is in the copy."""

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("kind", String(32), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("content", LargeBinary),
)
"""What could not be read, and how often it was tried. `content` once it was put aside."""
