"""Entries are found by what they are about, a page at a time and in either order; names by what the log commits to."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio
from sqlalchemy import delete, text, update

from audit.entry import At
from audit.events import broker as log
from audit.events import visit
from audit.events.shape import Event, name_of
from audit.subjects import account, company, host, kind, session, site
from broker.names import introduce
from broker.storage.filing import file_all, unfile
from broker.storage.log import AuditLog
from broker.storage.registry import EnrolledHost
from broker.storage.store import Store
from broker.storage.trail import FIRST_WINDOW, KnownName, Wanted
from broker.storage.trail_tables import AUDIT_NAMES, AUDIT_SUBJECTS, AUDIT_TIMES
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from tests.broker.storage.test_roster import account as of_roster
from tests.broker.storage.test_roster import come
from trust.signatures import Ed25519Signer

ALL = Wanted()
KEY = Ed25519Signer(bytes(32))


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000

    def __call__(self) -> At:
        return At(self.seconds * 1000, 0, clock_suspect=False)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open_file(tmp_path / "broker.sqlite3")
    yield opened
    await opened.close()


def signed_in(technician: str) -> Event:
    return log.SignedIn(technician_id=technician, address="::1")


def opened(session_id: str, technician: str, host_id: str) -> Event:
    return log.SessionOpened(
        session_id=session_id, ticket="1", technician_id=technician, host_id=host_id, purpose=Purpose.FAULT, case_reference=""
    )


async def found(store: Store, subject: str, wanted: Wanted = ALL, count: int = 100) -> list[int]:
    return [each.index for each in await store.trail.page(frozenset({subject}), wanted, count)]


async def test_a_visits_entries_are_its_hosts_and_technicians_whether_they_name_them_or_not(store: Store) -> None:
    audit = AuditLog(store.database, Clock(), KEY)
    ended = visit.SessionEnded(session_id="s-1", by="b-1", cause=EndCause.TECHNICIAN_ENDED, said_at=0)
    await audit.record(opened("s-1", "t-anna", "h-1"), log.LaneOpened(session_id="s-1", ask=1, permission=Permission.VIEW))
    await audit.record(opened("s-2", "t-berta", "h-2"), ended)
    for subject in (host("h-1"), account("t-anna"), session("s-1")):
        assert await found(store, subject) == [4, 2, 1]
    assert await found(store, host("h-2")) == [3]


async def test_the_site_of_a_host_and_the_company_of_an_account_are_those_it_was_introduced_with(store: Store) -> None:
    audit = AuditLog(store.database, Clock(), KEY)
    await audit.record(await introduce(store.trail, "t-anna", KnownName("Anna", "Vendor"), 1.0))
    await audit.record(await introduce(store.trail, "h-1", KnownName("Analyser", "Site A"), 1.0))
    await audit.record(log.HostDisconnected(host_id="h-1"), signed_in("t-anna"), opened("s-1", "t-anna", "h-1"))
    assert await found(store, company("Vendor")) == [4, 1], "its administration, not its visits"
    assert await found(store, site("Site A")) == [5, 3, 2]


async def test_pages_follow_each_other_in_both_orders_without_gap_or_twin(store: Store) -> None:
    audit, total = AuditLog(store.database, Clock(), KEY), FIRST_WINDOW * 6
    people = ("t-anna", *("t-others",) * 3)
    await audit.record(*(signed_in(people[number % 4]) for number in range(total)))
    own = list(range(1, total + 1, 4))
    for newest_first, expected in ((True, own[::-1]), (False, own)):
        seen: list[int] = []
        while True:
            after = seen[-1] if seen else 0
            page = await found(store, account("t-anna"), Wanted(after=after, newest_first=newest_first), 700)
            if not page:
                break
            seen += page
        assert seen == expected
    assert await found(store, account("t-nobody")) == []
    assert await found(store, account("t-anna"), Wanted(until=9), 700) == [9, 5, 1]


async def test_every_filter_narrows_and_none_widens(store: Store) -> None:
    clock = Clock()
    audit = AuditLog(store.database, clock, KEY)
    for seconds, happened in (
        (10, signed_in("t-anna")),
        (20, opened("s-1", "t-anna", "h-1")),
        (5, signed_in("t-anna")),
        (30, signed_in("t-b")),
    ):
        clock.seconds = seconds
        await audit.record(happened)
    own = account("t-anna")
    assert await found(store, own, Wanted(frozenset({kind("signed_in")}))) == [3, 1]
    assert await found(store, own, Wanted(frozenset({kind("signed_in"), host("h-1")}))) == []
    assert await found(store, own, Wanted(frozenset({account("t-b")}))) == [], "a filter is no way past the scope"
    assert await found(store, own, Wanted(since_ms=10_000)) == [2, 1]
    assert await found(store, own, Wanted(since_ms=5_000, until_ms=10_000)) == [3], "by the time it says, also if a clock was set back"


async def test_what_was_altered_by_hand_is_not_shown_in_its_words(store: Store) -> None:
    audit = AuditLog(store.database, Clock(), KEY)
    await audit.record(signed_in("t-anna"), signed_in("t-anna"))
    async with store.database.writing() as connection:
        await connection.execute(text("DROP TRIGGER audit_log_never_update"))
        await connection.execute(text("UPDATE audit_log SET entry = x'00' WHERE position = 1"))
    second, first = await store.trail.page(frozenset({account("t-anna")}), ALL, 10)
    assert second.entry is not None
    assert name_of(second.entry.event) == "signed_in"
    assert (first.index, first.entry) == (1, None)
    async with store.database.writing() as connection:
        await connection.execute(text("UPDATE audit_log SET salt = x'', leaf = x'' WHERE position = 1"))
    assert (await store.trail.page(frozenset({account("t-anna")}), ALL, 10))[1].entry is None


async def test_entries_of_before_are_filed_as_hosts_and_accounts_stand_and_unreadable_ones_are_passed_over(store: Store) -> None:
    await come(store, of_roster("anna"))
    await store.registry.add_token(b"t", "Site A", 9e9)
    enrolled = EnrolledHost("h-1", bytes(32), "Analyser", "Site A", "x", phi=False, accepted_by="", terms_version="", made=1.0)
    assert await store.registry.enrol(b"t", enrolled)
    audit = AuditLog(store.database, Clock(), KEY)
    await audit.record(signed_in("t-anna"), signed_in("t-anna"), log.HostDisconnected(host_id="h-1"))
    async with store.database.writing() as connection:
        await connection.execute(text("DROP TRIGGER audit_log_never_update"))
        await connection.execute(text("UPDATE audit_log SET entry = x'00' WHERE position = 2"))
        await connection.execute(delete(AUDIT_SUBJECTS))
        await connection.run_sync(file_all)
    assert await found(store, account("t-anna")) == await found(store, company("Vendor")) == [1]
    assert await found(store, site("Site A")) == [3]
    await audit.record(signed_in("t-anna"))
    assert await found(store, account("t-anna")) == [4, 1]


async def test_entries_of_a_time_are_found_wherever_a_clock_that_was_set_put_them_and_others_are_not_looked_at(store: Store) -> None:
    clock = Clock()
    audit = AuditLog(store.database, clock, KEY)
    for start in range(0, 3_000, 250):
        clock.seconds = 500 if start == 1_500 else 10_000 + start
        await audit.record(*(signed_in("t-anna") for _ in range(250)))
    old = Wanted(until_ms=501_000)
    assert await found(store, account("t-anna"), old, 300) == list(range(1_750, 1_500, -1))
    assert await found(store, account("t-anna"), replace(old, newest_first=False), 300) == list(range(1_501, 1_751))
    assert await found(store, account("t-anna"), Wanted(since_ms=12_750_000, newest_first=False), 300) == list(range(2_751, 3_001))
    assert await found(store, account("t-anna"), Wanted(since_ms=10_250_000, until_ms=10_501_000, after=500), 300) == list(
        range(499, 250, -1)
    )
    assert await found(store, account("t-anna"), Wanted(until_ms=400_000)) == []
    async with store.database.writing() as connection:
        await connection.execute(delete(AUDIT_TIMES).where(AUDIT_TIMES.c.block == 1))
    assert await found(store, account("t-anna"), old, 300) == [], "no other block is looked at"


async def test_what_was_let_go_is_found_no_more(store: Store) -> None:
    audit = AuditLog(store.database, Clock(), KEY)
    await audit.record(*(signed_in("t-anna") for _ in range(4)))
    async with store.database.writing() as connection:
        await connection.run_sync(unfile, (2, 3))
    assert await found(store, account("t-anna")) == [4, 1]


async def test_a_name_counts_while_the_log_commits_to_it(store: Store) -> None:
    audit = AuditLog(store.database, Clock(), KEY)
    first, second = KnownName("Anna", "Vendor"), KnownName("Anna Example", "Vendor")
    await audit.record(await introduce(store.trail, "t-anna", first, 1.0))
    assert await store.trail.names(["t-anna", "t-berta"]) == {"t-anna": first}
    never_recorded = await introduce(store.trail, "t-anna", second, 2.0)
    assert await store.trail.names(["t-anna"]) == {"t-anna": first}
    await audit.record(never_recorded)
    assert await store.trail.names(["t-anna"]) == {"t-anna": second}
    assert await store.trail.nameless(["t-anna", "t-berta"]) == {"t-berta"}
    async with store.database.writing() as connection:
        await connection.execute(update(AUDIT_NAMES).values(name="Mallory"))
    assert await store.trail.names(["t-anna"]) == {}, "a name that was exchanged is no name"


async def test_the_newest_is_told_also_of_an_empty_log(store: Store) -> None:
    assert await store.trail.newest() == 0
    assert await found(store, account("t-anna")) == []
    await AuditLog(store.database, Clock(), KEY).record(signed_in("t-anna"))
    assert await store.trail.newest() == 1
