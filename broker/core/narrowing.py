"""What takes effect on everybody at once: other documents, the hour, a sign-out, the end of the process. All of it narrows."""

from collections.abc import Mapping

from audit.events.broker import LaneClosed
from broker.core import rights
from broker.core.believed import Believed
from broker.core.board import Board
from broker.core.chat import chat_now
from broker.core.commands import Close, Note, SignInId, Talk, say
from broker.core.console_control import leave
from broker.core.ending import end_visit
from broker.core.handing_on import to_console, to_host
from broker.core.reconnecting import over_in
from broker.core.visit import Visit
from policy import consent
from policy.decision import Allow, Reason
from policy.documents import may_offer
from policy.instant import Instant
from policy.permissions import TERMS, Permission
from policy.session import EndCause


def documents_changed(board: Board, believed: Believed | None, now: Instant) -> Talk:
    """Documents that were verified, recorded and kept take effect, or are over (None): who may not stay by them goes, now."""
    board.believed = believed
    yield from visits_now(board, now)
    for visit in board.visits.values():
        rights.look(board, visit, now)  # told with everything else below
    gone = Reason.DEVICE_NOT_RECOGNISED if board.in_force(now) is not None else Reason.DOCUMENT_STALE
    for console in list(board.consoles.values()):
        if not board.lets_in(console.technician_id, console.device, now):
            yield from leave(board, console, EndCause.POLICY, gone, now)
    yield from _tell_everybody(board, now)


def visits_now(board: Board, now: Instant) -> Talk:
    """Every visit as vendor and site see it at this moment: who may not stay any longer goes, and what is not allowed is shut.
    One whose line was cut too long ago is over.

    The host does the same by its own reading, and tells the person; the broker needs no host for it.
    """
    for visit in list(board.visits.values()):
        if over_in(visit, now) <= 0:
            yield from end_visit(board, visit, EndCause.CONNECTION_LOST, now)
        elif not _may(board, visit, Permission.VIEW, now):
            yield from end_visit(board, visit, EndCause.POLICY, now)
            continue
        yield from chat_now(board, visit, now)
        yield from rights.tell_by_hours(board, visit, now)
        for grant in visit.consent.grants:
            if grant.permission is not Permission.VIEW and not _may(board, visit, grant.permission, now):
                yield from _shut(visit, grant.permission)


def _may(board: Board, visit: Visit, permission: Permission, now: Instant) -> bool:
    if not board.lets_in(visit.technician_id, visit.device, now):
        return False
    said, facts = board.said(visit.technician_id, visit.host_id, permission, now), board.facts(visit.host_id, now)
    person = board.person(visit.technician_id, now)
    assigned = facts.listed and person is not None and facts.group in person.groups
    return assigned and all(isinstance(each, Allow) for each in (said.trained, said.open, said.allowed, may_offer(permission, facts)))


def _shut(visit: Visit, permission: Permission) -> Talk:
    """The lane shuts first. What the ends hear of it is the host's word."""
    visit.consent, taken = consent.withdrawn(visit.consent, permission)
    for grant in taken:
        visit.lanes.close(TERMS[grant.permission].lane, grant.number)
    for grant in taken:
        yield Note(LaneClosed(session_id=visit.session_id, ask=grant.number, permission=grant.permission))


def _tell_everybody(board: Board, now: Instant) -> Talk:
    for host in list(board.hosts.values()):
        yield from to_host(board, host)
    for console in list(board.consoles.values()):
        yield from to_console(board, console)
        yield say(console.socket, board.instruments(console.technician_id, now, console.visit))


def signed_out(board: Board, sign_in: SignInId, now: Instant) -> Talk:
    """A sign-in is over: its console and its visit are over with it."""
    yield from sign_ins_now(board, {sign_in: None}, now)


def sign_ins_now(board: Board, suspended: Mapping[SignInId, bool | None], now: Instant) -> Talk:
    """How these sign-ins stand in the database, where others write too: None for one that is over. Who may stay no longer goes, now.

    Every end of a sign-in comes through here: signed out, idle, another password, factor or role, suspended, deleted.
    """
    for sign_in, closed in suspended.items():
        console = board.consoles.get(sign_in)
        if console is None:
            continue
        if closed is None:
            yield from leave(board, console, EndCause.SIGNED_OUT, Reason.NOT_SIGNED_IN, now)
        elif closed:
            yield from leave(board, console, EndCause.POLICY, Reason.NOT_SIGNED_IN, now)


def log_lost(board: Board, cause: EndCause, now: Instant) -> Talk:
    """What happens can no longer be remembered, or not believed: every visit is over."""
    for visit in list(board.visits.values()):
        yield from end_visit(board, visit, cause, now)


def stopping(board: Board, now: Instant) -> Talk:
    """The process ends: nothing new begins, and every visit ends with its own cause."""
    board.stopping = True
    for visit in list(board.visits.values()):
        yield from end_visit(board, visit, EndCause.BROKER_STOPPED, now)
    for console in list(board.consoles.values()):
        yield Close(console.socket, Reason.SESSION_OVER)
    for host in list(board.hosts.values()):
        yield Close(host.socket, Reason.SESSION_OVER)
