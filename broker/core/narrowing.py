"""What takes effect on everybody at once: a new directory, a sign-out, the end of the process. All of it narrows."""

from collections.abc import Mapping

from broker.core.board import Board, ConsoleHere
from broker.core.commands import Close, SignInId, Talk, say
from broker.core.console_control import leave
from broker.core.ending import end_visit
from broker.core.visit import Visit
from policy.decision import Reason
from policy.instant import Instant
from policy.session import EndCause
from wire.messages.documents import Directory
from wire.messages.presence import DirectoryChanged
from wire.statements import Statement


def directory_changed(board: Board, directory: Directory, statement: Statement, now: Instant) -> Talk:
    """A directory that was verified, recorded and stored takes effect: who it does not list any more must go, now."""
    if board.directory is not None and directory.version <= board.directory.version:
        return  # two were published at once, and the newer came first
    board.directory, board.directory_statement = directory, statement
    for visit in list(board.visits.values()):
        if not _still_listed(board, visit, now):
            yield from end_visit(board, visit, EndCause.POLICY, now)
    for console in list(board.consoles.values()):
        if not _recognised(board, console, now):
            yield from leave(board, console, EndCause.POLICY, Reason.DEVICE_NOT_RECOGNISED, now)
    yield from _tell_everybody(board, statement, now)


def _still_listed(board: Board, visit: Visit, now: Instant) -> bool:
    person, host = board.person(visit.technician_id, now), board.listed_host(visit.host_id, now)
    if person is None or host is None:
        return False
    return person.active and host.group in person.groups and visit.device in person.authenticators


def _recognised(board: Board, console: ConsoleHere, now: Instant) -> bool:
    person = board.person(console.technician_id, now)
    return person is not None and person.active and console.device in person.authenticators


def _tell_everybody(board: Board, statement: Statement, now: Instant) -> Talk:
    for host in list(board.hosts.values()):
        yield say(host.socket, DirectoryChanged(statement))
    for console in list(board.consoles.values()):
        yield say(console.socket, DirectoryChanged(statement))
        yield say(console.socket, board.instruments(console.technician_id, now))


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


def stopping(board: Board, now: Instant) -> Talk:
    """The process ends: nothing new begins, and every visit ends with its own cause."""
    board.stopping = True
    for visit in list(board.visits.values()):
        yield from end_visit(board, visit, EndCause.BROKER_STOPPED, now)
    for console in list(board.consoles.values()):
        yield Close(console.socket, Reason.SESSION_OVER)
    for host in list(board.hosts.values()):
        yield Close(host.socket, Reason.SESSION_OVER)
