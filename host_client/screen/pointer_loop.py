"""The thread that tells of the pointer under one grant to view. Apart from the picture: a large one never holds the pointer up.

It has no credit of its own, because it is paced (`pointer.py`) and small. It stops by itself when the screen is lost; that ends
the visit through the picture, so nobody is told twice.
"""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Protocol

from typing_extensions import override

from host_client.ports import ScreenLost
from host_client.screen.pointer import TELL_SECONDS, PointerLane, Seen
from wire.sealed.parcel import packed

LOOK_SECONDS = 0.5
"""How long the thread waits before it looks whether it was stopped."""


class OpenPointer(Protocol):
    """A pointer that holds a connection until it is closed. Called on one thread; everything raises ScreenLost."""

    def wait(self, seconds: float, now: float) -> None:
        """Wait until something may have changed, at most so long."""

    def look(self, now: float) -> Seen | None:
        """The pointer, if it is not what it was at the last look."""

    def close(self) -> None:
        """Let the connection go."""


class PointerLoop(threading.Thread):
    """Tells of the pointer. `send` takes a parcel of screen messages; `veiled` says of a place that nobody may see what is done there."""

    def __init__(
        self,
        open_pointer: Callable[[], OpenPointer],
        send: Callable[[bytes], None],
        veiled: Callable[[int, int], bool] = lambda _x, _y: False,
    ) -> None:
        super().__init__(name="pointer", daemon=True)
        self._open_pointer, self._send, self._veiled = open_pointer, send, veiled
        self._lane = PointerLane()
        self._turn = threading.Condition()
        self._stopped = False

    def halt(self) -> None:
        """Stop. When this returns, nothing more is sent. Called on any thread."""
        with self._turn:
            self._stopped = True
            self._turn.notify()

    @override
    def run(self) -> None:
        """Tell until halted, or until there is no pointer to be seen."""
        try:
            with closing(self._open_pointer()) as pointer:
                while not self._stopped:
                    self._turn_of(pointer)
        except ScreenLost:
            return

    def _turn_of(self, pointer: OpenPointer) -> None:
        now = time.monotonic()
        waits = self._lane.pause(now)
        pointer.wait(LOOK_SECONDS if waits is None else waits, now)
        now = time.monotonic()
        seen = pointer.look(now)
        if seen is not None:
            self._lane.see(self._unveiled(seen))
        with self._turn:
            messages = () if self._stopped else tuple(self._lane.messages(now))
            if messages:
                self._send(packed(messages))
            if seen is not None:
                self._turn.wait_for(lambda: self._stopped, TELL_SECONDS)

    def _unveiled(self, seen: Seen) -> Seen:
        """Where a person types a secret on a screen, the movement of the pointer would tell it."""
        return Seen(None, 0, 0) if self._veiled(seen.x, seen.y) else seen
