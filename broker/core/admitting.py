"""The claim of a code: eight numbered steps, each recorded whichever way it goes (docs/protocol.md, section 6).

A right first half reserves the ticket at once, in memory, before the log is asked: of two technicians with the right
half at the same instant the second finds it reserved. The reservation widens nothing by itself; the session does, and
that is made only after every step was recorded.
"""

from dataclasses import dataclass

from audit.events import broker as log
from audit.events.people import GuessingBraked
from audit.events.visit import AdmissionStep, SessionEnded
from broker.core import watching
from broker.core.board import Board, ConsoleHere, HostHere, Ticket
from broker.core.commands import (
    AddUnclosed,
    Draw,
    FindSignIn,
    KeepTally,
    MarkClosed,
    Note,
    Record,
    SignInFacts,
    StartTimer,
    Talk,
    refuse,
    say,
)
from broker.core.ending import end_visit
from broker.core.events import Timer
from broker.core.handing_on import NO_SITE, hosts_of_site
from broker.core.visit import Entry, Visit
from policy.admission import Said, Step, TechnicianFacts, TicketFacts, admission_steps
from policy.decision import Allow, Decision, Deny, Reason
from policy.documents import HostFacts
from policy.instant import Instant
from policy.one_time import TicketState, may_try, release, reserve, wrong_half
from policy.permissions import Permission
from policy.session import EndCause
from policy.throttle import CODE_BRAKE_ADDRESS, CODE_BRAKE_GLOBAL, CODE_BRAKE_TECHNICIAN, Brake, Tally, begins_pause
from wire.code import is_first_half
from wire.limits import PASS_SECONDS
from wire.messages.presence import EndRole
from wire.messages.ticket import SessionOffered, TicketAdmitted, TicketClaim, TicketOver, TicketTried
from wire.schema import base64url, name_of

_ABOUT = name_of(TicketClaim)
_EVERYBODY = "code everybody"
_OF_THE_HOST = {4, 5, 6}
"""Steps whose refusal says something about the host that a ticket belongs to. So does a training that is missing for its region."""
_NOTHING = Said(Allow(), Allow(), Allow())
"""What documents say of a number that nobody was given."""
_SESSION_ID_BYTES = 16
_PASS_BYTES = 32


@dataclass(frozen=True, slots=True)
class Found:
    """What a claim is about, as far as it exists."""

    ticket: Ticket | None
    host: HostFacts
    online: bool
    tried: Decision
    """What the ticket and the brakes say; CODE_WRONG for a wrong half, and for a number that nobody was given."""
    guessed: bool
    """Was this a guess that counts?"""


def claim(board: Board, console: ConsoleHere, said: TicketClaim, now: Instant) -> Talk:
    """Decide on one claim and, if all steps pass, begin the visit."""
    sign_in: SignInFacts | None = yield FindSignIn(console.sign_in)
    if console.visit is not None and console.visit.parted is not None:
        # A page that enters another code does not come back to the visit whose line was cut.
        yield from end_visit(board, console.visit, EndCause.CONNECTION_LOST, now)
    if console.visit is not None or board.stopping:
        yield refuse(console.socket, _ABOUT, Reason.WRONG_MOMENT)
        yield Note(_tried(console, said, None, board, Reason.WRONG_MOMENT))
        return
    found = _find(board, console, said, now)
    technician = _technician(board, console, sign_in, now)
    facts = TicketFacts(found.tried, bool(said.case_reference.strip()))
    documents = board.said(console.technician_id, found.host.host_id, Permission.VIEW, now) if found.ticket is not None else _NOTHING
    steps = tuple(admission_steps(technician, found.host, found.online, facts, board.admission, documents))
    entries = tuple(_entry(console, said, found, step) for step in steps)
    decided = steps[-1].decision
    if isinstance(decided, Deny):
        yield from _denied(board, console, said, found, steps, decided.reason, now)
        for entry in entries:
            yield Note(entry)
        return
    assert found.ticket is not None
    yield from _admitted(board, console, said, found.ticket, entries, now)


def _technician(board: Board, console: ConsoleHere, sign_in: SignInFacts | None, now: Instant) -> TechnicianFacts:
    person = board.person(console.technician_id, now)
    return TechnicianFacts(
        technician_id=console.technician_id,
        signed_in=sign_in is not None,
        factor_age=sign_in.factor_age if sign_in else None,
        device_recognised=board.recognises(console.technician_id, console.device, now),
        listed=person is not None,
        active=person is not None and person.active,
        groups=frozenset(person.groups) if person else frozenset(),
    )


