"""Files each entry under what it is about, in the transaction that appends it (`audit/subjects.py` says what that is).

An entry of a visit that names neither host nor technician belongs to those of the visit's first entry. The site of a host and the
company of an account are those under which it was introduced (`names.py`).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from audit.entry import decode_entry
from audit.events.shape import Event
from audit.subjects import About, about_bounded, account, host, session
from broker.storage.tables import AUDIT_LOG
from broker.storage.trail_tables import AUDIT_SUBJECTS, BLOCK
from policy.roles import VENDOR_ROLES
from wire.schema import MalformedMessage

# Every append runs these (see `log_tree.py`).
_FILE = "INSERT OR REPLACE INTO audit_subjects (subject, position, utc_ms) VALUES (?, ?, ?)"
_OF_VISIT = "SELECT subject FROM audit_subjects WHERE position = (SELECT min(position) FROM audit_subjects WHERE subject = ?)"
_INTRODUCED = "SELECT subject, belongs FROM audit_names WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY made"
_COMPANY = (
    "SELECT technician_id, company FROM accounts"
    " WHERE technician_id IN (SELECT value FROM json_each(?)) AND role IN (SELECT value FROM json_each(?))"
)
_SITE = "SELECT host_id, site FROM hosts WHERE host_id IN (SELECT value FROM json_each(?))"
_TIME = (
    "INSERT INTO audit_times (block, first_ms, last_ms) VALUES (?, ?, ?) ON CONFLICT (block) DO UPDATE"
    " SET first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms)"
)
AT_ONCE = 5_000
"""Entries that are filed anew in one step."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One entry that was just appended."""

    position: int
    utc_ms: int
    event: Event
    """Inside its bounds."""


def file_entries(connection: Connection, filed: Sequence[Filed]) -> None:
    """Within the transaction that appended these."""
    visits: dict[str, About] = {}
    named = [(each, _whole(connection, about_bounded(each.event), visits)) for each in filed]
    belongs = _belongs(connection, {each for _, it in named for each in (*it.accounts, *it.hosts)})
    made = [(subject, each.position, each.utc_ms) for each, it in named for subject in it.subjects(belongs, belongs)]
    if made:
        # A log that was begun anew may have filed others under the same places.
        connection.exec_driver_sql(_FILE, made)


def time_entries(connection: Connection, filed: Sequence[Filed]) -> None:
    """Within the same transaction: the times of the blocks that these stand in."""
    blocks: dict[int, tuple[int, int]] = {}
    for each in filed:
        first, last = blocks.get(each.position // BLOCK, (each.utc_ms, each.utc_ms))
        blocks[each.position // BLOCK] = min(first, each.utc_ms), max(last, each.utc_ms)
    connection.exec_driver_sql(_TIME, [(block, first, last) for block, (first, last) in blocks.items()])


def _whole(connection: Connection, it: About, visits: dict[str, About]) -> About:
    """With the host and technician of the visit, where the entry leaves one of them out."""
    for each in it.sessions:
        if it.hosts and it.accounts:
            visits.setdefault(each, it)
            continue
        if each not in visits:
            visits[each] = _visit(connection, each)
        it = replace(it, hosts=it.hosts | visits[each].hosts, accounts=it.accounts | visits[each].accounts)
    return it


def _visit(connection: Connection, session_id: str) -> About:
    found = connection.exec_driver_sql(_OF_VISIT, (session(session_id),)).scalars().all()
    return About(_of(found, account("")), _of(found, host("")), frozenset(), frozenset(), administration=False)


def _of(subjects: Iterable[str], begins: str) -> frozenset[str]:
    return frozenset(each.removeprefix(begins) for each in subjects if each.startswith(begins))


def _belongs(connection: Connection, ids: set[str]) -> dict[str, str]:
    """Company or site, by account or host. Of several, the newest; of one that was never introduced, as it stands now."""
    if not ids:
        return {}
    found = _pairs(connection, _INTRODUCED, ids)
    return found if len(found) == len(ids) else {**_as_they_stand(connection, ids - found.keys()), **found}


def _as_they_stand(connection: Connection, ids: set[str]) -> dict[str, str]:
    return _pairs(connection, _COMPANY, ids, VENDOR_ROLES) | _pairs(connection, _SITE, ids)


def _pairs(connection: Connection, statement: str, *lists: Iterable[str]) -> dict[str, str]:
    rows = connection.exec_driver_sql(statement, tuple(json.dumps(list(each)) for each in lists))
    return {row[0]: row[1] for row in rows}


def unfile(connection: Connection, places: Sequence[int]) -> None:
    """The contents of these entries were let go: what they were about goes with them."""
    connection.execute(delete(AUDIT_SUBJECTS).where(AUDIT_SUBJECTS.c.position.in_(places)))


def file_all(connection: Connection) -> None:
    """File every entry of a log that was kept before entries were filed."""
    later = select(AUDIT_LOG.c.position, AUDIT_LOG.c.entry).order_by(AUDIT_LOG.c.position).limit(AT_ONCE)
    at = 0
    while rows := connection.execute(later.where(AUDIT_LOG.c.position > at)).all():
        file_entries(connection, [filed for position, entry in rows if (filed := _read(position, entry)) is not None])
        at = rows[-1].position


def _read(position: int, entry: bytes) -> Filed | None:
    try:
        read = decode_entry(entry)
    except MalformedMessage:
        # It concerns nobody whom anybody could name; `chaperone-audit verify` says what is wrong with it.
        return None
    return Filed(position, read.at.utc_ms, read.event)
