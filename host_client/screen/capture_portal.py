"""The screen of a Wayland login: one monitor that the person shares through the desktop's portal, as PipeWire plays it.

A thread of its own opens it, because the person may read the desktop's question for a minute: until then nothing has changed
yet, and the capture thread stays awake. The pointer is part of the picture, where the desktop can draw it there.

When a monitor changes its size the stream is opened anew, under the same yes: PipeWire's own element for GStreamer, as Debian 12
has it, goes on with the old size on its frames.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from host_client.ports import ScreenLost, Shot
from host_client.screen.frames_gst import Frame, Frames, SizeChanged
from host_client.screen.outputs_wayland import Output
from host_client.screen.portal import Cast, Portal, Stream
from policy.decision import Reason

FIRST_SECONDS = 75.0
"""From the person's yes, or a change of the monitors, to a frame. Some desktops (wlroots) hand out a second picture only when
something is drawn: the clock of the banner is, once a minute."""

SETTLE_SECONDS = 1.0
"""From the word that a monitor was turned until the desktop surely plays it so: the stream may follow later than the word."""


class Playing(Protocol):
    """What comes of a stream (`frames_gst.Frames`)."""

    def pull(self, seconds: float) -> Frame | None:
        """The newest frame, if one comes in time. Raises ScreenLost and SizeChanged."""

    def close(self) -> None:
        """No more of it."""


class Monitors(Protocol):
    """The monitors of the desktop (`outputs_wayland.Outputs`). Raises ScreenLost."""

    def all(self) -> tuple[Output, ...]:
        """Every one that is on."""

    def stirred(self) -> bool:
        """Did one change since the last call?"""

    def close(self) -> None:
        """Let them be."""


Play = Callable[[int, int], Playing]
"""Opens frames, of a connection to PipeWire and a node."""


@dataclass(slots=True)
class _Opened:
    stream: Stream
    outputs: Monitors
    found: tuple[Output, ...]
    frames: Playing | None
    until: float
    """On the steady clock: then a frame must have come."""
    settled: float = 0.0
    """Then a stream that was stopped is opened anew."""


class PortalScreen:
    """One monitor. `take`, `wait_change` and `close` on one thread; raises ScreenLost. `wait_change` is False until there is a frame."""

    def __init__(self, portal: Portal, outputs: Callable[[], Monitors], *, masked: bool, play: Play = Frames) -> None:
        """Asks for the picture at once. `masked`: only where regions can be counted from the picture's corner."""
        self._portal, self._cast, self._outputs, self._masked, self._play = portal, Cast(portal), outputs, masked, play
        self._turn = threading.Condition()
        self._opened: _Opened | None = None
        self._failed: ScreenLost | None = None
        self._closed = False
        self._last: Frame | None = None
        self._new = False
        threading.Thread(target=self._open, name="portal", daemon=True).start()

    def _open(self) -> None:
        try:
            self._portal.begin()
            try:
                opened = self._begin(self._cast.open())
            except BaseException:
                self._cast.close()
                self._portal.leave()
                raise
        except ScreenLost as lost:
            with self._turn:
                self._failed = lost
                self._turn.notify()
            return
        with self._turn:
            if not self._closed:
                self._opened = opened
                self._turn.notify()
                return
        self._end(opened)

    def _begin(self, stream: Stream) -> _Opened:
        outputs = self._outputs()
        try:
            self._check(stream, outputs)
            frames = self._play(self._cast.remote(), stream.node)
            return _Opened(stream, outputs, outputs.all(), frames, time.monotonic() + FIRST_SECONDS)
        except ScreenLost:
            outputs.close()
            raise

    def _check(self, stream: Stream, outputs: Monitors) -> None:
        """Regions are counted from the corner of the desktop: the monitor that was shared must begin there, and stand upright."""
        if not self._masked:
            return
        found = outputs.all()
        at_corner = stream.at == (0, 0) if stream.at is not None else len(found) == 1
        if not at_corner or any(each.turned for each in found):
            raise ScreenLost("the monitor that was shared is not where the masks are", Reason.MASK_NOT_PLACED)

    def take(self) -> Shot:
        """The whole newest frame; what of it is new is found by comparing."""
        self._pull(0)
        if self._last is None:
            raise ScreenLost("no picture has come yet")
        self._new = False
        size = self._last.width, self._last.height
        return Shot(0, 0, *size, size, self._last.pixels)

    def wait_change(self, seconds: float) -> bool:
        """Wait for a frame: the desktop makes one when something was drawn."""
        if not self._new:
            self._pull(seconds)
        return self._new

    def spoil(self) -> None:
        """Every copy is whole; there is something to copy once there was a frame."""
        self._new = self._last is not None

    def _pull(self, seconds: float) -> None:
        opened = self._await(seconds)
        if opened is None:
            return
        if self._cast.over:
            raise ScreenLost("the desktop has ended the picture")
        if self._turned(opened):
            self._stop(opened)
            opened.settled = time.monotonic() + SETTLE_SECONDS
        frames = self._frames(opened, seconds)
        try:
            frame = None if frames is None else frames.pull(seconds)
        except SizeChanged as changed:
            self._turned(opened)  # the monitors have said by now what they are
            frame = _of_an_output(changed.pixels, opened.found)
            self._stop(opened)
            self._frames(opened, 0)
        if frame is not None:
            self._last, self._new, opened.until = frame, True, math.inf
        elif time.monotonic() > opened.until:
            raise ScreenLost("no picture comes from the desktop")

    def _turned(self, opened: _Opened) -> bool:
        """Frames that are longer or shorter than they say show it themselves; those of a monitor that was turned are as long as before."""
        if not opened.outputs.stirred():
            return False
        before, opened.found = opened.found, opened.outputs.all()
        if opened.found == before:
            return False
        self._check(opened.stream, opened.outputs)
        sizes = {(each.width, each.height) for each in opened.found}
        return self._last is not None and (self._last.height, self._last.width) in sizes

    def _await(self, seconds: float) -> _Opened | None:
        with self._turn:
            if self._opened is None and self._failed is None:
                self._turn.wait(seconds)
            if self._failed is not None:
                raise ScreenLost(str(self._failed), self._failed.reason) from self._failed
            return self._opened

    def _frames(self, opened: _Opened, seconds: float) -> Playing | None:
        """What is played; one that was stopped is opened anew, once it has settled. The time for a frame runs from then."""
        if opened.frames is None:
            left = opened.settled - time.monotonic()
            if left > 0:
                with self._turn:
                    self._turn.wait(min(left, seconds))
                return None
            opened.until = min(opened.until, time.monotonic() + FIRST_SECONDS)
            opened.frames = self._play(self._cast.remote(), opened.stream.node)
        return opened.frames

    def close(self) -> None:
        """Stop at once, also while the person is being asked: the question goes away."""
        with self._turn:
            self._closed = True
            opened, self._opened = self._opened, None
        self._cast.close()
        if opened is not None:
            self._end(opened)

    @staticmethod
    def _stop(opened: _Opened) -> None:
        frames, opened.frames = opened.frames, None
        if frames is not None:
            frames.close()

    def _end(self, opened: _Opened) -> None:
        self._stop(opened)
        opened.outputs.close()
        self._portal.leave()


def _of_an_output(pixels: bytes | bytearray, outputs: tuple[Output, ...]) -> Frame | None:
    """The frame that these pixels are, where that is beyond doubt: the stream opened next may show nothing until something is drawn."""
    fit = {(each.width, each.height) for each in outputs if 4 * each.width * each.height == len(pixels)}
    return Frame(*fit.pop(), pixels) if len(fit) == 1 and not any(each.turned for each in outputs) else None
