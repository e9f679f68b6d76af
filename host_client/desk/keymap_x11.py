"""The keyboard of the moment: which keycode types what, and spare keycodes for the characters that none types.

A borrowed keycode keeps its meaning until it is needed for another character or until `give_back`: programs read the
keyboard's map only some time after they are told that it changed, and must still find it as it was when they do. So
whoever borrows says how to wait for them (`reading_x11.py`).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xinput

from host_client.desk.keysyms import keysym_of_character
from host_client.desk.xkb import LOCK, NUM_LOCK, SHIFT, Keyboard, Stroke, Tables
from host_client.ports import ScreenLost

_SPARE_MAX: Final = 16
_GROUPS: Final = 4
_PER_KEY: Final = 2


@dataclass(slots=True)
class _Lent:
    """What a spare keycode types, plain and with Shift."""

    keycode: int
    letters: list[str] = field(default_factory=list)

    @property
    def symbols(self) -> list[int]:
        """What stands in the keyboard's map: plain and with Shift."""
        return [keysym_of_character(letter) for letter in (self.letters * _PER_KEY)[:_PER_KEY]]


class Keymap:
    """Reads and borrows keycodes. `display` is the caller's connection, `name` its screen; `caught_up` waits until programs
    have read what they were sent, and is False when the caller should not go on.
    """

    def __init__(self, display: Display, name: str, caught_up: Callable[[], bool]) -> None:
        self._display = display
        self._caught_up = caught_up
        self._keyboard = Keyboard(name, _injecting_keyboard(display))
        self._tables: dict[tuple[int, int], Tables] = {}
        self._lent: OrderedDict[int, _Lent] = OrderedDict()
        self._spare: list[int] = self._spare_keycodes()

    def close(self) -> None:
        """Close what reads the keyboard. The caller's connection stays."""
        self._keyboard.close()

    # ---- reading

    def character(self, letter: str, state: int) -> Stroke | None:
        """How the layout that is on types this character under the locks of `state`; None when it does not."""
        return self._now(state).characters.get(letter)

    def symbol(self, wanted: Iterable[int], state: int) -> Stroke | None:
        """How a key is pressed that means one of these keysyms: on the layout that is on, else where another has it.

        Caps Lock counts for text alone: a shortcut is the same with and without it.
        """
        unlocked = state & ~LOCK
        tables = [self._now(unlocked), *(self._of(group, unlocked & NUM_LOCK) for group in range(_GROUPS))]
        found = (table.symbols.get(symbol) for symbol in wanted for table in tables)
        return next((stroke for stroke in found if stroke is not None), None)

    def _now(self, state: int) -> Tables:
        self._heed_changes()
        return self._of(group_of(state), state & (LOCK | NUM_LOCK))

    def _of(self, group: int, locked: int) -> Tables:
        if (group, locked) not in self._tables:
            self._tables[group, locked] = self._keyboard.tables(group, locked, frozenset(self._spare))
        return self._tables[group, locked]

    def _heed_changes(self) -> None:
        """What the server told about changes of the keyboard. Another layout takes what was borrowed with it."""
        while self._display.pending_events():
            told = self._display.next_event()
            if told.type != X.MappingNotify or told.request != X.MappingKeyboard:
                continue
            if told.count == 1 and told.first_keycode in self._lent:
                continue  # our own
            self._tables.clear()
            self._lent = OrderedDict((code, lent) for code, lent in self._lent.items() if self._still_ours(lent))
            self._spare = self._spare_keycodes()

    # ---- borrowing

    def borrow(self, letter: str, *, plain: bool = False) -> Stroke | None:
        """A stroke on a spare keycode that types this character while Caps Lock is off; None where the keyboard has none to spare.

        `plain` is without Shift, for a shortcut.
        """
        self._heed_changes()
        lent = next((each for each in self._lent.values() if letter in each.letters[: 1 if plain else _PER_KEY]), None)
        lent = lent or self._lend(letter, plain=plain)
        if lent is None:
            return None
        self._lent.move_to_end(lent.keycode)
        return Stroke(lent.keycode, SHIFT if lent.letters.index(letter) else 0)

    def _lend(self, letter: str, *, plain: bool) -> _Lent | None:
        room = None if plain else next((each for each in self._lent.values() if len(each.letters) < _PER_KEY), None)
        lent = room or self._fresh()
        if lent is None:
            return None
        lent.letters.append(letter)
        self._lent[lent.keycode] = lent
        self._write(lent.keycode, lent.symbols)
        return lent if self._caught_up() else None

    def _fresh(self) -> _Lent | None:
        free = next((code for code in self._spare if code not in self._lent), None)
        if free is not None:
            return _Lent(free)
        if not self._lent or not self._caught_up():
            return None
        return _Lent(next(iter(self._lent)))

    @property
    def lends(self) -> bool:
        """Does any keycode mean something else because of us?"""
        return bool(self._lent)

    def give_back(self) -> None:
        """Every borrowed keycode means nothing again, unless somebody else uses it by now."""
        self._heed_changes()
        for lent in self._lent.values():
            if self._still_ours(lent):
                self._write(lent.keycode, [XK.NoSymbol] * _PER_KEY)
        self._lent.clear()

    def _write(self, keycode: int, symbols: list[int]) -> None:
        self._display.change_keyboard_mapping(keycode, [symbols])
        self._display.sync()

    def _still_ours(self, lent: _Lent) -> bool:
        return [int(each) for each in self._display.get_keyboard_mapping(lent.keycode, 1)[0][:_PER_KEY]] == lent.symbols

    def _spare_keycodes(self) -> list[int]:
        lowest, highest = self._display.display.info.min_keycode, self._display.display.info.max_keycode
        columns = self._display.get_keyboard_mapping(lowest, highest - lowest + 1)
        unused = [lowest + place for place, symbols in enumerate(columns) if not any(symbols)]
        room = _SPARE_MAX - len(self._lent)
        return [*self._lent, *unused[max(0, len(unused) - room) :]]


def group_of(state: int) -> int:
    """Which of the keyboard's layouts is on, from the modifier state of an X server (XKB, section 2.2)."""
    return state >> 13 & 3


def _injecting_keyboard(display: Display) -> int:
    """The device that XTEST presses: once it is pressed, the whole screen has its map."""
    if not display.has_extension("XInputExtension"):
        raise ScreenLost("this X screen does not tell its keyboards apart")
    devices = display.xinput_query_device(xinput.AllDevices).devices
    found = [device.deviceid for device in devices if device.use == xinput.SlaveKeyboard and "XTEST" in device.name]
    if not found:
        raise ScreenLost("this X screen has no keyboard to inject with")
    return int(found[0])
