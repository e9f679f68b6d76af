"""What somebody with the database and no key can do to the broker's log: every attack on an open SQLite connection.

The triggers are dropped first, and every hash is computed anew where the attack says so. Only the signature cannot be made.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from audit.checkpoint import Checkpoint, origin_of, signed_note
from audit.entry import At
from audit.events.broker import BrokerStarted
from audit.frontier import Frontier
from audit.log import Chain, Row, Side
from trust.signatures import Ed25519Signer

Attack = Callable[[sqlite3.Connection], object]
WHEN = At(1_777_896_000_000, 5_000, clock_suspect=False)
OTHER_KEY = Ed25519Signer(b"\x66" * 32)
_ROWS = "SELECT position, salt, entry, leaf, head FROM audit_log ORDER BY position"


@contextmanager
def hostile(database: Path) -> Iterator[sqlite3.Connection]:
    """Everything is allowed on this connection; committed in the end."""
    with closing(sqlite3.connect(database, timeout=30)) as plain:
        plain.execute("BEGIN IMMEDIATE")
        for (trigger,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f"DROP TRIGGER {trigger}")
        yield plain
        plain.commit()


def attack(database: Path, *steps: Attack) -> None:
    """Do these, in one transaction."""
    with hostile(database) as plain:
        for each in steps:
            each(plain)


def sql(order: str) -> Attack:
    """One statement."""
    return lambda plain: plain.execute(order)


def rows_of(plain: sqlite3.Connection) -> list[Row]:
    """Every row."""
    return [Row(*row) for row in plain.execute(_ROWS)]


def put_rows(plain: sqlite3.Connection, rows: list[Row]) -> None:
    """These rows and no other."""
    plain.execute("DELETE FROM audit_log")
    stored = [(row.index, row.salt, row.entry, row.leaf, row.head) for row in rows]
    plain.executemany("INSERT INTO audit_log (position, salt, entry, leaf, head) VALUES (?, ?, ?, ?, ?)", stored)


def log_id(plain: sqlite3.Connection) -> str:
    """Which log it is."""
    return str(plain.execute("SELECT log_id FROM audit_meta").fetchone()[0])


def one_more_row(plain: sqlite3.Connection) -> None:
    """An entry that nobody recorded, with sound hashes."""
    rows = rows_of(plain)
    chain = Chain.after(log_id(plain), Side.BROKER, rows[-1])
    put_rows(plain, [*rows, chain.append(BrokerStarted(broker_id="b-one", version="forged"), WHEN, b"n" * 32)[1]])


def another_story(plain: sqlite3.Connection) -> None:
    """As many entries as there were, all of them others, with sound hashes from the first."""
    chain, anew = Chain.empty(log_id(plain), Side.BROKER), list[Row]()
    for number in range(len(rows_of(plain))):
        chain, row = chain.append(BrokerStarted(broker_id="b-one", version=f"forged {number}"), WHEN, b"n" * 32)
        anew.append(row)
    put_rows(plain, anew)


def tree_of_rows(plain: sqlite3.Connection) -> Frontier:
    """The tree computed anew over the rows as they stand."""
    plain.execute("DELETE FROM audit_tree")
    frontier, kept = Frontier(), list[bytes]()
    for row in rows_of(plain):
        kept += frontier.append(row.leaf)
    plain.executemany("INSERT INTO audit_tree (position, hash) VALUES (?, ?)", enumerate(kept))
    return frontier


def sign_with_another_key(plain: sqlite3.Connection) -> None:
    """Tree and newest checkpoint over the rows as they stand, signed with a key that is not the broker's."""
    frontier = tree_of_rows(plain)
    checkpoint = Checkpoint(origin_of(Side.BROKER, log_id(plain)), frontier.size, frontier.root())
    plain.execute("UPDATE audit_tip SET note = ?", (signed_note(checkpoint, OTHER_KEY.public_key, OTHER_KEY.sign_note),))


