"""The control socket of one host: opening, codes, leases. The host decides what happens there; the broker keeps count."""

from collections.abc import Generator, Mapping
from typing import Any, assert_never

from audit.events import broker as log
from audit.events.visit import FrameRefused
from broker.core import calls, heads, receipts, reconnecting, rights, watching
from broker.core.board import Board, HostHere, Ticket
from broker.core.chat import open_chat
from broker.core.commands import (
    Close,
    Command,
    Draw,
    FindHost,
    HostRecord,
    Note,
    NoteStranger,
    Record,
    SocketId,
    StartTimer,
    Talk,
    refuse,
    say,
)
from broker.core.ending import end_visit
from broker.core.events import Event, Fired, Opened, Received, Timer
from broker.core.handing_on import to_host
from broker.core.ledger import forward_early_ask
from broker.core.opening import Greeting, control_message, greet, proven
from broker.core.proof import host_key
from broker.core.visit import Visit
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.one_time import TicketStanding, TicketState, finish, reserve
from policy.roles import Operation
from policy.session import EndCause, SessionEvent, SessionState
from wire.limits import AUTHENTICATION_SECONDS, LEASE_SECONDS, SESSION_HARD_LIMIT_SECONDS, TICKET_SECONDS
from wire.messages.call import CallSeen
from wire.messages.evidence import Head, HeadWanted, LogDoubted, ReceiptOffered, ReceiptSealed
from wire.messages.presence import EndRole, Hello, Welcome
from wire.messages.session import LeaseHeld, LeaseRenew, ReconnectWanted, VisitLeft
from wire.messages.ticket import TicketBurnt, TicketClose, TicketOpen, TicketOpened, TicketOver, TicketSpent, WatchOpen
from wire.schema import MalformedMessage, name_of

OfTheCode = TicketOpen | WatchOpen | TicketClose | TicketSpent | TicketBurnt
Said = OfTheCode | LeaseRenew | ReconnectWanted | VisitLeft | CallSeen | heads.Compares | receipts.Gives
SAYS: Mapping[type[Said], Operation] = {
    TicketOpen: Operation.TICKET_KEEP,
    WatchOpen: Operation.TICKET_KEEP,
    TicketClose: Operation.TICKET_KEEP,
    TicketSpent: Operation.TICKET_KEEP,
    TicketBurnt: Operation.TICKET_KEEP,
    LeaseRenew: Operation.LEASE_RENEW,
    ReconnectWanted: Operation.VISIT_JOIN,
    VisitLeft: Operation.VISIT_JOIN,
    CallSeen: Operation.CALL_SHOW,
    HeadWanted: Operation.LOG_COMPARE,
    Head: Operation.LOG_COMPARE,
    LogDoubted: Operation.LOG_COMPARE,
    ReceiptOffered: Operation.LOG_COMPARE,
    ReceiptSealed: Operation.LOG_COMPARE,
}
"""Everything that a host may say, and what that is. Each is about this host alone: none names another."""
_NUMBERS = 10**6


