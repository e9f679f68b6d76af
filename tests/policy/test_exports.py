"""Who may have a copy of the trail, with whom, and until when."""

from dataclasses import replace

import pytest

from policy.decision import Allow, Deny, Reason
from policy.exports import Export, ExportState, may_approve_export, may_decline_export, may_fetch, sees_export
from policy.roles import Member, Role

MADE, EXPIRES, DAY = 1000.0, 2000.0, 100.0
ANNA = Member("t-anna", Role.ADMINISTRATOR, "Vendor")
OFFICER = Member("t-officer", Role.SECURITY_OFFICER, "Vendor")
SITES = frozenset({"A"})
AUDITOR = Member("t-auditor", Role.AUDITOR, "Lab", SITES)
SITE_ADMIN = Member("t-site", Role.SITE_ADMINISTRATOR, "Lab", frozenset({"A", "B"}))
ASKED = Export(ANNA, "Anna  Example", MADE, EXPIRES, ExportState.WAITING)
OF_SITE = replace(ASKED, proposer=AUDITOR)
APPROVED = replace(ASKED, state=ExportState.APPROVED, decided=MADE)


def approved(member: Member, export: Export = ASKED, name: str = "Somebody Else", utc: float = MADE) -> Reason | None:
    decided = may_approve_export(member, name, export, export.proposer, utc)
    return decided.reason if isinstance(decided, Deny) else None


def test_another_person_who_decides_within_the_same_company_or_site_approves() -> None:
    assert approved(OFFICER) is None
    assert approved(SITE_ADMIN, OF_SITE) is None
    assert approved(replace(OFFICER, company="Other")) is Reason.PROPOSAL_UNKNOWN
    assert approved(SITE_ADMIN) is Reason.PROPOSAL_UNKNOWN
    assert approved(OFFICER, OF_SITE) is Reason.PROPOSAL_UNKNOWN
    assert approved(replace(SITE_ADMIN, sites=frozenset({"B"})), OF_SITE) is Reason.PROPOSAL_UNKNOWN
    for role in (Role.TECHNICIAN, Role.SUPERVISOR):
        assert approved(Member("t-b", role, "Vendor")) is Reason.ROLE_DENIES
    assert approved(replace(AUDITOR, account_id="t-other"), OF_SITE) is Reason.ROLE_DENIES
    assert sees_export(AUDITOR, OF_SITE)
    assert not sees_export(AUDITOR, ASKED)


def test_nobody_is_the_second_person_himself_nor_with_another_account_of_the_same_name() -> None:
    assert approved(ANNA) is Reason.SECOND_PERSON_NEEDED
    assert approved(OFFICER, name="anna example") is Reason.SECOND_PERSON_NEEDED


def test_a_proposer_who_is_not_as_he_was_gets_nothing_approved() -> None:
    for now in (None, replace(ANNA, role=Role.TECHNICIAN)):
        assert may_approve_export(OFFICER, "O", ASKED, now, MADE) == Deny(Reason.PROPOSAL_CHANGED)


@pytest.mark.parametrize("state", sorted(set(ExportState) - {ExportState.WAITING}))
def test_what_was_decided_is_not_decided_again(state: ExportState) -> None:
    assert approved(OFFICER, replace(ASKED, state=state)) is Reason.PROPOSAL_DECIDED


@pytest.mark.parametrize("utc", [MADE - 1, EXPIRES])
def test_it_waits_no_longer_than_it_should(utc: float) -> None:
    assert approved(OFFICER, utc=utc) is Reason.PROPOSAL_EXPIRED


def test_whoever_proposed_it_may_take_it_back_whatever_his_role() -> None:
    assert may_decline_export(AUDITOR, OF_SITE, MADE) == Allow()
    assert may_decline_export(SITE_ADMIN, OF_SITE, MADE) == Allow()
    assert may_decline_export(replace(AUDITOR, account_id="t-other"), OF_SITE, MADE) == Deny(Reason.ROLE_DENIES)


def test_whoever_proposed_it_fetches_it_once_within_the_day_and_nobody_else() -> None:
    assert may_fetch(ANNA, APPROVED, DAY, MADE) == Allow()
    assert may_fetch(OFFICER, APPROVED, DAY, MADE) == Deny(Reason.PROPOSAL_UNKNOWN)
    assert may_fetch(replace(ANNA, role=Role.SUPERVISOR), APPROVED, DAY, MADE) == Deny(Reason.ROLE_DENIES)
    assert may_fetch(replace(ANNA, role=Role.SECURITY_OFFICER), APPROVED, DAY, MADE) == Deny(Reason.PROPOSAL_CHANGED)
    assert may_fetch(ANNA, ASKED, DAY, MADE) == Deny(Reason.SECOND_PERSON_NEEDED)
    for state in (ExportState.DECLINED, ExportState.WITHDRAWN, ExportState.FETCHED):
        assert may_fetch(ANNA, replace(APPROVED, state=state), DAY, MADE) == Deny(Reason.PROPOSAL_DECIDED)
    assert may_fetch(ANNA, replace(APPROVED, decided=None), DAY, MADE) == Deny(Reason.PROPOSAL_DECIDED)
    for utc in (MADE - 1, MADE + DAY):
        assert may_fetch(ANNA, APPROVED, DAY, utc) == Deny(Reason.PROPOSAL_EXPIRED)
