"""Which carrier the content of a visit goes by, and that nothing is lost or doubled when it changes (docs/protocol.md, section 9).

    Outgoing   RELAY -> HELD -> DIRECT -> HELD -> RELAY    what was sent over the channel is kept until the other end took it
    Incoming   held until the other end has turned, taken in its order, and nothing more once this end has said that it is over

Both count the records of one channel from 0. What is kept is the sealed frame itself: sent again it is the same bytes.
"""

from collections import deque
from enum import Enum, auto

from wire.limits import DIRECT_STALL_SECONDS, DIRECT_WINDOW
from wire.schema import MalformedMessage


class Phase(Enum):
    """Where content goes now."""

    RELAY = auto()
    HELD = auto()
    """Nowhere: one carrier is to be empty before the other begins."""
    DIRECT = auto()


class Outgoing:
    """What this end sends. `only`: content never goes over the relay, and is held as long as there is no channel."""

    def __init__(self, *, only: bool) -> None:
        self.only = only
        self.phase = Phase.HELD if only else Phase.RELAY
        self._kept: deque[bytes] = deque()
        self._kept_bytes = self._taken = 0
        self._moved_at = 0.0
        self.bytes = 0
        """That went over this channel."""

    @property
    def room(self) -> bool:
        """May a record be sent over the channel now?"""
        return self.phase is Phase.DIRECT and self._kept_bytes < DIRECT_WINDOW

    @property
    def under_way(self) -> int:
        """Bytes that the other end has not taken yet."""
        return self._kept_bytes

    def hold(self) -> None:
        """Nothing new goes anywhere."""
        self.phase = Phase.HELD

    def over(self) -> None:
        """The channel is over: what went over it waits for the other end's count. Content that never left the relay goes on there."""
        if self.phase is Phase.DIRECT:
            self.phase = Phase.HELD

    def turn(self, now: float) -> tuple[bytes, ...]:
        """Go over a new channel. What an earlier one left is sent over it first, and is counted already."""
        self.phase = Phase.DIRECT
        self._taken, self._moved_at = 0, now
        self.bytes = self._kept_bytes
        return tuple(self._kept)

    def sent(self, frame: bytes, now: float) -> None:
        """This record goes over the channel."""
        if not self._kept:
            self._moved_at = now
        self._kept.append(frame)
        self._kept_bytes += len(frame)
        self.bytes += len(frame)

    def taken(self, count: int, now: float) -> int:
        """The other end took so many of this channel. Returns the bytes that this acknowledges. Raises MalformedMessage."""
        if self.phase is not Phase.DIRECT:
            return 0
        if not self._taken <= count <= self._taken + len(self._kept):
            raise MalformedMessage("channel", "counts what was not sent")
        before = self._kept_bytes
        self._drop(count)
        if before != self._kept_bytes:
            self._moved_at = now
        return before - self._kept_bytes

    def stalled(self, now: float) -> bool:
        """Is something under way, and did nothing move for too long?"""
        return self.phase is Phase.DIRECT and bool(self._kept) and now - self._moved_at >= DIRECT_STALL_SECONDS

    def back(self, received: int) -> tuple[bytes, ...]:
        """The channel is over at both ends; the other took so many. What goes over the relay again. Raises MalformedMessage."""
        if not self._taken <= received <= self._taken + len(self._kept):
            raise MalformedMessage("channel", "counts what was not sent")
        self._drop(received)
        self._taken = 0
        if self.only:
            self.phase = Phase.HELD
            return ()
        again = tuple(self._kept)
        self._kept.clear()
        self._kept_bytes = 0
        self.phase = Phase.RELAY
        return again

    def _drop(self, count: int) -> None:
        while self._taken < count:
            self._kept_bytes -= len(self._kept.popleft())
            self._taken += 1


class Incoming:
    """What arrives over one channel. `received` counts what was taken: handled, and not only here."""

    def __init__(self) -> None:
        self._turned = self._over = False
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self.received = self.bytes = 0

    def turned(self) -> tuple[bytes, ...]:
        """Everything that the other end sent over the relay has arrived. What is next to be taken."""
        self._turned = True
        waiting, self._waiting, self._waiting_bytes = tuple(self._waiting), [], 0
        return waiting

    def arrived(self, frame: bytes) -> tuple[bytes, ...]:
        """A record. What is next to be taken, in its order. Raises MalformedMessage for more than an honest end sends unasked."""
        if self._over:
            return ()
        if self._turned:
            return (frame,)
        if self._waiting_bytes >= DIRECT_WINDOW:
            raise MalformedMessage("channel", "is ahead of its turn")
        self._waiting.append(frame)
        self._waiting_bytes += len(frame)
        return ()

    def take(self, frame: bytes) -> bool:
        """This record is handled now. False: it comes too late, and arrives again over the relay."""
        if self._over:
            return False
        self.received += 1
        self.bytes += len(frame)
        return True

    def over(self) -> int:
        """Take nothing more. How many were taken."""
        self._over = True
        self._waiting.clear()
        return self.received
