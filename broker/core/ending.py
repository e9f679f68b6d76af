"""How a visit ends at the broker: everything is shut first, then told, then recorded, then compared with the host's log."""

from audit.events import visit as log
from audit.events.broker import WatchClosed
from broker.core import bulk
from broker.core.asking import ended
from broker.core.board import Board
from broker.core.chat import chat_ended
from broker.core.commands import Close, Note, Talk, say
from broker.core.visit import Visit
from policy.decision import Reason
from policy.instant import Instant
from policy.one_time import TicketState, finish, release
from policy.session import EndCause, SessionState
from wire.messages.session import SessionOver

_BURNS = {EndCause.CODE_BURNT: TicketState.BURNT, EndCause.HOST_ENDED: TicketState.CLOSED}
"""A host that ends has taken its code back; other ends before agreement leave the code to be tried again."""


def end_visit(board: Board, visit: Visit, cause: EndCause, now: Instant, stated: log.SessionEnded | None = None) -> Talk:
    """End a visit for this cause. Does nothing when it is over already. `stated` is the end as somebody signed it."""
    if visit.over:
        return
    seen, visit.state = visit.state is SessionState.VIEWING, SessionState.ENDED
    visit.lanes.close_all()
    watch = board.watch_of(visit)
    if watch is not None:
        yield from end_visit(board, watch, EndCause.WATCHED_VISIT_OVER, now)
    _forget(board, visit, cause)
    yield from bulk.close(visit)
    for entry in visit.entries.values():
        # An end that has not opened its session socket yet hears it on the one it has.
        yield say(entry.control if entry.socket is None else entry.socket, SessionOver(visit.session_id, cause))
        if entry.socket is not None:
            yield Close(entry.socket, Reason.SESSION_OVER)
    yield from chat_ended(visit)
    if visit.watches and seen:
        yield Note(WatchClosed(session_id=visit.watches, watcher_session=visit.session_id, watcher_id=visit.technician_id))
    unsigned = log.SessionEnded(session_id=visit.session_id, by=board.broker_id, cause=cause, said_at=int(now.utc))
    yield Note(stated or unsigned)
    yield from ended(board, visit, now)
    yield from board.tell_instruments(visit.host_id, now)


def _forget(board: Board, visit: Visit, cause: EndCause) -> None:
    board.visits.pop(visit.session_id, None)
    host, console, ticket = board.hosts.get(visit.host_id), board.consoles.get(visit.sign_in), board.tickets.get(visit.ticket)
    if host is not None and host.visit is visit:
        host.visit = None
    if host is not None and host.watch is visit:
        host.watch = None
    if console is not None and console.visit is visit:
        console.visit = None
    if ticket is not None:
        burnt = _BURNS.get(cause)
        ticket.standing = finish(ticket.standing, burnt) if burnt else release(ticket.standing)
