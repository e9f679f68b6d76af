"""A line was cut: the visit is *parted*, and each end may come back to it for RECONNECT_SECONDS (docs/protocol.md, section 4).

parted     both session sockets are closed, no lane carries anything, a question before the person is over; what was granted stands
wanted     an end, proven anew on its control socket, is given a pass: only the two ends that were in the visit, and only to that visit
rejoined   both have used theirs: recorded first, then the lanes are open again. That they are who they were, each end proves to the other

Only a visit whose view was granted parts; any earlier one is over with its line, and so is that of somebody who only watches.
"""

from collections.abc import Generator
from typing import Any

from audit.events import visit as log
from broker.core import bulk
from broker.core.board import Board, ConsoleHere, HostHere
from broker.core.commands import Close, Command, Draw, Note, Record, SocketId, StartTimer, Talk, refuse, say
from broker.core.ending import end_visit
from broker.core.events import Timer
from broker.core.visit import Entry, Visit
from policy import consent
from policy.decision import Reason
from policy.instant import Instant
from policy.session import EndCause, SessionEvent, SessionState
from wire.limits import LEASE_SECONDS, PASS_SECONDS, RECONNECT_SECONDS, RECONNECT_TRIES, SESSION_HARD_LIMIT_SECONDS
from wire.messages.documents import Authenticator
from wire.messages.presence import EndRole
from wire.messages.session import PeerPresent, ReconnectOffered, ReconnectWanted, VisitLeft
from wire.schema import name_of

_ABOUT = name_of(ReconnectWanted)
_PASS_BYTES = 32
_LEFT = {EndRole.HOST: EndCause.HOST_ENDED, EndRole.CONSOLE: EndCause.TECHNICIAN_ENDED}
RENEWAL_FRAMES = 8
"""Handshake frames that a renewal may take; an honest one takes three."""


def line_lost(board: Board, visit: Visit, now: Instant) -> Talk:
    """A socket of this visit is gone: part, or end what cannot part."""
    if visit.state is not SessionState.VIEWING or board.stopping or visit.watches:
        yield from end_visit(board, visit, EndCause.CONNECTION_LOST, now)
    elif visit.parted is None:
        watch = board.watch_of(visit)
        if watch is not None:  # nobody watches who is not there
            yield from end_visit(board, watch, EndCause.WATCHED_VISIT_OVER, now)
        yield from _part(visit, now)


def _part(visit: Visit, now: Instant) -> Talk:
    visit.parted = now
    sockets = visit.sockets()
    for entry in visit.entries.values():
        entry.used, entry.socket = True, None
    for socket in sockets:
        yield Close(socket, Reason.LINE_CUT)
    yield from bulk.close(visit)
    if visit.asked is not None:
        visit.asked, visit.consent = None, consent.refused(visit.consent)
        visit.move(SessionEvent.MORE_ANSWERED)
    yield Note(log.VisitParted(session_id=visit.session_id))


def over_in(visit: Visit, now: Instant) -> float:
    """Seconds until a parted visit is over; 0 or less: now."""
    return RECONNECT_SECONDS - now.elapsed_since(visit.parted) if visit.parted is not None else RECONNECT_SECONDS


def of_host(board: Board, host_id: str) -> Visit | None:
    """The visit that a host comes back to."""
    return next((visit for visit in board.visits.values() if visit.host_id == host_id and not visit.watches), None)


def of_console(board: Board, console: ConsoleHere) -> Visit | None:
    """The visit that a console comes back to: the same sign-in, person and device."""
    own = (console.sign_in, console.technician_id, console.device)
    return next((visit for visit in board.visits.values() if _console_of(visit) == own), None)


def _console_of(visit: Visit) -> tuple[object, str, Authenticator]:
    return visit.sign_in, visit.technician_id, visit.device


def host_is_back(visit: Visit, host: HostHere, now: Instant) -> Talk:
    """The deadlines of its visit ran on the socket that is gone."""
    visit.entries[EndRole.HOST].control = host.socket
    yield StartTimer(host.socket, Timer.LEASE, LEASE_SECONDS)
    yield StartTimer(host.socket, Timer.HARD_LIMIT, max(0.0, SESSION_HARD_LIMIT_SECONDS - now.elapsed_since(visit.began)))


def wanted(board: Board, role: EndRole, control: SocketId, visit: Visit | None, said: ReconnectWanted, now: Instant) -> Talk:
    """This end wants to come back to its visit; `visit` is the one it is in, by what it has proven."""
    if visit is None or visit.session_id != said.session_id or visit.state is not SessionState.VIEWING:
        yield refuse(control, _ABOUT, Reason.SESSION_OVER)
        return
    if visit.tries >= RECONNECT_TRIES:
        yield from end_visit(board, visit, EndCause.CONNECTION_LOST, now)
        return
    visit.tries += 1
    yield from line_lost(board, visit, now)  # the end knows sooner than we do
    drawn: bytes = yield Draw(_PASS_BYTES)
    if visit.over or visit.parted is None:
        return
    entry = visit.entries[role]
    if entry.socket is not None:
        yield Close(entry.socket, Reason.TAKEN_OVER)
    visit.entries[role] = Entry(drawn, now, control)
    yield say(control, ReconnectOffered(visit.session_id, drawn, PASS_SECONDS))


def left(board: Board, role: EndRole, visit: Visit | None, said: VisitLeft, now: Instant) -> Talk:
    """This end does not come back, or its page is being closed. A narrowing needs no signature."""
    if visit is not None and visit.session_id == said.session_id:
        yield from end_visit(board, visit, _LEFT[role], now)


def rejoined(board: Board, visit: Visit, now: Instant) -> Generator[Command, Any, None]:
    """Both ends are there again."""
    sockets = visit.sockets()
    recorded = yield Record((log.VisitRejoined(session_id=visit.session_id, number=visit.rejoins + 1),))
    if visit.over or visit.sockets() != sockets:
        return  # it ended, or was cut again, while the log was written
    if not recorded:
        yield from end_visit(board, visit, EndCause.LOG_UNAVAILABLE, now)
        return
    visit.rejoins += 1
    visit.parted, visit.renewal_frames = None, RENEWAL_FRAMES
    for socket in sockets:
        yield say(socket, PeerPresent(visit.session_id))
