"""Who may do what to whom."""

import pytest

from policy.decision import Allow, Deny, Reason
from policy.roles import (
    ADMINISTRATOR_KIND,
    ENTRIES,
    HELPERS,
    RIGHTS,
    SITE_ROLES,
    VENDOR_ROLES,
    Entry,
    Member,
    Operation,
    Role,
    Scope,
    may,
    may_act,
    may_give,
    sees,
    sites_fit,
)

VISITS = (Operation.CONSOLE_CONNECT, Operation.TICKET_CLAIM, Operation.CALL_ASK, Operation.VISIT_JOIN)
OTHERS = [operation for operation in Operation if operation.value.startswith("account")]


def member(role: Role, name: str = "t-anna", company: str = "Vendor", sites: tuple[str, ...] = ()) -> Member:
    held = sites or (("Site A",) if role in SITE_ROLES else ())
    return Member(name, role, company, frozenset(held))


def test_every_role_is_a_vendors_or_a_sites_and_has_its_row() -> None:
    assert set(Role) == VENDOR_ROLES | SITE_ROLES
    assert not VENDOR_ROLES & SITE_ROLES
    assert RIGHTS.keys() == set(Role)


def test_every_operation_has_its_entry_and_only_what_wants_a_sign_in_is_a_right() -> None:
    assert ENTRIES.keys() == set(Operation)
    behind = {operation for operation, entry in ENTRIES.items() if entry in {Entry.SIGNED_IN, Entry.END}}
    assert {operation for rights in RIGHTS.values() for operation in rights} == behind


@pytest.mark.parametrize("role", Role)
def test_only_technicians_and_supervisors_come_to_visits(role: Role) -> None:
    for operation in VISITS:
        assert may(role, operation) == (Allow() if role in HELPERS else Deny(Reason.ROLE_DENIES))
        assert role not in HELPERS or RIGHTS[role][operation].scope is Scope.OWN_GROUPS


@pytest.mark.parametrize("role", Role)
def test_nobody_acts_on_the_own_account_as_if_it_were_anothers(role: Role) -> None:
    own = member(role)
    for operation in OTHERS:
        decided = may_act(own, operation, own)
        if operation is Operation.ACCOUNTS_SEE:
            assert decided == (Deny(Reason.ROLE_DENIES) if role is Role.TECHNICIAN else Allow())
        else:
            assert decided in (Deny(Reason.ROLE_DENIES), Deny(Reason.OWN_ACCOUNT))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("other", Role)
def test_another_company_or_site_is_not_there_for_anybody(role: Role, other: Role) -> None:
    foreign = member(other, "t-other", "Other", ("Site B",) if other in SITE_ROLES else ())
    assert not sees(member(role), foreign)
    for operation in OTHERS:
        assert may_act(member(role), operation, foreign) in (Deny(Reason.ROLE_DENIES), Deny(Reason.ACCOUNT_UNKNOWN))


def test_a_site_and_a_vendor_of_the_same_name_are_two() -> None:
    assert not sees(member(Role.ADMINISTRATOR, company="Same"), member(Role.AUDITOR, "t-b", company="Same"))
    assert not sees(member(Role.SITE_ADMINISTRATOR, company="Same"), member(Role.TECHNICIAN, "t-b", company="Same"))


def test_somebody_of_more_sites_or_none_is_out_of_a_site_administrators_reach() -> None:
    own = member(Role.SITE_ADMINISTRATOR, sites=("Site A", "Site C"))
    assert sees(own, member(Role.AUDITOR, "t-b", sites=("Site C",)))
    assert not sees(own, member(Role.AUDITOR, "t-b", sites=("Site A", "Site B")))
    assert not sees(own, Member("t-b", Role.AUDITOR, "Vendor"))


def test_who_may_put_whom_out() -> None:
    suspend = Operation.ACCOUNT_SUSPEND
    reach = {role: {other for other in Role if isinstance(may_act(member(role), suspend, member(other, "t-b")), Allow)} for role in Role}
    assert reach == {
        Role.TECHNICIAN: set(),
        Role.SUPERVISOR: {Role.TECHNICIAN},
        Role.SECURITY_OFFICER: VENDOR_ROLES,
        Role.ADMINISTRATOR: VENDOR_ROLES,
        Role.SITE_ADMINISTRATOR: {Role.AUDITOR},
        Role.AUDITOR: set(),
    }


def test_who_may_let_whom_in_again() -> None:
    resume = Operation.ACCOUNT_RESUME
    reach = {role: {other for other in Role if isinstance(may_act(member(role), resume, member(other, "t-b")), Allow)} for role in Role}
    assert {role: others for role, others in reach.items() if others} == {
        Role.SECURITY_OFFICER: HELPERS,
        Role.ADMINISTRATOR: HELPERS,
        Role.SITE_ADMINISTRATOR: {Role.AUDITOR},
    }


MAKING = (Operation.ACCOUNT_INVITE, Operation.ACCOUNT_CHANGE_ROLE)
TOGETHER = {Role.ADMINISTRATOR: {Role.ADMINISTRATOR, Role.SECURITY_OFFICER}, Role.SITE_ADMINISTRATOR: {Role.SITE_ADMINISTRATOR}}


@pytest.mark.parametrize("operation", MAKING)
def test_one_person_alone_makes_nobody_an_administrator_of_any_kind(operation: Operation) -> None:
    for role in Role:
        for given in ADMINISTRATOR_KIND:
            refused = Reason.SECOND_PERSON_NEEDED if given in TOGETHER.get(role, set()) else Reason.ROLE_DENIES
            assert may_give(member(role), operation, given) == Deny(refused)
    assert may_give(member(Role.ADMINISTRATOR), operation, Role.TECHNICIAN) == Allow()
    assert may_give(member(Role.ADMINISTRATOR), operation, Role.AUDITOR) == Deny(Reason.ROLE_DENIES)
    assert may_give(member(Role.SITE_ADMINISTRATOR), operation, Role.AUDITOR) == Allow()


@pytest.mark.parametrize("operation", MAKING)
def test_about_whom_something_may_be_proposed_is_not_whom_one_acts_upon_alone(operation: Operation) -> None:
    for role, others in TOGETHER.items():
        for other in others:
            assert may_act(member(role), operation, member(other, "t-b")) == Deny(Reason.ROLE_DENIES)
            assert may_act(member(role), operation, member(other, "t-b"), together=True) == Allow()
            assert may_act(member(role), operation, member(other), together=True) == Deny(Reason.OWN_ACCOUNT)
    officer = member(Role.SECURITY_OFFICER, "t-b", "Other")
    assert may_act(member(Role.ADMINISTRATOR), operation, officer, together=True) == Deny(Reason.ACCOUNT_UNKNOWN)
    for alone in (Operation.ACCOUNT_RESUME, Operation.ACCOUNT_CLEAR_STOP):
        assert may_act(member(Role.ADMINISTRATOR), alone, member(Role.ADMINISTRATOR, "t-b"), together=True) == Deny(Reason.ROLE_DENIES)


def test_a_sites_people_have_sites_and_a_vendors_have_none() -> None:
    for role in Role:
        assert sites_fit(role, frozenset({"Site A"})) == (role in SITE_ROLES)
        assert sites_fit(role, frozenset()) == (role in VENDOR_ROLES)
