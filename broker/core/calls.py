"""Requests to be called: they wait here for their host, and open nothing (wire/messages/call.py).

1. The device that stands on this very socket signed it, for this broker and a host that the technician may see.
2. It is recorded, kept, and handed to the host, now or when that is there again.
3. The host says whether the person can read it. Nothing waits longer than CALL_SECONDS.
"""

from dataclasses import dataclass

from audit.events import broker as log
from audit.events.visit import FrameRefused
from broker.core.board import Board, ConsoleHere, HostHere
from broker.core.commands import Call, ForgetCall, KeepCall, KeepTally, Note, Record, Talk, refuse, say
from broker.core.proof import read_signed
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.throttle import CALL_BRAKE
from wire.limits import CALL_CLOCK_SECONDS, CALL_SECONDS
from wire.messages.call import CallAsk, CallAsked, CallQueued, CallSeen, CallWanted
from wire.schema import name_of
from wire.statements import Label

_ABOUT = name_of(CallAsk)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was asked, if it may be."""

    wanted: CallWanted | None
    decision: Decision


def ask(board: Board, console: ConsoleHere, said: CallAsk, now: Instant) -> Talk:
    """A technician asks to be called."""
    read = _read(board, console, said, now)
    wanted = read.wanted
    if wanted is None or isinstance(read.decision, Deny):
        assert isinstance(read.decision, Deny)
        yield from _refuse(console, read.decision.reason)
        return
    subject = f"call {console.technician_id}"
    yield KeepTally(subject, board.count_failure(subject, CALL_BRAKE, now))
    entry = log.CallAsked(
        technician_id=wanted.technician_id, host_id=wanted.host_id, purpose=wanted.purpose, case_reference=wanted.case_reference
    )
    recorded = yield Record((entry,))
    if not recorded:
        yield from _refuse(console, Reason.LOG_UNAVAILABLE)
        return
    call = Call(wanted.host_id, wanted.technician_id, said.statement, wanted.at)
    board.calls[call.key] = call
    yield KeepCall(call)
    yield say(console.socket, CallQueued(wanted.host_id, shown=False))
    host = board.hosts.get(wanted.host_id)
    if host is not None:
        yield say(host.socket, CallAsked(call.technician_id, call.statement))


def _read(board: Board, console: ConsoleHere, said: CallAsk, now: Instant) -> _Read:
    signed = read_signed(said.statement, Label.CALL_WANTED, (console.device,), CallWanted)
    if isinstance(signed, Deny):
        return _Read(None, signed)
    wanted = signed.said
    if (wanted.technician_id, wanted.broker_id) != (console.technician_id, board.broker_id):
        return _Read(None, Deny(Reason.IDENTITY_NOT_PROVEN))
    if abs(wanted.at - now.utc) > CALL_CLOCK_SECONDS:
        return _Read(None, Deny(Reason.WRONG_MOMENT))
    braked = board.may_try(f"call {console.technician_id}", CALL_BRAKE, now)
    return _Read(wanted, braked if isinstance(braked, Deny) else _may_see(board, wanted.technician_id, wanted.host_id, now))


def _may_see(board: Board, technician_id: str, host_id: str, now: Instant) -> Decision:
    """One answer for a host of another group and for one that there is not."""
    person, host = board.person(technician_id, now), board.listed_host(host_id, now)
    seen = person is not None and person.active and host is not None and host.group in person.groups
    return Allow() if seen else Deny(Reason.NOT_ASSIGNED)


def _refuse(console: ConsoleHere, reason: Reason) -> Talk:
    yield refuse(console.socket, _ABOUT, reason)
    yield Note(FrameRefused(subject=console.technician_id, reason=reason, what=_ABOUT))


def deliver(board: Board, host: HostHere, now: Instant) -> Talk:
    """This host is there: give it what waited, oldest first, and drop what waited too long or may not wait any more."""
    waiting = sorted((call for call in board.calls.values() if call.host_id == host.host_id), key=lambda call: call.at)
    for call in waiting:
        fresh = now.utc - call.at <= CALL_SECONDS
        if fresh and isinstance(_may_see(board, call.technician_id, call.host_id, now), Allow):
            yield say(host.socket, CallAsked(call.technician_id, call.statement))
        else:
            del board.calls[call.key]
            yield ForgetCall(call)
            yield Note(log.CallDropped(technician_id=call.technician_id, host_id=call.host_id))


def seen(board: Board, host: HostHere, said: CallSeen) -> Talk:
    """The host has it. A newer one that came meanwhile goes on waiting."""
    call = board.calls.get((host.host_id, said.technician_id))
    if call is None or call.at != said.at:
        return
    del board.calls[call.key]
    yield ForgetCall(call)
    yield Note(log.CallDelivered(technician_id=call.technician_id, host_id=call.host_id, shown=said.shown))
    for console in list(board.consoles.values()):
        if said.shown and console.technician_id == call.technician_id:
            yield say(console.socket, CallQueued(call.host_id, shown=True))
