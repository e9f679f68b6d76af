"""The signed statements of a visit: verified, recorded, and only then acted upon and forwarded (docs/protocol.md, section 5).

asked       technician -> host     recorded before the host hears it
answered    host -> technician     an *allow* is recorded before its lane opens; anything else narrows
withdrawn   host -> technician     the lane shuts first
ended       either                 everything shuts first
"""

from audit.events import broker as doings
from audit.events import visit as log
from broker.core import bulk
from broker.core.board import Board
from broker.core.commands import Note, Record, Send, Talk, refuse
from broker.core.ending import end_visit
from broker.core.lanes import file_room
from broker.core.proof import host_key, read_signed
from broker.core.rights import may_be_asked
from broker.core.visit import Visit
from policy import consent
from policy.decision import Allow, Decision, Deny, Reason
from policy.effective import narrowest
from policy.instant import Instant
from policy.permissions import TERMS, Permission
from policy.session import EndCause, SessionEvent, SessionState
from wire.frames import FILE_LANES, Frame, FrameKind
from wire.limits import SESSION_HARD_LIMIT_SECONDS
from wire.messages.documents import Authenticator
from wire.messages.ledger import Answer, Answered, Asked, Ended, Withdrawn
from wire.messages.presence import EndRole
from wire.schema import MalformedMessage, decode
from wire.statements import Label, Statement

_MAY_SAY = {
    EndRole.CONSOLE: frozenset({Label.ASKED, Label.ENDED}),
    EndRole.HOST: frozenset({Label.ANSWERED, Label.WITHDRAWN, Label.ENDED}),
}
_REFUSED_CAUSE = {Answer.REFUSE: EndCause.REFUSED, Answer.NO_ANSWER: EndCause.NO_ANSWER, Answer.POLICY: EndCause.POLICY}
_FOREIGN_CAUSES = {
    EndRole.CONSOLE: frozenset(
        {EndCause.HOST_ENDED, EndCause.REFUSED, EndCause.NO_ANSWER, EndCause.DESK_LOST, EndCause.RESTARTING, EndCause.BROKER_STOPPED}
    )
    | {EndCause.WATCHED_VISIT_OVER},
    EndRole.HOST: frozenset({EndCause.TECHNICIAN_ENDED, EndCause.SIGNED_OUT, EndCause.BROKER_STOPPED}),
}
"""Causes that only somebody else can give: nobody ends a visit in another's name."""


def misbehaved(board: Board, visit: Visit, role: EndRole, reason: Reason, now: Instant) -> Talk:
    """This end did what no honest end does. The visit is over, and the log says which end it was."""
    if visit.over:
        return
    yield from end_visit(board, visit, EndCause.PEER_MISBEHAVED, now)
    yield Note(log.FrameRefused(subject=visit.session_id, reason=reason, what=f"sent by {_subject(visit, role)}"))


def _subject(visit: Visit, role: EndRole) -> str:
    return visit.host_id if role is EndRole.HOST else visit.technician_id


def heard(board: Board, visit: Visit, role: EndRole, body: bytes, now: Instant) -> Talk:
    """One LEDGER frame from this end."""
    try:
        statement = decode(body, Statement)
    except MalformedMessage:
        yield from misbehaved(board, visit, role, Reason.MALFORMED, now)
        return
    if statement.label not in _MAY_SAY[role]:
        yield from misbehaved(board, visit, role, Reason.WRONG_MOMENT, now)
        return
    keys = _keys(board, visit, role, now)
    match statement.label:
        case Label.ASKED:
            yield from _asked(board, visit, statement, keys, body, now)
        case Label.ANSWERED:
            yield from _answered(board, visit, statement, keys, body, now)
        case Label.WITHDRAWN:
            yield from _withdrawn(board, visit, statement, keys, body, now)
        case _:
            yield from _ended(board, visit, role, statement, keys, body, now)


def _keys(board: Board, visit: Visit, role: EndRole, now: Instant) -> tuple[Authenticator, ...]:
    """The key of this end, as long as the directory in force lists it."""
    if role is EndRole.HOST:
        host = board.listed_host(visit.host_id, now)
        return (host_key(host.key),) if host else ()
    person = board.person(visit.technician_id, now)
    listed = person is not None and person.active and visit.device in person.authenticators
    return (visit.device,) if listed else ()


