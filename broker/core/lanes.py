"""May this sealed record pass? The fast path: no generator, no parsing beyond the 15 clear bytes (docs/protocol.md, 4 and 5)."""

from dataclasses import dataclass, field
from enum import Enum, auto

from policy.instant import Instant
from policy.permissions import LANE_PERMISSION, TERMS, Direction, Lane
from wire.frames import split_record
from wire.limits import (
    ACK_PLAIN_MAX,
    CONTROL_LANE_BYTES_PER_MINUTE,
    CONTROL_RECORD_MAX,
    RECORD_HEADER,
    RECORD_TAG,
    SEALED_FRAME_MAX,
)
from wire.messages.presence import EndRole
from wire.schema import MalformedMessage

_HEAD = 1 + RECORD_HEADER + RECORD_TAG
"""Kind, header and tag: what a record of no content weighs."""
_TOWARDS = {EndRole.HOST: Direction.TO_TECHNICIAN, EndRole.CONSOLE: Direction.TO_HOST}


class Relayed(Enum):
    """What becomes of one record."""

    FORWARD = auto()
    DISCARD = auto()
    """Its grant is over: it was on its way when the grant ended, and nobody is to blame."""
    MISBEHAVED = auto()
    """It was never allowed: the sender is not the program it should be."""


@dataclass(slots=True)
class _Budget:
    """Bytes of the control lane within the running minute, of one sender."""

    since: float = 0.0
    spent: int = 0

    def spend(self, count: int, boot: float) -> bool:
        if boot - self.since >= 60:
            self.since, self.spent = boot, 0
        self.spent += count
        return self.spent <= CONTROL_LANE_BYTES_PER_MINUTE


@dataclass(slots=True)
class Lanes:
    """Which lanes of one visit stand open, under which grant, until when."""

    _open: dict[tuple[Lane, int], float] = field(default_factory=dict)
    _closed: set[tuple[Lane, int]] = field(default_factory=set)
    _budgets: dict[EndRole, _Budget] = field(default_factory=lambda: {role: _Budget() for role in EndRole})
    _over: bool = False

    def open(self, lane: Lane, grant: int, until: Instant) -> None:
        """An answered *allow* was recorded. A lane of a visit that is over stays shut."""
        if not self._over:
            self._open[lane, grant] = until.boot

    def close(self, lane: Lane, grant: int) -> None:
        """The grant is over. What still arrives under it is discarded."""
        if self._open.pop((lane, grant), None) is not None:
            self._closed.add((lane, grant))

    def close_all(self) -> None:
        """The visit is over: nothing passes any more, on no lane."""
        self._over = True
        self._closed.update(self._open)
        self._open.clear()

    def judge(self, sender: EndRole, data: bytes, now: Instant) -> Relayed:
        """Decide on one SEALED frame, given whole. Does not copy its body."""
        if self._over:
            return Relayed.DISCARD
        if len(data) > SEALED_FRAME_MAX:
            return Relayed.MISBEHAVED
        try:
            header, _ = split_record(data[1:_HEAD])
        except MalformedMessage:
            return Relayed.MISBEHAVED
        if header.lane is Lane.CONTROL:
            return self._on_control(sender, header.grant, len(data), now)
        return self._on_granted(sender, header.lane, header.grant, len(data), now)

    def _on_control(self, sender: EndRole, grant: int, size: int, now: Instant) -> Relayed:
        within = grant == 0 and size <= CONTROL_RECORD_MAX + _HEAD and self._budgets[sender].spend(size, now.boot)
        return Relayed.FORWARD if within else Relayed.MISBEHAVED

    def _on_granted(self, sender: EndRole, lane: Lane, grant: int, size: int, now: Instant) -> Relayed:
        until = self._open.get((lane, grant))
        if until is None:
            return Relayed.DISCARD if (lane, grant) in self._closed else Relayed.MISBEHAVED
        if now.boot >= until:
            self.close(lane, grant)
            return Relayed.DISCARD
        if TERMS[LANE_PERMISSION[lane]].direction is not _TOWARDS[sender] and size > _HEAD + ACK_PLAIN_MAX:
            return Relayed.MISBEHAVED
        return Relayed.FORWARD
