"""What is done to others' accounts is found out and done in one transaction."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio
from sqlalchemy import update

from broker.storage.accounts import Account
from broker.storage.roster import Change
from broker.storage.sign_ins import SignInRow
from broker.storage.store import Store
from broker.storage.tables import ACCOUNTS
from policy.roles import Role

NOW = 1_800_000_000.0
SOON = NOW + 10
SIGN_IN = b"s" * 16


def account(name: str, role: Role = Role.TECHNICIAN, company: str = "Vendor", sites: tuple[str, ...] = ()) -> Account:
    return Account(f"t-{name}", name, name.title(), company, None, None, None, confirmed=False, suspended=False, role=role, sites=sites)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open_file(tmp_path / "broker.sqlite3")
    yield opened
    await opened.close()


async def come(store: Store, who: Account) -> Account:
    """The account as it is once somebody took it."""
    assert await store.roster.invite(who, who.name.encode().ljust(32), SOON, anew=False) is Change.MADE
    async with store.database.writing() as connection:
        await connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.technician_id == who.technician_id).values(confirmed=True))
    return replace(who, confirmed=True)


async def test_an_account_that_somebody_has_is_begun_anew_only_where_that_is_said(store: Store) -> None:
    anna = await come(store, account("anna"))
    assert await store.roster.invite(anna, b"2" * 32, SOON, anew=False) is Change.TAKEN
    assert await store.accounts.invitation(b"2" * 32, NOW) is None
    assert await store.roster.invite(anna, b"3" * 32, SOON, anew=True) is Change.MADE
    assert await store.accounts.invitation(b"3" * 32, NOW) is not None
    other = replace(account("other"), sign_in_name="anna")
    assert await store.roster.invite(other, b"4" * 32, SOON, anew=True) is Change.TAKEN


async def test_role_and_sites_come_back_as_they_were_written(store: Store) -> None:
    auditor = await come(store, account("auditor", Role.AUDITOR, sites=("Site A", "Site Ü")))
    assert await store.accounts.by_id("t-auditor") == auditor
    assert await store.accounts.by_name("auditor") == auditor


async def test_of_two_administrators_who_are_put_out_at_once_one_stays_and_another_company_does_not_count(store: Store) -> None:
    both = [await come(store, account(name, Role.ADMINISTRATOR)) for name in ("one", "two")]
    await come(store, account("far", Role.ADMINISTRATOR, company="Other"))
    went = await asyncio.gather(*(store.roster.suspend(each, spare_last=True) for each in both))
    assert sorted(change.name for change in went) == ["LAST", "MADE"]
    (last,) = (each for each, change in zip(both, went, strict=True) if change is Change.LAST)
    assert await store.roster.is_last(last)
    assert await store.roster.administrators() == 2
    assert await store.roster.delete(last, NOW, spare_last=True) is Change.LAST
    assert await store.roster.change_role(last, Role.TECHNICIAN, (), spare_last=True) is Change.LAST
    assert await store.roster.suspend(last, spare_last=False) is Change.MADE


async def test_nothing_is_done_to_an_account_that_is_no_longer_what_was_decided_about(store: Store) -> None:
    anna = await come(store, account("anna"))
    assert await store.roster.change_role(anna, Role.SUPERVISOR, (), spare_last=True) is Change.MADE
    for act in (
        store.roster.suspend(anna, spare_last=True),
        store.roster.delete(anna, NOW, spare_last=True),
        store.roster.resume(anna),
        store.roster.change_role(anna, Role.TECHNICIAN, (), spare_last=True),
    ):
        assert await act is Change.UNKNOWN
    assert await store.roster.suspend(account("nobody"), spare_last=True) is Change.UNKNOWN


async def test_a_sign_in_ends_with_its_role_and_does_not_come_back_with_a_suspended_account(store: Store) -> None:
    anna = await come(store, account("anna"))
    row = SignInRow(SIGN_IN, b"t" * 32, anna.technician_id, NOW, NOW, NOW)
    await store.sign_ins.begin(row)
    assert await store.roster.suspend(anna, spare_last=True) is Change.MADE
    assert await store.sign_ins.by_id(SIGN_IN, NOW) is None
    assert await store.roster.resume(anna) is Change.MADE
    assert await store.sign_ins.by_id(SIGN_IN, NOW) is None
    await store.sign_ins.begin(row)
    assert await store.roster.change_role(anna, Role.SUPERVISOR, (), spare_last=True) is Change.MADE
    assert await store.sign_ins.by_id(SIGN_IN, NOW) is None


async def test_who_is_deleted_keeps_the_name_and_nothing_else(store: Store) -> None:
    anna = await come(store, account("anna"))
    assert await store.roster.delete(anna, NOW, spare_last=True) is Change.MADE
    gone = await store.accounts.by_id("t-anna")
    assert gone is not None
    assert (gone.name, gone.deleted, gone.suspended, gone.password_hash, gone.totp_sealed) == ("Anna", NOW, True, None, None)
    assert await store.roster.resume(anna) is Change.UNKNOWN
    assert await store.roster.invite(anna, b"5" * 32, SOON, anew=True) is Change.UNKNOWN
    assert await store.roster.invite(replace(account("next"), sign_in_name="anna"), b"6" * 32, SOON, anew=False) is Change.TAKEN


async def test_a_secret_lets_one_in_of_any_number_and_gives_way_to_the_next(store: Store) -> None:
    await store.roster.offer_bootstrap(b"a" * 32, SOON)
    await store.roster.offer_bootstrap(b"b" * 32, SOON)
    first = account("first", Role.ADMINISTRATOR)
    assert await store.roster.use_bootstrap(b"a" * 32, first, b"1" * 32, NOW, SOON) is Change.UNKNOWN
    assert await store.roster.use_bootstrap(b"b" * 32, first, b"1" * 32, SOON, SOON) is Change.UNKNOWN, "it expires"
    racers = [account(f"racer-{number}", Role.ADMINISTRATOR) for number in range(20)]
    went = await asyncio.gather(*(store.roster.use_bootstrap(b"b" * 32, each, each.name.encode().ljust(32), NOW, SOON) for each in racers))
    assert went.count(Change.MADE) == 1
    assert len(await store.accounts.all()) == 1
    assert not await store.roster.bootstrap_offered(b"b" * 32, NOW)
