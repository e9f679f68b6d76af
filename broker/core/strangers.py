"""Peers that have proven nothing: how many may stand at the door, and how their refusals are remembered. Ten a minute and address
have a row of their own, the rest are counted, so that a stranger cannot fill the disk (docs/protocol.md, section 8)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from audit.events.broker import PeersRefused
from broker.core.commands import SocketId
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant

ROWS_PER_MINUTE = 10
ADDRESSES_HELD = 10_000
UNPROVEN_AT_ONCE = 32
"""Sockets of one address that have not proven themselves yet. A whole site may stand behind one address and come back at once
after its network was down; each needs the door for a blink, and who is refused comes again a little later."""
EVERYBODY_ELSE = "others"
"""Where refusals are counted when even the addresses are too many to hold."""


@dataclass(slots=True)
class Strangers:
    """Counts by address within the running minute."""

    _minute: int = 0
    _counts: dict[str, int] = field(default_factory=dict)

    def row_of_its_own(self, address: str) -> bool:
        """Count a refusal. Is it among the few that are recorded one by one?"""
        held = address if address in self._counts or len(self._counts) < ADDRESSES_HELD else EVERYBODY_ELSE
        self._counts[held] = self._counts.get(held, 0) + 1
        return self._counts[held] <= ROWS_PER_MINUTE and held == address

    def minute_over(self, now: Instant) -> Iterator[PeersRefused]:
        """Begin a new minute if it is time, and say what was only counted in the one before."""
        minute = int(now.utc // 60)
        if minute == self._minute:
            return
        for address, count in self._counts.items():
            beyond = count if address == EVERYBODY_ELSE else count - ROWS_PER_MINUTE
            if beyond > 0:
                yield PeersRefused(address=address, minute=self._minute, count=beyond)
        self._minute = minute
        self._counts.clear()


@dataclass(slots=True)
class Door:
    """Who stands at the door, by address. A socket leaves when it has proven itself, or is gone."""

    _waiting: dict[str, set[SocketId]] = field(default_factory=dict)

    def enter(self, address: str, socket: SocketId) -> Decision:
        """Take a place, if there is one."""
        waiting = self._waiting.setdefault(address, set())
        if len(waiting) >= UNPROVEN_AT_ONCE:
            return Deny(Reason.TOO_FAST)
        waiting.add(socket)
        return Allow()

    def leave(self, address: str, socket: SocketId) -> None:
        """Give the place free. Once is enough, twice is no fault."""
        waiting = self._waiting.get(address, set())
        waiting.discard(socket)
        if not waiting:
            self._waiting.pop(address, None)
