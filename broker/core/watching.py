"""A second person who only watches a visit: at most one, never the technician himself, and gone with the visit (docs/adr/0011).

His visit is a `Visit` like any other, with a code, passes, sockets and seals of its own; `watches` names the one beside it. He is admitted
by the same eight steps. What may not be asked for is refused in `ledger.py`, and a line of his that is cut is his end (`reconnecting.py`).
"""

from broker.core.board import Board, HostHere, Ticket
from policy.decision import Allow, Decision, Deny, Reason
from policy.session import SessionState


def may_open(host: HostHere, watched: str) -> Decision:
    """May this host show a code for somebody who watches this visit?"""
    visit = host.visit
    if visit is None or visit.session_id != watched or visit.state is not SessionState.VIEWING or visit.parted is not None:
        return Deny(Reason.SESSION_OVER)
    return Deny(Reason.HOST_BUSY) if host.watch is not None else Allow()


def has_place(host: HostHere, ticket: Ticket) -> bool:
    """Is there room for the visit that this code begins?"""
    if ticket.watches:
        return isinstance(may_open(host, ticket.watches), Allow)
    return host.visit is None


def is_watched(board: Board, ticket: Ticket, technician_id: str) -> bool:
    """Is this the very person whom the code lets somebody watch?"""
    visit = board.visits.get(ticket.watches)
    return visit is not None and visit.technician_id == technician_id
