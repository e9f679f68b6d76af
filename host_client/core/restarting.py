"""The restart of the PC, once the person allowed it and the time to think again is over (docs/protocol.md, section 4).

0  nobody is asked where the system would not do it, or where nobody there could stop it (`may_restart`)
1  may it still be, by our own documents, and is the technician still there? Otherwise the right is taken back
2  recorded, and only then anything is done
3  the way back is kept in a file, so that the next start finds it, and given to the technician inside the seals
4  the system is told to restart; where it does not, the way back is forgotten, the right is gone, and the visit goes on
5  the visit ends, with a cause of its own
"""

from collections.abc import Generator
from typing import Any

from audit.events import host
from host_client.core.commands import Command, FindRestart, ForgetReturn, KeepReturn, Note, Record, RestartPc, SendSession, Talk
from host_client.core.ending import end_visit
from host_client.core.standing import PauseCause, Proven, Standing
from host_client.core.withdrawing import withdraw
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import EndCause
from wire.limits import RETURN_SECONDS
from wire.schema import encode
from wire.sealed.returning import ReturnPayload, ReturnTicket
from wire.statements import Label, Statement

_SECRET = 32
_UNSEEN = {Reason.SCREEN_LOCKED, Reason.SESSION_AWAY}
"""Why nobody would see a countdown. A mask that cannot be placed hides the screen from the technician alone."""


def may_restart(standing: Standing) -> Generator[Command, Any, Decision]:
    """Is there anything to ask the person?"""
    if standing.ports.restart_seconds is None:
        return Deny(Reason.RESTART_NOT_SET_UP)
    waits = hindrance(standing)
    if waits is not None:
        return Deny(waits)
    fault: Reason | None = yield FindRestart()
    return Allow() if fault is None else Deny(fault)


def hindrance(standing: Standing) -> Reason | None:
    """Why no restart counts down now: the technician is not heard, the person paused the visit, or nobody there sees the screen."""
    if PauseCause.BROKER in standing.paused:
        return Reason.LINE_CUT
    if PauseCause.PERSON in standing.paused:
        return Reason.VISIT_PAUSED
    return standing.away if standing.away in _UNSEEN else None


class Restarting:
    """The restart of one visit."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def stopped(self, grant: int, now: Instant) -> Talk:
        """The person does not want it after all."""
        if grant and grant == self._standing.abilities[Permission.RESTART].grant:
            yield from withdraw(self._standing, Permission.RESTART, Reason.RESTART_STOPPED, now)

    def heed(self, now: Instant) -> Talk:
        """Something changed: a countdown that nobody there can stop, or nobody is heard to look after, is over."""
        reason = hindrance(self._standing)
        if reason is not None and Permission.RESTART in self._standing.granted:
            yield from withdraw(self._standing, Permission.RESTART, reason, now)

    def due(self, now: Instant) -> Talk:
        """The time is over."""
        standing, proven = self._standing, self._standing.proven
        ask = standing.abilities[Permission.RESTART].grant
        if not ask or proven is None:
            return
        last = standing.trusted.steps(standing.offer.technician_id, proven.device, Permission.RESTART, now)[-1].decision
        if isinstance(last, Deny):
            yield from withdraw(standing, Permission.RESTART, last.reason, now)
            return
        ordered = host.RestartOrdered(
            session_id=standing.session_id, ask=ask, technician_id=standing.offer.technician_id, seconds=RETURN_SECONDS
        )
        recorded = yield Record((ordered,))
        if standing.stopping:
            yield Note(host.RestartFailed(session_id=standing.session_id, ask=ask, reason=Reason.SESSION_OVER))
        elif not recorded:
            yield from end_visit(standing, EndCause.LOG_UNAVAILABLE, now)
        else:
            yield from self._restart(proven, ask, now)

    def _restart(self, proven: Proven, ask: int, now: Instant) -> Talk:
        standing = self._standing
        ticket = self._ticket(proven, now)
        kept: bool = yield KeepReturn(encode(ticket))
        fault: Reason | None = Reason.RESTART_FAILED
        if kept:
            yield SendSession(proven.seals.say(ReturnTicket(ticket), now))
            fault = yield RestartPc()
        if fault is None:
            yield from end_visit(standing, EndCause.RESTARTING, now)
            return
        yield ForgetReturn()
        yield Note(host.RestartFailed(session_id=standing.session_id, ask=ask, reason=fault))
        yield from withdraw(standing, Permission.RESTART, fault, now)

    def _ticket(self, proven: Proven, now: Instant) -> Statement:
        standing = self._standing
        payload = ReturnPayload(
            session_id=standing.session_id,
            host_id=standing.trusted.enrolled.host_id,
            technician_id=standing.offer.technician_id,
            device=proven.device,
            secret=standing.ports.entropy(_SECRET),
            at=int(now.utc),
            seconds=RETURN_SECONDS,
        )
        return standing.ports.signer.sign(Label.RETURN_TICKET, payload)
