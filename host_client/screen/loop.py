"""The capture thread: waits for damage and for credit, takes what was drawn, sends. It lives as long as one grant to view.

Everything it needs comes as an argument; it opens no window and knows no socket. It stops by itself when the screen
is lost, and when the thread that draws the person's windows no longer beats: a banner that cannot be redrawn must
not stand over a picture that still flows. A thread of its own watches it: what hangs in a library says nothing by itself.
"""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from itertools import chain
from typing import Protocol

from typing_extensions import override

from host_client.ports import Screen, ScreenLost
from host_client.screen.dividing import Dividing
from host_client.screen.parcels import parcels
from host_client.screen.pipeline import Pipeline
from policy.decision import Reason

FRAME_SECONDS = 1 / 60
LOOK_SECONDS = 0.1
"""How long the thread waits before it looks whether it was stopped."""
UI_STALL_SECONDS = 2.0
"""A heartbeat older than this means that the windows hang."""
CAPTURE_STALL_SECONDS = 6.0
"""A capture, a comparison or an encoding that takes longer hangs; each takes a fraction of a second also on a slow PC."""
WATCH_SECONDS = 1.0


class Pace:
    """At most one frame in FRAME_SECONDS, but after stillness the second may follow the first at once: what one event makes
    a program draw (a letter, then the caret) seldom comes as one piece of damage. Pure; seconds on a steady clock.
    """

    def __init__(self) -> None:
        self._next = 0.0

    def pause(self, now: float) -> float:
        """How long to wait before the next frame; not above 0 when it is due."""
        return self._next - now

    def taken(self, now: float) -> None:
        """A frame is taken."""
        self._next = max(self._next + FRAME_SECONDS, now)


class OpenScreen(Screen, Protocol):
    """A screen that holds a connection until it is closed."""

    def close(self) -> None:
        """Let the connection go."""


class CaptureLoop(threading.Thread):
    """Captures for one grant. `send` takes one parcel of screen messages; `over` is told once if capture stops by itself.

    `ui_beat` gives the monotonic time of the window thread's last heartbeat.
    """

    def __init__(
        self,
        open_screen: Callable[[], OpenScreen],
        send: Callable[[bytes], None],
        over: Callable[[Reason], None],
        ui_beat: Callable[[], float],
    ) -> None:
        super().__init__(name="capture", daemon=True)
        self._open_screen, self._send, self._over, self._ui_beat = open_screen, send, over, ui_beat
        self._pipeline = Pipeline()
        self._dividing = Dividing()
        self._pace = Pace()
        self._turn = threading.Condition()
        self._stopped = False
        self._ended = threading.Event()
        self._beat_at = time.monotonic()

    def shown(self, frame: int, worked: float = 0.0) -> None:
        """The console shows this frame, and took so many seconds over it. Called on any thread."""
        with self._turn:
            self._pipeline.shown(frame, time.monotonic(), worked)
            self._turn.notify()

    def halt(self) -> None:
        """Stop. When this returns, nothing more is sent. Called on any thread."""
        with self._turn:
            self._stopped = True
            self._turn.notify()
        self._ended.set()

    @override
    def run(self) -> None:
        """Capture until halted, or until there is no screen or no window thread any more."""
        self._beat_at = time.monotonic()
        threading.Thread(target=self._watch, name="capture watch", daemon=True).start()
        try:
            with closing(self._open_screen()) as screen:
                reason = self._capture(screen)
        except ScreenLost as lost:
            reason = lost.reason
        self._ended.set()
        if reason is not None:
            self._give_up(reason)

    def _watch(self) -> None:
        """A capture that hangs, or whose thread died of a fault, ends with its reason. Nothing that it still makes is sent."""
        while not self._ended.wait(WATCH_SECONDS):
            if time.monotonic() - self._beat_at > CAPTURE_STALL_SECONDS:
                self._give_up(Reason.CAPTURE_HUNG)
                return

    def _give_up(self, reason: Reason) -> None:
        with self._turn:
            if self._stopped:
                return
            self._stopped = True
        self._over(reason)

    def _capture(self, screen: OpenScreen) -> Reason | None:
        drawn = False
        while not self._stopped:
            self._beat_at = time.monotonic()
            if self._beat_at - self._ui_beat() > UI_STALL_SECONDS:
                return Reason.DESK_HUNG
            drawn = drawn or screen.wait_change(self._still_seconds())
            if (drawn or self._still_seconds() <= 0) and self._await_turn():
                self._pace.taken(time.monotonic())
                self._send_picture(screen if drawn else None)
                drawn = False
        return None

    def _still_seconds(self) -> float:
        """How long there is nothing to do unless something is drawn: until what was sent with loss is due again, if anything was."""
        if self._pipeline.owes:
            return 0.0
        rest = self._pipeline.rest_in(time.monotonic())
        return LOOK_SECONDS if rest is None else min(LOOK_SECONDS, max(0.0, rest))

    def _await_turn(self) -> bool:
        """Wait for credit and for the frame's time, LOOK_SECONDS at most; True when a picture may be taken now."""
        with self._turn:
            self._turn.wait_for(lambda: self._stopped or self._pipeline.may_send, LOOK_SECONDS)
            pause = self._pace.pause(time.monotonic())
            if pause > 0:
                self._turn.wait_for(lambda: self._stopped, pause)
            return self._pipeline.may_send and not self._stopped

    def _send_picture(self, screen: OpenScreen | None) -> None:
        """One frame: of what is on the screen now, or without one of what the console still lacks."""
        taken_at = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        shot = None if screen is None else screen.take()
        told = () if shot is None else self._pipeline.take(shot)
        pictures = chain(told, self._pipeline.messages(time.monotonic(), taken_at))
        messages = self._dividing.messages(None if shot is None else shot.monitors, pictures)
        for parcel in parcels(messages, self._pipeline.credit.message_bytes):
            with self._turn:
                if self._stopped:
                    return
                self._send(parcel)
                self._beat_at = time.monotonic()
        self._pipeline.sent(time.monotonic())
