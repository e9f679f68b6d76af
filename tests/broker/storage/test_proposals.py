"""A proposal is kept as it was made, and an approval and what it does are one transaction."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from broker.storage.accounts import Account
from broker.storage.proposals import Proposal
from broker.storage.roster import Change
from broker.storage.store import Store
from policy.approvals import ProposalState, Proposed
from policy.roles import Member, Operation, Role
from tests.broker.storage.test_roster import account, come

NOW = 1_800_000_000.0
EXPIRES = NOW + 100
LONG = NOW + 1000


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open_file(tmp_path / "broker.sqlite3")
    yield opened
    await opened.close()


async def two(store: Store) -> tuple[Account, Account]:
    one, other = [await come(store, account(name, Role.ADMINISTRATOR)) for name in ("one", "other")]
    return one, other


def proposal(by: Account, before: Member | None, after: Member, number: int = 1) -> Proposal:
    operation = Operation.ACCOUNT_INVITE if before is None else Operation.ACCOUNT_CHANGE_ROLE
    proposed = Proposed(operation, by.member, before, after, NOW, EXPIRES, ProposalState.WAITING)
    return Proposal(f"p-{number}", proposed, after.account_id.removeprefix("t-"), "Some Body")


def new(by: Account, name: str = "t-new") -> Proposal:
    return proposal(by, None, Member(name, Role.SECURITY_OFFICER, "Vendor"))


async def test_it_comes_back_as_it_was_written(store: Store) -> None:
    one, _ = await two(store)
    sited = proposal(one, Member("t-b", Role.AUDITOR, "Vendor", frozenset({"A"})), Member("t-b", Role.AUDITOR, "Vendor", frozenset("Ü")))
    for each in (sited, replace(new(one), proposal_id="p-2")):
        await store.proposals.keep(each)
        assert await store.proposals.by_id(each.proposal_id) == each
    assert await store.proposals.by_id("p-3") is None
    assert {each.proposal_id for each in await store.proposals.waiting(NOW)} == {"p-1", "p-2"}
    assert await store.proposals.waiting(EXPIRES) == ()
    assert (await store.proposals.waiting_of("t-one", NOW), await store.proposals.waiting_of("t-other", NOW)) == (2, 0)


async def test_of_many_approvals_one_takes_effect(store: Store) -> None:
    one, other = await two(store)
    made = new(one)
    await store.proposals.keep(made)
    racers = [store.proposals.approve(made, other.member, bytes([n]) * 32, NOW, LONG) for n in range(20)]
    went = await asyncio.gather(*racers)
    assert went.count(Change.MADE) == 1
    assert went.count(Change.UNKNOWN) == 19
    live = [await store.accounts.invitation(bytes([n]) * 32, NOW) is not None for n in range(20)]
    assert live.count(True) == 1
    kept = await store.proposals.by_id(made.proposal_id)
    assert kept is not None
    assert kept.proposed.state is ProposalState.APPROVED
    assert not await store.proposals.end(made, ProposalState.DECLINED, "t-other", NOW)


async def test_nothing_is_done_once_anybody_is_not_as_he_was(store: Store) -> None:
    one, other = await two(store)
    clara = await come(store, account("clara"))
    made = proposal(one, clara.member, replace(clara.member, role=Role.ADMINISTRATOR))
    await store.proposals.keep(made)
    for someone in (one, other, clara):
        assert await store.roster.suspend(someone, spare_last=False) is Change.MADE
        assert await store.proposals.approve(made, other.member, b"t" * 32, NOW, LONG) is Change.UNKNOWN
        assert await store.roster.resume(someone) is Change.MADE
    assert await store.roster.change_role(other, Role.SECURITY_OFFICER, (), spare_last=False) is Change.MADE
    assert await store.proposals.approve(made, other.member, b"t" * 32, NOW, LONG) is Change.UNKNOWN
    now = replace(other.member, role=Role.SECURITY_OFFICER)
    assert await store.proposals.approve(made, now, b"t" * 32, EXPIRES, LONG) is Change.UNKNOWN
    assert await store.proposals.approve(made, now, b"t" * 32, NOW, LONG) is Change.MADE
    found = await store.accounts.by_id(clara.technician_id)
    assert found is not None
    assert found.role is Role.ADMINISTRATOR


async def test_the_last_administrator_and_a_name_that_is_taken_stop_an_approval_and_leave_it_waiting(store: Store) -> None:
    one, other = await two(store)
    taken = replace(new(one, "t-more"), sign_in_name="other")
    await store.proposals.keep(taken)
    assert await store.proposals.approve(taken, other.member, b"t" * 32, NOW, LONG) is Change.TAKEN
    officer = await come(store, account("officer", Role.SECURITY_OFFICER))
    down = proposal(one, other.member, replace(other.member, role=Role.SECURITY_OFFICER), 2)
    await store.proposals.keep(down)
    assert await store.proposals.approve(down, officer.member, b"t" * 32, NOW, LONG) is Change.MADE
    last = proposal(one, one.member, replace(one.member, role=Role.SECURITY_OFFICER), 3)
    await store.proposals.keep(last)
    assert await store.proposals.approve(last, officer.member, b"t" * 32, NOW, LONG) is Change.LAST
    assert {each.proposal_id for each in await store.proposals.waiting(NOW)} == {"p-1", "p-3"}
    assert await store.proposals.end(last, ProposalState.WITHDRAWN, "t-one", NOW)
