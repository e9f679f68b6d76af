"""The control socket of one technician: opening, instruments, the claim of a code, and requests to be called."""

from collections.abc import Mapping
from typing import assert_never

from audit.events import broker as log
from audit.events.visit import FrameRefused
from broker.core import calls, heads, reconnecting
from broker.core.admitting import claim
from broker.core.board import Board, ConsoleHere
from broker.core.commands import (
    Close,
    Note,
    NoteStranger,
    Record,
    SignInId,
    SocketId,
    StartTimer,
    Talk,
    refuse,
    say,
)
from broker.core.ending import end_visit
from broker.core.events import Event, Fired, Opened, Received, Timer
from broker.core.handing_on import NO_SITE, to_console
from broker.core.opening import Greeting, control_message, greet, proven
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.roles import Operation, Role, may
from policy.session import EndCause
from policy.throttle import address_group
from wire.limits import AUTHENTICATION_SECONDS
from wire.messages.call import CallAsk
from wire.messages.documents import Authenticator
from wire.messages.evidence import HeadWanted, LogDoubted
from wire.messages.presence import EndRole, Hello, Welcome
from wire.messages.session import ReconnectWanted, VisitLeft
from wire.messages.ticket import TicketClaim
from wire.schema import MalformedMessage, name_of

Said = TicketClaim | ReconnectWanted | VisitLeft | CallAsk | HeadWanted | LogDoubted
SAYS: Mapping[type[Said], Operation] = {
    TicketClaim: Operation.TICKET_CLAIM,
    ReconnectWanted: Operation.VISIT_JOIN,
    VisitLeft: Operation.VISIT_JOIN,
    CallAsk: Operation.CALL_ASK,
    HeadWanted: Operation.HEAD_SEE,
    LogDoubted: Operation.HEAD_SEE,
}
"""Everything that a console may say, and what that is. What is not here is nothing."""