def without_checkpoints(plain: sqlite3.Connection) -> None:
    """As a database from before there were checkpoints, with a tree that fits."""
    tree_of_rows(plain)
    plain.execute("DELETE FROM audit_tip")
    plain.execute("DELETE FROM audit_checkpoints")


_NEWEST = "position = (SELECT max(position) FROM audit_log)"
ATTACKS: dict[str, tuple[Attack, ...]] = {
    "a row put in at the end": (one_more_row,),
    "a row put in at the end, and into the tree": (one_more_row, tree_of_rows),
    "a row put in, and signed with another key": (one_more_row, sign_with_another_key),
    "the newest row taken out": (sql(f"DELETE FROM audit_log WHERE {_NEWEST}"),),  # noqa: S608
    "the newest row taken out, and out of the tree": (sql(f"DELETE FROM audit_log WHERE {_NEWEST}"), tree_of_rows),  # noqa: S608
    "every row taken out": (sql("DELETE FROM audit_log"),),
    "everything taken out": tuple(sql(f"DELETE FROM {name}") for name in ("audit_log", "audit_tree", "audit_tip", "audit_meta")),  # noqa: S608
    "the newest entry altered": (sql(f"UPDATE audit_log SET entry = entry || x'20' WHERE {_NEWEST}"),),  # noqa: S608
    "the newest entry made a number": (sql(f"UPDATE audit_log SET entry = 7 WHERE {_NEWEST}"),),  # noqa: S608
    "the newest entry made no text": (sql(f"UPDATE audit_log SET entry = CAST(x'ff' AS TEXT) WHERE {_NEWEST}"),),  # noqa: S608
    "the newest checkpoint made no text": (sql("UPDATE audit_tip SET note = CAST(x'ff' AS TEXT)"),),
    "the tree made of numbers": (sql("UPDATE audit_tree SET hash = 7"),),
    "the newest salt altered": (sql(f"UPDATE audit_log SET salt = x'00' WHERE {_NEWEST}"),),  # noqa: S608
    "the newest head altered": (sql(f"UPDATE audit_log SET head = zeroblob(32) WHERE {_NEWEST}"),),  # noqa: S608
    "the newest leaf altered": (sql(f"UPDATE audit_log SET leaf = zeroblob(32) WHERE {_NEWEST}"),),  # noqa: S608
    "the newest two heads exchanged": (sql("UPDATE audit_log SET head = (SELECT max(head) FROM audit_log)"),),
    "another story with sound hashes": (another_story,),
    "another story, in the tree too": (another_story, tree_of_rows),
    "another story, signed with another key": (another_story, sign_with_another_key),
    "another story, as if nothing had been signed yet": (another_story, without_checkpoints),
    "the same story, as if nothing had been signed yet": (without_checkpoints,),
    "the newest checkpoint taken out": (sql("DELETE FROM audit_tip"),),
    "the newest checkpoint made unreadable": (sql("UPDATE audit_tip SET note = 'x'"),),
    "an older checkpoint in its place": (sql("UPDATE audit_tip SET note = (SELECT note FROM audit_checkpoints ORDER BY size LIMIT 1)"),),
    "the tree taken out": (sql("DELETE FROM audit_tree"),),
    "the last hash of the tree taken out": (sql("DELETE FROM audit_tree WHERE position = (SELECT max(position) FROM audit_tree)"),),
    "every hash of the tree altered": (sql("UPDATE audit_tree SET hash = zeroblob(32)"),),
    "the first peak taken out": (sql("UPDATE audit_tree SET position = position + 1000 WHERE position < 5"),),
    "the log called another": (sql("UPDATE audit_meta SET log_id = 'l-other'"),),
    "a second log beside it": (sql("INSERT INTO audit_meta (log_id, side) VALUES ('a-first', 'broker')"),),
    "the log called a host's": (sql("UPDATE audit_meta SET side = 'host'"),),
}
"""Each is found before the next entry is written: by the running broker, and by one that starts."""
