"""The technician's hand where a privacy mask lies: what would land under one is dropped, and said so.

A press counts by where the pointer is, a key by the middle of the window that has the keyboard. After a movement that was dropped
nothing is pressed until one is carried out: the technician meant another place than the one where the pointer was left. Releases
always pass, so that nothing stays down.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from host_client.desk.input_thread import OpenInjector
from host_client.ports import ScreenLost
from host_client.screen.masked import Veil

TELL_SECONDS = 1.0


class Places(Protocol):
    """Where input would land, in pixels of the screen. Raises ScreenLost when nobody can say."""

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is."""

    def keyboard(self) -> tuple[int, int]:
        """The middle of the window that has the keyboard."""

    def close(self) -> None:
        """Let go of it."""


class VeiledInjector:
    """An injector that reaches nothing under the veil. `dropped` is told once a second at most."""

    def __init__(self, hand: OpenInjector, places: Places, veil: Veil, dropped: Callable[[], None]) -> None:
        self._hand, self._places, self._veil, self._dropped = hand, places, veil, dropped
        self._lost_place = False
        self._tell_at = 0.0

    def _hidden(self, place: Callable[[], tuple[int, int]]) -> bool:
        """Would it land under the veil? Said so if it would; a place that nobody knows might be there."""
        if not self._veil.on:
            return False
        try:
            hidden = self._veil.lies_over(*place())
        except ScreenLost:
            hidden = True
        if hidden:
            self._say()
        return hidden

    def _say(self) -> None:
        now = time.monotonic()
        if now >= self._tell_at:
            self._tell_at = now + TELL_SECONDS
            self._dropped()

    def _press_is_hidden(self) -> bool:
        if self._lost_place:
            self._say()
            return True
        return self._hidden(self._places.pointer)

    def move(self, x: int, y: int) -> None:
        """See `ports.Injector`."""
        self._lost_place = self._hidden(lambda: (x, y))
        if not self._lost_place:
            self._hand.move(x, y)

    def button(self, number: int, down: bool) -> None:
        """See `ports.Injector`."""
        if not (down and self._press_is_hidden()):
            self._hand.button(number, down)

    def wheel(self, dx: int, dy: int) -> None:
        """See `ports.Injector`."""
        if not self._press_is_hidden():
            self._hand.wheel(dx, dy)

    def character(self, character: str) -> None:
        """See `ports.Injector`."""
        if not self._hidden(self._places.keyboard):
            self._hand.character(character)

    def key(self, name: str, down: bool) -> None:
        """See `ports.Injector`."""
        if not (down and self._hidden(self._places.keyboard)):
            self._hand.key(name, down)

    def hurry(self) -> None:
        """See `input_thread.OpenInjector`."""
        self._hand.hurry()

    def release_all(self) -> None:
        """See `ports.Injector`."""
        self._hand.release_all()

    def close(self) -> None:
        """Let go of everything."""
        self._hand.close()
        with suppress(ScreenLost):
            self._places.close()
