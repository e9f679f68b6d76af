"""The database's own rules for the log, as triggers: it is only ever added to, at its end.

They stop a slip and a careless hand. Whoever may drop a trigger is not stopped by one; what such a hand does is found by what
the broker signed (`log_tip.py`).
"""

from sqlalchemy import text
from sqlalchemy.engine import Connection

_ABORT = "BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END"
_FORGOTTEN = "NEW.position IS OLD.position AND NEW.leaf IS OLD.leaf AND NEW.head IS OLD.head AND NEW.salt IS x'' AND NEW.entry IS x''"
"""The one change there is: what an entry said is let go, its hashes stay (retention)."""

# INSERT OR REPLACE removes a row without asking the trigger of DELETE: the place itself must be free.
TRIGGERS = {
    "audit_log_never_update": f"BEFORE UPDATE ON audit_log WHEN NOT ({_FORGOTTEN})",
    "audit_log_never_delete": "BEFORE DELETE ON audit_log",
    "audit_log_at_its_end": "BEFORE INSERT ON audit_log WHEN NEW.position <= (SELECT max(position) FROM audit_log)",
    "audit_meta_never_update": "BEFORE UPDATE ON audit_meta",
    "audit_meta_never_delete": "BEFORE DELETE ON audit_meta",
    "audit_meta_once": "BEFORE INSERT ON audit_meta WHEN EXISTS (SELECT 1 FROM audit_meta)",
    "audit_tree_never_update": "BEFORE UPDATE ON audit_tree",
    "audit_tree_never_delete": "BEFORE DELETE ON audit_tree",
    "audit_tree_at_its_end": (
        "BEFORE INSERT ON audit_tree WHEN NEW.position IS NOT (SELECT coalesce(max(position), -1) + 1 FROM audit_tree)"
    ),
    "audit_tip_never_delete": "BEFORE DELETE ON audit_tip",
    "audit_checkpoints_never_update": "BEFORE UPDATE ON audit_checkpoints",
    "audit_checkpoints_never_delete": "BEFORE DELETE ON audit_checkpoints",
    "audit_checkpoints_once": ("BEFORE INSERT ON audit_checkpoints WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE size = NEW.size)"),
    "audit_ends_never_update": "BEFORE UPDATE ON audit_ends",
    "audit_ends_never_delete": "BEFORE DELETE ON audit_ends",
    "audit_ends_once": "BEFORE INSERT ON audit_ends WHEN EXISTS (SELECT 1 FROM audit_ends WHERE session_id = NEW.session_id)",
}


def put_guards(connection: Connection) -> None:
    """Make every trigger, in the place of one of its name."""
    drop_guards(connection)
    for name, body in TRIGGERS.items():
        connection.execute(text(f"CREATE TRIGGER {name} {body} {_ABORT}"))


def drop_guards(connection: Connection) -> None:
    """Drop them: only for a log that is begun anew, in the same transaction that puts them back."""
    for name in TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
