"""What the signed documents say at this host: one value, put together outside (`guardian/documents.py`) and asked here.

Time is the documents' own: never before the newest signed timestamp, and from there on by the clock that nobody can set.
"""

from dataclasses import dataclass

from policy.instant import Instant
from policy.rulebook import Rulebook
from trust.view import View


@dataclass(frozen=True, slots=True)
class Held:
    """Paths of the files that this host keeps of each repository: what need not be sent again.

    `broker_key` is the broker's as the newest of them list it, also when they are over; empty before the first.
    """

    vendor: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    broker_key: bytes = b""


@dataclass(frozen=True, slots=True)
class InForce:
    """`site`: the site's signed rules; None where a root is pinned and its documents are missing or over, so that nobody is let in.
    `over`: when the vendor's documents are; `until`: when something has to be put together anew. `proven` is the documents' time
    at `boot`. Seconds since 1970; `boot` of this machine.
    """

    view: View
    vendor: Rulebook
    site: Rulebook | None
    over: float
    until: float
    proven: float
    boot: float

    def moment(self, now: Instant) -> float:
        """The time by which everything is decided."""
        return max(now.utc, self.proven + max(0.0, now.boot - self.boot))

    def overdue(self, now: Instant) -> bool:
        """Is something of it over since it was put together? A machine that slept may have missed the moment."""
        return self.moment(now) >= self.until


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a bundle: whether anything in it was newer, what is in force now, and what is held."""

    changed: bool
    documents: InForce | None
    held: Held
