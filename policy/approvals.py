"""What one person proposes and another approves: accounts that decide about others. Who may propose what is in `roles.py`.

Two accounts are taken for two persons; that both are one person's is known to no program.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from policy.decision import Allow, Decision, Deny, Reason
from policy.roles import Member, Operation, may, may_act, may_give, reaches


class ProposalState(StrEnum):
    """What became of it. That it expired is no state: it is asked of the clock."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed. `proposer` and `before` (None for an invitation) are as they were then; times are seconds since 1970."""

    operation: Operation
    proposer: Member
    before: Member | None
    after: Member
    made: float
    expires: float
    state: ProposalState


@dataclass(frozen=True, slots=True)
class Now:
    """How things are when it is decided. An account that is deleted or suspended is None, and so is a proposer who cannot sign in."""

    utc: float
    proposer: Member | None
    subject: Member | None


def sees_proposal(member: Member, proposed: Proposed) -> bool:
    """Does this proposal exist, as far as this account is told?"""
    return _within(member, Operation.PROPOSALS_SEE, proposed)


def may_approve(member: Member, proposed: Proposed, now: Now) -> Decision:
    """May it be done, now that this account says so too?"""
    if isinstance(denied := _may_decide(member, Operation.PROPOSAL_APPROVE, proposed, now.utc), Deny):
        return denied
    if member.account_id == proposed.proposer.account_id:
        return Deny(Reason.SECOND_PERSON_NEEDED)
    if member.account_id == proposed.after.account_id:
        return Deny(Reason.OWN_ACCOUNT)
    return Allow() if _still_stands(proposed, now) else Deny(Reason.PROPOSAL_CHANGED)


def may_decline(member: Member, proposed: Proposed, utc: float) -> Decision:
    """May this account put an end to it? Whoever proposed it may too: he withdraws it."""
    if isinstance(denied := _may_decide(member, Operation.PROPOSAL_DECLINE, proposed, utc), Deny):
        return denied
    return Deny(Reason.OWN_ACCOUNT) if member.account_id == proposed.after.account_id else Allow()


def _may_decide(member: Member, operation: Operation, proposed: Proposed, utc: float) -> Decision:
    if isinstance(denied := may(member.role, operation), Deny):
        return denied
    if not _within(member, operation, proposed):
        return Deny(Reason.PROPOSAL_UNKNOWN)
    if proposed.state is not ProposalState.WAITING:
        return Deny(Reason.PROPOSAL_DECIDED)
    # A clock that was set back behind the proposal lets nothing live longer.
    return Allow() if proposed.made <= utc < proposed.expires else Deny(Reason.PROPOSAL_EXPIRED)


def _within(member: Member, operation: Operation, proposed: Proposed) -> bool:
    """Within reach as it would be, and at every site that it was of before. A change of role never changes the company."""
    sites = proposed.after.sites | (proposed.before.sites if proposed.before is not None else frozenset())
    return reaches(member, operation, replace(proposed.after, sites=sites))


def _still_stands(proposed: Proposed, now: Now) -> bool:
    """Are both as they were, and may the one still propose this about the other?"""
    if now.proposer != proposed.proposer or now.subject != proposed.before:
        return False
    subject = proposed.before or proposed.after
    asked = may_act(proposed.proposer, proposed.operation, subject, together=True)
    given = may_give(proposed.proposer, proposed.operation, proposed.after.role)
    return asked == Allow() and given == Deny(Reason.SECOND_PERSON_NEEDED)
