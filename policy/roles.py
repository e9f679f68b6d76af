"""Who may do what, and to whom: roles, operations, scopes. Two tables; what stands in neither is refused.

Every route, and every message on a socket, names one `Operation`. ENTRIES says how one comes to it at all; RIGHTS says, for whoever
is signed in, how far each role reaches. An account has one role. What the directory and the site's policy ask beyond that
(groups, training, hours) is `admission.py`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from policy.decision import Allow, Decision, Deny, Reason


class Role(StrEnum):
    """What an account is for."""

    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    SECURITY_OFFICER = "security_officer"
    ADMINISTRATOR = "administrator"
    SITE_ADMINISTRATOR = "site_administrator"
    AUDITOR = "auditor"


VENDOR_ROLES = frozenset({Role.TECHNICIAN, Role.SUPERVISOR, Role.SECURITY_OFFICER, Role.ADMINISTRATOR})
SITE_ROLES = frozenset({Role.SITE_ADMINISTRATOR, Role.AUDITOR})
HELPERS = frozenset({Role.TECHNICIAN, Role.SUPERVISOR})
"""Who may ask for a visit. Nobody else may, however much else he may do."""
ADMINISTRATOR_KIND = frozenset({Role.SECURITY_OFFICER, Role.ADMINISTRATOR, Role.SITE_ADMINISTRATOR})
"""Who decides about others. One person alone makes nobody such a one, except at the broker's own machine."""


class Scope(StrEnum):
    """How far a right reaches, from the account that has it."""

    OWN_ACCOUNT = "own_account"
    OWN_COMPANY = "own_company"
    OWN_SITES = "own_sites"
    OWN_GROUPS = "own_groups"
    """Hosts of the groups that the signed directory gives the technician."""


class Operation(StrEnum):
    """Everything that can be asked of a broker."""

    # Nobody is signed in yet
    BOOTSTRAP_USE = "bootstrap_use"
    INVITATION_USE = "invitation_use"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    # Machines
    HOST_ENROL = "host_enrol"
    DOCUMENTS_PUBLISH = "documents_publish"
    HEALTH = "health"
    HOST_CONNECT = "host_connect"
    TICKET_KEEP = "ticket_keep"
    LEASE_RENEW = "lease_renew"
    CALL_SHOW = "call_show"
    LOG_COMPARE = "log_compare"
    # One's own account
    OWN_SEE = "own_see"
    OWN_PROVE = "own_prove"
    OWN_CHANGE = "own_change"
    OWN_SIGN_OUT_EVERYWHERE = "own_sign_out_everywhere"
    # Visits
    CONSOLE_CONNECT = "console_connect"
    TICKET_CLAIM = "ticket_claim"
    CALL_ASK = "call_ask"
    VISIT_JOIN = "visit_join"
    HEAD_SEE = "head_see"
    # Others' accounts
    ACCOUNTS_SEE = "accounts_see"
    ACCOUNT_INVITE = "account_invite"
    ACCOUNT_SUSPEND = "account_suspend"
    ACCOUNT_RESUME = "account_resume"
    ACCOUNT_CHANGE_ROLE = "account_change_role"
    ACCOUNT_CLEAR_STOP = "account_clear_stop"
    ACCOUNT_DELETE = "account_delete"
    ACCOUNT_SIGN_OUT = "account_sign_out"
    # What two persons do together
    PROPOSALS_SEE = "proposals_see"
    PROPOSAL_APPROVE = "proposal_approve"
    PROPOSAL_DECLINE = "proposal_decline"
    # What happened
    AUDIT_READ = "audit_read"
    AUDIT_EXPORT = "audit_export"
    AUDIT_FETCH = "audit_fetch"
    RECEIPTS_SEE = "receipts_see"
    RECEIPT_FETCH = "receipt_fetch"


class Entry(StrEnum):
    """How one comes to an operation."""

    STRANGER = "stranger"
    """Whoever comes from the console's pages; what is in the request is the proof."""
    MACHINE = "machine"
    """No browser; what is in the request, or proven on the socket, is the proof."""
    SIGNED_IN = "signed_in"
    """A live sign-in of an account whose role has the right."""
    END = "end"
    """One end of a visit: a host like MACHINE, a console like SIGNED_IN."""


