"""What may be asked for in a visit by what vendor and site signed, and what the technician is told of it before he asks.

One function decides on a request and on what is told ahead, so that nobody hears more, or another reason, than the refusal of his own
request would tell him: of this visit alone, and only once both ends are proven. What is told opens nothing: broker and host decide on
each request by themselves.
"""

from broker.core.board import Board
from broker.core.commands import Talk, say
from broker.core.visit import Visit
from policy.decision import Allow, Decision, Deny, Reason
from policy.documents import may_offer
from policy.effective import narrowest
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import SessionState
from wire.messages.presence import Closed

LOOK_SECONDS = 15.0
"""What hours open or close is told no later. Other documents are looked at when they come."""


def may_be_asked(board: Board, visit: Visit, permission: Permission, now: Instant) -> Decision:
    """May this be asked for there now, whatever was asked before?"""
    if visit.watches and permission is not Permission.VIEW:
        return Deny(Reason.VIEW_ONLY)
    facts = board.facts(visit.host_id, now)
    if not facts.listed:
        return Deny(Reason.HOST_NOT_LISTED)
    said = board.said(visit.technician_id, visit.host_id, permission, now)
    return narrowest(may_offer(permission, facts), said.trained, said.open, said.allowed)


def look(board: Board, visit: Visit, now: Instant) -> bool:
    """See what is closed to this technician there now. Is it anything else than before?"""
    before, visit.closed, visit.closed_seen = visit.closed, (), now
    if visit.state not in {SessionState.ADMITTED, SessionState.ENDED}:
        decided = {each: may_be_asked(board, visit, each, now) for each in Permission if each is not Permission.VIEW}
        visit.closed = tuple(Closed(each, said.reason) for each, said in decided.items() if not isinstance(said, Allow))
    return visit.closed != before


def tell(board: Board, visit: Visit, now: Instant) -> Talk:
    """Look, and tell the technician if it is anything else."""
    console = board.consoles.get(visit.sign_in)
    if look(board, visit, now) and console is not None:
        yield say(console.socket, board.instruments(visit.technician_id, now, console.visit))


def tell_by_hours(board: Board, visit: Visit, now: Instant) -> Talk:
    """The same, now and then."""
    seen = visit.closed_seen
    if seen is not None and now.elapsed_since(seen) >= LOOK_SECONDS:
        yield from tell(board, visit, now)
