"""How far each role reads."""

import pytest

from policy.decision import Deny, Reason
from policy.roles import Member, Operation, Role
from policy.trail import Around, Reach, reach_of

SITES = frozenset({"Site A"})
COLLEAGUE = Member("t-colleague", Role.AUDITOR, "Lab", SITES)
OF_TWO = Member("t-of-two", Role.AUDITOR, "Lab", frozenset({"Site A", "Site B"}))
VENDORS = Member("t-vendors", Role.TECHNICIAN, "Lab")
AROUND = Around(frozenset({"h-1"}), (COLLEAGUE, OF_TWO, VENDORS), "Vendor")
READ = Operation.AUDIT_READ


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.SUPERVISOR])
def test_whoever_helps_reads_about_the_hosts_of_his_groups_and_the_own_account(role: Role) -> None:
    assert reach_of(Member("t-anna", role, "Vendor"), READ, AROUND) == Reach("t-anna", hosts=frozenset({"h-1"}))


@pytest.mark.parametrize("role", [Role.SECURITY_OFFICER, Role.ADMINISTRATOR])
def test_whoever_decides_reads_about_the_company_and_no_host(role: Role) -> None:
    assert reach_of(Member("t-anna", role, "Vendor"), READ, AROUND) == Reach("t-anna", company="Vendor", vendor=True)
    for vendor in ("Other", None):
        around = Around(AROUND.hosts, AROUND.members, vendor)
        assert reach_of(Member("t-anna", role, "Vendor"), READ, around) == Reach("t-anna", company="Vendor")


@pytest.mark.parametrize("role", [Role.SITE_ADMINISTRATOR, Role.AUDITOR])
def test_a_sites_people_read_about_the_site_and_its_people_and_about_nobody_of_more_sites(role: Role) -> None:
    reach = reach_of(Member("t-anna", role, "Lab", SITES), READ, AROUND)
    assert reach == Reach("t-anna", sites=SITES, accounts=frozenset({"t-colleague"}))


def test_a_right_over_the_own_account_reaches_it_alone_and_no_right_reaches_nothing() -> None:
    assert reach_of(Member("t-anna", Role.AUDITOR, "Lab", SITES), Operation.AUDIT_FETCH, AROUND) == Reach("t-anna")
    assert reach_of(Member("t-anna", Role.TECHNICIAN, "Vendor"), Operation.AUDIT_EXPORT, AROUND) == Deny(Reason.ROLE_DENIES)
