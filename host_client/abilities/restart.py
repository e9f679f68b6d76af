"""A restart of the PC that the person allowed: it waits for a while, and whoever is there can stop it.

What is done when the time is over stands in `core/restarting.py`. No record travels under this grant: the yes is all there is.
"""

from typing_extensions import override

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.abilities.ability import Ability
from host_client.core.ports import Seat
from host_client.link_restart import CloseRestart, ShowRestart
from policy.decision import Reason


class Restart(Ability):
    """One countdown."""

    def __init__(self) -> None:
        self.grant = self.seconds = 0

    @override
    def begun(self, session_id: str, grant: int, seat: Seat) -> AuditEvent:
        return host.RestartBegun(session_id=session_id, ask=grant, seconds=self.seconds)

    @override
    def begin(self, grant: int) -> tuple[ShowRestart]:
        self.grant = grant
        return (ShowRestart(grant, self.seconds),)

    @override
    def paused(self) -> tuple[()]:
        """Whoever suspends a visit takes this right back (`core/restarting.py`)."""
        return ()

    @override
    def again(self) -> tuple[()]:
        return ()

    @override
    def end(self) -> tuple[CloseRestart]:
        grant, self.grant = self.grant, 0
        return (CloseRestart(grant),)

    @override
    def ended(self, session_id: str, grant: int, reason: Reason | None) -> AuditEvent:
        return host.RestartNotWaiting(session_id=session_id, ask=grant, reason=reason)
