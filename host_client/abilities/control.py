"""Mouse and keyboard of the technician: batches come in under the grant, and only fresh ones reach the desk.

A batch is dropped, and the technician told, when (docs/protocol.md, section 5)
    it is older than INPUT_STALE_SECONDS, or from the future: somebody may have held it back
    a prompt is before the person, or it was made before the last prompt, pause or use of the PC was over: it was meant for
    another picture
    it names a picture that was never sent
"""

from typing_extensions import override

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.abilities.view import View
from host_client.core.ports import Seat
from host_client.link import StartInput, StopInput
from policy.decision import Reason
from policy.instant import Instant
from wire.errors import PeerMisbehaved
from wire.limits import INPUT_STALE_SECONDS
from wire.schema import MalformedMessage
from wire.sealed.inner import Notice
from wire.sealed.input import Batch, decode_batch

RECKONING_SECONDS = 0.5
"""How far the technician's end may be off when it reckons the host's time from when a frame arrived."""


class Control(Ability):
    """The input lane of one grant."""

    def __init__(self) -> None:
        self.grant = 0
        self.superseded: tuple[Instant, Notice] | None = None
        """When the picture last became another one than input was meant for, and what to say of input that was made before."""

    @override
    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        return host.InputStarted(session_id=session_id, ask=grant)

    @override
    def begin(self, grant: int) -> tuple[StartInput]:
        self.grant = grant
        return (StartInput(grant),)

    @override
    def paused(self) -> tuple[StopInput]:
        """Held keys are let go and nothing is injected, and the grant stands."""
        return (StopInput(self.grant),)

    @override
    def again(self) -> tuple[StartInput]:
        """The grant still stands."""
        return (StartInput(self.grant),)

    @override
    def end(self) -> tuple[StopInput]:
        grant, self.grant = self.grant, 0
        return (StopInput(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        return host.InputStopped(session_id=session_id, ask=grant)

    def judge(self, plain: bytes, view: View, *, prompting: bool, now: Instant) -> Notice | None:
        """None when this batch may be carried out now, else what to tell the technician. Raises PeerMisbehaved."""
        try:
            batch = decode_batch(plain)
        except MalformedMessage:
            raise PeerMisbehaved("an input batch that cannot be read") from None
        if prompting:
            return Notice.INPUT_DROPPED_PROMPT
        made = _made(batch, view)
        if made is None or abs(now.boot - made) > INPUT_STALE_SECONDS or not 0 < batch.picture <= view.newest:
            return Notice.INPUT_STALE
        if self.superseded is not None and made < self.superseded[0].boot - RECKONING_SECONDS:
            return self.superseded[1]
        return None


def _made(batch: Batch, view: View) -> float | None:
    """When the batch was made, on the host's run-time clock in seconds, as the technician's end reckons it."""
    return None if view.zero is None else (view.zero / 1000 + batch.milliseconds) / 1000
