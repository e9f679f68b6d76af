"""A host that does not hear its broker: after LEASE_SECONDS it suspends the visit, after LEASE_GONE_SECONDS the visit is over.

Suspended means that nothing is captured or injected, held keys are let go, and what the technician sends has no effect. What was
granted still stands, and goes on when the broker is heard again and everybody may still be here (docs/protocol.md, section 5).
"""

from host_client.core.commands import StartTimer, Talk, to_broker
from host_client.core.events import Timer
from host_client.core.parts import Parts
from host_client.core.rechecking import recheck
from host_client.core.standing import PauseCause
from host_client.core.waiting import pause, resume
from policy.instant import Instant
from policy.session import EndCause
from wire.limits import LEASE_GONE_SECONDS, LEASE_RENEW_EVERY, LEASE_SECONDS
from wire.messages.session import LeaseRenew


class Lease:
    """The lease of one visit."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._standing = parts, parts.standing

    def begin(self) -> Talk:
        """The session socket is up: it runs from here."""
        yield StartTimer(Timer.LEASE, LEASE_SECONDS)
        yield from self.renew()

    def renew(self) -> Talk:
        """Ask for it, now and every LEASE_RENEW_EVERY seconds."""
        if not self._standing.over:
            yield StartTimer(Timer.RENEW, LEASE_RENEW_EVERY)
            yield to_broker(LeaseRenew(self._standing.session_id))

    def held(self, seconds: int, now: Instant) -> Talk:
        """The broker holds it for so long; never longer than we would by ourselves."""
        if self._standing.over:
            return
        yield StartTimer(Timer.LEASE, min(seconds, LEASE_SECONDS))
        if PauseCause.BROKER in self._standing.paused and not self._standing.parted:
            yield from recheck(self._parts, now)
            if not self._standing.over:
                yield from resume(self._standing, PauseCause.BROKER, now)
                yield from self._parts.guarded(self._parts.files.resumed(now), now)

    def ran_out(self, now: Instant) -> Talk:
        """A question that is before the person goes with it: nobody could act on its answer. A visit whose line is cut has its own end."""
        if self._standing.parted:
            return
        if PauseCause.BROKER in self._standing.paused:
            yield from self._parts.end(EndCause.LEASE_EXPIRED, now)
            return
        yield StartTimer(Timer.LEASE, LEASE_GONE_SECONDS - LEASE_SECONDS)
        yield from pause(self._standing, PauseCause.BROKER, now)
        yield from self._parts.restarting.heed(now)
        yield from self._parts.asking.no_answer(now)
