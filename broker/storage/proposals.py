"""What one person proposed, and what became of it. Every method is one transaction.

An approval and what it does are one transaction too: of any number at once exactly one finds the proposal waiting. Who may decide
is asked before (`broker/approvals.py`); here it is only found out whether all of that is still so.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broker.storage.accounts import Account
from broker.storage.engine import Database
from broker.storage.roster import Change, found, may_invite, may_narrow, put_invitation, put_role
from broker.storage.tables import PROPOSALS
from policy.approvals import ProposalState, Proposed
from policy.roles import Member, Operation, Role


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row: what policy decides about, and the names that go with it."""

    proposal_id: str
    proposed: Proposed
    sign_in_name: str
    name: str

    @property
    def subject(self) -> Account:
        """The account as it would be, before anybody took it."""
        after = self.proposed.after
        names = (after.account_id, self.sign_in_name, self.name, after.company)
        sites = tuple(sorted(after.sites))
        return Account(*names, None, None, None, confirmed=False, suspended=False, role=after.role, sites=sites)


def usable(account: Account | None) -> Member | None:
    """As far as rights go; None for whoever cannot sign in, or no longer."""
    return account.member if account is not None and account.confirmed and not account.suspended else None


def there(account: Account | None) -> Member | None:
    """The same for whom it is about, who need not have come yet."""
    return account.member if account is not None and not account.suspended else None


class ProposalStore:
    """Reads and writes proposals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, proposal: Proposal) -> None:
        """A new one."""
        async with self._database.writing() as connection:
            await connection.execute(insert(PROPOSALS).values(_row_of(proposal)))

    async def waiting_of(self, proposer: str, utc: float) -> int:
        """How many of this account's wait."""
        own = (PROPOSALS.c.proposer == proposer) & _live(utc)
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(PROPOSALS).where(own)) or 0

    async def by_id(self, proposal_id: str) -> Proposal | None:
        """The proposal of this id, decided or not."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(PROPOSALS).where(PROPOSALS.c.proposal_id == proposal_id))).one_or_none()
        return _proposal_of(row) if row else None

    async def waiting(self, utc: float) -> tuple[Proposal, ...]:
        """Those that nobody decided and that have not expired, oldest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(PROPOSALS).where(_live(utc)).order_by(PROPOSALS.c.made, PROPOSALS.c.proposal_id))).all()
        return tuple(_proposal_of(row) for row in rows)

    async def approve(self, proposal: Proposal, approver: Member, token_hash: bytes, utc: float, invited_until: float) -> Change:
        """Do what was proposed. UNKNOWN, and nothing is done, if it was decided meanwhile or anybody is not as he was."""
        async with self._database.writing() as connection:
            if not await _all_as_they_were(connection, proposal.proposed, approver):
                return Change.UNKNOWN
            change = await _could_be_done(connection, proposal)
            if change is not Change.MADE:
                return change
            if not await _decide(connection, proposal, ProposalState.APPROVED, approver.account_id, utc):
                return Change.UNKNOWN
            if proposal.proposed.operation is Operation.ACCOUNT_INVITE:
                await put_invitation(connection, proposal.subject, token_hash, invited_until)
            else:
                await put_role(connection, proposal.subject, proposal.subject.role, proposal.subject.sites)
        return Change.MADE

    async def end(self, proposal: Proposal, state: ProposalState, by: str, utc: float) -> bool:
        """Decline or withdraw it. False if it was decided meanwhile."""
        async with self._database.writing() as connection:
            return await _decide(connection, proposal, state, by, utc)


def _live(utc: float) -> ColumnElement[bool]:
    return (PROPOSALS.c.state == ProposalState.WAITING.value) & (PROPOSALS.c.expires > utc)


async def _all_as_they_were(connection: AsyncConnection, proposed: Proposed, approver: Member) -> bool:
    return (
        usable(await found(connection, approver.account_id)) == approver
        and usable(await found(connection, proposed.proposer.account_id)) == proposed.proposer
        and there(await found(connection, proposed.after.account_id)) == proposed.before
    )


async def _could_be_done(connection: AsyncConnection, proposal: Proposal) -> Change:
    if proposal.proposed.operation is Operation.ACCOUNT_INVITE:
        return await may_invite(connection, proposal.subject, anew=False)
    account = await found(connection, proposal.proposed.after.account_id)
    assert account is not None, "it is as it was, and it was there"
    return await may_narrow(connection, account, spare_last=proposal.proposed.after.role is not Role.ADMINISTRATOR)


async def _decide(connection: AsyncConnection, proposal: Proposal, state: ProposalState, by: str, utc: float) -> bool:
    decided = {"state": state.value, "decided_by": by, "decided": utc}
    own = (PROPOSALS.c.proposal_id == proposal.proposal_id) & _live(utc)
    changed = await connection.execute(update(PROPOSALS).where(own).values(decided))
    return changed.rowcount == 1


def _row_of(proposal: Proposal) -> dict[str, object]:
    proposed = proposal.proposed
    before, after, proposer = proposed.before, proposed.after, proposed.proposer
    return {
        "proposal_id": proposal.proposal_id, "operation": proposed.operation.value, "account_id": after.account_id,
        "sign_in_name": proposal.sign_in_name, "name": proposal.name, "company": after.company,
        "before_role": before.role.value if before else None, "before_sites": _sites(before.sites if before else frozenset()),
        "role": after.role.value, "sites": _sites(after.sites),
        "proposer": proposer.account_id, "proposer_role": proposer.role.value, "proposer_sites": _sites(proposer.sites),
        "made": proposed.made, "expires": proposed.expires, "state": proposed.state.value,
    }  # fmt: skip


def _sites(sites: frozenset[str]) -> str:
    return json.dumps(sorted(sites))


def _member(row: Row[Any], account_id: str, role: str, sites: str) -> Member:
    # Whoever proposes and whom it is about are of one company; `policy/approvals.py` finds out if that is no longer so.
    return Member(account_id, Role(role), row.company, frozenset(json.loads(sites)))


def _proposal_of(row: Row[Any]) -> Proposal:
    before = _member(row, row.account_id, row.before_role, row.before_sites) if row.before_role is not None else None
    proposed = Proposed(
        Operation(row.operation),
        _member(row, row.proposer, row.proposer_role, row.proposer_sites),
        before,
        _member(row, row.account_id, row.role, row.sites),
        row.made,
        row.expires,
        ProposalState(row.state),
    )
    return Proposal(row.proposal_id, proposed, row.sign_in_name, row.name)
