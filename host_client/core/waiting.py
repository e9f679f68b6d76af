"""What waits while its grant stands: a visit that is paused for one or more causes goes on when none is left.

Whatever stops, stops first and is told and recorded after; the eye last, and first when it goes on. What the technician
sends meanwhile has no effect, and neither has what was made before it went on: it was meant for another picture.
"""

from collections.abc import Iterator

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.core.commands import Note, SendSession, Talk, Tell, tell
from host_client.core.standing import PauseCause, Standing
from host_client.link_frames import ToDesk
from policy.decision import Reason
from policy.instant import Instant
from wire.sealed.inner import HostNotice, Notice

NOTED_EVERY = 60.0
"""Seconds between two entries about a person who uses the PC beside the technician: each touch is no news."""
AWAY = {
    Reason.SCREEN_LOCKED: Notice.SCREEN_LOCKED,
    Reason.SESSION_AWAY: Notice.SESSION_AWAY,
    Reason.MASK_NOT_PLACED: Notice.MASK_NOT_PLACED,
}
"""What the technician is told of a screen that nobody may see, by why (`pausing.py`)."""
_BEGINS = {PauseCause.BROKER: Notice.SUSPENDED, PauseCause.PERSON: Notice.PAUSED_BY_PERSON, PauseCause.LOCAL: Notice.LOCAL_INPUT}
"""What the technician is told when one of them begins."""
_ENDS = {PauseCause.BROKER: Notice.SCREEN_RESUMED, PauseCause.PERSON: Notice.SCREEN_RESUMED, PauseCause.LOCAL: Notice.LOCAL_QUIET}


def pause(standing: Standing, cause: PauseCause, now: Instant) -> Talk:
    """One more cause to wait. Nothing when it holds already."""
    if cause in standing.paused:
        return
    halted = standing.halted
    standing.paused |= {cause}
    if standing.halted and not halted:
        for ability in standing.at_work:
            yield from tell(ability.paused())
    yield from _told(standing, dropped_for(standing) or _BEGINS[cause], now)
    for entry in _entries(standing, cause, now, begins=True):
        yield Note(entry)


def resume(standing: Standing, cause: PauseCause, now: Instant) -> Talk:
    """One cause less; what is still granted goes on when it was the last that stops it."""
    if cause not in standing.paused:
        return
    halted = standing.halted
    standing.paused -= {cause}
    standing.control.superseded = (now, _BEGINS[cause])
    if halted and not standing.halted:
        for ability in reversed(standing.at_work):
            yield from tell(ability.again())
    yield from _told(standing, dropped_for(standing) or _ENDS[cause], now)
    for entry in _entries(standing, cause, now, begins=False):
        yield Note(entry)


def started(standing: Standing, told: tuple[ToDesk, ...], paused: tuple[ToDesk, ...]) -> Iterator[Tell]:
    """What the desk is told when a right begins: in a paused visit it waits with the others."""
    for said in (*told, *(paused if standing.halted else ())):
        yield Tell(said)


def dropped_for(standing: Standing) -> Notice | None:
    """Why input has no effect now, the strongest cause as on the banner; None when it has."""
    if standing.away is not None and PauseCause.BROKER not in standing.paused:
        return AWAY[standing.away]
    return next((_BEGINS[cause] for cause in PauseCause if cause in standing.paused), None)


def _entries(standing: Standing, cause: PauseCause, now: Instant, *, begins: bool) -> Iterator[AuditEvent]:
    session_id = standing.session_id
    if cause is PauseCause.BROKER:
        yield host.VisitSuspended(session_id=session_id) if begins else host.VisitResumed(session_id=session_id)
    elif cause is PauseCause.PERSON:
        yield host.VisitPaused(session_id=session_id) if begins else host.VisitUnpaused(session_id=session_id)
    elif begins:
        standing.local_touches += 1
        if standing.local_noted is None or now.elapsed_since(standing.local_noted) >= NOTED_EVERY:
            standing.local_noted = now
            yield from standing.take_touches()


def _told(standing: Standing, notice: Notice, now: Instant) -> Talk:
    banner = standing.banner(now)
    if banner is not None:
        yield Tell(banner)
    if banner is not None and standing.proven is not None and not standing.parted:
        yield SendSession(standing.proven.seals.say(HostNotice(notice), now))
