"""The broker's log as it lies on the disk, read while the broker runs or after it stopped."""

import sqlite3
from contextlib import closing

from audit.entry import Entry, decode_entry
from audit.events.shape import name_of
from audit.log import Finding, Row, Side, verify
from tests.helpers.broker_process import BrokerProcess


def rows(broker: BrokerProcess) -> tuple[str, list[Row]]:
    """The log's id and every row."""
    with closing(sqlite3.connect(broker.database)) as database:
        log_id = database.execute("SELECT log_id FROM audit_meta").fetchone()[0]
        found = database.execute("SELECT position, salt, entry, leaf, head FROM audit_log ORDER BY position").fetchall()
    return str(log_id), [Row(*row) for row in found]


def entries(broker: BrokerProcess) -> list[Entry]:
    """Every entry, oldest first."""
    return [decode_entry(row.entry) for row in rows(broker)[1]]


def names(broker: BrokerProcess) -> list[str]:
    """The names of every event, oldest first."""
    return [name_of(entry.event) for entry in entries(broker)]


def findings(broker: BrokerProcess) -> list[Finding]:
    """What is wrong with the log."""
    log_id, found = rows(broker)
    return list(verify(found, log_id, Side.BROKER))
