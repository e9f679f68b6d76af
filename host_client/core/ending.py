"""How a visit ends at the host: everything is stopped first, then told to the other side, then recorded.

Its person, its deadlines and its rules end it as `parts.py` says; here is what any end does, and whose word ends it from outside.
"""

from audit.events import visit as log
from host_client.core.channel import let_go
from host_client.core.commands import CloseBulk, CloseSession, Note, StopTimer, Talk, Tell, to_peer
from host_client.core.events import Timer
from host_client.core.ports import SummaryFacts
from host_client.core.standing import Standing
from host_client.core.trusted import verifies
from host_client.link import ShowSummary
from policy.carrier import DirectCause
from policy.decision import Reason
from policy.instant import Instant
from policy.session import EndCause, SessionEvent
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind
from wire.messages.ledger import Ended
from wire.messages.session import SessionOver
from wire.schema import read_part
from wire.statements import Label, Statement

_TIMERS = (
    Timer.AGREEMENT,
    Timer.PROMPT,
    Timer.RENEW,
    Timer.LEASE,
    Timer.HARD_LIMIT,
    Timer.IDLE,
    Timer.RECONNECT,
    Timer.RECONNECT_TRY,
    Timer.POLICY,
    Timer.BULK,
    Timer.RESTART,
    Timer.DIRECT,
)
_CAPTURE_REASON = {
    EndCause.LOG_UNAVAILABLE: Reason.LOG_UNAVAILABLE,
    EndCause.POLICY: Reason.NOT_ASSIGNED,
    EndCause.LOG_DOUBTED: Reason.LOG_DOUBTED,
}
SUMMARY_LINE = 1000


def end_visit(standing: Standing, cause: EndCause, now: Instant, stated: log.SessionEnded | None = None) -> Talk:
    """End a visit for this cause; nothing when it is over. `stated` is the end as the other side gave it: then we sign none."""
    if standing.over:
        return
    for said in standing.cut(_CAPTURE_REASON.get(cause)):
        yield Tell(said)
    standing.move(SessionEvent.ENDED)
    for timer in _TIMERS:
        yield StopTimer(timer)
    if stated is None and standing.joined:
        ended = Ended(standing.session_id, standing.trusted.enrolled.host_id, cause, int(now.utc))
        statement = standing.ports.signer.sign(Label.ENDED, ended)
        yield to_peer(FrameKind.LEDGER, statement)
        stated = log.ended(ended, statement.sig)
    if standing.channel.attempt:
        yield from let_go(standing, DirectCause.TURNED_OFF)
    standing.joined = False
    yield CloseBulk()
    yield CloseSession()
    yield from standing.tell_cut()
    yield from standing.chat.ended(standing.session_id)
    yield Note(stated or unsigned_end(standing, "", cause, now))
    if standing.proven is not None:
        yield Tell(summary(standing, cause, now))


def unsigned_end(standing: Standing, by: str, cause: EndCause, now: Instant) -> log.SessionEnded:
    """The entry of an end that nobody signed. `by` is empty when nobody can be named."""
    return log.SessionEnded(session_id=standing.session_id, by=by, cause=cause, said_at=int(now.utc))


def broker_ended(standing: Standing, said: SessionOver, now: Instant) -> Talk:
    """The broker closed this visit. A narrowing needs no signature."""
    if said.session_id == standing.session_id:
        broker = standing.trusted.enrolled.broker_id
        yield from end_visit(standing, said.cause, now, unsigned_end(standing, broker, said.cause, now))


def technician_ended(standing: Standing, statement: Statement, now: Instant) -> Talk:
    """The technician's end, signed by the device that proved itself, or before that by any of his. Raises PeerMisbehaved."""
    technician, proven = standing.offer.technician_id, standing.proven
    if proven is not None:
        genuine = verifies(statement, Label.ENDED, proven.device)
    else:
        genuine = standing.trusted.signed_by(technician, statement, Label.ENDED, now) is not None
    if not genuine:
        raise PeerMisbehaved("an end that is not signed by the technician's device")
    said = read_part(Ended, statement.payload)
    if (said.session_id, said.by) != (standing.session_id, technician):
        raise PeerMisbehaved("an end of another visit")
    yield from end_visit(standing, said.cause, now, log.ended(said, statement.sig))


def summary(standing: Standing, cause: EndCause, now: Instant) -> ShowSummary:
    """The goodbye: who was here, how long, what was allowed and refused, who ended it."""
    assert standing.proven is not None
    person = standing.proven.person
    seconds = int(now.elapsed_since(standing.proven.since))
    facts = SummaryFacts(person.name, person.company, cause, seconds, tuple(standing.answers))
    lines = standing.ports.texts.summary(facts, standing.seat.language)
    return ShowSummary(tuple(line[:SUMMARY_LINE] for line in lines))
