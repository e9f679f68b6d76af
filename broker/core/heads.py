"""The two logs beside each other: what a host shows of its own, what it says of ours, and who stops when something does not fit.

    head_wanted    shown at once; the end of a visit that still runs once it is over (`asking.py`)
    head           judged against what is held (`audit/questions.py`), recorded, held; the visit whose end it shows is closed
    log_doubted    that host is stopped on its word; everybody is, if our own log cannot continue what we signed

A doubt acts first and is recorded after. It stands, here and in the database, until a named person acknowledges it.
"""

from collections.abc import Collection, Generator
from typing import Any, assert_never

from audit.heads import Doubted, Held
from audit.log import Side
from audit.questions import ALONE, Raised, believe, size_of
from broker.core.asking import ask, ask_all, show, show_end
from broker.core.board import Board, ConsoleHere, HostHere
from broker.core.commands import (
    Command,
    Disagrees,
    FindHead,
    FindHeld,
    FindUnclosed,
    HoldHead,
    KeepDoubt,
    MarkClosed,
    Note,
    Record,
    Talk,
    WasRaised,
    say,
)
from broker.core.ending import end_visit
from policy import throttle
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.session import EndCause
from policy.throttle import HEAD_BRAKE
from trust.signatures import ed25519_verifies
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted

Compares = HeadWanted | Head | LogDoubted
"""What a host says of logs."""


def heard(board: Board, host: HostHere, said: Compares, now: Instant) -> Generator[Command, Any, Decision]:
    """One message of a host. Deny: nobody honest says this now, and the connection is to be closed."""
    match said:
        case HeadWanted():
            if isinstance(paced := _paced(host, now), Deny):
                return paced
            yield from _wanted(board, host, said, now)
        case Head():
            if host.questions.asked(said) is None:
                return Deny(Reason.WRONG_MOMENT)
            yield from _shown(board, host, said, now)
        case LogDoubted():
            if isinstance(paced := _paced(host, now), Deny):
                return paced
            yield from _told(board, host, said, now)
        case _:
            assert_never(said)
    return Allow()


def heard_from_console(
    board: Board, console: ConsoleHere, said: HeadWanted | LogDoubted, now: Instant
) -> Generator[Command, Any, Decision]:
    """A console sees the broker's head, and no end: those are the host's to compare. Its doubt stops nobody that our own log does not."""
    if isinstance(paced := _paced(console, now), Deny):
        return paced
    if isinstance(said, LogDoubted):
        yield from _told_by_console(board, console, said, now)
    elif said.session_id:
        return Deny(Reason.ROLE_DENIES)
    else:
        yield from show(console.socket, said.known)
    return Allow()


def _paced(end: HostHere | ConsoleHere, now: Instant) -> Decision:
    decided = throttle.may_try(end.asks, HEAD_BRAKE, now)
    end.asks = throttle.failed(end.asks, HEAD_BRAKE, now)
    return decided


def _wanted(board: Board, host: HostHere, said: HeadWanted, now: Instant) -> Talk:
    host.compares = True
    if not said.session_id:
        yield from show(host.socket, said.known)
        yield from ask_all(board, host)  # a host asks when there is something to compare: so do we
        return
    running = next((each for each in host.visits if each.session_id == said.session_id), None)
    if running is not None:
        host.owed = said
        if running.parted is not None:  # whoever asks how it ended is not in it any more: a process that began anew
            yield from end_visit(board, running, EndCause.CONNECTION_LOST, now)
    else:
        yield from show_end(host, said, now)
        yield from ask_all(board, host)


# ---- what a host shows


def _shown(board: Board, host: HostHere, head: Head, now: Instant) -> Talk:
    held: Held | None = yield FindHeld(host.host_id)
    asked = host.questions.asked(head)
    if asked is None or asked.known != size_of(held):
        # A connection that took over, or a person who acknowledged, changed meanwhile what is held: the proof is of something else.
        host.questions.over()
        yield from ask(host, head.session_id)
        return
    try:
        believed = believe(host.host_id, held, head, Side.HOST, host.key, ed25519_verifies, first=host.questions.first)
    except Doubted as fault:
        host.questions.over()
        raised = Raised(host.host_id, fault.doubt, held.note if held is not None else "", head.note)
        yield from _doubt(board, host, raised, now)
        return
    if not board.doubts(host.host_id) and (not believed.events or (yield Record(believed.events))):
        yield HoldHead(host.host_id, believed.held)
        host.questions.first = False
        if head.session_id:
            yield from _closed(head.session_id)
    host.questions.over()
    yield from ask(host)


