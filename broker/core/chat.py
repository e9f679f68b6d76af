"""The chat of a visit, as the broker sees it: whether its records may pass, and how many did. What they say it cannot read.

It belongs to the visit and is no permission: decided once, when both ends are proven, by what vendor and site signed; from then
on it can only be shut. Both ends hear why, because each decides by documents of its own and they might differ.
"""

from audit.events.visit import ChatOver
from broker.core.board import Board
from broker.core.commands import Note, Talk, refuse
from broker.core.visit import Visit
from policy.decision import Deny, Reason
from policy.instant import Instant
from wire.messages.presence import EndRole

ABOUT = "chat"
"""What a refusal of the broker names."""


def open_chat(board: Board, visit: Visit, now: Instant) -> Talk:
    """Both ends are proven: from now on records of the chat pass, or both hear why not."""
    decision = board.chat(visit.host_id, now)
    if isinstance(decision, Deny):
        yield from _told(visit, decision.reason)
    else:
        visit.lanes.open_chat()


def chat_now(board: Board, visit: Visit, now: Instant) -> Talk:
    """Something changed: a chat that policy closes is shut, told, and recorded."""
    decision = board.chat(visit.host_id, now)
    if isinstance(decision, Deny) and visit.lanes.close_chat():
        yield from _told(visit, decision.reason)
        yield Note(_over(visit, decision.reason))


def chat_ended(visit: Visit) -> Talk:
    """The visit is over: how much was written, if anything was and no entry says so yet."""
    if visit.lanes.close_chat() and visit.lanes.carried:
        yield Note(_over(visit, None))


def _told(visit: Visit, reason: Reason) -> Talk:
    for socket in visit.sockets():
        yield refuse(socket, ABOUT, reason)


def _over(visit: Visit, reason: Reason | None) -> ChatOver:
    carried = visit.lanes.carried
    return ChatOver(session_id=visit.session_id, to_host=carried[EndRole.CONSOLE], to_technician=carried[EndRole.HOST], reason=reason)
