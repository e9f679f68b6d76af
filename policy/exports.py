"""Copies of the trail: one person proposes, another approves, and the first takes it away once, within a day.

Two accounts are taken for two persons, unless they carry the same name: that much can be known.
"""

from dataclasses import dataclass
from enum import StrEnum

from policy.decision import Allow, Decision, Deny, Reason
from policy.roles import Member, Operation, may, reaches


class ExportState(StrEnum):
    """What became of it. That it expired is no state: it is asked of the clock."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FETCHED = "fetched"


@dataclass(frozen=True, slots=True)
class Export:
    """What was proposed, by whom as he was then. Times are seconds since 1970; `decided` is None while nobody decided."""

    proposer: Member
    proposer_name: str
    made: float
    expires: float
    state: ExportState
    decided: float | None = None


def sees_export(member: Member, export: Export) -> bool:
    """Is it there, as far as this account is told?"""
    return reaches(member, Operation.AUDIT_EXPORT, export.proposer)


def may_approve_export(member: Member, name: str, export: Export, proposer: Member | None, utc: float) -> Decision:
    """May the copy be taken, now that this person says so too? `proposer` is who proposed it as he is now, None if he cannot sign in."""
    if isinstance(denied := may_decline_export(member, export, utc), Deny):
        return denied
    if member.account_id == export.proposer.account_id or _same_name(name, export.proposer_name):
        return Deny(Reason.SECOND_PERSON_NEEDED)
    return Allow() if proposer == export.proposer else Deny(Reason.PROPOSAL_CHANGED)


def may_decline_export(member: Member, export: Export, utc: float) -> Decision:
    """May this account put an end to it? Whoever proposed it may too, where he decides at all: he withdraws it."""
    own = member.account_id == export.proposer.account_id
    if not own and isinstance(denied := may(member.role, Operation.PROPOSAL_DECLINE), Deny):
        return denied
    if not own and not sees_export(member, export):
        return Deny(Reason.PROPOSAL_UNKNOWN)
    if export.state is not ExportState.WAITING:
        return Deny(Reason.PROPOSAL_DECIDED)
    # A clock that was set back behind the proposal lets nothing live longer.
    return Allow() if export.made <= utc < export.expires else Deny(Reason.PROPOSAL_EXPIRED)


def may_fetch(member: Member, export: Export, seconds: float, utc: float) -> Decision:
    """May this account take it away? Somebody else's is not there for it; `seconds` is how long an approval is good for."""
    if isinstance(denied := may(member.role, Operation.AUDIT_FETCH), Deny):
        return denied
    if member.account_id != export.proposer.account_id:
        return Deny(Reason.PROPOSAL_UNKNOWN)
    if export.state is ExportState.WAITING:
        return Deny(Reason.SECOND_PERSON_NEEDED)
    if export.state is not ExportState.APPROVED or export.decided is None:
        return Deny(Reason.PROPOSAL_DECIDED)
    if member != export.proposer:
        return Deny(Reason.PROPOSAL_CHANGED)
    return Allow() if export.decided <= utc < export.decided + seconds else Deny(Reason.PROPOSAL_EXPIRED)


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
