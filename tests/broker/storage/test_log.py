"""The log on the database: what it shows of itself, and that several processes write one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from audit.checkpoint import open_note
from audit.entry import At, Unfit, decode_entry
from audit.events.broker import BrokerStarted
from audit.events.evidence import EventUnfit, LogFailed
from audit.events.host import LateEntries
from audit.events.shape import Event
from audit.events.visit import SessionEnded
from audit.heads import check_end, follow, open_entry
from audit.log import Side
from broker.storage.engine import Database, database_url
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.migrate import migrate
from policy.session import EndCause
from tests.helpers.store_contract import KEY
from trust.signatures import ed25519_verifies

WHEN = At(1_777_896_000_000, 5_000, clock_suspect=False)


def started(number: int) -> Event:
    return BrokerStarted(broker_id="b-one", version=str(number))


def ended(session_id: str) -> Event:
    return SessionEnded(session_id=session_id, by="h-one", cause=EndCause.HOST_ENDED, said_at=1)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(database_url(tmp_path / "broker.sqlite3"))
    await migrate(opened)
    yield opened
    await opened.close()


def log_of(database: Database, anchor: Path | None = None) -> AuditLog:
    return AuditLog(database, lambda: WHEN, KEY, anchor)


async def test_each_head_continues_the_one_before_whoever_wrote_between(database: Database) -> None:
    broker, command_line, held = log_of(database), log_of(database), None
    for number in range(1, 20):
        writer = command_line if number % 3 == 0 else broker
        await writer.record(*(started(each) for each in range(number)))
        head = await broker.head(held.checkpoint.size if held else 0)
        assert head is not None
        held = follow(held, head, Side.BROKER, KEY.public_key, ed25519_verifies)
    assert held is not None
    assert held.checkpoint.size == sum(range(1, 20)) == (await broker.chain()).size


async def test_finding_out_again_and_again_whether_the_disk_takes_anything_keeps_nothing_in_memory(database: Database) -> None:
    log = log_of(database)
    await log.record(started(1))
    await log.flush(probe=True)
    kept = len(database._plain._compiled_cache or ())
    for _ in range(5):
        assert await log.flush(probe=True)
    assert len(database._plain._compiled_cache or ()) == kept


async def test_every_entry_is_proven_under_the_newest_checkpoint(database: Database) -> None:
    log = log_of(database)
    await log.record(*(started(number) for number in range(1, 12)))
    for number in range(1, 12):
        note, proof = await log.prove(number)
        entry = open_entry(open_note(note, KEY.public_key, ed25519_verifies), proof)
        assert entry.event == started(number)
    for outside in (0, 12):
        with pytest.raises(LookupError):
            await log.prove(outside)


async def test_the_end_of_a_visit_is_shown_once_it_is_there(database: Database) -> None:
    log = log_of(database)
    await log.record(started(1))
    assert await log.head(0, "s-one") is None
    await log.note(ended("s-one"))
    await log.record(started(2))
    head = await log.head(1, "s-one")
    assert head is not None
    checkpoint = open_note(head.note, KEY.public_key, ed25519_verifies)
    assert check_end(checkpoint, "s-one", head.end).event == ended("s-one")


async def test_who_holds_more_than_there_is_gets_no_proof(database: Database) -> None:
    log = log_of(database)
    await log.record(started(1))
    head = await log.head(5)
    assert head is not None
    assert head.consistency == ()


async def test_a_log_without_entries_shows_nothing(database: Database) -> None:
    with pytest.raises(LogUnavailable, match="nothing was recorded"):
        await log_of(database).head(0)


UNFIT = LateEntries(count=-1)
SAID = EventUnfit(kind="late_entries", why="LateEntries.count is out of range")


async def test_what_cannot_be_written_down_holds_up_nothing_behind_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(database)
    with monkeypatch.context() as failing:
        failing.setattr(database, "write", refused)
        for event in (started(1), UNFIT, started(2)):
            await log.note(event)
        assert log.late == 3
    assert await log.flush()
    await log.note(UNFIT)
    events = [decode_entry(row.entry).event for row in await log.rows()]
    assert events == [LogFailed(seconds=0, late=3, lost=0), started(1), SAID, started(2), SAID]


async def test_what_cannot_be_written_down_fails_whoever_records_it_and_nobody_beside(database: Database) -> None:
    log = log_of(database)
    told = await asyncio.gather(*(log.record(each) for each in (started(1), UNFIT, started(2))), return_exceptions=True)
    assert [type(each) for each in told] == [type(None), Unfit, type(None)]
    assert [decode_entry(row.entry).event for row in await log.rows()] == [started(1), started(2)]


async def refused(_work: object) -> None:
    raise OSError(28, "No space left on device")
