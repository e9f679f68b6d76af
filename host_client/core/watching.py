"""The deadlines of a running visit: its longest time, and when the site's hours will close what is open now."""

from math import ceil

from host_client.core.commands import StartTimer, Talk
from host_client.core.events import Timer
from host_client.core.standing import Standing
from policy.instant import Instant
from policy.permissions import Permission

LEAST_SECONDS = 0.2
"""A calendar and a run-time clock may differ by a little: look again, but not without end."""


def watch_hours(standing: Standing, now: Instant) -> Talk:
    """Set both anew: the rules may have changed, or more may be open than before."""
    if standing.proven is None or standing.over:
        return
    yield StartTimer(Timer.HARD_LIMIT, max(0.0, standing.limit_left(now)))
    open_now = {Permission.VIEW, *standing.granted}
    within = max(0, ceil(standing.limit_left(now)))
    closing = [standing.trusted.until(standing.offer.technician_id, each, now, within) for each in open_now]
    first = min((seconds for seconds in closing if seconds is not None), default=None)
    if first is not None:
        yield StartTimer(Timer.POLICY, max(first, LEAST_SECONDS))
