"""Old entries are read again: whatever SQL does to one of them is found without anybody asking, and nothing else is.

Mutations tried, each of which fails here: the kept hashes not compared; contents that are gone let pass; an
entry that was let go believed from the filing; a filed `log_begun` believed; entries before the real one read; every round from
anywhere.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from audit.events.broker import BrokerStarted
from audit.events.shape import Event
from audit.merkle import stored_position
from broker.storage.engine import Database, database_url
from broker.storage.log import AuditLog
from broker.storage.log_begun import Acknowledged
from broker.storage.log_expiry import expire, expiring
from broker.storage.log_faults import LogDoubtful
from broker.storage.log_patrol import Patrol
from broker.storage.migrate import migrate
from tests.helpers.hostile_sql import WHEN, Attack, attack, sql
from tests.helpers.store_contract import KEY

ENTRIES = 22
LATER = WHEN.utc_ms / 1000 + 1


def events(count: int) -> list[Event]:
    return [BrokerStarted(broker_id="b-one", version=str(number)) for number in range(count)]


class Place:
    """A log in a file, and who reads it again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "broker.sqlite3"
        self.database = Database(database_url(self.file))
        self.log = AuditLog(self.database, lambda: WHEN, KEY)

    def patrol(self, anywhere: Callable[[int], int] = lambda _: 0) -> Patrol:
        return Patrol(self.database, KEY.public_key, anywhere)

    async def whole_round(self, patrol: Patrol, count: int = 5) -> None:
        rounds = patrol.rounds
        while patrol.rounds == rounds:
            await patrol.step(count)


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    await migrate(made.database)
    await made.log.record(*events(ENTRIES))
    yield made
    await made.database.close()


ONE = "position = 5"
OLD: dict[str, tuple[Attack, str]] = {
    "words altered": (sql(f"UPDATE audit_log SET entry = CAST(entry || ' ' AS BLOB) WHERE {ONE}"), r"entry 5 .*altered"),  # noqa: S608
    "salt altered": (sql(f"UPDATE audit_log SET salt = zeroblob(32) WHERE {ONE}"), r"entry 5 .*altered"),  # noqa: S608
    "contents gone": (sql(f"UPDATE audit_log SET entry = x'', salt = x'' WHERE {ONE}"), r"entry 5 .*altered"),  # noqa: S608
    "leaf altered": (sql(f"UPDATE audit_log SET leaf = zeroblob(32) WHERE {ONE}"), r"entry 5 "),  # noqa: S608
    "head altered": (sql(f"UPDATE audit_log SET head = zeroblob(32) WHERE {ONE}"), r"entry 5 .*unchained"),  # noqa: S608
    "row taken out": (sql(f"DELETE FROM audit_log WHERE {ONE}"), r"entry 5 .*missing"),  # noqa: S608
    "hash of a leaf altered": (sql(f"UPDATE audit_tree SET hash = zeroblob(32) WHERE position = {stored_position(0, 4)}"), r"entry 5 "),  # noqa: S608
    "hash of a subtree altered": (sql(f"UPDATE audit_tree SET hash = zeroblob(32) WHERE position = {stored_position(2, 1)}"), r"entry 8 "),  # noqa: S608
}


@pytest.mark.parametrize("name", OLD)
async def test_an_old_entry_that_is_not_what_was_signed_is_found_while_the_log_is_appended_to(name: str, place: Place) -> None:
    patrol = place.patrol()
    await place.whole_round(patrol)
    doing, named = OLD[name]
    attack(place.file, doing)
    await place.log.record(*events(1))  # an append sees nothing of it
    with pytest.raises(LogDoubtful, match=named) as found:
        await place.whole_round(patrol)
    assert found.value.held == found.value.given != ""
    with pytest.raises(LogDoubtful, match=named):
        await place.whole_round(patrol)


async def test_an_honest_log_is_read_round_after_round_while_it_grows(place: Place) -> None:
    patrol = place.patrol(lambda most: most // 2)
    for count in (1, 5, 22, 100):
        await place.whole_round(patrol, count)
        await place.log.record(*events(3))
    assert patrol.rounds == 4


async def test_a_round_that_begins_anywhere_finds_what_lies_behind_and_the_next_what_lies_before(place: Place) -> None:
    attack(place.file, OLD["words altered"][0])
    patrol = place.patrol(lambda _: 10)
    await place.whole_round(patrol)
    with pytest.raises(LogDoubtful, match="entry 5 "):
        await place.whole_round(patrol)
    with pytest.raises(LogDoubtful, match="entry 5 "):
        await place.whole_round(place.patrol(lambda _: 3))


async def test_peaks_that_a_round_begins_with_are_proven_by_what_they_complete(place: Place) -> None:
    """Between two rounds somebody gives the tree, at the place where the round begins, another past."""
    patrol = place.patrol(lambda _: 12)
    attack(place.file, sql(f"UPDATE audit_tree SET hash = zeroblob(32) WHERE position = {stored_position(2, 2)}"))  # noqa: S608
    with pytest.raises(LogDoubtful, match=r"entry 1[36] "):
        await place.whole_round(patrol)


async def test_what_retention_let_go_is_gone_rightly_and_nothing_else_is(place: Place) -> None:
    await place.log.record(BrokerStarted(broker_id="b-one", version="young"))
    chosen = await expiring(place.database, LATER)
    assert chosen is not None
    await expire(place.database, place.log, chosen, 1, "mia")
    await place.log.record(*events(3))
    await place.whole_round(place.patrol())
    attack(place.file, sql("UPDATE audit_log SET entry = x'', salt = x'' WHERE position = 25"))
    with pytest.raises(LogDoubtful, match="entry 25 "):
        await place.whole_round(place.patrol())


async def test_the_filing_is_believed_about_nothing(place: Place) -> None:
    file = "INSERT INTO audit_subjects (subject, position, utc_ms) VALUES ('event:{}', 20, 1)"
    for name, doing in (("entries_expired", "contents gone"), ("log_begun", "words altered")):
        attack(place.file, OLD[doing][0], sql(file.format(name)))
        with pytest.raises(LogDoubtful, match="entry 5 "):
            await place.whole_round(place.patrol())


async def test_what_a_named_person_has_seen_is_over_also_for_a_round_that_runs(place: Place) -> None:
    waiting, patrol = place.patrol(), place.patrol()
    await waiting.step(2)
    attack(place.file, OLD["words altered"][0], OLD["hash of a subtree altered"][0])
    with pytest.raises(LogDoubtful):
        await place.whole_round(patrol)
    await place.log.begin_anew(Acknowledged("b-one", "Mia Admin", "looked into it"), ())
    await place.log.record(*events(4))
    for each in (waiting, patrol, place.patrol(lambda most: most - 1)):
        await place.whole_round(each)
    attack(place.file, sql(f"UPDATE audit_log SET salt = zeroblob(32) WHERE position = {ENTRIES + 4}"))  # noqa: S608
    with pytest.raises(LogDoubtful, match=f"entry {ENTRIES + 4} "):
        await place.whole_round(patrol)


async def test_a_log_without_entries_has_nothing_to_read(tmp_path: Path) -> None:
    empty = Place(tmp_path)
    await migrate(empty.database)
    patrol = empty.patrol()
    await patrol.step(5)
    assert patrol.rounds == 0
    await empty.database.close()
