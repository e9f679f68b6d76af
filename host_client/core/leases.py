"""A host that does not hear its broker: after LEASE_SECONDS it suspends the visit, after LEASE_GONE_SECONDS the visit is over.

Suspended means that nothing is captured or injected, held keys are let go, and what the technician sends has no effect. What was
granted still stands, and goes on when the broker is heard again and everybody may still be here (docs/protocol.md, section 5).
"""

from host_client.core.commands import StartTimer, Talk
from host_client.core.events import Timer
from host_client.core.standing import PauseCause, Standing
from host_client.core.waiting import pause
from host_client.core.waiting import resume as go_on
from policy.instant import Instant
from wire.limits import LEASE_GONE_SECONDS, LEASE_SECONDS


def suspend(standing: Standing, now: Instant) -> Talk:
    """What was granted waits; the time that is left runs."""
    yield StartTimer(Timer.LEASE, LEASE_GONE_SECONDS - LEASE_SECONDS)
    yield from pause(standing, PauseCause.BROKER, now)


def resume(standing: Standing, now: Instant) -> Talk:
    """Go on with what is still granted, unless there is another cause to wait."""
    yield from go_on(standing, PauseCause.BROKER, now)
