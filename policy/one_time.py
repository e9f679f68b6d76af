"""Things that work once: support codes, invitations, enrolment tokens, socket passes, TOTP steps. Pure values.

A ticket has two counters, and either burns it (docs/protocol.md, section 3): wrong first halves at the broker, failed
key agreements at the host. It is reserved for one technician between the right first half and the end of agreement.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant


class TicketState(StrEnum):
    """What a ticket is worth."""

    OPEN = "open"
    RESERVED = "reserved"
    SPENT = "spent"
    BURNT = "burnt"
    CLOSED = "closed"


CLOCK_CORRECTED_SECONDS = 5
"""A clock that goes back by less was corrected by its time service; by more, it was set."""


@dataclass(frozen=True, slots=True)
class TicketRules:
    """The numbers, as policy values. Seconds and counts."""

    lifetime: int = 600
    reserved_for: int = 60
    tries: int = 5
    tries_per_technician: int = 2


@dataclass(frozen=True, slots=True)
class TicketStanding:
    """Everything that decides what a ticket is worth. `tries` counts wrong first halves by technician."""

    opened: Instant
    state: TicketState = TicketState.OPEN
    tries: tuple[tuple[str, int], ...] = ()
    reserved_by: str = ""
    reserved_at: Instant | None = None

    def tries_used(self) -> int:
        """Wrong first halves, by anybody."""
        return sum(count for _, count in self.tries)

    def tries_by(self, technician: str) -> int:
        """Wrong first halves by this technician."""
        return dict(self.tries).get(technician, 0)


_ENDED = {
    TicketState.SPENT: Reason.CODE_USED,
    TicketState.BURNT: Reason.CODE_BURNT,
    TicketState.CLOSED: Reason.CODE_EXPIRED,
}


def may_try(ticket: TicketStanding, technician: str, now: Instant, rules: TicketRules) -> Decision:
    """May this technician enter a first half for this ticket now?"""
    if ticket.state in _ENDED:
        return Deny(_ENDED[ticket.state])
    if now.elapsed_since(ticket.opened) >= rules.lifetime:
        return Deny(Reason.CODE_EXPIRED)
    if ticket.tries_used() >= rules.tries:
        return Deny(Reason.CODE_BURNT)
    if ticket.tries_by(technician) >= rules.tries_per_technician:
        return Deny(Reason.TOO_MANY_TRIES)
    if ticket.state is TicketState.RESERVED and not _reservation_over(ticket, now, rules):
        return Deny(Reason.CODE_RESERVED)
    return Allow()


def _reservation_over(ticket: TicketStanding, now: Instant, rules: TicketRules) -> bool:
    return ticket.reserved_at is None or now.elapsed_since(ticket.reserved_at) >= rules.reserved_for


def wrong_half(ticket: TicketStanding, technician: str, rules: TicketRules) -> TicketStanding:
    """Count a wrong first half; the last one burns the ticket."""
    tries = dict(ticket.tries)
    tries[technician] = tries.get(technician, 0) + 1
    counted = replace(ticket, tries=tuple(sorted(tries.items())))
    burnt = counted.tries_used() >= rules.tries
    return replace(counted, state=TicketState.BURNT) if burnt else counted


def reserve(ticket: TicketStanding, technician: str, now: Instant) -> TicketStanding:
    """A right first half: nobody else may try while this technician proves the rest."""
    return replace(ticket, state=TicketState.RESERVED, reserved_by=technician, reserved_at=now)


def release(ticket: TicketStanding) -> TicketStanding:
    """The reserved session ended without agreement; the code may be tried again while it lives."""
    if ticket.state is not TicketState.RESERVED:
        return ticket
    return replace(ticket, state=TicketState.OPEN, reserved_by="", reserved_at=None)


def finish(ticket: TicketStanding, state: TicketState) -> TicketStanding:
    """Spent, burnt or closed: for good. A ticket that is over stays what it first became."""
    return ticket if ticket.state in _ENDED else replace(ticket, state=state)


def within(made: Instant, lifetime: float, now: Instant) -> bool:
    """Is something made then, and good for `lifetime` seconds, still good?"""
    return 0 <= now.elapsed_since(made) < lifetime


def within_calendar(made: float, lifetime: float, utc: float) -> bool:
    """The same for what outlives a process, in seconds since 1970. What was made after now was made before the clock was set back:
    nobody knows how long ago, so it is over.
    """
    return -CLOCK_CORRECTED_SECONDS <= utc - made < lifetime


TOTP_STEP_SECONDS = 30
"""A code of the app is new so often (RFC 6238)."""


def may_use_step(step: int, newest_used: int | None, current: int) -> Decision:
    """May this TOTP time step be accepted? One step of drift each way, never the same or an older one twice (RFC 6238, 5.2)."""
    if abs(step - current) > 1:
        return Deny(Reason.SECOND_FACTOR_WRONG)
    if newest_used is not None and step <= newest_used:
        return Deny(Reason.SECOND_FACTOR_WRONG)
    return Allow()
