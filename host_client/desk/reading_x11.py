"""Whether the program with the focus has read everything that it was sent: it is asked for a sign of life (EWMH, `_NET_WM_PING`).

A program looks up what a key types some time after it was pressed, and some before they look at a change of the keyboard
that came first. So the keyboard is changed only when all presses have been read, and pressed only when the change has.
A program that gives no signs of life is given PAUSE_SECONDS.
"""

import itertools
import os
import select
import time
from typing import Final

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from host_client.screen.x_display import close_display, open_display

PAUSE_SECONDS: Final = 0.05
PATIENCE_SECONDS: Final = 1.0
"""A program that is busy for longer may get a wrong letter: it would be unusable for the person too."""


class Reading:
    """On a connection of its own, so that it takes no event from another. `hurry` may be called on any thread."""

    def __init__(self, name: str | None) -> None:
        self._display: Display = open_display(name)
        self._root = self._display.screen().root
        self._protocols, self._ping = (self._display.intern_atom(each) for each in ("WM_PROTOCOLS", "_NET_WM_PING"))
        self._numbers = itertools.count(1)
        self._wake_read, self._wake_write = os.pipe()

    def close(self) -> None:
        """Close the connection."""
        close_display(self._display)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def hurry(self) -> None:
        """Whoever waits now waits no longer."""
        os.write(self._wake_write, b"!")

    def caught_up(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait until the program has read what was sent before; at most so long. False if somebody was in a hurry."""
        program = self._program()
        if program is None:
            return self._pause(min(PAUSE_SECONDS, seconds))
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask | X.StructureNotifyMask)  # Qt answers to the second
        try:
            return self._asked(program, time.monotonic() + seconds)
        finally:
            self._root.change_attributes(event_mask=X.NoEventMask)
            self._display.sync()

    def _asked(self, program: object, until: float) -> bool:
        number = next(self._numbers) & 0x7FFFFFFF
        asked = ClientMessage(window=program, client_type=self._protocols, data=(32, [self._ping, number, getattr(program, "id", 0), 0, 0]))
        self._display.send_event(program, asked, event_mask=0)
        self._display.flush()
        while (left := until - time.monotonic()) > 0:
            while self._display.pending_events():
                if self._is_answer(self._display.next_event(), number):
                    return True
            if self._wake_read in select.select([self._display.fileno(), self._wake_read], [], [], left)[0]:
                os.read(self._wake_read, 64)
                return False
        return True

    def _is_answer(self, event: object, number: int) -> bool:
        if getattr(event, "type", None) != X.ClientMessage or getattr(event, "client_type", None) != self._protocols:
            return False
        return list(getattr(event, "data")[1][:2]) == [self._ping, number]  # noqa: B009

    def _pause(self, seconds: float) -> bool:
        if not select.select([self._wake_read], [], [], seconds)[0]:
            return True
        os.read(self._wake_read, 64)
        return False

    def _program(self) -> object | None:
        """The window with the focus, or the one that it is in, if it gives signs of life."""
        window = self._display.get_input_focus().focus
        while not isinstance(window, int) and window and window.id != self._root.id:
            written = window.get_full_property(self._protocols, Xatom.ATOM)
            if written is not None and self._ping in written.value:
                found: object = window
                return found
            window = window.query_tree().parent
        return None
