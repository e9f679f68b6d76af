"""What two persons do together: who may approve, who may decline, and what no longer stands."""

from dataclasses import replace

import pytest

from policy.approvals import Now, ProposalState, Proposed, may_approve, may_decline, sees_proposal
from policy.decision import Allow, Deny, Reason
from policy.roles import ADMINISTRATOR_KIND, Member, Operation, Role

MADE, EXPIRES = 1000.0, 2000.0
ANNA = Member("t-anna", Role.ADMINISTRATOR, "Vendor")
BERTA = Member("t-berta", Role.ADMINISTRATOR, "Vendor")
OFFICER = Member("t-officer", Role.SECURITY_OFFICER, "Vendor")
CLARA = Member("t-clara", Role.SUPERVISOR, "Vendor")
SITE_ONE = Member("t-site-one", Role.SITE_ADMINISTRATOR, "Lab", frozenset({"A", "B"}))
SITE_TWO = Member("t-site-two", Role.SITE_ADMINISTRATOR, "Lab", frozenset({"A", "B", "C"}))
AUDITOR = Member("t-auditor", Role.AUDITOR, "Lab", frozenset({"A"}))


def change(proposer: Member, before: Member, role: Role, sites: frozenset[str] = frozenset()) -> Proposed:
    after = Member(before.account_id, role, before.company, sites)
    return Proposed(Operation.ACCOUNT_CHANGE_ROLE, proposer, before, after, MADE, EXPIRES, ProposalState.WAITING)


def invitation(proposer: Member, role: Role, sites: frozenset[str] = frozenset()) -> Proposed:
    after = Member("t-new", role, proposer.company, sites)
    return Proposed(Operation.ACCOUNT_INVITE, proposer, None, after, MADE, EXPIRES, ProposalState.WAITING)


def as_it_was(proposed: Proposed, utc: float = MADE) -> Now:
    return Now(utc, proposed.proposer, proposed.before)


def approved_by(member: Member, proposed: Proposed, utc: float = MADE) -> Reason | None:
    decided = may_approve(member, proposed, as_it_was(proposed, utc))
    return decided.reason if isinstance(decided, Deny) else None


PROMOTED = change(ANNA, CLARA, Role.ADMINISTRATOR)


def test_another_administrator_or_the_security_officer_approves_and_nobody_else() -> None:
    assert {role: approved_by(Member("t-other", role, "Vendor"), PROMOTED) for role in Role} == {
        Role.TECHNICIAN: Reason.ROLE_DENIES,
        Role.SUPERVISOR: Reason.ROLE_DENIES,
        Role.SECURITY_OFFICER: None,
        Role.ADMINISTRATOR: None,
        Role.SITE_ADMINISTRATOR: Reason.PROPOSAL_UNKNOWN,
        Role.AUDITOR: Reason.ROLE_DENIES,
    }


def test_neither_the_proposer_nor_the_subject_is_the_second_person() -> None:
    assert approved_by(ANNA, PROMOTED) is Reason.SECOND_PERSON_NEEDED
    raised = change(ANNA, OFFICER, Role.ADMINISTRATOR)
    assert approved_by(OFFICER, raised) is Reason.OWN_ACCOUNT
    assert approved_by(BERTA, raised) is None


def test_another_companys_proposal_is_not_there() -> None:
    foreign = replace(BERTA, company="Other")
    assert approved_by(foreign, PROMOTED) is Reason.PROPOSAL_UNKNOWN
    assert not sees_proposal(foreign, PROMOTED)
    assert sees_proposal(BERTA, PROMOTED)
    assert not sees_proposal(CLARA, PROMOTED)


def test_a_sites_second_person_has_every_site_that_it_is_about_before_and_after() -> None:
    promoted = change(SITE_TWO, AUDITOR, Role.SITE_ADMINISTRATOR, frozenset({"B"}))
    assert approved_by(SITE_ONE, promoted) is None
    assert approved_by(replace(SITE_ONE, sites=frozenset({"B"})), promoted) is Reason.PROPOSAL_UNKNOWN
    assert approved_by(replace(SITE_ONE, sites=frozenset({"A"})), promoted) is Reason.PROPOSAL_UNKNOWN
    invited = invitation(SITE_TWO, Role.SITE_ADMINISTRATOR, frozenset({"C"}))
    assert approved_by(SITE_ONE, invited) is Reason.PROPOSAL_UNKNOWN
    assert approved_by(replace(SITE_ONE, sites=frozenset({"C"})), invited) is None


@pytest.mark.parametrize("utc", [MADE - 1, EXPIRES, EXPIRES + 1])
def test_it_counts_from_when_it_was_made_until_it_expires(utc: float) -> None:
    assert approved_by(BERTA, PROMOTED, utc) is Reason.PROPOSAL_EXPIRED
    assert may_decline(BERTA, PROMOTED, utc) == Deny(Reason.PROPOSAL_EXPIRED)
    assert approved_by(BERTA, PROMOTED, EXPIRES - 1) is None


@pytest.mark.parametrize("state", sorted(set(ProposalState) - {ProposalState.WAITING}))
def test_what_was_decided_is_not_decided_again(state: ProposalState) -> None:
    decided = replace(PROMOTED, state=state)
    assert approved_by(BERTA, decided) is Reason.PROPOSAL_DECIDED
    assert may_decline(BERTA, decided, MADE) == Deny(Reason.PROPOSAL_DECIDED)


def test_what_is_no_longer_as_it_was_is_not_approved() -> None:
    for proposer in (None, replace(ANNA, role=Role.SECURITY_OFFICER), replace(ANNA, company="Other")):
        assert may_approve(BERTA, PROMOTED, Now(MADE, proposer, CLARA)) == Deny(Reason.PROPOSAL_CHANGED)
    for subject in (None, replace(CLARA, role=Role.TECHNICIAN)):
        assert may_approve(BERTA, PROMOTED, Now(MADE, ANNA, subject)) == Deny(Reason.PROPOSAL_CHANGED)
    new = invitation(ANNA, Role.SECURITY_OFFICER)
    assert may_approve(BERTA, new, Now(MADE, ANNA, None)) == Allow()
    assert may_approve(BERTA, new, Now(MADE, ANNA, CLARA)) == Deny(Reason.PROPOSAL_CHANGED)


def test_what_the_proposer_could_not_propose_is_not_approved_whoever_wrote_it_down() -> None:
    assert approved_by(BERTA, invitation(OFFICER, Role.ADMINISTRATOR)) is Reason.PROPOSAL_CHANGED
    assert approved_by(BERTA, change(CLARA, OFFICER, Role.ADMINISTRATOR)) is Reason.PROPOSAL_CHANGED
    assert approved_by(BERTA, change(ANNA, ANNA, Role.SECURITY_OFFICER)) is Reason.PROPOSAL_CHANGED
    for role in set(Role) - ADMINISTRATOR_KIND:
        assert approved_by(BERTA, invitation(ANNA, role)) is Reason.PROPOSAL_UNKNOWN


def test_whoever_may_decide_may_decline_and_the_proposer_withdraws_but_the_subject_decides_nothing() -> None:
    raised = change(ANNA, OFFICER, Role.ADMINISTRATOR)
    for member in (ANNA, BERTA):
        assert may_decline(member, raised, MADE) == Allow()
    assert may_decline(OFFICER, raised, MADE) == Deny(Reason.OWN_ACCOUNT)
    assert may_decline(CLARA, raised, MADE) == Deny(Reason.ROLE_DENIES)
    assert may_decline(replace(BERTA, company="Other"), raised, MADE) == Deny(Reason.PROPOSAL_UNKNOWN)
