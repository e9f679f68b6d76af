"""What can happen to one connection. The shell makes these; a core answers each with commands."""

from dataclasses import dataclass
from enum import StrEnum


class Timer(StrEnum):
    """Deadlines a core can set, each at most once per connection."""

    AUTHENTICATION = "authentication"
    TICKET = "ticket"
    JOIN = "join"
    LEASE = "lease"
    HARD_LIMIT = "hard_limit"
    BULK_IDLE = "bulk_idle"


@dataclass(frozen=True, slots=True)
class Opened:
    """The socket was accepted; nothing is proven."""


@dataclass(frozen=True, slots=True)
class Received:
    """One whole WebSocket message."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Fired:
    """A deadline passed."""

    timer: Timer


@dataclass(frozen=True, slots=True)
class Closed:
    """The socket is gone, whoever closed it. Always the last event of a connection, and it comes once."""


Event = Opened | Received | Fired | Closed
