"""What the broker asks of its hosts' logs, and shows of its own (docs/protocol.md, section 8). What an answer is worth: `heads.py`.

A host is asked nothing before it asked by itself on the same connection: one that does not compare logs is left alone, and its visits
stay unclosed.
"""

from collections.abc import Generator
from typing import Any

from audit.events import visit as log
from audit.questions import ALONE
from broker.core.board import Board, HostHere
from broker.core.commands import Command, FindHead, FindHeld, FindUnclosed, Record, SocketId, Talk, refuse, say
from broker.core.visit import Visit
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.session import EndCause
from wire.messages.evidence import Head, HeadWanted
from wire.schema import name_of

_ABOUT = name_of(HeadWanted)


def ask(host: HostHere, *session_ids: str) -> Talk:
    """Ask this host for the ends of these visits, or only where its log stands (ALONE); now, or after the answer that is still out."""
    if not host.compares:
        return
    host.questions.want(*session_ids)
    held = yield FindHeld(host.host_id)
    question = host.questions.next(held)
    if question is not None:
        yield say(host.socket, question)


def ask_all(board: Board, host: HostHere) -> Talk:
    """Where its log stands, and the end of every visit that is over and not closed."""
    unclosed: tuple[str, ...] = yield FindUnclosed(host.host_id)
    yield from ask(host, ALONE, *(each for each in unclosed if each not in board.visits and each not in board.opening))


def ended(board: Board, visit: Visit, now: Instant) -> Talk:
    """A visit is over, and its end was recorded: show it to the host if that waits for it, and ask for the host's own."""
    host = board.hosts.get(visit.host_id)
    if host is None:
        return
    owed = host.owed
    if owed is not None and owed.session_id == visit.session_id:
        host.owed = None
        yield from show_end(host, owed, now)
    yield from ask(host, visit.session_id)


def show(to: SocketId, known: int) -> Talk:
    """Where the broker's log stands."""
    head: Head | Deny = yield FindHead(known, ALONE)
    yield refuse(to, _ABOUT, head.reason) if isinstance(head, Deny) else say(to, head)


def show_end(host: HostHere, wanted: HeadWanted, now: Instant) -> Talk:
    """How the broker's log ends a visit that is over. Its id is known to its two ends and nobody else."""
    head: Head | Deny | None = yield FindHead(wanted.known, wanted.session_id)
    if head is None:
        head = yield from _end_late(host, wanted, now)
    yield refuse(host.socket, _ABOUT, head.reason) if isinstance(head, Deny) else say(host.socket, head)


def _end_late(host: HostHere, wanted: HeadWanted, now: Instant) -> Generator[Command, Any, Head | Deny]:
    """A broker that was killed never wrote how its visit ended: it does now. Of a visit that it never had it has no end to show."""
    unclosed: tuple[str, ...] = yield FindUnclosed(host.host_id)
    if wanted.session_id not in unclosed:
        alone: Head | Deny = yield FindHead(wanted.known, ALONE)
        return alone if isinstance(alone, Deny) else Head(alone.note, alone.consistency, wanted.session_id, None)
    end = log.SessionEnded(session_id=wanted.session_id, by="", cause=EndCause.FAILED_INSIDE, said_at=int(now.utc))
    recorded = yield Record((end,))
    head: Head | Deny | None = (yield FindHead(wanted.known, wanted.session_id)) if recorded else None
    return head if head is not None else Deny(Reason.LOG_UNAVAILABLE)
