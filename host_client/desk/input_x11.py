"""The technician's hand on an X screen: XTEST on a connection of its own. Implements the Injector port.

Nothing is injected into this program's own windows: a press is dropped when the window under the pointer, or the one
with the focus, belongs to this process. Releases always pass, so that nothing stays down.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from types import TracebackType
from typing import Final, ParamSpec, Self

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from host_client.desk.keymap_x11 import Keymap
from host_client.desk.keysyms import character_of_keysym, keysyms_of_key
from host_client.desk.pointed_x11 import Pointed
from host_client.desk.reading_x11 import Reading
from host_client.desk.xkb import LEVEL_3, LEVEL_5, LOCK, SHIFT, Stroke
from host_client.ports import ScreenLost
from host_client.screen.x_display import X_LOST, close_display, open_display

_WHEEL_UP, _WHEEL_DOWN, _WHEEL_LEFT, _WHEEL_RIGHT = 4, 5, 6, 7
_HOLD_KEYS: Final = {SHIFT: (XK.XK_Shift_L, XK.XK_Shift_R), LEVEL_3: (0xFE03,), LEVEL_5: (0xFE11,)}
"""The keysyms that hold each level: Shift, ISO_Level3_Shift (AltGr) and ISO_Level5_Shift, which python-xlib does not name."""

LAST_WORDS_SECONDS: Final = 0.1
"""How long the last letters may take to be read before the keyboard is put back: less than a withdrawal may take."""

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


class XInjector:
    """Injects on one X screen, on one thread. Raises ScreenLost when the screen has no XTEST."""

    def __init__(self, display: str | None) -> None:
        self._display: Display = open_display(display)
        if not self._display.has_extension("XTEST"):
            close_display(self._display)
            raise ScreenLost("this X screen takes no injected input")
        self._root = self._display.screen().root
        self._pid_atom = self._display.intern_atom("_NET_WM_PID")
        self._pointed = Pointed(self._display, os.getpid())
        self._reading = Reading(display)
        self._keymap = self._read_keyboard(display or "")
        self._buttons: set[int] = set()
        self._keys: dict[str, int] = {}
        """What is held: name -> keycode."""

    def _read_keyboard(self, name: str) -> Keymap:
        try:
            return Keymap(self._display, name, self._caught_up)
        except ScreenLost:
            self._reading.close()
            close_display(self._display)
            raise

    def _caught_up(self) -> bool:
        self._display.sync()
        return self._reading.caught_up()

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
        if down and self._pointed.is_ours():
            return
        if not down and number not in self._buttons:
            return
        (self._buttons.add if down else self._buttons.discard)(number)
        self._fake(X.ButtonPress if down else X.ButtonRelease, number)
        self._display.flush()

    @_on_a_live_screen
    def wheel(self, dx: int, dy: int) -> None:
        """Turn the wheel by whole notches; positive is right and down."""
        if self._pointed.is_ours():
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
        state = self._state()
        if not self._strike(self._keymap.character(character, state), state):
            with self._without_caps_lock(state) as unlocked:
                stroke = self._keymap.character(character, unlocked)
                if not self._strike(stroke, unlocked):
                    self._strike(self._keymap.borrow(character), unlocked)
        self._display.flush()

    def _strike(self, stroke: Stroke | None, state: int) -> bool:
        if stroke is None or not self._reachable(stroke, state):
            return False
        with self._held_exactly(stroke.hold, state):
            self._tap(stroke.keycode)
        return True

    @contextmanager
    def _without_caps_lock(self, state: int) -> Iterator[int]:
        """Caps Lock changes more characters than those with a key of their own: it is off for one of the others."""
        caps_lock = self._keymap.symbol((XK.XK_Caps_Lock,), state) if state & LOCK else None
        if caps_lock is None:
            yield state
            return
        self._tap(caps_lock.keycode)
        yield state & ~LOCK
        self._tap(caps_lock.keycode)

    @_on_a_live_screen
    def key(self, name: str, down: bool) -> None:
        """Press or release a key of wire.sealed.input.KEYS. One that this keyboard lacks is dropped."""
        if down:
            if not self._focus_is_ours():
                self._press(name)
        elif name in self._keys:
            keycode = self._keys.pop(name)
            if keycode not in self._keys.values():
                self._fake(X.KeyRelease, keycode)
        self._display.flush()

    def _press(self, name: str) -> None:
        """A letter that no layout here has is borrowed, so that Ctrl+C is one on a Greek keyboard too."""
        state, symbols = self._state(), keysyms_of_key(name)
        stroke = self._keymap.symbol(symbols, state)
        letter = character_of_keysym(symbols[0])
        if stroke is None and letter is not None:
            stroke = self._keymap.borrow(letter, plain=True)
        if stroke is None:
            return
        self._keys[name] = stroke.keycode
        with self._also_held(stroke.hold, state):
            self._fake(X.KeyPress, stroke.keycode)

    # ---- what is held with a key

    def _reachable(self, stroke: Stroke, state: int) -> bool:
        return all(self._keymap.symbol(symbols, state) for bit, symbols in _HOLD_KEYS.items() if stroke.hold & bit)

    @contextmanager
    def _held_exactly(self, hold: int, state: int) -> Iterator[None]:
        """Hold these modifiers and no other of their kind, whatever the technician holds of them."""
        down = set(self._keys.values())
        others = [symbols for bit, symbols in _HOLD_KEYS.items() if not hold & bit]
        found = (self._keymap.symbol((symbol,), state) for symbols in others for symbol in symbols)
        lifted = sorted({stroke.keycode for stroke in found if stroke is not None} & down)
        for keycode in lifted:
            self._fake(X.KeyRelease, keycode)
        with self._also_held(hold, state):
            yield
        for keycode in lifted:
            self._fake(X.KeyPress, keycode)

    @contextmanager
    def _also_held(self, hold: int, state: int) -> Iterator[None]:
        """Hold these modifiers too."""
        down = set(self._keys.values())
        pressed: list[int] = []
        for bit, symbols in _HOLD_KEYS.items():
            keys = [stroke.keycode for symbol in symbols if (stroke := self._keymap.symbol((symbol,), state)) is not None]
            if hold & bit and keys and not down.intersection(keys):
                pressed.append(keys[0])
        for keycode in pressed:
            self._fake(X.KeyPress, keycode)
        yield
        for keycode in reversed(pressed):
            self._fake(X.KeyRelease, keycode)

    def _state(self) -> int:
        return int(self._root.query_pointer().mask)

    def release_all(self) -> None:
        """Let go of every key and button this injector holds."""
        for number in self._buttons:
            self._fake(X.ButtonRelease, number)
        for code in set(self._keys.values()):
            self._fake(X.KeyRelease, code)
        self._buttons.clear()
        self._keys.clear()
        self._display.sync()

    def hurry(self) -> None:
        """What is being typed need not arrive: control is being taken back. Called on any thread."""
        self._reading.hurry()

    def close(self) -> None:
        """Let go of everything, put the keyboard back as it was, and close the connection."""
        with suppress(*X_LOST):  # a server that is gone holds nothing any more
            self.release_all()
            if self._keymap.lends:
                self._reading.caught_up(LAST_WORDS_SECONDS)
                self._keymap.give_back()
        self._keymap.close()
        self._reading.close()
        close_display(self._display)

    def _tap(self, keycode: int) -> None:
        self._fake(X.KeyPress, keycode)
        self._fake(X.KeyRelease, keycode)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y, root=self._root if kind == X.MotionNotify else X.NONE)

    def _focus_is_ours(self) -> bool:
        window = self._display.get_input_focus().focus
        if isinstance(window, int):  # no focus, or wherever the pointer is
            return self._pointed.is_ours()
        while window and window.id != self._root.id:
            if self._is_ours(window):
                return True
            window = window.query_tree().parent
        return False

    def _is_ours(self, window: object) -> bool:
        """By the process id that the window's tool kit wrote on it."""
        written = getattr(window, "get_full_property")(self._pid_atom, X.AnyPropertyType)  # noqa: B009
        return written is not None and list(written.value) == [os.getpid()]
