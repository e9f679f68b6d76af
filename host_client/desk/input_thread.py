"""The injection thread: what arrives under the live grant goes to the injector, in order, unless a prompt is up.

The gate is closed before a prompt can be seen and opened after it is gone, under the same lock as injection: no
press that was on its way can land in a prompt (product behaviour 8).
"""

import queue
import threading
from collections.abc import Callable
from typing import Protocol

from typing_extensions import override

from host_client.link_frames import Input
from host_client.ports import Injector, ScreenLost
from wire.schema import MalformedMessage
from wire.sealed.input import Button, Character, Event, Key, Move, Wheel, decode_batch

BUTTON_NUMBERS = (1, 2, 3, 8, 9)
"""wire.sealed.input numbers buttons 0 left, 1 middle, 2 right, 3 back, 4 forward; the Injector port as X does."""


class OpenInjector(Injector, Protocol):
    """An injector that holds a connection until it is closed."""

    def close(self) -> None:
        """Let go of everything and of the connection."""


class InputThread(threading.Thread):
    """Owns the injector from `start_grant` to `stop_grant`."""

    def __init__(self, open_injector: Callable[[], OpenInjector]) -> None:
        super().__init__(name="input", daemon=True)
        self._open_injector = open_injector
        self._waiting: queue.SimpleQueue[Input | None] = queue.SimpleQueue()
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
        with self._lock:
            self._let_go()

    def close_gate(self, ask: int) -> None:
        """A prompt is about to be shown: nothing is injected until `open_gate`, and nothing stays held."""
        with self._lock:
            self._prompts.add(ask)
            if self._injector is not None:
                self._injector.release_all()

    def open_gate(self, ask: int) -> None:
        """That prompt is gone."""
        with self._lock:
            self._prompts.discard(ask)

    def take(self, batch: Input) -> None:
        """Queue one batch. Never waits."""
        self._waiting.put(batch)

    def end(self) -> None:
        """Let go and end the thread."""
        self.stop_grant()
        self._ended = True
        self._waiting.put(None)

    def _let_go(self) -> None:
        injector, self._injector, self._grant = self._injector, None, None
        if injector is not None:
            injector.close()

    @override
    def run(self) -> None:
        """Inject until ended."""
        while (batch := self._waiting.get()) is not None:
            try:
                events = decode_batch(batch.batch).events
            except MalformedMessage:
                continue  # the guardian has read it before us and passes on no such thing; whatever it is, it is no input
            with self._lock:
                if batch.grant == self._grant and not self._prompts:
                    self._inject(events)

    def _inject(self, events: tuple[Event, ...]) -> None:
        try:
            for event in events:
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
