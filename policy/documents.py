"""Effective policy: the intersection of what every party allows. The most restrictive wins; nothing said is a no."""

from dataclasses import dataclass

from policy.decision import Allow, Decision, Deny, Reason
from policy.permissions import TERMS, Permission


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What policy needs to know of a host. `listed` is False until the signed directory names it: then view only."""

    host_id: str
    group: str
    listed: bool
    phi: bool


def effective_phi(host: bool, profile: bool, site: bool) -> bool:
    """Health data on this PC, if anybody says so (docs/protocol.md, section 2)."""
    return host or profile or site


def may_offer(permission: Permission, host: HostFacts) -> Decision:
    """May this permission be asked for at this host at all, whatever the rules say?"""
    terms = TERMS[permission]
    if terms.forbidden_on_phi and (host.phi or not host.listed):
        return Deny(Reason.PHI_POLICY)
    if not host.listed and permission is not Permission.VIEW:
        return Deny(Reason.HOST_NOT_LISTED)
    if not terms.available:
        return Deny(Reason.PERMISSION_NOT_OFFERED)
    return Allow()