class ConsoleControl:
    """One connection, opened with the cookie of `sign_in`. `console` is None until the device was proven."""

    def __init__(self, board: Board, socket: SocketId, address: str, sign_in: SignInId, technician_id: str, role: Role) -> None:
        self._board = board
        self._socket = socket
        self._address = address
        self._sign_in = sign_in
        self._technician_id = technician_id
        self._role = role
        self._greeting: Greeting | None = None
        self.console: ConsoleHere | None = None

    @property
    def proven(self) -> bool:
        """Has the device been proven?"""
        return self.console is not None

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event. See broker/core/__init__.py for the two rules."""
        match event:
            case Opened():
                yield StartTimer(self._socket, Timer.AUTHENTICATION, AUTHENTICATION_SECONDS)
            case Received(data):
                yield from self._received(data, now)
            case Fired(timer):
                yield from self._fired(timer)
            case _:
                yield from self._closed(now)

    def _received(self, data: bytes, now: Instant) -> Talk:
        try:
            if self._greeting is None:
                yield from self._greet(data, now)
            elif self.console is None:
                yield from self._prove(self._greeting, data, now)
            elif self._stands(self.console):
                yield from self._said(self.console, control_message(data, *SAYS), now)
        except MalformedMessage:
            yield from self._turn_away("message", Reason.MALFORMED)

    def _said(self, console: ConsoleHere, said: Said, now: Instant) -> Talk:
        decided = may(self._role, SAYS[type(said)])
        if isinstance(decided, Deny):
            yield from self._turn_away(name_of(type(said)), decided.reason)
            return
        match said:
            case TicketClaim():
                yield from claim(self._board, console, said, now)
            case ReconnectWanted():
                yield from reconnecting.wanted(self._board, EndRole.CONSOLE, self._socket, console.visit, said, now)
            case VisitLeft():
                yield from reconnecting.left(self._board, EndRole.CONSOLE, console.visit, said, now)
            case CallAsk():
                yield from calls.ask(self._board, console, said, now)
            case HeadWanted() | LogDoubted():
                heard = yield from heads.heard_from_console(self._board, console, said, now)
                if isinstance(heard, Deny):
                    yield from self._turn_away(name_of(type(said)), heard.reason)
            case _:
                assert_never(said)

    def _stands(self, console: ConsoleHere) -> bool:
        return self._board.consoles.get(self._sign_in) is console

    def _turn_away(self, about: str, reason: Reason) -> Talk:
        yield refuse(self._socket, about, reason)
        yield Close(self._socket, reason)
        if self.console is None:
            refused = log.TechnicianConnectRefused(technician_given=self._technician_id, address=self._address, reason=reason)
            yield NoteStranger(self._address, refused)
        else:
            yield Note(FrameRefused(subject=self._technician_id, reason=reason, what=about))

    # ---- opening

    def _greet(self, data: bytes, now: Instant) -> Talk:
        greeting = yield from greet(self._board, self._socket, EndRole.CONSOLE, control_message(data, Hello), NO_SITE, now)
        if isinstance(greeting, Deny):
            yield from self._turn_away("hello", greeting.reason)
        elif greeting.subject != self._technician_id:
            yield from self._turn_away("hello", Reason.IDENTITY_NOT_PROVEN)
        else:
            self._greeting = greeting

    def _prove(self, greeting: Greeting, data: bytes, now: Instant) -> Talk:
        person = self._board.person(self._technician_id, now)
        keys = person.authenticators if person is not None and person.active else ()
        device = proven(self._board, EndRole.CONSOLE, greeting, data, keys)
        if isinstance(device, Deny):
            yield from self._turn_away("end_proof", self._unknown(now) if device.reason is Reason.SIGNATURE_INVALID else device.reason)
            return
        shown = self._board.fingerprint(device.type, device.key)
        entry = log.TechnicianConnected(technician_id=self._technician_id, fingerprint=shown, address=self._address)
        recorded = yield Record((entry,))
        if not recorded or self._board.stopping:
            yield from self._turn_away("end_proof", Reason.LOG_UNAVAILABLE)
            return
        if not self._board.lets_in(self._technician_id, device, now):
            yield from self._turn_away("end_proof", self._unknown(now))  # other documents came while the log was written
            return
        yield from self._take_place(greeting, device, now)
        assert self.console is not None
        yield say(self._socket, Welcome(listed=True, at=int(now.utc)))
        yield from to_console(self._board, self.console)
        yield say(self._socket, self._board.instruments(self._technician_id, now, self.console.visit))

    def _unknown(self, now: Instant) -> Reason:
        return Reason.DEVICE_NOT_RECOGNISED if self._board.in_force(now) is not None else Reason.DOCUMENT_STALE

    def _take_place(self, greeting: Greeting, device: Authenticator, now: Instant) -> Talk:
        elder = self._board.consoles.get(self._sign_in)
        address = address_group(self._address)
        here = ConsoleHere(self._sign_in, self._technician_id, device, self._socket, address=address, documents=greeting.documents)
        self.console = self._board.consoles[self._sign_in] = here
        if elder is not None:
            # One sign-in, one console: the newest page that proved the device is the one the person looks at.
            if elder.visit is not None:
                yield from reconnecting.line_lost(self._board, elder.visit, now)
            yield Close(elder.socket, Reason.TAKEN_OVER)
        here.visit = reconnecting.of_console(self._board, here)

    # ---- deadlines and the end

    def _fired(self, timer: Timer) -> Talk:
        if timer is Timer.AUTHENTICATION and self.console is None:
            yield from self._turn_away("hello", Reason.IDENTITY_NOT_PROVEN)

    def _closed(self, now: Instant) -> Talk:
        console = self.console
        if console is not None and self._stands(console):
            del self._board.consoles[self._sign_in]
            if console.visit is not None:
                yield from reconnecting.line_lost(self._board, console.visit, now)
            yield Note(log.TechnicianDisconnected(technician_id=self._technician_id))


def leave(board: Board, console: ConsoleHere, cause: EndCause, reason: Reason, now: Instant) -> Talk:
    """This console may stay no longer: its visit ends, then its socket."""
    if console.visit is not None:
        yield from end_visit(board, console.visit, cause, now)
    yield refuse(console.socket, "console", reason)
    yield Close(console.socket, reason)
