"""What each key of an X keyboard types, as libxkbcommon reads it from the server: layouts, levels, Caps Lock, dead keys.

The core keyboard map of the X protocol flattens groups and levels and knows no key types; guessing from it presses the
wrong key on layouts with a second group and under Caps Lock. libxkbcommon is what the window programs read with too.

Only the few calls that are needed are declared (xkbcommon.h, xkbcommon-x11.h). One connection of its own to the local
server lives inside `Keyboard`; whoever reads again after a change gets new tables.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from host_client.ports import ScreenLost

SHIFT, LOCK, NUM_LOCK, LEVEL_3, LEVEL_5 = 0x01, 0x02, 0x10, 0x80, 0x20
"""Bits of the modifier state. Num Lock and the level shifts are where every common map has them (Mod2, Mod5, Mod3)."""
_HOLDS: Final = (0, SHIFT, LEVEL_3, SHIFT | LEVEL_3, LEVEL_5, SHIFT | LEVEL_5, LEVEL_3 | LEVEL_5)
"""What may be held to reach a character, the fewest first."""
_KEYPAD: Final = range(0xFF80, 0xFFBA)
"""Keysyms of the key pad: it types digits too, and means other keys without Num Lock."""
_POINTER = ctypes.c_void_p
_INT, _UINT = ctypes.c_int, ctypes.c_uint32


@dataclass(frozen=True, slots=True)
class Stroke:
    """A keycode, and which of SHIFT, LEVEL_3 and LEVEL_5 must be on with it and which off."""

    keycode: int
    hold: int = 0


@dataclass(frozen=True, slots=True)
class Tables:
    """What one state of the keyboard types: each character and each keysym, by the stroke that holds the least."""

    characters: dict[str, Stroke]
    symbols: dict[int, Stroke]


def _function(library: ctypes.CDLL, name: str, result: type | None, *arguments: type) -> Callable[..., Any]:
    found: Callable[..., Any] = ctypes.CFUNCTYPE(result, *arguments)((name, library))
    return found


class _Calls:
    """The functions of the three libraries, with their types."""

    def __init__(self) -> None:
        xcb, common, x11 = (ctypes.CDLL(name) for name in ("libxcb.so.1", "libxkbcommon.so.0", "libxkbcommon-x11.so.0"))
        nothing, shorts = _POINTER, (ctypes.c_uint16, ctypes.c_uint16, _INT)
        self.connect = _function(xcb, "xcb_connect", _POINTER, ctypes.c_char_p, nothing)
        self.failed = _function(xcb, "xcb_connection_has_error", _INT, _POINTER)
        self.disconnect = _function(xcb, "xcb_disconnect", None, _POINTER)
        self.set_up = _function(x11, "xkb_x11_setup_xkb_extension", _INT, _POINTER, *shorts, nothing, nothing, nothing, nothing)
        self.keymap_of = _function(x11, "xkb_x11_keymap_new_from_device", _POINTER, _POINTER, _POINTER, ctypes.c_int32, _INT)
        self.context_new = _function(common, "xkb_context_new", _POINTER, _INT)
        self.context_unref = _function(common, "xkb_context_unref", None, _POINTER)
        self.keymap_unref = _function(common, "xkb_keymap_unref", None, _POINTER)
        self.min_keycode = _function(common, "xkb_keymap_min_keycode", _UINT, _POINTER)
        self.max_keycode = _function(common, "xkb_keymap_max_keycode", _UINT, _POINTER)
        self.state_new = _function(common, "xkb_state_new", _POINTER, _POINTER)
        self.state_unref = _function(common, "xkb_state_unref", None, _POINTER)
        self.update = _function(common, "xkb_state_update_mask", _INT, _POINTER, *([_UINT] * 6))
        self.symbol = _function(common, "xkb_state_key_get_one_sym", _UINT, _POINTER, _UINT)
        self.point = _function(common, "xkb_state_key_get_utf32", _UINT, _POINTER, _UINT)


_NO_FLAGS, _XKB_VERSION = 0, (1, 0)


class Keyboard:
    """Reads the keyboard of one device of one screen. Raises ScreenLost where the server or a library cannot tell."""

    def __init__(self, display: str, device: int) -> None:
        try:
            self._calls = _Calls()
        except OSError as missing:
            raise ScreenLost("libxkbcommon is not installed") from missing
        self._device = device
        self._context: int = self._calls.context_new(_NO_FLAGS)
        self._connection: int = self._calls.connect(display.encode(), None)
        silent = self._calls.failed(self._connection) != 0
        if silent or not self._calls.set_up(self._connection, *_XKB_VERSION, _NO_FLAGS, None, None, None, None):
            self.close()
            raise ScreenLost("this X screen tells nothing of its keyboard")

    def close(self) -> None:
        """Close the connection."""
        self._calls.disconnect(self._connection)
        self._calls.context_unref(self._context)

    def tables(self, group: int, locked: int, spare: frozenset[int]) -> Tables:
        """What the keyboard types now with this layout (0 the first) and these locks (LOCK, NUM_LOCK) on, but for the spare keycodes."""
        characters: dict[str, Stroke] = {}
        symbols: dict[int, Stroke] = {}
        with self._keymap() as keymap, self._state(keymap) as state:
            codes = range(self._calls.min_keycode(keymap), self._calls.max_keycode(keymap) + 1)
            keycodes = [keycode for keycode in codes if keycode not in spare]
            for hold in _HOLDS:
                self._calls.update(state, hold, 0, locked, 0, 0, group)
                for keycode in keycodes:
                    symbol, point = self._calls.symbol(state, keycode), self._calls.point(state, keycode)
                    symbols.setdefault(symbol, Stroke(keycode, hold))
                    if point and symbol not in _KEYPAD:
                        characters.setdefault(chr(point), Stroke(keycode, hold))
        symbols.pop(0, None)
        return Tables(characters, symbols)

    @contextmanager
    def _keymap(self) -> Iterator[int]:
        keymap = self._calls.keymap_of(self._context, self._connection, self._device, _NO_FLAGS)
        if not keymap:
            raise ScreenLost("this X screen tells nothing of its keyboard")
        try:
            yield keymap
        finally:
            self._calls.keymap_unref(keymap)

    @contextmanager
    def _state(self, keymap: int) -> Iterator[int]:
        state = self._calls.state_new(keymap)
        try:
            yield state
        finally:
            self._calls.state_unref(state)