def _forward(visit: Visit, role: EndRole, body: bytes) -> Talk:
    peer = visit.peer_of(role)
    if peer is not None:
        yield Send(peer, Frame(FrameKind.LEDGER, body).encode())


# ---- asked


def _asked(board: Board, visit: Visit, statement: Statement, keys: tuple[Authenticator, ...], body: bytes, now: Instant) -> Talk:
    signed = read_signed(statement, Label.ASKED, keys, Asked)
    if isinstance(signed, Deny):
        yield from misbehaved(board, visit, EndRole.CONSOLE, signed.reason, now)
        return
    asked = signed.said
    own = (visit.session_id, visit.technician_id, visit.host_id, visit.purpose, visit.case_reference)
    if (asked.file is not None) is not (asked.permission is Permission.FILE_TO_HOST):
        yield from misbehaved(board, visit, EndRole.CONSOLE, Reason.MALFORMED, now)
        return
    if (asked.session_id, asked.technician_id, asked.host_id, asked.purpose, asked.case_reference) != own:
        yield from misbehaved(board, visit, EndRole.CONSOLE, Reason.SIGNATURE_INVALID, now)
        return
    if visit.state is SessionState.ADMITTED and visit.early_ask is None:
        visit.early_ask = body
        return
    yield from _put(board, visit, asked, statement.sig, body, now)


def forward_early_ask(board: Board, visit: Visit, now: Instant) -> Talk:
    """The agreement is confirmed: a request that came before that word is treated now."""
    body, visit.early_ask = visit.early_ask, None
    if body is not None:
        yield from heard(board, visit, EndRole.CONSOLE, body, now)


def _put(board: Board, visit: Visit, asked: Asked, signature: bytes, body: bytes, now: Instant) -> Talk:
    decided = _may_ask(board, visit, asked, now)
    if isinstance(decided, Allow):
        # The number is used up before the log is asked, so that a second request cannot slip in beside it.
        visit.consent = consent.asked(visit.consent, asked.ask)
        visit.asked = asked
        recorded = yield Record((log.asked(asked, signature),))
        if recorded:
            yield from _forward(visit, EndRole.CONSOLE, body)
            return
        visit.consent, visit.asked = consent.refused(visit.consent), None
        decided = Deny(Reason.LOG_UNAVAILABLE)
    assert isinstance(decided, Deny)
    socket = visit.entries[EndRole.CONSOLE].socket
    if socket is not None:
        yield refuse(socket, "asked", decided.reason)
    yield Note(log.FrameRefused(subject=visit.session_id, reason=decided.reason, what=f"asked for {asked.permission}"))


def _may_ask(board: Board, visit: Visit, asked: Asked, now: Instant) -> Decision:
    asking = consent.may_ask(visit.consent, asked.ask, asked.permission, now)
    decided = narrowest(may_be_asked(board, visit, asked.permission, now), asking)
    if isinstance(decided, Deny):
        return decided
    first = asked.permission is Permission.VIEW and visit.state is SessionState.SEALED
    return visit.move(SessionEvent.VIEW_ASKED if first else SessionEvent.MORE_ASKED)


# ---- answered


def _answered(board: Board, visit: Visit, statement: Statement, keys: tuple[Authenticator, ...], body: bytes, now: Instant) -> Talk:
    signed = read_signed(statement, Label.ANSWERED, keys, Answered)
    if isinstance(signed, Deny):
        yield from misbehaved(board, visit, EndRole.HOST, signed.reason, now)
        return
    answered, asked = signed.said, visit.asked
    if asked is None or not _answers(answered, asked):
        yield from misbehaved(board, visit, EndRole.HOST, Reason.WRONG_MOMENT, now)
    elif answered.answer is Answer.ALLOW:
        yield from _allowed(board, visit, asked, answered, statement.sig, body, now)
    else:
        yield from _not_allowed(board, visit, answered, statement.sig, body, now)


