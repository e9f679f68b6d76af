"""What the host says of the way that content takes. The broker carries nothing of a direct path: it records what was reported.

Nothing is allowed, closed or forwarded because of it. A report that no honest host sends ends the visit, like any other frame of that kind.

direct     recorded before anything else happens; a log that cannot be written ends the visit, as it does where a lane would open
relay      the path of that attempt is over, which is a narrowing: recorded as soon as the log can
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.events import visit as log
from policy.carrier import Carrier
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.networks import is_range
from wire.limits import CARRIER_REPORTS_MAX
from wire.messages.session import CarrierReport

if TYPE_CHECKING:
    from audit.events.shape import Event
    from broker.core.visit import Visit

_EVERY_SECONDS = 1.0
"""Between two reports; one more may come at once, as a path can fail in the moment it was opened."""


@dataclass(slots=True)
class Carriage:
    """The reports of one visit."""

    attempt: int = 0
    direct: bool = False
    line: int = 0
    """How often the ends had come back when that was said: with the line that was cut, the word that a path is over may be lost."""
    reports: int = 0
    due: float = 0.0

    def in_time(self, now: Instant) -> bool:
        """May another report come now? It is counted."""
        self.reports += 1
        within = self.reports <= CARRIER_REPORTS_MAX and self.due <= now.boot + _EVERY_SECONDS
        self.due = max(self.due, now.boot) + _EVERY_SECONDS
        return within


def decide(visit: "Visit", said: CarrierReport, now: Instant) -> Decision:
    """Can an honest host have sent this now?"""
    carriage = visit.carriage
    if not carriage.in_time(now):
        return Deny(Reason.TOO_FAST)
    if said.session_id != visit.session_id:
        return Deny(Reason.WRONG_MOMENT)
    stands = carriage.direct and carriage.line == visit.rejoins
    goes_on = said.attempt > carriage.attempt and not stands
    over = said.attempt == carriage.attempt and carriage.direct
    if not (goes_on if said.carrier is Carrier.DIRECT else over):
        return Deny(Reason.WRONG_MOMENT)
    return Allow() if _fits(said) else Deny(Reason.MALFORMED)


def take(visit: "Visit", said: CarrierReport) -> "Event":
    """Count on it from here on, and what is recorded of it."""
    carriage = visit.carriage
    carriage.attempt, carriage.direct, carriage.line = said.attempt, said.carrier is Carrier.DIRECT, visit.rejoins
    if said.cause is None:
        return log.DirectStarted(
            session_id=visit.session_id, attempt=said.attempt, host_range=said.host_range, console_range=said.console_range
        )
    return log.DirectEnded(
        session_id=visit.session_id,
        attempt=said.attempt,
        cause=said.cause,
        to_technician_bytes=said.to_technician,
        to_host_bytes=said.to_host,
    )


def _fits(said: CarrierReport) -> bool:
    """A path that begins has ranges and nothing else; one that is over has a cause and counts."""
    ranges = (said.host_range, said.console_range)
    if said.carrier is Carrier.DIRECT:
        return said.cause is None and not said.to_technician and not said.to_host and all(map(is_range, ranges))
    return said.cause is not None and not any(ranges)
