"""Whose trail an account may read: hosts, sites, accounts, a company. What is in none of these is not there for it.

How far a role reaches is `roles.py`'s; here it is put into ids and names, as they stand at the moment of asking. What concerns
whom is found out where entries are filed (`audit/subjects.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from policy.decision import Deny, Reason
from policy.roles import RIGHTS, Member, Operation, Scope, sees


@dataclass(frozen=True, slots=True)
class Reach:
    """What entries may be about, of which any one will do. `company`: its administration alone, empty for none; `vendor`: also what the
    broker records of itself and of strangers.
    """

    account_id: str
    hosts: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    company: str = ""
    vendor: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """How things are now: the hosts that this account's groups may see, every account, and whom the signed documents name as vendor
    (None while none are in force).
    """

    hosts: frozenset[str]
    members: Iterable[Member]
    vendor: str | None


def reach_of(member: Member, operation: Operation, around: Around) -> Reach | Deny:
    """Everybody reaches the own account; what besides, the scope of the right says."""
    right = RIGHTS[member.role].get(operation)
    if right is None:
        return Deny(Reason.ROLE_DENIES)
    if right.scope is Scope.OWN_GROUPS:
        return Reach(member.account_id, hosts=around.hosts)
    if right.scope is Scope.OWN_SITES:
        seen = frozenset(each.account_id for each in around.members if sees(member, each))
        return Reach(member.account_id, sites=member.sites, accounts=seen)
    if right.scope is Scope.OWN_COMPANY:
        return Reach(member.account_id, company=member.company, vendor=member.company == around.vendor)
    return Reach(member.account_id)
