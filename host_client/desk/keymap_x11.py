"""The keyboard of the moment: which keycode and which modifiers give a keysym, and spare keycodes for those that none gives.

A borrowed keycode keeps its meaning until it is needed for another character or until `give_back`: programs read the
keyboard's map only some time after they are told that it changed, and must still find it as it was when they do.
"""

from collections import OrderedDict
from dataclasses import dataclass

from Xlib import XK, X
from Xlib.display import Display

_SHIFTED = {0: (False, False), 1: (True, False), 4: (False, True), 5: (True, True)}
"""Column of the core keyboard map -> (Shift, AltGr). Columns 2 and 3 are the second layout, which may not be on."""
_SPARE_MAX = 12


@dataclass(frozen=True, slots=True)
class Stroke:
    """A keycode and the modifiers to hold with it."""

    keycode: int
    shift: bool = False
    altgr: bool = False


class Keymap:
    """Reads and borrows keycodes on one connection."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._borrowed: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._spare: list[int] | None = None

    def find(self, symbol: int) -> Stroke | None:
        """How the layout in use types this keysym, if it does."""
        self._refresh()
        for keycode, column in sorted(self._display.keysym_to_keycodes(symbol), key=lambda found: int(found[1])):
            if column in _SHIFTED:
                return Stroke(int(keycode), *_SHIFTED[column])
        return None

    def borrow(self, plain: int, shifted: int) -> int | None:
        """A spare keycode that gives `plain`, and with Shift `shifted`, now; None where the keyboard has none to spare.

        A letter is borrowed with both its cases, because programs turn a letter without the other into a capital
        themselves while Caps Lock is on.
        """
        pair = (plain, shifted)
        if pair in self._borrowed:
            self._borrowed.move_to_end(pair)
            return self._borrowed[pair]
        spare = self._spare_keycodes()
        if len(self._borrowed) < len(spare):
            keycode = spare[len(self._borrowed)]
        elif self._borrowed:
            _, keycode = self._borrowed.popitem(last=False)
        else:
            return None
        self._map(keycode, *pair)
        self._borrowed[pair] = keycode
        return keycode

    def give_back(self) -> None:
        """Restore every borrowed keycode to nothing."""
        for keycode in self._borrowed.values():
            self._map(keycode, XK.NoSymbol, XK.NoSymbol)
        self._borrowed.clear()

    def _spare_keycodes(self) -> list[int]:
        if self._spare is None:
            lowest, highest = self._display.display.info.min_keycode, self._display.display.info.max_keycode
            columns = self._display.get_keyboard_mapping(lowest, highest - lowest + 1)
            self._spare = [lowest + place for place, symbols in enumerate(columns) if not any(symbols)][-_SPARE_MAX:]
        return self._spare

    def _map(self, keycode: int, plain: int, shifted: int) -> None:
        self._display.change_keyboard_mapping(keycode, [[plain, shifted]])
        self._display.sync()
        self._refresh()

    def _refresh(self) -> None:
        """Heed what the server told about changes of the keyboard, ours or the person's."""
        while self._display.pending_events():
            told = self._display.next_event()
            if told.type == X.MappingNotify and told.request == X.MappingKeyboard:
                self._display.refresh_keyboard_mapping(told)