class HostControl:
    """One connection. `host` is None until the key was proven."""

    def __init__(self, board: Board, socket: SocketId, address: str) -> None:
        self._board = board
        self._socket = socket
        self._address = address
        self._greeting: Greeting | None = None
        self._enrolled: HostRecord | None = None
        self.host: HostHere | None = None

    @property
    def proven(self) -> bool:
        """Has the key been proven?"""
        return self.host is not None

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event. See broker/core/__init__.py for the two rules."""
        match event:
            case Opened():
                yield StartTimer(self._socket, Timer.AUTHENTICATION, AUTHENTICATION_SECONDS)
            case Received(data):
                yield from self._received(data, now)
            case Fired(timer):
                yield from self._fired(timer, now)
            case _:
                yield from self._closed(now)

    def _received(self, data: bytes, now: Instant) -> Talk:
        try:
            if self._greeting is None:
                yield from self._greet(data, now)
            elif self.host is None:
                yield from self._prove(self._greeting, data, now)
            elif self._stands(self.host):
                yield from self._said(self.host, data, now)
        except MalformedMessage:
            yield from self._turn_away("message", Reason.MALFORMED)

    def _stands(self, host: HostHere) -> bool:
        return self._board.hosts.get(host.host_id) is host

    def _turn_away(self, about: str, reason: Reason) -> Talk:
        yield refuse(self._socket, about, reason)
        yield Close(self._socket, reason)
        if self.host is None:
            given = self._greeting.subject if self._greeting else ""
            yield NoteStranger(self._address, log.HostConnectRefused(host_given=given, address=self._address, reason=reason))
        else:
            yield Note(FrameRefused(subject=self.host.host_id, reason=reason, what=about))

    def _refuse(self, host: HostHere, about: str, reason: Reason) -> Talk:
        yield refuse(self._socket, about, reason)
        yield Note(FrameRefused(subject=host.host_id, reason=reason, what=about))

    # ---- opening

    def _greet(self, data: bytes, now: Instant) -> Talk:
        hello = control_message(data, Hello)
        listed = self._board.listed_host(hello.subject, now)
        self._enrolled = yield FindHost(hello.subject)
        # Documents name people: who is neither listed nor enrolled is told nothing.
        # The site is that of the enrolment: the host believes no other, whatever it is listed under since.
        site = self._enrolled.site if self._enrolled else listed.site if listed else None
        greeting = yield from greet(self._board, self._socket, EndRole.HOST, hello, site, now)
        if isinstance(greeting, Deny):
            yield from self._turn_away("hello", greeting.reason)
        else:
            self._greeting = greeting

    def _prove(self, greeting: Greeting, data: bytes, now: Instant) -> Talk:
        listed, enrolled = self._board.listed_host(greeting.subject, now), self._enrolled
        # The documents have the last word on a key; a host that is only enrolled is *new* and proves the key it made.
        key = listed.key if listed else enrolled.key if enrolled else None
        decided = proven(self._board, EndRole.HOST, greeting, data, (host_key(key),) if key else ())
        if isinstance(decided, Deny):
            yield from self._turn_away("end_proof", Reason.IDENTITY_NOT_PROVEN)
            return
        recorded = yield Record((log.HostConnected(host_id=greeting.subject, address=self._address, listed=listed is not None),))
        if not recorded or self._board.stopping:
            yield from self._turn_away("end_proof", Reason.LOG_UNAVAILABLE)
            return
        here = yield from self._take_place(greeting, decided.key, now)
        yield say(self._socket, Welcome(self._board.listed_host(greeting.subject, now) is not None, int(now.utc)))
        yield from to_host(self._board, here)
        yield from self._board.tell_instruments(greeting.subject, now)
        yield from calls.deliver(self._board, here, now)

    def _take_place(self, greeting: Greeting, key: bytes, now: Instant) -> Generator[Command, Any, HostHere]:
        host_id, listed, enrolled = greeting.subject, self._board.listed_host(greeting.subject, now), self._enrolled
        elder = self._board.hosts.get(host_id)
        site = enrolled.site if enrolled else listed.site if listed else ""
        stated = enrolled is not None and enrolled.phi
        self.host = here = self._board.hosts[host_id] = HostHere(host_id, self._socket, site, stated, greeting.documents, key)
        if elder is not None:
            # Never two live sockets for one identity; the elder goes only now that this one has proven the key.
            yield from _leave(self._board, elder, now)
            yield Close(elder.socket, Reason.TAKEN_OVER)
        here.visit = reconnecting.of_host(self._board, host_id)
        if here.visit is not None:
            yield from reconnecting.host_is_back(here.visit, here, now)
        return here

    # ---- what a proven host says

    def _said(self, host: HostHere, data: bytes, now: Instant) -> Talk:
        said = control_message(data, *SAYS)
        match said:
            case TicketOpen() | WatchOpen() | TicketClose() | TicketSpent() | TicketBurnt():
                yield from self._of_the_code(host, said, now)
            case LeaseRenew():
                yield from self._renew(host, said, now)
            case ReconnectWanted():
                yield from reconnecting.wanted(self._board, EndRole.HOST, self._socket, host.visit, said, now)
            case VisitLeft():
                yield from reconnecting.left(self._board, EndRole.HOST, host.visit, said, now)
            case CallSeen():
                yield from calls.seen(self._board, host, said)
            case HeadWanted() | Head() | LogDoubted():
                decided = yield from heads.heard(self._board, host, said, now)
                if isinstance(decided, Deny):
                    yield from self._turn_away(name_of(type(said)), decided.reason)
            case ReceiptOffered() | ReceiptSealed():
                yield from receipts.heard(self._board, host, said, now)
            case _:
                assert_never(said)

    def _of_the_code(self, host: HostHere, said: OfTheCode, now: Instant) -> Talk:
        match said:
            case TicketOpen():
                yield from self._open_ticket(host, said, now)
            case WatchOpen():
                yield from self._open_watch(host, said, now)
            case TicketClose():
                yield from self._close_ticket(host, said.ticket, now)
            case TicketSpent():
                yield from self._spent(host, said, now)
            case TicketBurnt():
                yield from self._burnt(host, said, now)
            case _:
                assert_never(said)

    def _open_ticket(self, host: HostHere, said: TicketOpen, now: Instant) -> Talk:
        if self._board.listed_host(host.host_id, now) is None:
            yield from self._refuse(host, name_of(TicketOpen), Reason.HOST_NOT_LISTED)
            return
        if host.visit is not None and host.visit.parted is not None:
            # The person wants a new code: nobody comes back to the visit whose line was cut.
            yield from end_visit(self._board, host.visit, EndCause.CONNECTION_LOST, now)
        if host.visit is not None:
            yield from self._refuse(host, name_of(TicketOpen), Reason.HOST_BUSY)
            return
        if self._board.doubts(host.host_id):
            yield from self._refuse(host, name_of(TicketOpen), Reason.LOG_DOUBTED)
            return
        if said.ticket is not None and not (_is_number(said.ticket) and self._free(said.ticket, now)):
            yield from self._refuse(host, name_of(TicketOpen), Reason.CODE_USED if _is_number(said.ticket) else Reason.MALFORMED)
            return
        yield from self._new_ticket(host, said, said.ticket, "", now)

    def _open_watch(self, host: HostHere, said: WatchOpen, now: Instant) -> Talk:
        decided = watching.may_open(host, said.session_id)
        if isinstance(decided, Deny):
            yield from self._refuse(host, name_of(WatchOpen), decided.reason)
        else:
            yield from self._new_ticket(host, said, None, said.session_id, now)

    def _new_ticket(self, host: HostHere, said: TicketOpen | WatchOpen, wanted: str | None, watches: str, now: Instant) -> Talk:
        yield from _finish_ticket(host, TicketState.CLOSED, None)
        number = wanted or (yield from self._new_number(now))
        recorded = yield Record((log.TicketOpened(ticket=number, host_id=host.host_id, seconds=TICKET_SECONDS),))
        if not recorded or not self._stands(host):
            yield refuse(self._socket, name_of(type(said)), Reason.LOG_UNAVAILABLE)
            return
        if not self._free(number, now):
            yield from self._refuse(host, name_of(type(said)), Reason.CODE_USED)  # another host was given it while the log was written
            return
        host.ticket = Ticket(number, host.host_id, said.salt, said.first_half_digest, TicketStanding(now), watches)
        self._board.tickets[number] = host.ticket
        yield StartTimer(self._socket, Timer.TICKET, TICKET_SECONDS)
        yield say(self._socket, TicketOpened(number, TICKET_SECONDS))
        yield from self._board.tell_instruments(host.host_id, now)

    def _new_number(self, now: Instant) -> Generator[Command, Any, str]:
        while True:
            drawn: bytes = yield Draw(8)
            number = f"{int.from_bytes(drawn, 'big') % _NUMBERS:06d}"
            if self._free(number, now):
                return number

    def _free(self, number: str, now: Instant) -> bool:
        """A number serves once: whoever comes back after a restart a second time finds it used."""
        self._board.forget_old_tickets(now)
        return number not in self._board.tickets

    def _close_ticket(self, host: HostHere, number: str, now: Instant) -> Talk:
        if host.ticket is None or host.ticket.number != number:
            return
        yield from _finish_ticket(host, TicketState.CLOSED, None)
        yield from self._board.tell_instruments(host.host_id, now)

    def _spent(self, host: HostHere, said: TicketSpent, now: Instant) -> Talk:
        visit = _visit_of(host, said.session_id, said.ticket)
        if visit is None or isinstance(visit.move(SessionEvent.IDENTITIES_PROVEN), Deny):
            yield from self._refuse(host, name_of(TicketSpent), Reason.WRONG_MOMENT)
            return
        yield from _finish_ticket(host, TicketState.SPENT, Reason.CODE_USED)
        if not visit.watches:
            yield from open_chat(self._board, visit, now)
        yield from rights.tell(self._board, visit, now)
        yield from forward_early_ask(self._board, visit, now)

    def _burnt(self, host: HostHere, said: TicketBurnt, now: Instant) -> Talk:
        visit = _visit_of(host, said.session_id, said.ticket)
        yield from _finish_ticket(host, TicketState.BURNT, Reason.CODE_BURNT)
        if visit is not None:
            yield from end_visit(self._board, visit, EndCause.CODE_BURNT, now)
        else:
            yield from self._board.tell_instruments(host.host_id, now)

    def _renew(self, host: HostHere, said: LeaseRenew, now: Instant) -> Talk:
        visit = next((each for each in host.visits if each.session_id == said.session_id), None)
        if visit is None:
            yield refuse(self._socket, name_of(LeaseRenew), Reason.SESSION_OVER)
            return
        visit.lease_from, visit.lapsed = now, False
        if host.ticket is not None and host.ticket.number == visit.ticket and host.ticket.standing.state is TicketState.RESERVED:
            # While the host stands by its running agreement nobody else may claim the same code.
            host.ticket.standing = reserve(host.ticket.standing, visit.technician_id, now)
        if not visit.watches:
            yield StartTimer(self._socket, Timer.LEASE, LEASE_SECONDS)
        yield say(self._socket, LeaseHeld(said.session_id, LEASE_SECONDS))

    # ---- deadlines and the end

    def _fired(self, timer: Timer, now: Instant) -> Talk:
        host = self.host
        if timer is Timer.AUTHENTICATION:
            if host is None:
                yield from self._turn_away("hello", Reason.IDENTITY_NOT_PROVEN)
        elif host is not None and self._stands(host):
            yield from self._deadline(host, timer, now)

    def _deadline(self, host: HostHere, timer: Timer, now: Instant) -> Talk:
        if timer is Timer.TICKET:
            yield from self._ticket_ran_out(host, now)
        elif host.visit is None:
            return
        elif timer is Timer.JOIN:
            for visit in host.visits:
                if visit.state is SessionState.ADMITTED and not visit.joined:
                    yield from end_visit(self._board, visit, EndCause.CONNECTION_LOST, now)
        elif timer is Timer.LEASE:
            yield from self._lease_ran_out(host.visit, now)
        elif timer is Timer.HARD_LIMIT and now.elapsed_since(host.visit.began) >= SESSION_HARD_LIMIT_SECONDS:
            yield from end_visit(self._board, host.visit, EndCause.TIME_LIMIT, now)

    def _lease_ran_out(self, visit: Visit, now: Instant) -> Talk:
        left, gone = visit.lease_left(now), visit.gone_in(now)
        if gone <= 0:
            yield from end_visit(self._board, visit, EndCause.LEASE_EXPIRED, now)
            return
        yield StartTimer(self._socket, Timer.LEASE, left if left > 0 else gone)
        if left <= 0 and not visit.lapsed:
            visit.lapsed = True
            yield Note(log.LeaseLapsed(session_id=visit.session_id, host_id=visit.host_id))

    def _ticket_ran_out(self, host: HostHere, now: Instant) -> Talk:
        if host.ticket is None:
            return
        left = TICKET_SECONDS - now.elapsed_since(host.ticket.standing.opened)
        if left > 0:
            yield StartTimer(self._socket, Timer.TICKET, left)
            return
        visit = host.watch if host.ticket.watches else host.visit
        yield say(self._socket, TicketOver(host.ticket.number, Reason.CODE_EXPIRED))
        yield from _finish_ticket(host, TicketState.CLOSED, Reason.CODE_EXPIRED)
        if visit is not None:
            yield from end_visit(self._board, visit, EndCause.CODE_EXPIRED, now)
        else:
            yield from self._board.tell_instruments(host.host_id, now)

    def _closed(self, now: Instant) -> Talk:
        host = self.host
        if host is not None and self._stands(host):
            del self._board.hosts[host.host_id]
            yield from _leave(self._board, host, now)
            yield Note(log.HostDisconnected(host_id=host.host_id))
            yield from self._board.tell_instruments(host.host_id, now)


def _leave(board: Board, host: HostHere, now: Instant) -> Talk:
    """The proven socket of this host is no more: its code ends with it, and the line of its visit is cut."""
    visit = host.visit
    yield from _finish_ticket(host, TicketState.CLOSED, Reason.CODE_EXPIRED)
    if visit is not None:
        yield from reconnecting.line_lost(board, visit, now)


def _finish_ticket(host: HostHere, state: TicketState, reason: Reason | None) -> Talk:
    """The code is over. Taking it out of play comes first."""
    ticket, host.ticket = host.ticket, None
    if ticket is None:
        return
    ticket.standing = finish(ticket.standing, state)
    yield Note(log.TicketClosed(ticket=ticket.number, host_id=host.host_id, reason=reason))


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal()


def _visit_of(host: HostHere, session_id: str, ticket: str) -> Visit | None:
    return next((visit for visit in host.visits if (visit.session_id, visit.ticket) == (session_id, ticket)), None)