def _answers(answered: Answered, asked: Asked) -> bool:
    """Is this the answer to that request, and not one with another person, permission or visit in it?"""
    same = all(getattr(answered, name) == getattr(asked, name) for name in ("session_id", "ask", "technician_id", "host_id", "permission"))
    allowed, lane = answered.answer is Answer.ALLOW, TERMS[answered.permission].lane
    scoped = (answered.scope is not None) is (allowed and lane in FILE_LANES)
    named = (answered.file is not None) is (allowed and answered.permission is Permission.FILE_FROM_HOST)
    return same and scoped and named and answered.under < answered.ask and (answered.reason is None) is allowed


def _allowed(board: Board, visit: Visit, asked: Asked, answered: Answered, signature: bytes, body: bytes, now: Instant) -> Talk:
    visit.asked = None  # taken before the log is asked: the same answer twice is one too many
    opened = doings.LaneOpened(session_id=visit.session_id, ask=answered.ask, permission=answered.permission)
    watch = doings.WatchOpened(session_id=visit.watches, watcher_session=visit.session_id, watcher_id=visit.technician_id)
    recorded = yield Record((log.answered(answered, signature), opened, *((watch,) if visit.watches else ())))
    if not recorded:
        yield from end_visit(board, visit, EndCause.LOG_UNAVAILABLE, now)
        return
    first = visit.state is SessionState.ASKING
    if isinstance(visit.move(SessionEvent.VIEW_ALLOWED if first else SessionEvent.MORE_ANSWERED), Deny):
        return  # it ended while the log was written
    until = now.after(min(answered.seconds, SESSION_HARD_LIMIT_SECONDS))
    visit.consent = consent.granted(visit.consent, answered.permission, until)
    lane, file = TERMS[answered.permission].lane, answered.file or asked.file
    visit.lanes.open(lane, answered.ask, until, file_room(file.size_class) if file is not None else 0)
    yield from _forward(visit, EndRole.HOST, body)
    if lane in FILE_LANES:
        yield from bulk.granted(visit, answered.ask, now)


def _not_allowed(board: Board, visit: Visit, answered: Answered, signature: bytes, body: bytes, now: Instant) -> Talk:
    visit.asked, visit.consent = None, consent.refused(visit.consent)
    first = visit.state is SessionState.ASKING
    yield from _forward(visit, EndRole.HOST, body)
    yield Note(log.answered(answered, signature))
    if first:
        yield from end_visit(board, visit, _REFUSED_CAUSE[answered.answer], now)


# ---- withdrawn, ended


def _withdrawn(board: Board, visit: Visit, statement: Statement, keys: tuple[Authenticator, ...], body: bytes, now: Instant) -> Talk:
    signed = read_signed(statement, Label.WITHDRAWN, keys, Withdrawn)
    if isinstance(signed, Deny) or (signed.said.session_id, signed.said.host_id) != (visit.session_id, visit.host_id):
        yield from misbehaved(board, visit, EndRole.HOST, Reason.SIGNATURE_INVALID, now)
        return
    visit.consent, taken = consent.withdrawn(visit.consent, signed.said.permission)
    for grant in taken:
        visit.lanes.close(TERMS[grant.permission].lane, grant.number)
    yield from _forward(visit, EndRole.HOST, body)
    yield Note(log.withdrawn(signed.said, statement.sig))
    for grant in taken:
        yield Note(doings.LaneClosed(session_id=visit.session_id, ask=grant.number, permission=grant.permission))


def _ended(
    board: Board, visit: Visit, role: EndRole, statement: Statement, keys: tuple[Authenticator, ...], body: bytes, now: Instant
) -> Talk:
    signed = read_signed(statement, Label.ENDED, keys, Ended)
    own = (visit.session_id, _subject(visit, role))
    if isinstance(signed, Deny) or (signed.said.session_id, signed.said.by) != own or signed.said.cause in _FOREIGN_CAUSES[role]:
        yield from misbehaved(board, visit, role, Reason.SIGNATURE_INVALID, now)
        return
    visit.lanes.close_all()
    yield from _forward(visit, role, body)
    yield from end_visit(board, visit, signed.said.cause, now, log.ended(signed.said, statement.sig))
