"""May this sealed record pass? The fast path: no generator, no parsing beyond the 15 clear bytes (docs/protocol.md, 4 and 5)."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto

from policy.instant import Instant
from policy.permissions import LANE_PERMISSION, TERMS, Direction, Lane
from wire.budget import Budget
from wire.frames import FILE_LANES, RecordHeader, split_record
from wire.limits import (
    ACK_PLAIN_MAX,
    CONTROL_LANE_BYTES_PER_MINUTE,
    CONTROL_RECORD_MAX,
    FILE_FRAME_MAX,
    FILE_WINDOW,
    RECORD_HEADER,
    RECORD_TAG,
    SEALED_FRAME_MAX,
)
from wire.messages.presence import EndRole
from wire.schema import MalformedMessage

_HEAD = 1 + RECORD_HEADER + RECORD_TAG
"""Kind, header and tag: what a record of no content weighs."""
_TOWARDS = {EndRole.HOST: Direction.TO_TECHNICIAN, EndRole.CONSOLE: Direction.TO_HOST}


def file_room(size_class: int) -> int:
    """Bytes that may pass for a file of this class: the file, and what records add to it. `again` gives more for each socket."""
    whole = 1 << size_class
    return whole + whole // 64


class Relayed(Enum):
    """What becomes of one record."""

    FORWARD = auto()
    DISCARD = auto()
    """Its grant is over: it was on its way when the grant ended, and nobody is to blame."""
    MISBEHAVED = auto()
    """It was never allowed: the sender is not the program it should be."""


def _one_each() -> dict[EndRole, Budget]:
    return {role: Budget(CONTROL_LANE_BYTES_PER_MINUTE) for role in EndRole}


@dataclass(slots=True)
class Lanes:
    """Which lanes of one visit stand open, under which grant, until when."""

    _open: dict[tuple[Lane, int], float] = field(default_factory=dict)
    _closed: set[tuple[Lane, int]] = field(default_factory=set)
    _room: dict[tuple[Lane, int], int] = field(default_factory=dict)
    """Bytes that may still pass towards the receiver of a file."""
    _budgets: dict[EndRole, Budget] = field(default_factory=_one_each)
    _chat: bool | None = None
    """Open, shut again, or None: never open in this visit."""
    _chat_budgets: dict[EndRole, Budget] = field(default_factory=_one_each)
    carried: Counter[EndRole] = field(default_factory=Counter)
    """Records of the chat that passed, by who sent them."""
    _over: bool = False

    def open_chat(self) -> None:
        """Both ends are proven and policy lets their people write. Once shut it stays shut."""
        if self._chat is None and not self._over:
            self._chat = True

    def close_chat(self) -> bool:
        """It is over; True if it was open. What still arrives is discarded."""
        was_open = self._chat is True
        if was_open:
            self._chat = False
        return was_open

    def open(self, lane: Lane, grant: int, until: Instant, room: int = 0) -> None:
        """An answered *allow* was recorded. A lane of a visit that is over stays shut. `room`: bytes of a file lane."""
        if not self._over:
            self._open[lane, grant] = until.boot
            self._room[lane, grant] = room

    def files(self, now: Instant) -> tuple[int, ...]:
        """The grants under which files may move."""
        return tuple(grant for (lane, grant), until in self._open.items() if lane in FILE_LANES and now.boot < until)

    def close(self, lane: Lane, grant: int) -> None:
        """The grant is over. What still arrives under it is discarded."""
        if self._open.pop((lane, grant), None) is not None:
            self._closed.add((lane, grant))

    def close_all(self) -> None:
        """The visit is over: nothing passes any more, on no lane."""
        self._over = True
        self._closed.update(self._open)
        self._open.clear()

    def again(self) -> None:
        """A bulk socket was joined: what was on its way on the one before may be sent again."""
        for lane, grant in self._open:
            self._room[lane, grant] += FILE_WINDOW

    def judge(self, sender: EndRole, data: bytes, now: Instant) -> Relayed:
        """Decide on one SEALED frame of a session socket, given whole. Does not copy its body."""
        if self._over:
            return Relayed.DISCARD
        header = _header(data, SEALED_FRAME_MAX)
        if header is None or header.lane in FILE_LANES:
            return Relayed.MISBEHAVED
        if header.lane is Lane.CONTROL:
            return self._on_control(sender, header.grant, len(data), now)
        if header.lane is Lane.CHAT:
            return self._on_chat(sender, header.grant, len(data), now)
        return self._on_granted(sender, header.lane, header.grant, len(data), now)

    def judge_bulk(self, sender: EndRole, data: bytes, now: Instant) -> Relayed:
        """The same of a bulk socket, where files alone pass, and of each no more than was said."""
        if self._over:
            return Relayed.DISCARD
        header = _header(data, FILE_FRAME_MAX)
        if header is None or header.lane not in FILE_LANES:
            return Relayed.MISBEHAVED
        relayed = self._on_granted(sender, header.lane, header.grant, len(data), now)
        if relayed is Relayed.FORWARD and TERMS[LANE_PERMISSION[header.lane]].direction is _TOWARDS[sender]:
            self._room[header.lane, header.grant] -= len(data)
            if self._room[header.lane, header.grant] < 0:
                return Relayed.MISBEHAVED
        return relayed

    def _on_control(self, sender: EndRole, grant: int, size: int, now: Instant) -> Relayed:
        within = grant == 0 and size <= CONTROL_RECORD_MAX + _HEAD and self._budgets[sender].spend(size, now.boot)
        return Relayed.FORWARD if within else Relayed.MISBEHAVED

    def _on_chat(self, sender: EndRole, grant: int, size: int, now: Instant) -> Relayed:
        within = grant == 0 and size <= CONTROL_RECORD_MAX + _HEAD
        if self._chat is None or not within:
            return Relayed.MISBEHAVED
        if not self._chat:
            return Relayed.DISCARD
        if not self._chat_budgets[sender].spend(size, now.boot):
            return Relayed.MISBEHAVED
        self.carried[sender] += 1
        return Relayed.FORWARD

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


def _header(data: bytes, longest: int) -> RecordHeader | None:
    if len(data) > longest:
        return None
    try:
        return split_record(data[1:_HEAD])[0]
    except MalformedMessage:
        return None
