"""What two persons do together: one proposes, another approves, and it is done once (`policy/approvals.py`).

What widens is in the log before it is so. Whether an account of this id may propose at all was decided before; who may approve or
decline is decided here, with the newest state of everybody it concerns.
"""

from dataclasses import dataclass
from secrets import token_bytes, token_hex

from audit.events import accounts as log
from audit.events import broker as broker_log
from audit.events.shape import Event
from broker.names import introduce, name_of_account
from broker.roster import Roster, Unchanged
from broker.storage.accounts import Account
from broker.storage.proposals import Proposal, there, usable
from broker.storage.roster import Change
from broker.storage.secret_box import token_hash
from policy.approvals import Now, ProposalState, Proposed, may_approve, may_decline, sees_proposal
from policy.decision import Decision, Deny, Reason
from policy.roles import Member, Operation, Role
from wire.limits import INVITATION_SECONDS, PROPOSAL_SECONDS, PROPOSALS_MAX

_CHANGED = {Change.UNKNOWN: Reason.PROPOSAL_CHANGED, Change.TAKEN: Reason.ACCOUNT_EXISTS, Change.LAST: Reason.LAST_ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Approvals:
    """Proposals about the accounts of a roster. What is done here raises Unchanged, or LogUnavailable where it would have widened."""

    roster: Roster

    async def propose_invitation(self, account: Account, by: Account, utc: float) -> Proposal:
        """Somebody is to be let in as one who decides about others."""
        await self.roster.may_invite(account, anew=False)
        proposed = Proposed(Operation.ACCOUNT_INVITE, by.member, None, account.member, utc, utc + PROPOSAL_SECONDS, ProposalState.WAITING)
        return await self._propose(proposed, account)

    async def propose_role(self, account: Account, role: Role, sites: tuple[str, ...], by: Account, utc: float) -> Proposal:
        """Somebody who is there is to decide about others."""
        after = Member(account.technician_id, role, account.company, frozenset(sites))
        operation, until = Operation.ACCOUNT_CHANGE_ROLE, utc + PROPOSAL_SECONDS
        return await self._propose(Proposed(operation, by.member, account.member, after, utc, until, ProposalState.WAITING), account)

    async def _propose(self, proposed: Proposed, account: Account) -> Proposal:
        made = Proposal(f"p-{token_hex(8)}", proposed, account.sign_in_name, account.name)
        after, by = proposed.after, proposed.proposer.account_id
        said = log.ProposalMade(
            proposal_id=made.proposal_id, technician_id=after.account_id, name=account.name, role=after.role,
            sites=tuple(sorted(after.sites)), by=by,
        )  # fmt: skip
        if await self.roster.store.proposals.waiting_of(by, proposed.made) >= PROPOSALS_MAX:
            raise Unchanged(Reason.TOO_MANY_PROPOSALS)
        await self.roster.log.record(said)
        await self.roster.store.proposals.keep(made)
        return made

    async def waiting(self, member: Member, utc: float) -> tuple[Proposal, ...]:
        """Those that this account is told of."""
        return tuple(each for each in await self.roster.store.proposals.waiting(utc) if sees_proposal(member, each.proposed))

    async def approve(self, proposal_id: str, approver: Account, utc: float) -> tuple[Account, bytes | None]:
        """Do it. The account it is about, and the token of its invitation if it is new."""
        proposal = await self._found(proposal_id)
        self._allowed(may_approve(approver.member, proposal.proposed, await self._now(proposal, utc)))
        invites = proposal.proposed.operation is Operation.ACCOUNT_INVITE
        if invites:
            await self.roster.may_invite(proposal.subject, anew=False)
        token = token_bytes(32)
        store = self.roster.store.trail
        named = (await introduce(store, proposal.subject.technician_id, name_of_account(proposal.subject), utc),) if invites else ()
        await self.roster.log.record(*_entries(proposal, approver.technician_id), *named)
        hashed, until = token_hash(token), utc + INVITATION_SECONDS
        change = await self.roster.store.proposals.approve(proposal, approver.member, hashed, utc, until)
        if change is not Change.MADE:
            raise Unchanged(_CHANGED[change])
        return proposal.subject, token if invites else None

    async def end(self, proposal_id: str, by: Account, utc: float) -> None:
        """Decline it, or withdraw one's own. Nothing changes but that it cannot be approved any more."""
        proposal = await self._found(proposal_id)
        self._allowed(may_decline(by.member, proposal.proposed, utc))
        proposer, subject = proposal.proposed.proposer.account_id, proposal.proposed.after.account_id
        own = by.technician_id == proposer
        state = ProposalState.WITHDRAWN if own else ProposalState.DECLINED
        if not await self.roster.store.proposals.end(proposal, state, by.technician_id, utc):
            raise Unchanged(Reason.PROPOSAL_DECIDED)
        named = {"proposal_id": proposal_id, "technician_id": subject, "by": by.technician_id}
        await self.roster.log.note(log.ProposalWithdrawn(**named) if own else log.ProposalDeclined(proposed_by=proposer, **named))

    async def _found(self, proposal_id: str) -> Proposal:
        proposal = await self.roster.store.proposals.by_id(proposal_id)
        if proposal is None:
            raise Unchanged(Reason.PROPOSAL_UNKNOWN)
        return proposal

    async def _now(self, proposal: Proposal, utc: float) -> Now:
        accounts = self.roster.store.accounts
        proposer = usable(await accounts.by_id(proposal.proposed.proposer.account_id))
        return Now(utc, proposer, there(await accounts.by_id(proposal.proposed.after.account_id)))

    @staticmethod
    def _allowed(decided: Decision) -> None:
        if isinstance(decided, Deny):
            raise Unchanged(decided.reason)


def _entries(proposal: Proposal, by: str) -> tuple[Event, ...]:
    """That it was approved, and then what is done, in the name of whoever proposed it."""
    proposed, subject = proposal.proposed, proposal.proposed.after.account_id
    proposer, sites = proposed.proposer.account_id, proposal.subject.sites
    approved = log.ProposalApproved(proposal_id=proposal.proposal_id, technician_id=subject, proposed_by=proposer, by=by)
    if proposed.before is None:
        given = log.RoleGiven(technician_id=subject, role=proposed.after.role, sites=sites, by=proposer)
        return approved, broker_log.InvitationMade(technician_id=subject, by=proposer), given
    before, role = proposed.before.role, proposed.after.role
    return approved, log.RoleChanged(technician_id=subject, before=before, role=role, sites=sites, by=proposer)
