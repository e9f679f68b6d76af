"""Documents or hours changed: who may no longer be here is no longer here, and what is closed is taken back."""

from audit.events import host
from host_client.core.commands import Note, Talk
from host_client.core.masking import exchange
from host_client.core.parts import Parts
from host_client.core.standing import Proven, Standing
from host_client.core.watching import watch_hours
from host_client.core.withdrawing import withdraw
from policy.carrier import Direct
from policy.decision import Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause


def recheck(parts: Parts, now: Instant) -> Talk:
    """Ask of a running visit once more what was asked when it began, and of each right what was asked before it."""
    standing, proven = parts.standing, parts.standing.proven
    if proven is None or standing.over:
        return
    yield from exchange(standing, now)  # before anything that waits for a disk
    stay = _may_stay(standing, proven, now)
    if isinstance(stay, Deny):
        yield from parts.end(EndCause.POLICY, now)
        yield Note(host.Refusal(session_id=standing.session_id, about="visit", reason=stay.reason))
        return
    for permission in standing.granted:
        decision = _decided(standing, proven, permission, now)
        if isinstance(decision, Deny):
            yield from withdraw(standing, permission, decision.reason, now)
    chat = standing.may_write(now)
    if isinstance(chat, Deny):
        yield from standing.chat.shut(chat.reason, standing.session_id, proven.seals, now)
    yield from watch_hours(standing, now)
    yield from parts.idling.rules_changed(now)
    yield from parts.direct.rules_changed(now)


def _may_stay(standing: Standing, proven: Proven, now: Instant) -> Decision:
    if standing.watches and standing.trusted.direct(now).mode is Direct.ONLY:
        return Deny(Reason.SITE_POLICY)  # the one channel there is belongs to the technician
    return _decided(standing, proven, Permission.VIEW, now)


def _decided(standing: Standing, proven: Proven, permission: Permission, now: Instant) -> Decision:
    return standing.trusted.steps(standing.offer.technician_id, proven.device, permission, now)[-1].decision
