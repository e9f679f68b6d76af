"""Whatever SQL does to the log without the key: the next append finds it, in the running process and in one that starts."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from sqlite3 import Connection, IntegrityError, connect

import pytest
import pytest_asyncio

from audit.entry import decode_entry
from audit.events.broker import BrokerStarted
from audit.events.evidence import DoubtAcknowledged, LogDoubted
from audit.events.shape import Event
from audit.events.visit import SessionEnded
from audit.log import Side, verify
from broker.storage.engine import Database, database_url
from broker.storage.log import AuditLog, LogDoubtful, LogUnavailable
from broker.storage.log_begun import Acknowledged
from broker.storage.migrate import migrate
from policy.session import EndCause
from tests.helpers.hostile_sql import ATTACKS, WHEN, attack
from tests.helpers.store_contract import KEY

SAID = Acknowledged("b-one", "Mia Admin", "restored after a disk failure")


def events(count: int) -> list[Event]:
    return [BrokerStarted(broker_id="b-one", version=str(number)) for number in range(count)]


class Place:
    """A log of eleven entries in a file, the process that wrote it, and one that starts on it."""

    def __init__(self, folder: Path) -> None:
        self.file, self.anchor, self.older = folder / "broker.sqlite3", folder / "anchor", folder / "older"
        self.database = Database(database_url(self.file))
        self.running = self.starting()

    def starting(self, *, anchored: bool = True) -> AuditLog:
        return AuditLog(self.database, lambda: WHEN, KEY, self.anchor if anchored else None)

    async def copy(self, to: Path) -> None:
        await self.database.truncate_journal()
        copyfile(self.file, to)

    def put_back(self, copy: Path) -> None:
        """Every table as it was in the copy, whatever this database says of it."""
        names = ("audit_log", "audit_tree", "audit_tip", "audit_checkpoints", "audit_ends", "audit_meta", "audit_subjects")
        with closing(connect(copy)) as old:
            rows = {name: old.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608

        def restore(plain: Connection) -> None:
            for name, found in rows.items():
                plain.execute(f"DELETE FROM {name}")  # noqa: S608
                for row in found:
                    plain.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608

        attack(self.file, restore)


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    await migrate(made.database)
    await made.running.record(*events(4))
    await made.running.checkpoint()
    await made.copy(made.older)
    await made.running.record(*events(7))
    await made.running.checkpoint()
    yield made
    await made.database.close()


@pytest.mark.parametrize("name", ATTACKS)
async def test_it_is_found_before_anything_else_is_written(name: str, place: Place) -> None:
    attack(place.file, *ATTACKS[name])
    for log in (place.running, place.starting()):
        with pytest.raises(LogDoubtful):
            await log.record(*events(1))
        with pytest.raises(LogDoubtful):
            await log.head(0)
        assert log.doubtful is not None
        assert log.failing_since is not None


async def test_a_database_that_was_put_back_is_found_by_the_running_process_and_by_the_anchor(place: Place) -> None:
    place.put_back(place.older)
    for log in (place.running, place.starting()):
        with pytest.raises(LogDoubtful, match="4 entries, and 11 were signed"):
            await log.record(*events(1))
    await place.starting(anchored=False).record(*events(1))  # without the file nothing here could know


async def test_a_database_that_was_put_back_and_went_on_is_found_as_well(place: Place) -> None:
    place.put_back(place.older)
    await place.starting(anchored=False).record(*events(20))
    for log in (place.running, place.starting()):
        with pytest.raises(LogDoubtful, match="its entries are others"):
            await log.record(*events(1))


async def test_an_anchor_that_is_gone_or_another_is_found_at_the_start(place: Place) -> None:
    note = place.anchor.read_text()
    place.anchor.write_text(note.replace("11\n", "12\n"))
    with pytest.raises(LogDoubtful, match="is not ours"):
        await place.starting().record(*events(1))
    place.anchor.unlink()
    with pytest.raises(LogDoubtful, match="is gone"):
        await place.starting().record(*events(1))
    place.anchor.write_text(note)
    await place.starting().record(*events(1))


async def test_the_log_goes_on_where_nothing_was_touched(place: Place) -> None:
    await place.starting().record(*events(1))
    await place.running.record(*events(2))
    await place.starting(anchored=False).record(*events(3))
    await place.running.record(*events(1))
    rows, chain = await place.running.rows(), await place.running.chain()
    assert len(rows) == 18
    assert verify(rows, chain.log_id, Side.BROKER).findings == ()


REMEDIED = [name for name in ATTACKS if name not in {"everything taken out", "a second log beside it", "the log called a host's"}]


@pytest.mark.parametrize("name", REMEDIED)
async def test_a_named_person_lets_it_go_on_and_the_log_says_so(name: str, place: Place) -> None:
    attack(place.file, *ATTACKS[name])
    with pytest.raises(LogDoubtful) as found:
        await place.running.record(*events(1))
    await place.starting().begin_anew(SAID, (found.value.held,))
    for log in (place.running, place.starting()):
        await log.record(*events(1))
        assert log.doubtful is None
    said = [decode_entry(row.entry).event for row in await place.running.rows() if row.index > 9 and b"doubt" in row.entry]
    assert [type(event) for event in said] == [LogDoubted, DoubtAcknowledged]
    assert isinstance(said[0], LogDoubted)
    assert said[0].held_size == 11


async def test_who_put_it_back_cannot_let_it_go_on_with_an_older_word(place: Place) -> None:
    place.put_back(place.older)
    with pytest.raises(LogDoubtful):
        await place.running.record(*events(1))
    await place.starting().begin_anew(SAID, ())
    await place.running.record(*events(1))
    await place.copy(place.older)
    await place.running.record(*events(3))
    place.put_back(place.older)
    with pytest.raises(LogDoubtful):
        await place.running.record(*events(1))


async def test_a_database_that_names_no_log_is_not_gone_on_with(place: Place) -> None:
    attack(place.file, *ATTACKS["a second log beside it"])
    with pytest.raises(LogUnavailable, match="names 2 logs"):
        await place.starting().begin_anew(SAID, ())


async def test_the_database_itself_adds_at_the_end_and_replaces_nothing(place: Place) -> None:
    await place.running.record(SessionEnded(session_id="s-one", by="h-one", cause=EndCause.HOST_ENDED, said_at=1))
    orders = (
        "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE position = 3",
        "INSERT OR REPLACE INTO audit_tree SELECT * FROM audit_tree WHERE position = 3",
        "INSERT OR REPLACE INTO audit_checkpoints SELECT size, 'x' FROM audit_checkpoints",
        "INSERT OR REPLACE INTO audit_ends SELECT session_id, 1 FROM audit_ends",
        "INSERT INTO audit_meta (log_id, side) VALUES ('l-other', 'broker')",
        "INSERT INTO audit_tree VALUES (900, zeroblob(32))",
        "UPDATE audit_tree SET hash = zeroblob(32)",
        "UPDATE audit_checkpoints SET note = 'x'",
        "UPDATE audit_ends SET position = 1",
        "UPDATE audit_log SET salt = x'', entry = x'', leaf = zeroblob(32)",
        "UPDATE audit_log SET entry = x'' WHERE position = 2",
        *(f"DELETE FROM {name}" for name in ("audit_tree", "audit_tip", "audit_checkpoints", "audit_ends")),  # noqa: S608
    )
    with closing(connect(place.file)) as plain:
        for order in orders:
            with pytest.raises(IntegrityError, match="only ever added to"):
                plain.execute(order)
