"""The technician's hand on an X screen: XTEST on a connection of its own. Implements the Injector port.

Nothing is injected into this program's own windows: a press is dropped when the window under the pointer, or the one
with the focus, belongs to this process. Releases always pass, so that nothing stays down.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from types import TracebackType
from typing import ParamSpec, Self

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from host_client.desk.keymap_x11 import Keymap, Stroke
from host_client.desk.keysyms import keysym_of_key, keysyms_of_character
from host_client.ports import ScreenLost
from host_client.screen.x_display import X_LOST, close_display, open_display

_WHEEL_UP, _WHEEL_DOWN, _WHEEL_LEFT, _WHEEL_RIGHT = 4, 5, 6, 7
_ALTGR = 0xFE03
"""ISO_Level3_Shift, which python-xlib does not name."""
_GROUP_BITS = 0x6000
"""Part of the modifier state that says which keyboard layout is on (XKB, section 2.2)."""


P = ParamSpec("P")


def _on_a_live_screen(act: Callable[P, None]) -> Callable[P, None]:
    """Whatever python-xlib raises when the server goes away becomes ScreenLost."""

    @wraps(act)
    def guarded(*values: P.args, **named: P.kwargs) -> None:
        try:
            act(*values, **named)
        except X_LOST as lost:
            raise ScreenLost("the X screen is gone") from lost

    return guarded


def _has_case(character: str) -> bool:
    """Whether it is one of two single letters, small and capital (as `ß` is not)."""
    return character.lower() != character.upper() and len(character.lower()) == len(character.upper()) == 1


class XInjector:
    """Injects on one X screen, on one thread. Raises ScreenLost when the screen has no XTEST."""

    def __init__(self, display: str | None) -> None:
        self._display: Display = open_display(display)
        if not self._display.has_extension("XTEST"):
            close_display(self._display)
            raise ScreenLost("this X screen takes no injected input")
        self._root = self._display.screen().root
        self._pid_atom = self._display.intern_atom("_NET_WM_PID")
        self._keymap = Keymap(self._display)
        self._buttons: set[int] = set()
        self._keys: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    @_on_a_live_screen
    def move(self, x: int, y: int) -> None:
        """Move the pointer to a pixel of the screen."""
        self._fake(X.MotionNotify, 0, x, y)
        self._display.flush()

    @_on_a_live_screen
    def button(self, number: int, down: bool) -> None:
        """Press or release a button by its X number: 1 left, 2 middle, 3 right, 8 back, 9 forward."""
        if down and self._pointer_is_over_ours():
            return
        if not down and number not in self._buttons:
            return
        (self._buttons.add if down else self._buttons.discard)(number)
        self._fake(X.ButtonPress if down else X.ButtonRelease, number)
        self._display.flush()

    @_on_a_live_screen
    def wheel(self, dx: int, dy: int) -> None:
        """Turn the wheel by whole notches; positive is right and down."""
        if self._pointer_is_over_ours():
            return
        across = [_WHEEL_RIGHT if dx > 0 else _WHEEL_LEFT] * abs(dx)
        along = [_WHEEL_DOWN if dy > 0 else _WHEEL_UP] * abs(dy)
        for number in across + along:
            self._fake(X.ButtonPress, number)
            self._fake(X.ButtonRelease, number)
        self._display.flush()

    @_on_a_live_screen
    def character(self, character: str) -> None:
        """Type one printable character, whatever the keyboard layout. One that cannot be typed here is dropped."""
        if self._focus_is_ours():
            return
        stroke = self._stroke(character)
        if stroke is not None:
            self._strike(stroke)

    def _stroke(self, character: str) -> Stroke | None:
        """The layout's own key when the first layout is on; a borrowed key otherwise."""
        state = int(self._root.query_pointer().mask)
        symbols = keysyms_of_character(character)
        found = next((stroke for stroke in map(self._keymap.find, symbols) if stroke is not None), None)
        reachable = found is not None and (not found.altgr or self._keymap.find(_ALTGR) is not None)
        if found is None or not reachable or state & _GROUP_BITS:
            found = self._borrowed(character)
        if found is not None and state & X.LockMask and _has_case(character):
            return Stroke(found.keycode, not found.shift, found.altgr)
        return found

    def _borrowed(self, character: str) -> Stroke | None:
        pair = (character.lower(), character.upper()) if _has_case(character) else (character, character)
        plain, shifted = (keysyms_of_character(each)[-1] for each in pair)
        keycode = self._keymap.borrow(plain, shifted)
        return None if keycode is None else Stroke(keycode, shift=_has_case(character) and character == pair[1])

    def _strike(self, stroke: Stroke) -> None:
        """Press the key with exactly the modifiers it needs, whatever the technician holds of Shift."""
        shift, altgr = self._keymap.find(XK.XK_Shift_L), self._keymap.find(_ALTGR)
        held = [modifier.keycode for wanted, modifier in ((stroke.shift, shift), (stroke.altgr, altgr)) if wanted and modifier]
        lifted = [code for code in self._held_shifts() if not stroke.shift]
        for code in lifted:
            self._fake(X.KeyRelease, code)
        for code in held:
            self._fake(X.KeyPress, code)
        self._fake(X.KeyPress, stroke.keycode)
        self._fake(X.KeyRelease, stroke.keycode)
        for code in reversed(held):
            if code not in self._keys:
                self._fake(X.KeyRelease, code)
        for code in lifted:
            self._fake(X.KeyPress, code)
        self._display.flush()

    def _held_shifts(self) -> Iterator[int]:
        for symbol in (XK.XK_Shift_L, XK.XK_Shift_R):
            stroke = self._keymap.find(symbol)
            if stroke is not None and stroke.keycode in self._keys:
                yield stroke.keycode

    @_on_a_live_screen
    def key(self, name: str, down: bool) -> None:
        """Press or release a key of wire.sealed.input.KEYS. One that this keyboard lacks is dropped."""
        if down and self._focus_is_ours():
            return
        stroke = self._keymap.find(keysym_of_key(name))
        if stroke is None:
            return
        if down:
            self._keys[stroke.keycode] = self._keys.get(stroke.keycode, 0) + 1
        elif self._keys.pop(stroke.keycode, 0) == 0:
            return
        self._fake(X.KeyPress if down else X.KeyRelease, stroke.keycode)
        self._display.flush()

    def release_all(self) -> None:
        """Let go of every key and button this injector holds."""
        for number in self._buttons:
            self._fake(X.ButtonRelease, number)
        for code in self._keys:
            self._fake(X.KeyRelease, code)
        self._buttons.clear()
        self._keys.clear()
        self._display.sync()

    def close(self) -> None:
        """Let go of everything, put the keyboard back as it was, and close the connection."""
        with suppress(*X_LOST):  # a server that is gone holds nothing any more
            self.release_all()
            self._keymap.give_back()
        close_display(self._display)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y, root=self._root if kind == X.MotionNotify else X.NONE)

    def _pointer_is_over_ours(self) -> bool:
        window = self._root
        while window:
            window = window.query_pointer().child
            if window and self._is_ours(window):
                return True
        return False

    def _focus_is_ours(self) -> bool:
        window = self._display.get_input_focus().focus
        if isinstance(window, int):  # no focus, or wherever the pointer is
            return self._pointer_is_over_ours()
        while window and window.id != self._root.id:
            if self._is_ours(window):
                return True
            window = window.query_tree().parent
        return False

    def _is_ours(self, window: object) -> bool:
        """By the process id that the window's tool kit wrote on it."""
        written = getattr(window, "get_full_property")(self._pid_atom, X.AnyPropertyType)  # noqa: B009
        return written is not None and list(written.value) == [os.getpid()]
