"""The injection thread: what arrives under the live grant goes to the injector, in order, unless a prompt is up.

The gate is closed before a prompt can be seen and opened after it is gone, under the same lock as injection: no
press that was on its way can land in a prompt (product behaviour 8). It is closed too while the person uses mouse or
keyboard, and until they have been quiet for QUIET_SECONDS. What waited here for too long is dropped.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Protocol

from typing_extensions import override

from host_client.link_frames import Input
from host_client.ports import Injector, ScreenLost
from wire.limits import INPUT_STALE_SECONDS, LOCAL_QUIET_SECONDS
from wire.schema import MalformedMessage
from wire.sealed.input import Button, Character, Event, Key, Move, Wheel, decode_batch

BUTTON_NUMBERS = (1, 2, 3, 8, 9)
"""wire.sealed.input numbers buttons 0 left, 1 middle, 2 right, 3 back, 4 forward; the Injector port as X does."""


_OFTEN_ENOUGH = 0.05
"""Seconds between two looks at a mouse that is being moved: it says so a thousand times a second."""


class OpenInjector(Injector, Protocol):
    """An injector that holds a connection until it is closed."""

    def hurry(self) -> None:
        """What is being typed need not arrive. Called on any thread."""

    def close(self) -> None:
        """Let go of everything and of the connection."""


class InputThread(threading.Thread):
    """Owns the injector from `start_grant` to `stop_grant`. `person_acts` is told when the person begins to use the PC, and when
    that is over.
    """

    def __init__(
        self, open_injector: Callable[[], OpenInjector], person_acts: Callable[[bool], None], quiet_seconds: float = LOCAL_QUIET_SECONDS
    ) -> None:
        super().__init__(name="input", daemon=True)
        self._open_injector = open_injector
        self._tell, self._quiet = person_acts, quiet_seconds
        self._waiting: queue.SimpleQueue[tuple[float, Input] | None] = queue.SimpleQueue()
        self._touched: float | None = None
        self._lock = threading.Lock()
        self._grant: int | None = None
        self._injector: OpenInjector | None = None
        self._prompts: set[int] = set()
        self._ended = False

    def start_grant(self, grant: int) -> None:
        """Inject what arrives under this grant. Raises ScreenLost where nothing can be injected."""
        with self._lock:
            self._let_go()
            self._injector = self._open_injector()
            self._grant = grant

    def stop_grant(self) -> None:
        """Let go of everything that is held; what still arrives is dropped. When this returns it is done."""
        self._hurry()
        with self._lock:
            self._let_go()

    def close_gate(self, ask: int) -> None:
        """A prompt is about to be shown: nothing is injected until `open_gate`, and nothing stays held."""
        self._hurry()
        with self._lock:
            self._prompts.add(ask)
            if self._injector is not None:
                self._injector.release_all()

    def open_gate(self, ask: int) -> None:
        """That prompt is gone."""
        with self._lock:
            self._prompts.discard(ask)

    def touched(self) -> None:
        """Somebody at this PC moved the mouse or pressed something: the technician's hand lets go and waits."""
        since = self._touched
        if self._grant is None or (since is not None and time.monotonic() - since < _OFTEN_ENOUGH):
            return
        self._hurry()
        with self._lock:
            if self._injector is None:
                return
            first, self._touched = self._touched is None, time.monotonic()
            if first:
                self._injector.release_all()
                self._tell(True)
                self._waiting.put(None)  # wakes `run`, which counts the time from now on

    def take(self, batch: Input) -> None:
        """Queue one batch. Never waits."""
        self._waiting.put((time.monotonic(), batch))

    def end(self) -> None:
        """Let go and end the thread."""
        self.stop_grant()
        self._ended = True
        self._waiting.put(None)

    def _let_go(self) -> None:
        injector, self._injector, self._grant = self._injector, None, None
        if injector is not None:
            injector.close()
        if self._touched is not None:
            self._touched = None
            self._tell(False)

    def _hurry(self) -> None:
        injector = self._injector
        if injector is not None:
            injector.hurry()

    @override
    def run(self) -> None:
        """Inject until ended."""
        while not self._ended:
            try:
                waited = self._waiting.get(timeout=self._quiet_left())
            except queue.Empty:
                waited = None
            self._give_back()
            if waited is not None:
                self._carry_out(*waited)

    def _quiet_left(self) -> float | None:
        """Seconds until the person has been quiet for long enough, None when nobody is waited for."""
        since = self._touched
        return None if since is None else max(0.0, since + self._quiet - time.monotonic())

    def _give_back(self) -> None:
        with self._lock:
            if self._touched is not None and not self._quiet_left():
                self._touched = None
                self._tell(False)

    def _carry_out(self, taken: float, batch: Input) -> None:
        try:
            events = decode_batch(batch.batch).events
        except MalformedMessage:
            return  # the guardian has read it before us and passes on no such thing; whatever it is, it is no input
        for event in events:
            with self._lock:  # for each event anew: whoever stops us waits for one
                fresh = time.monotonic() - taken <= INPUT_STALE_SECONDS
                if batch.grant == self._grant and not self._prompts and self._touched is None and fresh:
                    self._inject(event)

    def _inject(self, event: Event) -> None:
        try:
            if self._injector is not None:
                perform(self._injector, event)
        except ScreenLost:
            self._let_go()


def perform(injector: Injector, event: Event) -> None:
    """One event of a batch, on this injector."""
    match event:
        case Move(x, y):
            injector.move(x, y)
        case Button(number, down):
            injector.button(BUTTON_NUMBERS[number], down)
        case Wheel(dx, dy):
            injector.wheel(dx, dy)
        case Character(code_point):
            injector.character(chr(code_point))
        case Key(name, down):
            injector.key(name, down)
