"""The broker's log as it lies on the disk, read while the broker runs or after it stopped."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from audit.entry import Entry, decode_entry
from audit.events.shape import name_of
from audit.log import Finding, Row, Side, verify
from tests.helpers.broker_process import BrokerProcess

E = TypeVar("E")
WITHIN = 10.0


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
    return list(verify(found, log_id, Side.BROKER).findings)


async def logged(broker: BrokerProcess, cls: type[E], fits: Callable[[E], bool]) -> E:
    """The newest event of this class that fits. A narrowing is recorded after it acted, so it may still be on its way:
    the broker is asked for its health, which goes through the log's own queue, until it is there."""
    async with asyncio.timeout(WITHIN), broker.http(origin=None) as http:
        while True:
            for entry in reversed(entries(broker)):
                if isinstance(entry.event, cls) and fits(entry.event):
                    return entry.event
            await http.get("/healthz")
