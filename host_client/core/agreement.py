"""The host's runs of the key agreement: one at a time, and each counts against the code (docs/protocol.md, section 3).

A run counts as failed from the moment the host's share is sent until the technician's tag *and* signature were right.
So a lost connection, a time-out or a stranger's try all cost one, and three burn the code.
"""

from dataclasses import dataclass, field

from policy.instant import Instant
from wire.code import SupportCode
from wire.limits import AGREEMENT_RUNS, TICKET_SECONDS
from wire.messages.documents import Authenticator


@dataclass(frozen=True, slots=True)
class Returning:
    """The one technician with the one device that a way back after a restart is for, and how the directory names them."""

    technician_id: str
    device: Authenticator
    name: str
    company: str


@dataclass(slots=True)
class Code:
    """The code that is out, and what it was used for. Lives in memory only, so no crash leaves it usable."""

    value: SupportCode
    opened: Instant
    seconds: int = TICKET_SECONDS
    runs: int = field(default=0)
    """Runs whose share was sent."""
    proven: bool = False
    """One run was confirmed and signed: the code is spent."""
    returning: Returning | None = None
    """Nobody reads it out: it is for somebody who comes back."""

    def is_for(self, technician_id: str, device: Authenticator) -> bool:
        """May this technician use it with this device?"""
        only = self.returning
        return only is None or (only.technician_id, only.device.type, only.device.key) == (technician_id, device.type, device.key)

    def burn(self) -> None:
        """It came into other hands."""
        self.runs = max(self.runs, AGREEMENT_RUNS)

    @property
    def runs_left(self) -> int:
        """Runs that may still be begun."""
        return max(0, AGREEMENT_RUNS - self.runs)

    @property
    def burnt(self) -> bool:
        """Is it worth nothing because of failed runs?"""
        return not self.proven and self.runs_left == 0

    def left(self, now: Instant) -> float:
        """Seconds it still lives."""
        return self.seconds - now.elapsed_since(self.opened)

    def usable(self, now: Instant) -> bool:
        """May another visit begin with it?"""
        return not self.proven and not self.burnt and self.left(now) > 0
