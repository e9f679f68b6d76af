"""What the person at the host has granted in this visit. It can narrow by itself; only an answered request widens it."""

from dataclasses import dataclass, replace

from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import LANE_PERMISSION, TERMS, Lane, Permission


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission, granted. `number` is that of its request and never comes twice in a session."""

    number: int
    permission: Permission
    until: Instant


@dataclass(frozen=True, slots=True)
class Consent:
    """Live grants, and the highest request number seen (numbers only rise)."""

    grants: tuple[Grant, ...] = ()
    newest_ask: int = 0
    pending: int = 0
    """The request that is before the person, 0 if none."""

    def live(self, permission: Permission, now: Instant) -> Grant | None:
        """The grant of this permission, if it stands."""
        for grant in self.grants:
            if grant.permission is permission and now.boot < grant.until.boot:
                return grant
        return None


def may_ask(consent: Consent, ask: int, permission: Permission, now: Instant) -> Decision:
    """May this request be put before the person? One at a time, numbers rising, what it requires already granted."""
    if ask <= consent.newest_ask:
        return Deny(Reason.ALREADY_ASKED)
    if consent.pending or consent.live(permission, now):
        return Deny(Reason.ALREADY_ASKED)
    if any(consent.live(needed, now) is None for needed in TERMS[permission].requires):
        return Deny(Reason.REQUIRES_VIEW)
    return Allow()


def asked(consent: Consent, ask: int) -> Consent:
    """The request is before the person."""
    return replace(consent, newest_ask=ask, pending=ask)


def refused(consent: Consent) -> Consent:
    """The person refused, or did not answer. What stood before still stands."""
    return replace(consent, pending=0)


def granted(consent: Consent, permission: Permission, until: Instant) -> Consent:
    """The person allowed the pending request. Raises ValueError if there is none: consent is never invented."""
    if not consent.pending:
        raise ValueError("nothing was asked")
    grant = Grant(consent.pending, permission, until)
    return replace(consent, grants=(*consent.grants, grant), pending=0)


def withdrawn(consent: Consent, permission: Permission) -> tuple[Consent, tuple[Grant, ...]]:
    """Take one permission back, and every grant that requires it. Returns what is left and what was taken."""
    taken = tuple(grant for grant in consent.grants if grant.permission is permission or permission in TERMS[grant.permission].requires)
    return replace(consent, grants=tuple(grant for grant in consent.grants if grant not in taken)), taken


def may_pass(consent: Consent, lane: Lane, number: int, now: Instant) -> Decision:
    """May a record of this lane and grant number be opened or made now?"""
    permission = LANE_PERMISSION.get(lane)
    grant = consent.live(permission, now) if permission else None
    if grant is None or grant.number != number:
        return Deny(Reason.NOT_GRANTED)
    return Allow()
