"""*Get help*: the code that the person reads out, from its drawing to its end (docs/protocol.md, section 3).

The host draws eight characters and tells the broker a keyed digest of the first four; the last four never leave. A code
lives ten minutes, works once, and is burnt by three failed agreements here or five wrong first halves at the broker.
Asking again closes the old code first, so that two are never good at once.
"""

from dataclasses import dataclass

from audit.events import host
from host_client.core.agreement import Code, Returning
from host_client.core.commands import MarkCode, Note, Record, StartTimer, StopTimer, Talk, Tell, to_broker
from host_client.core.events import Timer
from host_client.core.ports import Ports, Seat
from host_client.link import ShowAttempt, ShowCode, ShowCodeOver
from host_client.link_restart import ShowReturning
from policy.decision import Reason
from policy.instant import Instant
from wire.code import CODE_ENTROPY, SupportCode, draw_halves, first_half_digest
from wire.limits import TICKET_SECONDS
from wire.messages.ticket import TicketClose, TicketOpen, TicketOpened, TicketOver, TicketTried, WatchOpen

SALT = 32


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What waits for the broker's word. `ticket`: the digits that it has to give; None: any."""

    first: str
    second: str
    ticket: str | None = None
    returning: Returning | None = None
    seconds: int = TICKET_SECONDS
    watched: str = ""
    """The visit that whoever has this code watches, and nothing more."""


class Help:
    """At most one code, drawn or out."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._drawn: _Drawn | None = None
        """Drawn, and waiting for the broker's digits."""
        self.code: Code | None = None

    @property
    def idle(self) -> bool:
        """Neither drawn nor out?"""
        return self.code is None and self._drawn is None

    @property
    def waiting(self) -> bool:
        """Is a code drawn whose digits the broker has not given yet?"""
        return self._drawn is not None

    def pressed(self, seat: Seat, watched: str = "") -> Talk:
        """*Get help* was pressed, or a new code asked for. `watched`: it is for somebody who only watches this visit."""
        yield from self.close(None, tell=False)
        person = {"account": seat.account, "login_session": seat.login_session}
        recorded = yield Record((host.WatchAsked(session_id=watched, **person) if watched else host.HelpPressed(**person),))
        if not recorded:
            yield Tell(ShowCodeOver(Reason.LOG_UNAVAILABLE))
            return
        yield from self._open(_Drawn(*draw_halves(self._ports.entropy(CODE_ENTROPY)), watched=watched))

    def await_return(self, value: SupportCode, returning: Returning, seconds: int) -> Talk:
        """After a restart: a code that nobody reads out, because this technician holds it already."""
        yield from self.close(None, tell=False)
        yield from self._open(_Drawn(value.first, value.second, value.ticket, returning, seconds))

    def _open(self, drawn: _Drawn) -> Talk:
        self._drawn = drawn
        salt = self._ports.entropy(SALT)
        digest = first_half_digest(salt, drawn.first)
        yield to_broker(WatchOpen(drawn.watched, salt, digest) if drawn.watched else TicketOpen(salt, digest, drawn.ticket))

    def opened(self, said: TicketOpened, now: Instant) -> Talk:
        """The broker gave the digits: the code is whole and shown."""
        drawn, self._drawn = self._drawn, None
        if drawn is None or drawn.ticket not in {None, said.ticket}:
            yield to_broker(TicketClose(said.ticket))  # nobody waits for it
            return
        seconds = min(said.seconds, drawn.seconds)
        code = Code(SupportCode(said.ticket, drawn.first, drawn.second), now, seconds, returning=drawn.returning)
        yield MarkCode(said.ticket)
        recorded = yield Record((_entry(code),))
        if not recorded:
            yield to_broker(TicketClose(said.ticket))
            yield MarkCode(None)
            yield Tell(ShowCodeOver(Reason.LOG_UNAVAILABLE))
            return
        self.code = code
        yield StartTimer(Timer.CODE, seconds)
        yield from self.show(now)

    def show(self, now: Instant) -> Talk:
        """Show the code that is out, or who may come back without one, with the time that is left."""
        if self.code is None:
            return
        left, returning = max(0, int(self.code.left(now))), self.code.returning
        if returning is None:
            yield Tell(ShowCode(self.code.value.shown(), left))
        else:
            yield Tell(ShowReturning(returning.name, returning.company, left))

    def refused(self, reason: Reason) -> Talk:
        """The broker opened no ticket."""
        drawn, self._drawn = self._drawn, None
        if drawn is None:
            return
        yield Note(host.Refusal(session_id="", about="ticket_open", reason=reason))
        if drawn.returning is None:
            yield Tell(ShowCodeOver(reason))
        else:
            yield Note(host.ReturnOver(technician_id=drawn.returning.technician_id, reason=reason))

    def tried(self, said: TicketTried) -> Talk:
        """Somebody entered a wrong first half."""
        if self.code is not None and self.code.value.ticket == said.ticket:
            yield Tell(ShowAttempt(said.tries_left))
            yield Note(host.CodeTried(ticket=said.ticket, tries_left=said.tries_left))

    def over(self, said: TicketOver) -> Talk:
        """The broker says that the code is worth nothing any more."""
        if self.code is not None and self.code.value.ticket == said.ticket:
            yield from self.finish(said.reason)

    def expired(self) -> Talk:
        """Its time is up."""
        yield from self.close(Reason.CODE_EXPIRED)

    def close(self, reason: Reason | None, *, tell: bool = True) -> Talk:
        """Take the code back and tell the broker. `reason` is None when the person did."""
        self._drawn = None
        if self.code is not None:
            ticket = self.code.value.ticket
            yield from self.finish(reason, tell=tell)
            yield to_broker(TicketClose(ticket))

    def finish(self, reason: Reason | None, *, tell: bool = True) -> Talk:
        """The code is over; the broker knows. It goes before anything else is said."""
        code, self.code = self.code, None
        self._drawn = None
        if code is None:
            return
        yield StopTimer(Timer.CODE)
        yield MarkCode(None)
        yield Note(host.CodeOver(ticket=code.value.ticket, reason=reason))
        if tell and reason is not None:
            yield Tell(ShowCodeOver(reason))


def _entry(code: Code) -> host.CodeShown | host.ReturnOpened:
    if code.returning is None:
        return host.CodeShown(ticket=code.value.ticket, seconds=code.seconds)
    return host.ReturnOpened(ticket=code.value.ticket, technician_id=code.returning.technician_id, seconds=code.seconds)
