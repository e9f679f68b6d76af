"""A host that does not hear its broker: after LEASE_SECONDS it suspends the visit, after LEASE_GONE_SECONDS the visit is over.

Suspended means that nothing is captured or injected, held keys are let go, and what the technician sends has no effect. What was
granted still stands, and goes on when the broker is heard again and everybody may still be here (docs/protocol.md, section 5).
"""

from audit.events import host
from host_client.core.commands import Note, SendSession, StartTimer, Talk, Tell, tell
from host_client.core.events import Timer
from host_client.core.standing import Standing
from policy.instant import Instant
from wire.limits import LEASE_GONE_SECONDS, LEASE_SECONDS
from wire.sealed.inner import HostNotice, Notice


def suspend(standing: Standing, now: Instant) -> Talk:
    """The eye last; told and recorded after."""
    standing.suspended = True
    for ability in standing.at_work:
        yield from tell(ability.paused())
    yield StartTimer(Timer.LEASE, LEASE_GONE_SECONDS - LEASE_SECONDS)
    yield from _told(standing, Notice.SUSPENDED, now)
    yield Note(host.VisitSuspended(session_id=standing.session_id))


def resume(standing: Standing, now: Instant) -> Talk:
    """Go on with what is still granted."""
    standing.suspended = False
    for ability in reversed(standing.at_work):
        yield from tell(ability.again())
    yield from _told(standing, Notice.SCREEN_RESUMED, now)
    yield Note(host.VisitResumed(session_id=standing.session_id))


def _told(standing: Standing, notice: Notice, now: Instant) -> Talk:
    banner = standing.banner(now)
    if banner is not None and standing.proven is not None:
        yield Tell(banner)
        yield SendSession(standing.proven.seals.say(HostNotice(notice), now))