_STRANGERS = (Operation.BOOTSTRAP_USE, Operation.INVITATION_USE, Operation.SIGN_IN, Operation.SIGN_OUT)
_MACHINES = (
    Operation.HOST_ENROL,
    Operation.DOCUMENTS_PUBLISH,
    Operation.HEALTH,
    Operation.HOST_CONNECT,
    Operation.TICKET_KEEP,
    Operation.LEASE_RENEW,
    Operation.CALL_SHOW,
    Operation.LOG_COMPARE,
)
ENTRIES: Mapping[Operation, Entry] = MappingProxyType(
    {
        **dict.fromkeys(Operation, Entry.SIGNED_IN),
        **dict.fromkeys(_STRANGERS, Entry.STRANGER),
        **dict.fromkeys(_MACHINES, Entry.MACHINE),
        Operation.VISIT_JOIN: Entry.END,
    }
)
"""What is not named as something easier wants a sign-in and a right."""


@dataclass(frozen=True, slots=True)
class Right:
    """An operation may be done within `scope`; where it is done to an account, to one of these roles. To those of `together` it is only
    proposed, and done once a second person approved (`approvals.py`).
    """

    scope: Scope
    over: frozenset[Role] = frozenset()
    together: frozenset[Role] = frozenset()


_OWN = dict.fromkeys(
    (Operation.OWN_SEE, Operation.OWN_PROVE, Operation.OWN_CHANGE, Operation.OWN_SIGN_OUT_EVERYWHERE), Right(Scope.OWN_ACCOUNT)
)
_HELP = {
    Operation.CONSOLE_CONNECT: Right(Scope.OWN_GROUPS),
    Operation.TICKET_CLAIM: Right(Scope.OWN_GROUPS),
    Operation.CALL_ASK: Right(Scope.OWN_GROUPS),
    Operation.VISIT_JOIN: Right(Scope.OWN_GROUPS),
    Operation.HEAD_SEE: Right(Scope.OWN_GROUPS),
}
_NARROWING = (Operation.ACCOUNT_SUSPEND, Operation.ACCOUNT_SIGN_OUT)
_WIDENING = (Operation.ACCOUNT_RESUME, Operation.ACCOUNT_CLEAR_STOP)
_SEES_VENDOR = {Operation.ACCOUNTS_SEE: Right(Scope.OWN_COMPANY, VENDOR_ROLES)}
_SEES_SITE = {Operation.ACCOUNTS_SEE: Right(Scope.OWN_SITES, SITE_ROLES)}
_MAKING = (Operation.ACCOUNT_INVITE, Operation.ACCOUNT_CHANGE_ROLE)
_DECIDING = (Operation.PROPOSALS_SEE, Operation.PROPOSAL_APPROVE, Operation.PROPOSAL_DECLINE)
_VENDOR_KIND = ADMINISTRATOR_KIND & VENDOR_ROLES
_SITE_KIND = ADMINISTRATOR_KIND & SITE_ROLES


_RECEIPTS = (Operation.RECEIPTS_SEE, Operation.RECEIPT_FETCH)
_READS = {Operation.AUDIT_READ: Right(Scope.OWN_GROUPS)}
"""Whoever helps reads what happened at the hosts that he may see now, and with the own account: on a screen, never as a file."""


def _audits(scope: Scope, together: frozenset[Role]) -> dict[Operation, Right]:
    """Read; and take a copy away, which one proposes and another approves: `together` are those whose proposal one may approve."""
    fetch = {Operation.AUDIT_FETCH: Right(Scope.OWN_ACCOUNT)}
    return {Operation.AUDIT_READ: Right(scope), Operation.AUDIT_EXPORT: Right(scope, together=together), **fetch}


def _over(operations: tuple[Operation, ...], scope: Scope, *roles: Role) -> dict[Operation, Right]:
    return dict.fromkeys(operations, Right(scope, frozenset(roles)))


def _making(scope: Scope, alone: frozenset[Role], together: frozenset[Role]) -> dict[Operation, Right]:
    """Some one makes alone; whoever decides about others is proposed by one and approved by another."""
    return dict.fromkeys(_MAKING, Right(scope, alone, together))