def _find(board: Board, console: ConsoleHere, said: TicketClaim, now: Instant) -> Found:
    braked = _brakes(board, console, now)
    ticket = board.tickets.get(said.ticket)
    if ticket is None:
        return _nobodys(board, console, braked, now)
    host = board.facts(ticket.host_id, now)
    tried = may_try(ticket.standing, console.technician_id, now, board.ticket_rules)
    right = is_first_half(said.first_half, ticket.salt, ticket.digest)
    # Whoever knows the code of a host that is in doubt is told why it opens nothing, also when the host took the code back for it.
    doubted = Deny(Reason.LOG_DOUBTED) if right and board.doubts(ticket.host_id) else tried
    if right and isinstance(doubted, Allow) and watching.is_watched(board, ticket, console.technician_id):
        doubted = Deny(Reason.SAME_PERSON)
    decided = braked if isinstance(braked, Deny) else doubted
    if isinstance(decided, Deny):
        return Found(ticket, host, ticket.host_id in board.hosts, decided, guessed=False)
    return Found(ticket, host, ticket.host_id in board.hosts, Allow() if right else Deny(Reason.CODE_WRONG), guessed=not right)


def _nobodys(board: Board, console: ConsoleHere, braked: Decision, now: Instant) -> Found:
    # A number that nobody was given is answered like a wrong half at a host the technician may see.
    person = board.person(console.technician_id, now)
    group = person.groups[0] if person and person.groups else ""
    decided = braked if isinstance(braked, Deny) else Deny(Reason.CODE_WRONG)
    return Found(None, HostFacts("", group, listed=True, phi=False), online=True, tried=decided, guessed=not isinstance(braked, Deny))


def _brakes(board: Board, console: ConsoleHere, now: Instant) -> Decision:
    """The brakes that others pull too hold only those who guessed wrong themselves: nobody delays a technician with a clean hand."""
    own = board.may_try(_subject(console), CODE_BRAKE_TECHNICIAN, now)
    if isinstance(own, Deny) or not board.tallies.get(_subject(console), Tally()).failed_at:
        return own
    shared = (board.may_try(subject, brake, now) for subject, brake in _shared(console))
    return next((each for each in shared if isinstance(each, Deny)), own)


def _shared(console: ConsoleHere) -> tuple[tuple[str, Brake], ...]:
    return ((f"code from {console.address}", CODE_BRAKE_ADDRESS), (_EVERYBODY, CODE_BRAKE_GLOBAL))


def _subject(console: ConsoleHere) -> str:
    return f"code {console.technician_id}"


def _entry(console: ConsoleHere, said: TicketClaim, found: Found, step: Step) -> AdmissionStep:
    reason = step.decision.reason if isinstance(step.decision, Deny) else None
    return AdmissionStep(
        session_id="",
        ticket=said.ticket,
        technician_id=console.technician_id,
        host_id=found.host.host_id,
        step=step.number,
        reason=reason,
    )


def _tried(console: ConsoleHere, said: TicketClaim, ticket: Ticket | None, board: Board, reason: Reason) -> log.TicketTried:
    left = board.ticket_rules.tries - ticket.standing.tries_used() if ticket else 0
    return log.TicketTried(technician_id=console.technician_id, ticket=said.ticket, tries_left=max(0, left), reason=reason)


# ---- denied


def _denied(
    board: Board, console: ConsoleHere, said: TicketClaim, found: Found, steps: tuple[Step, ...], reason: Reason, now: Instant
) -> Talk:
    at_code = steps[-1].number == 7
    of_the_host = steps[-1].number in _OF_THE_HOST or reason is Reason.TRAINING_EXPIRED
    if of_the_host and isinstance(found.tried, Deny) and found.tried.reason is not Reason.LOG_DOUBTED:
        yield from _not_told(board, console, said, found.tried.reason, now)
        return
    if at_code and found.guessed:
        yield from _count(board, console, found.ticket, now)
    yield refuse(console.socket, _ABOUT, reason)
    if at_code:
        yield Note(_tried(console, said, found.ticket, board, reason))


def _not_told(board: Board, console: ConsoleHere, said: TicketClaim, tried: Reason, now: Instant) -> Talk:
    """Whoever does not know the first half learns nothing of the host, not even that the number is given. The guess counts against
    the technician and never against the ticket: nobody burns the code of an instrument that is not theirs to help.
    """
    reason = tried if tried is Reason.TOO_MANY_TRIES else Reason.CODE_WRONG
    if reason is Reason.CODE_WRONG:
        yield from _count(board, console, None, now)
    yield refuse(console.socket, _ABOUT, reason)
    yield Note(_tried(console, said, None, board, reason))


def _count(board: Board, console: ConsoleHere, ticket: Ticket | None, now: Instant) -> Talk:
    """A wrong guess costs a try of the ticket and of every brake, before anybody is told. Whoever watches hears when a brake that many
    pull begins to hold: somebody may be walking through the numbers.
    """
    braked = ((_subject(console), CODE_BRAKE_TECHNICIAN), *_shared(console))
    tallies = [(subject, brake, board.count_failure(subject, brake, now)) for subject, brake in braked]
    if ticket is not None:
        ticket.standing = wrong_half(ticket.standing, console.technician_id, board.ticket_rules)
        yield from _tell_host(board, ticket, now)
    for subject, brake, tally in tallies:
        yield KeepTally(subject, tally)
        if brake is not CODE_BRAKE_TECHNICIAN and begins_pause(tally, now):
            address = console.address if brake is CODE_BRAKE_ADDRESS else None
            yield Note(GuessingBraked(address=address, reason=brake.reason, seconds=int(brake.pause)))


