"""A visit in which nobody does anything: both ends are warned, IDLE_WARNING_SECONDS later it is over (product behaviour 10).

What counts is what somebody does, at either end: mouse and keys, a request, an answer, a message, a file that moves, *Keep open*.
A picture that changes by itself is nobody's doing, and neither is a technician who only looks at it: he says so when he is asked.
"""

from collections.abc import Callable

from host_client.core.commands import SendSession, StartTimer, Talk, Tell
from host_client.core.events import Timer
from host_client.core.standing import Standing
from policy.instant import Instant
from policy.session import EndCause
from wire.limits import IDLE_WARNING_SECONDS
from wire.sealed.inner import HostNotice, Notice

End = Callable[[EndCause, Instant], Talk]


class Idling:
    """The stillness of one visit."""

    def __init__(self, standing: Standing, end: End) -> None:
        self._standing, self._end = standing, end
        self._newest: Instant | None = None

    def deed(self, now: Instant) -> Talk:
        """Somebody did something. Who the technician is begins the count; what follows is quick, because there is much of it."""
        standing, first = self._standing, self._newest is None
        if standing.proven is None:
            return
        self._newest = now
        if first:
            yield StartTimer(Timer.IDLE, standing.trusted.rules.idle_seconds())
        elif standing.idle_until is not None and not standing.over:
            standing.idle_until = None
            yield StartTimer(Timer.IDLE, standing.trusted.rules.idle_seconds())
            yield from self._tell(Notice.IDLE_OVER, now)

    def rules_changed(self, now: Instant) -> Talk:
        """The time that the rules leave may be another now. A warning that was given stands."""
        if self._newest is not None and self._standing.idle_until is None and not self._standing.over:
            yield StartTimer(Timer.IDLE, max(0.0, self._left(self._newest, now)))

    def fired(self, now: Instant) -> Talk:
        """The count ran out: somebody did something since it began, or both ends are warned, or were."""
        standing = self._standing
        if standing.over or self._newest is None:
            return
        left = self._left(self._newest, now)
        if standing.idle_until is not None:
            yield from self._end(EndCause.IDLE, now)
        elif left > 0:
            yield StartTimer(Timer.IDLE, left)
        else:
            standing.idle_until = now.after(IDLE_WARNING_SECONDS)
            yield StartTimer(Timer.IDLE, IDLE_WARNING_SECONDS)
            yield from self._tell(Notice.IDLE_WARNED, now)

    def _left(self, newest: Instant, now: Instant) -> float:
        return self._standing.trusted.rules.idle_seconds() - now.elapsed_since(newest)

    def _tell(self, notice: Notice, now: Instant) -> Talk:
        standing = self._standing
        proven, banner = standing.proven, standing.banner(now)
        assert proven is not None, "nobody is counted before"
        assert banner is not None
        yield Tell(banner)
        if not standing.parted:
            yield SendSession(proven.seals.say(HostNotice(notice), now))
