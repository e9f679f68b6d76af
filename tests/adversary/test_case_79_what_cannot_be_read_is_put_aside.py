"""Case 79: something kept that cannot be read stops nobody: the broker starts, serves, and puts it aside after three tries, on the record.

What is kept between two runs: requests to be called, which a host waits for; signed documents, which count as not there when they are
damaged; entries of the log, of which one that cannot be read is shown as that and nothing more. Entries that wait to be written were
made by this process and are held in its memory alone.

A mutation that was seen to fail here: what cannot be read is put aside at the first start.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from audit.events.trail import Quarantined
from policy.roles import Role
from tests.helpers.broker_log import entries
from tests.helpers.broker_process import BrokerProcess, read, running_broker
from wire.messages.audit import TrailFilter, TrailLook, TrailPage

pytestmark = pytest.mark.adversary
TRIES = 3


def written(broker: BrokerProcess, order: str, *values: object) -> None:
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        database.execute(order, values)
        database.commit()


def rows(broker: BrokerProcess, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(broker.database, timeout=10)) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a name of this file


async def test_a_call_that_cannot_be_read_is_put_aside_after_three_starts_and_the_service_stays_up(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        await broker.stop()
        written(broker, "INSERT INTO calls VALUES ('h-one', 't-anna', ?, 1)", b"\x00 poison")
        aside: list[Quarantined] = []
        for number in range(1, TRIES + 2):
            await broker.start_again()
            async with broker.http(origin=None) as http:
                assert (await http.get("/healthz")).status_code == 200
            aside = [each.event for each in entries(broker) if isinstance(each.event, Quarantined)]
            assert len(aside) == (number >= TRIES)
            assert len(rows(broker, "calls")) == (number < TRIES)
            await broker.stop()
        assert aside[0] == Quarantined(kind="call", subject="h-one", tries=TRIES)
        assert rows(broker, "quarantine") == [("call", "h-one t-anna", TRIES, b"\x00 poison")], "for whoever wants to know what it was"
        await broker.start_again()


async def test_damaged_documents_count_as_not_there(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        await broker.publish()
        await broker.stop()
        (kept,) = (broker.folder / "state" / "documents").glob("vendor.json")
        kept.write_bytes(b"\x00 poison")
        await broker.start_again()
        await broker.publish()


async def test_an_entry_that_cannot_be_read_is_shown_as_that_and_the_others_as_they_are(tmp_path: Path) -> None:
    async with running_broker(tmp_path) as broker:
        admin = await broker.technician("t-admin", role=Role.ADMINISTRATOR)
        await broker.sign_in(admin)
        cookie = await broker.sign_in(admin)
        written(broker, "DROP TRIGGER audit_log_never_update")
        written(broker, "UPDATE audit_log SET entry = x'00' WHERE position = 4")
        said = TrailLook(TrailFilter(0, 0, "", "t-admin", "", ""), 0, newest_first=False, count=100, language="fr")
        shown = read(await broker.post("/api/audit/entries", said, cookie=cookie), TrailPage).entries
        assert [each.index for each in shown if not each.event] == [4]
        assert "signed_in" in {each.event for each in shown}
        assert "t-admin a" in next(each.sentence for each in shown if each.event == "signed_in") or "(t-admin)" in shown[-1].sentence