def _tell_host(board: Board, ticket: Ticket, now: Instant) -> Talk:
    host = board.hosts.get(ticket.host_id)
    if host is None or host.ticket is not ticket:
        return
    yield say(host.socket, TicketTried(ticket.number, board.ticket_rules.tries - ticket.standing.tries_used()))
    if ticket.standing.state is TicketState.BURNT:
        host.ticket = None
        yield say(host.socket, TicketOver(ticket.number, Reason.CODE_BURNT))
        yield Note(log.TicketClosed(ticket=ticket.number, host_id=ticket.host_id, reason=Reason.CODE_BURNT))
        yield from board.tell_instruments(ticket.host_id, now)


# ---- admitted


def _admitted(
    board: Board, console: ConsoleHere, said: TicketClaim, ticket: Ticket, steps: tuple[AdmissionStep, ...], now: Instant
) -> Talk:
    host = board.hosts[ticket.host_id]
    ticket.standing = reserved = reserve(ticket.standing, console.technician_id, now)
    drawn: bytes = yield Draw(_SESSION_ID_BYTES + 2 * _PASS_BYTES)
    visit = _visit(console, host, said, (drawn, ticket.watches), now)
    opened = log.SessionOpened(
        session_id=visit.session_id,
        ticket=visit.ticket,
        technician_id=visit.technician_id,
        host_id=visit.host_id,
        purpose=visit.purpose,
        case_reference=visit.case_reference,
    )
    board.opening.add(visit.session_id)
    recorded: bool = (yield AddUnclosed(visit.session_id, visit.host_id)) and (yield Record((*steps, opened)))
    board.opening.discard(visit.session_id)
    doubted = board.doubts(host.host_id)
    there = board.hosts.get(host.host_id) is host and host.ticket is ticket and watching.has_place(host, ticket)
    here = board.consoles.get(console.sign_in) is console
    if not (recorded and there and here) or doubted or board.stopping:
        if ticket.standing is reserved:
            ticket.standing = release(ticket.standing)
        yield from _not_opened(board, console, visit, (recorded, doubted), now)
        return
    console.visit = board.visits[visit.session_id] = visit
    if visit.watches:
        host.watch = visit
    else:
        host.visit = visit
    yield from _invite(board, console, host, visit, now)


def _not_opened(board: Board, console: ConsoleHere, visit: Visit, how: tuple[bool, bool], now: Instant) -> Talk:
    """It was not recorded, or somebody left while it was: then the log holds a beginning, and gets its end."""
    recorded, doubted = how
    offline = Reason.LOG_DOUBTED if doubted else Reason.HOST_OFFLINE
    yield refuse(console.socket, _ABOUT, offline if recorded else Reason.LOG_UNAVAILABLE)
    if recorded:
        cause = EndCause.LOG_DOUBTED if doubted else EndCause.CONNECTION_LOST
        yield Note(SessionEnded(session_id=visit.session_id, by=board.broker_id, cause=cause, said_at=int(now.utc)))
    else:
        yield MarkClosed(visit.session_id)


def _visit(console: ConsoleHere, host: HostHere, said: TicketClaim, made: tuple[bytes, str], now: Instant) -> Visit:
    drawn, watches = made
    passes = drawn[_SESSION_ID_BYTES:]
    entries = {
        EndRole.HOST: Entry(passes[:_PASS_BYTES], now, host.socket),
        EndRole.CONSOLE: Entry(passes[_PASS_BYTES:], now, console.socket),
    }
    return Visit(
        session_id=f"s-{base64url(drawn[:_SESSION_ID_BYTES])}",
        ticket=said.ticket,
        host_id=host.host_id,
        technician_id=console.technician_id,
        sign_in=console.sign_in,
        device=console.device,
        purpose=said.purpose,
        case_reference=said.case_reference,
        began=now,
        lease_from=now,
        entries=entries,
        watches=watches,
    )


def _invite(board: Board, console: ConsoleHere, host: HostHere, visit: Visit, now: Instant) -> Talk:
    listed = board.listed_host(visit.host_id, now)
    name, site = (listed.name, listed.site) if listed else (visit.host_id, NO_SITE)
    host_pass, console_pass = (visit.entries[role].socket_pass for role in (EndRole.HOST, EndRole.CONSOLE))
    offered = SessionOffered(
        visit.session_id, visit.ticket, visit.technician_id, visit.purpose, visit.case_reference, host_pass, PASS_SECONDS
    )
    yield StartTimer(host.socket, Timer.JOIN, PASS_SECONDS)
    yield say(host.socket, offered)
    yield from hosts_of_site(board, console, site)
    yield say(console.socket, TicketAdmitted(visit.session_id, visit.ticket, visit.host_id, name, console_pass, PASS_SECONDS))
    yield from board.tell_instruments(visit.host_id, now)
