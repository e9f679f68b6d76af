"""Case 41, each log by itself: flip, delete, insert, swap, reorder, duplicate, truncate, replace, hash again: all are found.

A cut tail, a whole log of an older day and a log hashed again from the middle are found against a head that was noted
down; that is all that a log can do by itself.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from audit.cli import main
from audit.entry import At
from audit.events import broker, host
from audit.log import Chain, Row, Side
from audit.stores import open_stored
from broker.storage.engine import Database, database_url
from broker.storage.log import AuditLog
from broker.storage.migrate import migrate
from runtime.log_lines import segment_name, segments, to_line
from runtime.log_opening import open_log
from trust.signatures import Ed25519Signer

pytestmark = pytest.mark.adversary

KEY = Ed25519Signer(bytes(32))
WHEN = At(1_777_896_000_000, 5_000, clock_suspect=False)
EVENTS = [host.LateEntries(count=number) for number in range(8)]
Tamper = Callable[[list[Row]], list[Row]]


def flipped(field: str) -> Tamper:
    def tamper(rows: list[Row]) -> list[Row]:
        salt, entry, leaf, head = (
            bytes([value[0] ^ 1]) + value[1:] if name == field else value
            for name, value in (("salt", rows[3].salt), ("entry", rows[3].entry), ("leaf", rows[3].leaf), ("head", rows[3].head))
        )
        return [*rows[:3], Row(rows[3].index, salt, entry, leaf, head), *rows[4:]]

    return tamper


def renumbered(rows: list[Row]) -> list[Row]:
    return [replace(row, index=place) for place, row in enumerate(rows, 1)]


def exchanged(rows: list[Row]) -> list[Row]:
    other = rows[1]
    return [*rows[:3], replace(rows[3], salt=other.salt, entry=other.entry, leaf=other.leaf), *rows[4:]]


def rehashed(rows: list[Row]) -> list[Row]:
    """Everything after entry 3 written anew, with sound hashes: what whoever owns the machine can do."""
    chain = Chain("", Side.HOST, 3, rows[2].head)
    anew = []
    for number in range(len(rows) - 3):
        chain, row = chain.append(host.LateEntries(count=900 + number), WHEN, b"n" * 32)
        anew.append(row)
    return [*rows[:3], *anew]


FOUND_ALONE: dict[str, Tamper] = {
    "flip a bit of a salt": flipped("salt"),
    "flip a bit of an entry": flipped("entry"),
    "flip a bit of a leaf": flipped("leaf"),
    "flip a bit of a head": flipped("head"),
    "flip a bit of the last head": lambda rows: [*rows[:-1], replace(rows[-1], head=bytes([rows[-1].head[0] ^ 1]) + rows[-1].head[1:])],
    "delete": lambda rows: [*rows[:3], *rows[4:]],
    "delete the first": lambda rows: rows[1:],
    "delete and number again": lambda rows: renumbered([*rows[:3], *rows[4:]]),
    "insert a copy and number again": lambda rows: renumbered([*rows[:3], rows[1], *rows[3:]]),
    "swap what stands in two rows": lambda rows: renumbered([*rows[:3], rows[4], rows[3], *rows[5:]]),
    "exchange an entry with its leaf": exchanged,
}
FOUND_AGAINST_A_HEAD: dict[str, Tamper] = {
    "truncate the tail": lambda rows: rows[:5],
    "put back a whole older log": lambda rows: rows[:2],
    "empty it": lambda _rows: [],
    "hash again from the middle": rehashed,
}


@pytest.fixture(params=["broker", "host"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A log of eight entries, written by the side's own writer."""
    if request.param == "host":
        with open_log(tmp_path / "log", Side.HOST, WHEN) as written:
            written.append(EVENTS, WHEN)
        return tmp_path / "log"
    database = Database(database_url(tmp_path / "broker.sqlite3"))
    try:
        await migrate(database)
        await AuditLog(database, lambda: WHEN, KEY).record(*EVENTS)
    finally:
        await database.close()
    return tmp_path / "broker.sqlite3"


def put_back(log: Path, rows: list[Row]) -> None:
    """Write these rows with the rights of whoever owns the machine, and remove what is kept beside them: the log stands by itself."""
    if log.is_dir():
        for beside in ("tree.bin", "checkpoints"):
            (log / beside).unlink(missing_ok=True)
        for segment in segments(log):
            segment.unlink()
        (log / segment_name(1)).write_bytes(b"".join(to_line(row) for row in rows))
        return
    with closing(sqlite3.connect(log)) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        for table in ("audit_tree", "audit_tip", "audit_checkpoints"):
            database.execute(f"DROP TABLE IF EXISTS {table}")
        database.execute("DELETE FROM audit_log")
        for row in rows:
            database.execute("INSERT INTO audit_log VALUES (?, ?, ?, ?, ?)", (row.index, row.salt, row.entry, row.leaf, row.head))
        database.commit()


def verified(log: Path, *more: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(log), *more])
    return int(ended.value.code or 0)


def noted(log: Path) -> str:
    last = list(open_stored(log).rows)[-1]
    return f"{last.index}:{last.head.hex()}"


@pytest.mark.parametrize("name", FOUND_ALONE)
def test_a_change_inside_is_found_by_the_log_alone(name: str, log: Path) -> None:
    assert verified(log) == 0
    put_back(log, FOUND_ALONE[name](list(open_stored(log).rows)))
    assert verified(log) == 1


@pytest.mark.parametrize("name", FOUND_AGAINST_A_HEAD)
def test_a_change_of_the_end_is_found_against_a_head_that_was_noted_down(name: str, log: Path) -> None:
    head = noted(log)
    assert verified(log, "--head", head) == 0
    put_back(log, FOUND_AGAINST_A_HEAD[name](list(open_stored(log).rows)))
    assert verified(log) == 0
    assert verified(log, "--head", head) == 1


@pytest.mark.parametrize("order", [(1, 0), (0, 2, 1)])
def test_lines_in_another_order_are_found_at_the_host(tmp_path: Path, order: tuple[int, ...]) -> None:
    with open_log(tmp_path, Side.HOST, WHEN) as written:
        written.append(EVENTS[: len(order)], WHEN)
    (segment,) = segments(tmp_path)
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[place] for place in order))
    assert verified(tmp_path) == 1


async def test_the_brokers_database_itself_refuses_to_change_or_remove_an_entry(tmp_path: Path) -> None:
    database = Database(database_url(tmp_path / "broker.sqlite3"))
    try:
        await migrate(database)
        await AuditLog(database, lambda: WHEN, KEY).record(broker.BrokerStopped(broker_id="b-1"))
    finally:
        await database.close()
    with closing(sqlite3.connect(tmp_path / "broker.sqlite3")) as plain:
        for attempt in (
            "UPDATE audit_log SET entry = x''",
            "DELETE FROM audit_log",
            "UPDATE audit_meta SET log_id = 'x'",
            "DELETE FROM audit_meta",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
                plain.execute(attempt)
    assert verified(tmp_path / "broker.sqlite3") == 0
