"""A peer that breaks a rule which an honest one cannot break by accident: the visit ends, and the log says which rule it was."""

from audit.events import visit as log
from host_client.core.commands import Note, Talk
from host_client.core.ending import end_visit
from host_client.core.standing import Standing
from policy.decision import Reason
from policy.instant import Instant
from policy.session import EndCause
from wire.errors import PeerMisbehaved
from wire.schema import MalformedMessage


def guarded(standing: Standing, talk: Talk, now: Instant) -> Talk:
    """This conversation, which is about something that came from outside."""
    try:
        yield from talk
    except PeerMisbehaved as fault:
        yield from misbehaved(standing, fault.what, now)
    except MalformedMessage as fault:
        yield from misbehaved(standing, str(fault), now)


def misbehaved(standing: Standing, what: str, now: Instant) -> Talk:
    """Stop everything, note what it was, and end."""
    yield from standing.tell_cut()
    yield Note(log.FrameRefused(subject=standing.session_id, reason=Reason.MALFORMED, what=what))
    yield from end_visit(standing, EndCause.PEER_MISBEHAVED, now)