RIGHTS: Mapping[Role, Mapping[Operation, Right]] = MappingProxyType(
    {
        Role.TECHNICIAN: {**_OWN, **_HELP, **_READS},
        Role.SUPERVISOR: {**_OWN, **_HELP, **_READS, **_SEES_VENDOR, **_over(_NARROWING, Scope.OWN_COMPANY, Role.TECHNICIAN)},
        Role.SECURITY_OFFICER: {
            **_OWN,
            **_SEES_VENDOR,
            **_over(_NARROWING, Scope.OWN_COMPANY, *VENDOR_ROLES),
            **_over((Operation.ACCOUNT_RESUME,), Scope.OWN_COMPANY, *HELPERS),
            **_over(_DECIDING, Scope.OWN_COMPANY, *_VENDOR_KIND),
            **_audits(Scope.OWN_COMPANY, _VENDOR_KIND),
            **dict.fromkeys(_RECEIPTS, Right(Scope.OWN_COMPANY)),
        },
        Role.ADMINISTRATOR: {
            **_OWN,
            **_SEES_VENDOR,
            **_over((*_NARROWING, Operation.ACCOUNT_DELETE), Scope.OWN_COMPANY, *VENDOR_ROLES),
            **_over(_WIDENING, Scope.OWN_COMPANY, *HELPERS),
            **_making(Scope.OWN_COMPANY, HELPERS, _VENDOR_KIND),
            **_over(_DECIDING, Scope.OWN_COMPANY, *_VENDOR_KIND),
            **_audits(Scope.OWN_COMPANY, _VENDOR_KIND),
        },
        Role.SITE_ADMINISTRATOR: {
            **_OWN,
            **_SEES_SITE,
            **_over((*_NARROWING, *_WIDENING, Operation.ACCOUNT_DELETE), Scope.OWN_SITES, Role.AUDITOR),
            **_making(Scope.OWN_SITES, frozenset({Role.AUDITOR}), _SITE_KIND),
            **_over(_DECIDING, Scope.OWN_SITES, *_SITE_KIND),
            **_audits(Scope.OWN_SITES, SITE_ROLES),
            **dict.fromkeys(_RECEIPTS, Right(Scope.OWN_SITES)),
        },
        Role.AUDITOR: {**_OWN, **_SEES_SITE, **_audits(Scope.OWN_SITES, SITE_ROLES), **dict.fromkeys(_RECEIPTS, Right(Scope.OWN_SITES))},
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """An account, as far as rights go. `sites` are those of a site's people; a vendor's have none."""

    account_id: str
    role: Role
    company: str
    sites: frozenset[str] = frozenset()


def may(role: Role, operation: Operation) -> Decision:
    """May this role do it at all, to whomever?"""
    return Allow() if operation in RIGHTS[role] else Deny(Reason.ROLE_DENIES)


def sees(member: Member, other: Member) -> bool:
    """Does the other account exist, as far as this one is told?"""
    return reaches(member, Operation.ACCOUNTS_SEE, other)


def reaches(member: Member, operation: Operation, other: Member) -> bool:
    """Is the other account, as it is or as it would be, within this account's reach for this?"""
    right = RIGHTS[member.role].get(operation)
    return right is not None and other.role in right.over | right.together and _reaches(right.scope, member, other)


def may_act(member: Member, operation: Operation, other: Member, *, together: bool = False) -> Decision:
    """May this account do it to the other; `together`: may it propose to? Whom it may not see is not there (ACCOUNT_UNKNOWN), whatever
    it may do elsewhere.
    """
    if isinstance(denied := may(member.role, operation), Deny):
        return denied
    if not sees(member, other):
        return Deny(Reason.ACCOUNT_UNKNOWN)
    if operation is Operation.ACCOUNTS_SEE:
        return Allow()
    if member.account_id == other.account_id:
        return Deny(Reason.OWN_ACCOUNT)
    alone = other.role in RIGHTS[member.role][operation].over
    return Allow() if (alone or together) and reaches(member, operation, other) else Deny(Reason.ROLE_DENIES)


def may_give(member: Member, operation: Operation, role: Role) -> Decision:
    """May this account alone make somebody this, by invitation or by a change of role? SECOND_PERSON_NEEDED: it may propose it."""
    if isinstance(denied := may(member.role, operation), Deny):
        return denied
    right = RIGHTS[member.role][operation]
    if role in right.together:
        return Deny(Reason.SECOND_PERSON_NEEDED)
    return Allow() if role in right.over else Deny(Reason.ROLE_DENIES)


def _reaches(scope: Scope, member: Member, other: Member) -> bool:
    if scope is Scope.OWN_COMPANY:
        return member.company == other.company
    # Somebody of more sites than mine is not mine alone to decide about.
    return scope is Scope.OWN_SITES and bool(other.sites) and other.sites <= member.sites


def sites_fit(role: Role, sites: frozenset[str]) -> bool:
    """A site's people have sites, a vendor's have none: groups say where those may help."""
    return bool(sites) == (role in SITE_ROLES)
