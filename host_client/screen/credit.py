"""What the line to the console bears, learned from its acknowledgements: how many frames, of how many bytes, with what loss. Pure.

At most FRAMES_IN_FLIGHT frames are unshown. The time from sending to showing, less what the console says it worked, is the way
there and back and, for large frames, what the bytes take: so small frames tell the round trip, large ones the rate. What a busy
machine adds looks like a slow line, so a frame tells only between which two rates the line's must lie; what is believed changes
where it does not fit. Rates are bytes a second. A console that says what is not so has its own picture made for a line that it has not.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from host_client.screen.encode import Want
from wire.limits import FRAMES_IN_FLIGHT, PICTURE_MESSAGE_MAX

SLOW: Final = 1_250_000.0
"""10 Mbit/s: below, lossless WebP saves more time on the line than it takes to make (docs/adr/0010)."""
NARROW: Final = 625_000.0
"""5 Mbit/s: below, a record is at most 16 KiB, so that what is sent ahead of pictures never waits long for one."""
NARROW_MESSAGE: Final = 16 * 1024 - 64
FRAME_SECONDS: Final = 0.15
"""What of a frame the line carries in this time; the rest follows when there is credit again, or is overtaken by newer."""
FRAME_BYTES_MIN: Final = 12 * 1024
FRAME_BYTES_FIRST: Final = 32 * 1024
"""While nothing is known of the line."""
LOSSLESS_SECONDS: Final = 0.05
"""Photographs that take no longer without loss are sent without."""
_TELLING: Final = 8 * 1024
"""A smaller frame says something about the round trip and nothing about the rate."""
_TRIPS: Final = 32
_NOISE: Final = 0.04
"""Seconds that busy processes may add to the time of any frame. The longer a frame takes the less they matter."""
_LONG: Final = 0.25
"""A frame that takes this long is believed by itself; a line that is slower than believed says so _RATES times in a row otherwise."""
_RATES: Final = 3
_HOPE: Final = 4_000_000.0
"""What a line is taken for whose first frame came too soon to tell anything. If it is slower, the next frame is late and says so."""
_SHORTEST: Final = 0.0005
_GUESS: Final = 400_000.0
_QUALITIES: Final = ((125_000.0, 45), (NARROW, 65), (4_000_000.0, 80))
_QUALITY_BEST: Final = 90


@dataclass(slots=True)
class _Sent:
    number: int
    size: int
    at: float


class Credit:
    """The frames that the console has not shown yet, and what those it has shown told."""

    def __init__(self) -> None:
        self._unshown: deque[_Sent] = deque()
        self._trips: deque[float] = deque(maxlen=_TRIPS)
        self._rate: float | None = None
        self._slower: list[float] = []
        """What the last frames allow at most, where that is less than is believed."""
        self._last_came = float("-inf")
        """When the last frame that is shown had come, by the console's word."""
        self._open = _Sent(0, 0, 0.0)

    @property
    def rate(self) -> float | None:
        """Bytes a second, None while unknown."""
        return self._rate

    @property
    def may_send(self) -> bool:
        """Whether the console has credit for another frame."""
        return len(self._unshown) < FRAMES_IN_FLIGHT

    def begin(self, number: int, now: float) -> None:
        """A frame is begun."""
        self._open = _Sent(number, 0, now)
        self._unshown.append(self._open)

    def add(self, size: int) -> None:
        """So many bytes more of the frame that was begun last are on their way."""
        self._open.size += size

    def sent(self, now: float) -> None:
        """The frame that was begun last is on its way: what it took to encode is not the line's time."""
        self._open.at = now
        self._open = _Sent(0, 0, 0.0)

    def shown(self, number: int, now: float, worked: float = 0.0) -> None:
        """The console shows this frame, so it shows every earlier one too. A number never sent changes nothing.

        `worked`: seconds from the frame's arrival until it was shown.
        """
        while self._unshown and self._unshown[0].number <= number:
            self._learn(self._unshown.popleft(), now - worked)

    def _learn(self, sent: _Sent, came: float) -> None:
        waited = sent.at < self._last_came
        took = max(_SHORTEST, came - max(sent.at, self._last_came))
        self._last_came = came
        if sent.size < _TELLING and not waited:
            self._trips.append(took)
        elif sent.size >= _TELLING:
            if not waited:
                took = max(_SHORTEST, took - min(self._trips, default=0.0))
            self._believe(sent.size, took)

    def _believe(self, size: int, took: float) -> None:
        """So many bytes took at most so long, and at least as long as is left without what processes may have added."""
        least = size / took
        most = size / (took - _NOISE) if took > _NOISE else None
        if self._rate is None:
            self._rate = most or max(least, _HOPE)
        elif most is None or most >= self._rate:
            self._rate = max(self._rate, least)
            self._slower.clear()
        else:
            self._slower.append(most)
            if took >= _LONG or len(self._slower) == _RATES:
                self._rate = most if took >= _LONG else max(self._slower)
                self._slower.clear()

    @property
    def is_slow(self) -> bool:
        """Whether bytes are dearer than work."""
        return self.rate is not None and self.rate < SLOW

    @property
    def frame_bytes(self) -> int:
        """How large a frame may become before the rest is left for the next."""
        return FRAME_BYTES_FIRST if self.rate is None else max(FRAME_BYTES_MIN, int(self.rate * FRAME_SECONDS))

    @property
    def message_bytes(self) -> int:
        """How large one message may become."""
        if self.rate is None:
            return FRAME_BYTES_FIRST
        return NARROW_MESSAGE if self.rate < NARROW else PICTURE_MESSAGE_MAX

    def want(self, *, moving: bool, lossless_bytes: int) -> Want:
        """How a piece is written that moves or not, in a frame that would have so many bytes without loss."""
        rate = self.rate or _GUESS
        lossy = moving or lossless_bytes > rate * LOSSLESS_SECONDS
        quality = next((quality for below, quality in _QUALITIES if rate < below), _QUALITY_BEST)
        return Want(lossy, quality, self.is_slow)

    @property
    def exactly(self) -> Want:
        """How a piece is written that must be exact."""
        return Want(lossy=False, quality=0, slow=self.is_slow)
