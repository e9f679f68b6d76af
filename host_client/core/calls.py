"""Requests to be called: a technician without a code asks this host's people to press *Get help* (wire/messages/call.py).

1. A device that our own signed documents list for this technician signed it, for this host and this broker.
2. It is newer than what that technician asked before, not older than CALL_SECONDS, and steps 3 to 6 of admission pass.
3. It is recorded, shown with the name that our documents give, and only then reported as seen.

It opens nothing: no code is made, and nothing that is shown here can be pressed but to put it away.
"""

from dataclasses import dataclass

from audit.events import host
from host_client.core.commands import Note, Record, Talk, Tell, to_broker
from host_client.core.ports import CallFacts, Ports, Seat
from host_client.core.trusted import Trusted
from host_client.link import ShowCalls
from policy.decision import Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import Permission
from wire.limits import CALL_CLOCK_SECONDS, CALL_SECONDS, CALLS_MAX
from wire.messages.call import CallAsked, CallSeen, CallWanted
from wire.schema import MalformedMessage, name_of, read_part
from wire.statements import Label


@dataclass(slots=True)
class _Waiting:
    """One request that is believed."""

    facts: CallFacts
    wanted: CallWanted
    recorded: bool = False


class Calls:
    """What waits to be read by the person, newest of each technician."""

    def __init__(self, trusted: Trusted, ports: Ports) -> None:
        self._trusted, self._ports = trusted, ports
        self._waiting: dict[str, _Waiting] = {}
        self._newest: dict[str, int] = {}
        """When each technician asked last: an older request is one that a broker says again."""

    def asked(self, said: CallAsked, seat: Seat | None, now: Instant) -> Talk:
        """A request arrived. The broker's word for who asks is only where to look for the key."""
        wanted, decision = self._read(said, now)
        if isinstance(decision, Deny) or wanted is None:
            reason = decision.reason if isinstance(decision, Deny) else Reason.MALFORMED
            yield Note(host.Refusal(session_id="", about=name_of(CallAsked), reason=reason))
            if wanted is not None:
                yield to_broker(CallSeen(wanted.technician_id, wanted.at, shown=False))
            return
        person = self._trusted.person(wanted.technician_id, now)
        assert person is not None, "the steps passed"
        self._newest[wanted.technician_id] = wanted.at
        facts = CallFacts(person.name, person.company, wanted.purpose, wanted.case_reference)
        self._waiting[wanted.technician_id] = _Waiting(facts, wanted)
        yield from self.show(seat, now)

    def _read(self, said: CallAsked, now: Instant) -> tuple[CallWanted | None, Decision]:
        trusted = self._trusted
        device = trusted.signed_by(said.technician_id, said.statement, Label.CALL_WANTED, now)
        if device is None:
            return None, Deny(Reason.SIGNATURE_INVALID)
        try:
            wanted = read_part(CallWanted, said.statement.payload)
        except MalformedMessage:
            return None, Deny(Reason.MALFORMED)
        ours = (trusted.enrolled.host_id, trusted.enrolled.broker_id)
        if wanted.technician_id != said.technician_id or (wanted.host_id, wanted.broker_id) != ours:
            return None, Deny(Reason.IDENTITY_NOT_PROVEN)
        if wanted.at <= self._newest.get(wanted.technician_id, 0) or not self._timely(wanted, now):
            return wanted, Deny(Reason.WRONG_MOMENT)
        return wanted, trusted.steps(wanted.technician_id, device, Permission.VIEW, now)[-1].decision

    @staticmethod
    def _timely(wanted: CallWanted, now: Instant) -> bool:
        return -CALL_CLOCK_SECONDS <= now.utc - wanted.at <= CALL_SECONDS

    def show(self, seat: Seat | None, now: Instant) -> Talk:
        """Show what waits to whoever sits here; what is shown for the first time is recorded before and reported after."""
        if seat is None:
            return
        waiting = [each for each in self._waiting.values() if self._timely(each.wanted, now)]
        shown = sorted(waiting, key=lambda each: each.wanted.at, reverse=True)[:CALLS_MAX]
        self._waiting = {each.wanted.technician_id: each for each in shown}
        new = [each for each in shown if not each.recorded]
        if new:
            recorded = yield Record(tuple(_entry(each) for each in new))
            if not recorded:
                return
        yield Tell(ShowCalls(tuple(self._ports.texts.call(each.facts, seat.language) for each in shown)))
        for each in new:
            each.recorded = True
            yield to_broker(CallSeen(each.wanted.technician_id, each.wanted.at, shown=True))

    def put_away(self) -> Talk:
        """The person has read them, or does what they ask for."""
        count = len(self._waiting)
        self._waiting.clear()
        if count:
            yield Tell(ShowCalls(()))
            yield Note(host.CallsPutAway(count=count))


def _entry(waiting: _Waiting) -> host.CallShown:
    return host.CallShown(
        technician_id=waiting.wanted.technician_id,
        name=waiting.facts.name,
        company=waiting.facts.company,
        purpose=waiting.wanted.purpose,
        case_reference=waiting.wanted.case_reference,
    )
