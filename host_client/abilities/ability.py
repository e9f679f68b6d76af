"""What every ability can do: begin, pause, end, and say so."""

from typing import Protocol

from audit.events.shape import Event as AuditEvent
from host_client.core.ports import Seat
from host_client.link_frames import ToDesk
from policy.decision import Reason


class Ability(Protocol):
    """One permission at work, under one grant at a time. Grant 0 is none."""

    grant: int

    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        """The entry that stands in the log before anything begins."""

    def begin(self, grant: int) -> tuple[ToDesk, ...]:
        """From now on it runs; what the desk is told."""

    def paused(self) -> tuple[ToDesk, ...]:
        """Nothing of it happens, and the grant stands; what the desk is told."""

    def again(self) -> tuple[ToDesk, ...]:
        """The grant still stands, and it runs again; what the desk is told."""

    def end(self) -> tuple[ToDesk, ...]:
        """From now on it does not; what the desk is told."""

    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        """The entry about the end. `reason` is None when the grant simply ended."""