def _closed(session_id: str) -> Talk:
    """This host has shown, signed, that its log holds the end of the visit: the visit is closed."""
    yield MarkClosed(session_id)


def _doubt(board: Board, host: HostHere, raised: Raised, now: Instant) -> Talk:
    """What this host showed does not fit. Found again while it stands, it is only told again: the host may not have heard it."""
    if host.host_id not in board.doubted or not (yield WasRaised(raised)):
        running = frozenset(each.session_id for each in host.visits)
        yield from _stop(board, raised.subject, now, raised)
        yield from _give_up(host, running)
    yield say(host.socket, raised.words)


def _give_up(host: HostHere, running: frozenset[str]) -> Talk:
    """Ends of before are asked for no more: a log that was begun anew cannot show them, and the doubt is recorded."""
    unclosed: tuple[str, ...] = yield FindUnclosed(host.host_id)
    for session_id in unclosed:
        if session_id not in running:
            yield MarkClosed(session_id)


# ---- what is said of ours


def _told(board: Board, host: HostHere, said: LogDoubted, now: Instant) -> Talk:
    raised = Raised(host.host_id, said.doubt, said.held, said.given, told=True)
    if host.told or (yield WasRaised(raised)):
        return
    host.told = True
    yield from _stop(board, host.host_id, now, raised)
    if said.doubt is not Doubt.OWN_LOG:
        yield from _look_at_own(board, said.held, now)


def _told_by_console(board: Board, console: ConsoleHere, said: LogDoubted, now: Instant) -> Talk:
    raised = Raised(console.technician_id, said.doubt, said.held, said.given, told=True)
    if console.told:
        return
    console.told = True
    yield Note(raised.event)
    yield from _look_at_own(board, said.held, now)


def _look_at_own(board: Board, held: str, now: Instant) -> Talk:
    """Is it true? Then it is not about one host: nobody's visit can be proven by a log that does not continue what was signed of it."""
    if board.broker_id in board.doubted or not (yield Disagrees(held)):
        return
    head: Head | Deny = yield FindHead(0, ALONE)
    given = head.note if isinstance(head, Head) else ""
    yield from _stop(board, board.broker_id, now, Raised(board.broker_id, Doubt.OWN_LOG, held, given))


# ---- stopping, and going on


def own_log_doubted(board: Board, held: str, given: str, now: Instant) -> Talk:
    """An old entry of our own log is not what was signed: nobody's visit can be proven by it."""
    if board.broker_id not in board.doubted:
        yield from _stop(board, board.broker_id, now, Raised(board.broker_id, Doubt.OWN_LOG, held, given))


def _stop(board: Board, subject: str, now: Instant, raised: Raised) -> Talk:
    """No code and no visit of this host any more, or of any host: first in memory, then recorded and kept."""
    fresh = subject not in board.doubted
    board.doubted.setdefault(subject, False)
    yield from _end_visits(board, now)
    yield Note(raised.event)
    kept = yield KeepDoubt(raised)
    if fresh and kept:
        board.doubted[subject] = True


def _end_visits(board: Board, now: Instant) -> Talk:
    for visit in list(board.visits.values()):
        if board.doubts(visit.host_id):
            yield from end_visit(board, visit, EndCause.LOG_DOUBTED, now)


def kept_doubts(board: Board) -> frozenset[str]:
    """Subjects whose doubt the database holds. One that could not be kept stands in memory alone, until this process ends."""
    return frozenset(subject for subject, kept in board.doubted.items() if kept)


def doubts_now(board: Board, before: Collection[str], standing: Collection[str], now: Instant) -> Talk:
    """Which subjects are in doubt by the database, where others write too. `before`: those that it held when it was asked; what of them
    is there no more was acknowledged, and is over.
    """
    over = [subject for subject in before if subject not in standing]
    for subject in over:
        board.doubted.pop(subject, None)
    board.doubted.update(dict.fromkeys(standing, True))
    yield from _end_visits(board, now)
    for subject in over:
        host = board.hosts.get(subject)
        if host is not None:
            host.told, host.questions.first = False, True
            yield from ask_all(board, host)
