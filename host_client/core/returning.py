"""After a restart of the PC: a way back was found, and is opened once everything stands that a code would want.

It was taken out of its file before this is called, so that no second start finds it. It must be what this very host signed, for
itself, less than RETURN_SECONDS ago; anything else is recorded and leads nowhere. Opened, it is a code that nobody reads out
(`help.py`), and good for one technician with one device (`proving.py`).
"""

from collections.abc import Generator

from audit.events import host
from host_client.core.agreement import Returning
from host_client.core.commands import Note, StartTimer, StopTimer, Talk
from host_client.core.events import Timer
from host_client.core.help import Help
from host_client.core.ports import Ports
from host_client.core.trusted import Trusted
from policy.decision import Reason
from policy.instant import Instant
from policy.one_time import within_calendar
from trust.signatures import SignatureInvalid, verify
from wire.limits import RETURN_SECONDS
from wire.schema import MalformedMessage, decode, read_part
from wire.sealed.returning import ReturnPayload, code_of
from wire.statements import Algorithm, Label, Statement


class Returns:
    """At most one way back."""

    def __init__(self, trusted: Trusted, ports: Ports, code: Help) -> None:
        self._trusted, self._ports, self._help = trusted, ports, code
        self._waiting: ReturnPayload | None = None

    def found(self, kept: bytes, now: Instant) -> Talk:
        """This was in the file when the guardian started."""
        payload = self._read(kept)
        if payload is None:
            yield Note(host.ReturnOver(technician_id="", reason=Reason.RETURN_INVALID))
        elif not _young(payload, now):
            yield Note(host.ReturnOver(technician_id=payload.technician_id, reason=Reason.CODE_EXPIRED))
        else:
            self._waiting = payload
            yield StartTimer(Timer.RETURN, _left(payload, now))

    def _read(self, kept: bytes) -> ReturnPayload | None:
        try:
            statement = decode(kept, Statement)
            signed = verify(statement, Label.RETURN_TICKET, self._ports.signer.public_key, Algorithm.ED25519)
            payload = read_part(ReturnPayload, signed)
        except (MalformedMessage, SignatureInvalid):
            return None
        return payload if payload.host_id == self._trusted.enrolled.host_id and payload.seconds <= RETURN_SECONDS else None

    def open(self, now: Instant) -> Talk:
        """Everything else stands. Used once, whatever becomes of it."""
        payload, self._waiting = self._waiting, None
        if payload is None:
            return
        yield StopTimer(Timer.RETURN)
        person = self._trusted.person(payload.technician_id, now)
        if not _young(payload, now) or person is None:
            reason = Reason.NOT_ASSIGNED if person is None else Reason.CODE_EXPIRED
            yield Note(host.ReturnOver(technician_id=payload.technician_id, reason=reason))
            return
        returning = Returning(payload.technician_id, payload.device, person.name, person.company)
        yield from self._help.await_return(code_of(payload), returning, int(_left(payload, now)))

    def drop(self, reason: Reason) -> Generator[Note | StopTimer, None, None]:
        """It is over, before it was opened."""
        payload, self._waiting = self._waiting, None
        if payload is not None:
            yield StopTimer(Timer.RETURN)
            yield Note(host.ReturnOver(technician_id=payload.technician_id, reason=reason))


def _young(payload: ReturnPayload, now: Instant) -> bool:
    return within_calendar(payload.at, payload.seconds, now.utc)


def _left(payload: ReturnPayload, now: Instant) -> float:
    return min(float(payload.seconds), payload.at + payload.seconds - now.utc)
