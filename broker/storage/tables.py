"""Every table. Times are seconds since 1970; tokens stand as SHA-256 only, the TOTP secret is sealed (`secret_box.py`)."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("technician_id", String(64), primary_key=True),
    Column("sign_in_name", String(120), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("company", String(120), nullable=False),
    Column("password_hash", String(256)),
    Column("totp_sealed", LargeBinary),
    Column("totp_newest_step", Integer),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("suspended", Boolean, nullable=False, default=False),
    Column("role", String(32), nullable=False, server_default="technician"),
    Column("sites", String, nullable=False, server_default="[]"),
    Column("deleted", Float),
)

BOOTSTRAP = Table(
    "bootstrap",
    METADATA,
    Column("secret_hash", LargeBinary(32), primary_key=True),
    Column("expires", Float, nullable=False),
    Column("used", Float),
)

INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("technician_id", String(64), ForeignKey("accounts.technician_id"), nullable=False),
    Column("expires", Float, nullable=False),
    Column("used", Boolean, nullable=False, default=False),
    Column("password_hash", String(256)),
    Column("totp_sealed", LargeBinary),
)

PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("proposal_id", String(64), primary_key=True),
    Column("operation", String(32), nullable=False),
    Column("account_id", String(64), nullable=False),
    Column("sign_in_name", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("company", String(120), nullable=False),
    Column("before_role", String(32)),
    Column("before_sites", String, nullable=False),
    Column("role", String(32), nullable=False),
    Column("sites", String, nullable=False),
    Column("proposer", String(64), ForeignKey("accounts.technician_id"), nullable=False),
    Column("proposer_role", String(32), nullable=False),
    Column("proposer_sites", String, nullable=False),
    Column("made", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(64)),
    Column("decided", Float),
)

CREDENTIALS = Table(
    "credentials",
    METADATA,
    Column("technician_id", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("password_set", Float, nullable=False),
    Column("totp_waiting", LargeBinary),
)

RECOVERY_CODES = Table(
    "recovery_codes",
    METADATA,
    Column("technician_id", String(64), ForeignKey("accounts.technician_id"), primary_key=True),
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("used", Float),
)

SIGN_INS = Table(
    "sign_ins",
    METADATA,
    Column("sign_in_id", LargeBinary(16), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("technician_id", String(64), ForeignKey("accounts.technician_id"), nullable=False),
    Column("made", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("factor", Float, nullable=False),
)

TALLIES = Table(
    "tallies",
    METADATA,
    Column("subject", String(320), primary_key=True),
    Column("failed_at", String, nullable=False),
    Column("paused_at", Float),
)

ENROL_TOKENS = Table(
    "enrol_tokens",
    METADATA,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("site", String(120), nullable=False),
    Column("expires", Float, nullable=False),
    Column("used", Boolean, nullable=False, default=False),
)

HOSTS = Table(
    "hosts",
    METADATA,
    Column("host_id", String(64), primary_key=True),
    Column("key", LargeBinary(32), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("site", String(120), nullable=False),
    Column("model", String(120), nullable=False),
    Column("phi", Boolean, nullable=False),
    Column("accepted_by", String(120), nullable=False),
    Column("terms_version", String(32), nullable=False),
    Column("made", Float, nullable=False),
)

DEVICES = Table(
    "devices",
    METADATA,
    Column("key", LargeBinary(256), primary_key=True),
    Column("type", String(16), nullable=False),
    Column("technician_id", String(64), ForeignKey("accounts.technician_id"), nullable=False),
    Column("made", Float, nullable=False),
)

CALLS = Table(
    "calls",
    METADATA,
    Column("host_id", String(64), primary_key=True),
    Column("technician_id", String(64), primary_key=True),
    Column("statement", LargeBinary, nullable=False),
    Column("at", Integer, nullable=False),
)

AUDIT_LOG = Table(
    "audit_log",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
)

AUDIT_META = Table(
    "audit_meta",
    METADATA,
    Column("log_id", String(64), primary_key=True),
    Column("side", String(16), nullable=False),
)

AUDIT_TREE = Table(
    "audit_tree",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
)
"""The kept hashes of the tree over the log's leaves (`audit/merkle.py`), in their order, from 0."""

AUDIT_TIP = Table(
    "audit_tip",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("note", String(1000), nullable=False),
)
"""One row: the signed checkpoint over exactly the newest entry."""

AUDIT_CHECKPOINTS = Table(
    "audit_checkpoints",
    METADATA,
    Column("size", Integer, primary_key=True),
    Column("note", String(1000), nullable=False),
)

AUDIT_ENDS = Table(
    "audit_ends",
    METADATA,
    Column("session_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
)
"""Which entry ends which visit."""

HELD_HEADS = Table(
    "held_heads",
    METADATA,
    Column("subject", String(64), primary_key=True),
    Column("note", String(1000), nullable=False),
)
"""The newest checkpoint of each host's log, as that host signed it."""

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("session_id", String(64), primary_key=True),
    Column("host_id", String(64), nullable=False, index=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("signed", Float, nullable=False),
    Column("sealed", LargeBinary),
)
"""Digests that the broker signed, and copies that only the vendor's auditor opens."""

UNCLOSED = Table(
    "unclosed",
    METADATA,
    Column("session_id", String(64), primary_key=True),
    Column("host_id", String(64), nullable=False, index=True),
)
"""Visits whose end the host has not shown in its log yet."""

DOUBTS = Table(
    "doubts",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("doubt", String(32), nullable=False),
    Column("held", String(1000), nullable=False),
    Column("given", String(1000), nullable=False),
    Column("found", Float, nullable=False),
    Column("acknowledged", Float),
    Column("acknowledged_by", String(120), nullable=False, server_default=""),
    Column("why", String(120), nullable=False, server_default=""),
)
"""What was shown of a log and did not fit. Rows stay when they are acknowledged."""
