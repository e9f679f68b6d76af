"""The Merkle tree of the broker's log in its table: read by position, grown with each entry. Nothing here knows a key.

Every function runs inside a transaction of its caller (`AsyncConnection.run_sync`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast as known_as

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from audit.entry import decode_entry
from audit.events.shape import Event, bounded
from audit.events.visit import SessionEnded
from audit.frontier import Frontier
from audit.log import Row
from audit.merkle import HASH, Read, inclusion_proof
from broker.storage.log_faults import LogDoubtful
from broker.storage.log_guard import drop_guards, put_guards
from broker.storage.tables import AUDIT_ENDS, AUDIT_LOG, AUDIT_TREE
from wire.messages.evidence import EntryProof
from wire.schema import MalformedMessage

# Every append runs these: as text they cost a tenth of what it takes to put them together each time (`benchmarks/audit.py`).
_READ = "SELECT position, CAST(hash AS BLOB) FROM audit_tree WHERE position IN (SELECT value FROM json_each(?))"
"""The same words however many are wanted: the database reads them once, and what it is asked tells nobody how long the log is."""
_ROW = "SELECT position, CAST(salt AS BLOB), CAST(entry AS BLOB), CAST(leaf AS BLOB), CAST(head AS BLOB) FROM audit_log"
"""Read as bytes whatever stands there: a column that was tampered with may hold another type, which is a finding and no fault."""
_NEWEST = f"{_ROW} ORDER BY position DESC LIMIT ?"
_BEHIND = f"{_ROW} WHERE position > ? ORDER BY position LIMIT ?"
_PUT_ROW = "INSERT INTO audit_log (position, salt, entry, leaf, head) VALUES (?, ?, ?, ?, ?)"
_PUT_HASH = "INSERT INTO audit_tree (position, hash) VALUES (?, ?)"
BATCH = 5_000
"""Rows held in memory at a time, where a whole log is read."""
_GONE = bytes(HASH)
"""Stands for the leaf of a row that is gone: no entry has this hash."""


def reader(connection: Connection) -> Read:
    """The kept hashes of this log. It raises LogDoubtful for one that is not there."""

    def read(positions: Sequence[int]) -> list[bytes]:
        found = {place: each or b"" for place, each in connection.exec_driver_sql(_READ, (json.dumps(list(positions)),))}
        if len(found) < len(set(positions)):
            raise LogDoubtful("hashes of its tree are gone")
        return [found[each] for each in positions]

    return read


def kept_count(connection: Connection) -> int:
    """How many hashes are kept, if none is missing between them."""
    newest = connection.scalar(select(func.max(AUDIT_TREE.c.position)))
    return 0 if newest is None else int(newest) + 1


@dataclass(slots=True)
class Growth:
    """What a transaction puts behind a log: rows, the hashes they complete, and where visits end."""

    frontier: Frontier
    kept_before: int
    rows: list[Row] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row, event: Event | None) -> None:
        """One more entry."""
        self.rows.append(row)
        self.add_leaf(row.leaf)
        if isinstance(event, SessionEnded):
            # As the entry has it: half a character would be refused by the database, and so stop the log.
            self.ends.setdefault(known_as(SessionEnded, bounded(event)).session_id, row.index)

    def add_leaf(self, leaf: bytes) -> None:
        """Only into the tree: the row stands already."""
        self.kept += self.frontier.append(leaf)

    def write_tree(self, connection: Connection) -> None:
        """The hashes alone."""
        if self.kept:
            connection.exec_driver_sql(_PUT_HASH, list(enumerate(self.kept, self.kept_before)))
        self.kept_before, self.kept = self.kept_before + len(self.kept), []

    def write_ends(self, connection: Connection) -> None:
        """Where visits end. A second end of the same visit stays beside the first and is not looked up."""
        known = (
            set(connection.scalars(select(AUDIT_ENDS.c.session_id).where(AUDIT_ENDS.c.session_id.in_(self.ends)))) if self.ends else set()
        )
        fresh = [{"session_id": session, "position": place} for session, place in self.ends.items() if session not in known]
        if fresh:
            connection.execute(insert(AUDIT_ENDS), fresh)
        self.ends = {}

    def write(self, connection: Connection) -> None:
        """Everything."""
        connection.exec_driver_sql(_PUT_ROW, [(row.index, row.salt, row.entry, row.leaf, row.head) for row in self.rows])
        self.write_tree(connection)
        self.write_ends(connection)


def stored_rows(connection: Connection, after: int = 0) -> Iterator[Row]:
    """Every row behind entry `after`, in order, a batch at a time."""
    while True:
        found = rows_behind(connection, after, BATCH)
        yield from found
        if len(found) < BATCH:
            return
        after = found[-1].index


def rows_behind(connection: Connection, after: int, count: int) -> list[Row]:
    """The first entries behind entry `after`, in order."""
    return [_row(*row) for row in connection.exec_driver_sql(_BEHIND, (after, count))]


def newest_rows(connection: Connection, count: int) -> list[Row]:
    """The last entries, newest first."""
    return [_row(*row) for row in connection.exec_driver_sql(_NEWEST, (count,))]


def _row(index: int, *columns: bytes | None) -> Row:
    salt, entry, leaf, head = (each or b"" for each in columns)
    return Row(index, salt, entry, leaf, head)


def grow_from_rows(connection: Connection) -> None:
    """Fill an empty tree, and where visits end, from the rows that stand. A row that is gone leaves a leaf that nothing has."""
    growth = Growth(Frontier(), 0)
    for row in stored_rows(connection):
        while growth.frontier.size < row.index - 1:
            growth.add_leaf(_GONE)
        growth.add_leaf(row.leaf)
        growth.ends |= {session: row.index for session in _ended_in(row) if session not in growth.ends}
        if len(growth.kept) >= BATCH:
            growth.write_tree(connection)
    growth.write_tree(connection)
    growth.write_ends(connection)


def _ended_in(row: Row) -> Iterable[str]:
    if b'"type":"session_ended"' not in row.entry:
        return
    try:
        event = decode_entry(row.entry).event
    except MalformedMessage:
        return
    if isinstance(event, SessionEnded):
        yield event.session_id


def regrow(connection: Connection) -> None:
    """The tree anew from the rows as they stand. Only for a log that a named person lets go on (`log_begun.py`)."""
    drop_guards(connection)
    for table in (AUDIT_TREE, AUDIT_ENDS):
        connection.execute(delete(table))
    grow_from_rows(connection)
    put_guards(connection)


def prove(connection: Connection, index: int, size: int) -> EntryProof:
    """Entry `index` and its way to the root of `size` entries. Raises LookupError if it is not there, or its content was let go."""
    found = connection.execute(select(AUDIT_LOG.c.salt, AUDIT_LOG.c.entry).where(AUDIT_LOG.c.position == index)).one_or_none()
    if found is None or not 1 <= index <= size:
        raise LookupError(f"there is no entry {index}")
    if not found.entry:
        raise LookupError(f"what entry {index} said was let go")
    return EntryProof(index, found.salt, found.entry, inclusion_proof(index - 1, size, reader(connection)))


def end_of(connection: Connection, session_id: str) -> int | None:
    """The entry that ends this visit."""
    return connection.scalar(select(AUDIT_ENDS.c.position).where(AUDIT_ENDS.c.session_id == session_id))
