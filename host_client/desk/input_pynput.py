"""The technician's hand where there is no X: Windows, macOS and others, through pynput. Implements the Injector port.

pynput knows each platform's layouts and types any character there. On X11 it is not used, because it sends plain
characters as synthetic events, which many programs ignore. This file has been run on no such machine yet: it is as
thin as the port allows, and docs/limits.md lists these platforms as not proven.
"""

from pynput.keyboard import Controller as Keyboard
from pynput.keyboard import Key, KeyCode
from pynput.mouse import Button
from pynput.mouse import Controller as Mouse

_BUTTONS = {1: "left", 2: "middle", 3: "right", 8: "x1", 9: "x2"}
_NAMED = {
    "ShiftLeft": "shift_l",
    "ShiftRight": "shift_r",
    "ControlLeft": "ctrl_l",
    "ControlRight": "ctrl_r",
    "AltLeft": "alt_l",
    "AltRight": "alt_gr",
    "MetaLeft": "cmd_l",
    "MetaRight": "cmd_r",
    "Escape": "esc",
    "ArrowUp": "up",
    "ArrowDown": "down",
    "ArrowLeft": "left",
    "ArrowRight": "right",
    "PageUp": "page_up",
    "PageDown": "page_down",
    "CapsLock": "caps_lock",
    "NumLock": "num_lock",
    "ScrollLock": "scroll_lock",
    "PrintScreen": "print_screen",
    "ContextMenu": "menu",
    "NumpadEnter": "enter",
}
_SIGNS = {
    "Minus": "-",
    "Equal": "=",
    "BracketLeft": "[",
    "BracketRight": "]",
    "Semicolon": ";",
    "Quote": "'",
    "Backquote": "`",
    "Backslash": "\\",
    "Comma": ",",
    "Period": ".",
    "Slash": "/",
    "NumpadAdd": "+",
    "NumpadSubtract": "-",
    "NumpadMultiply": "*",
    "NumpadDivide": "/",
    "NumpadDecimal": ".",
}


class PynputInjector:
    """Injects through the platform's own calls, on one thread."""

    def __init__(self, origin: tuple[int, int] = (0, 0)) -> None:
        """`origin`: where the captured screen's first pixel lies for the system."""
        self._origin = origin
        self._keyboard, self._mouse = Keyboard(), Mouse()
        self._keys: set[str] = set()
        self._buttons: set[int] = set()

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a pixel of the captured screen."""
        self._mouse.position = (x + self._origin[0], y + self._origin[1])

    def button(self, number: int, down: bool) -> None:
        """Press or release a button; one that the platform lacks is dropped."""
        named = getattr(Button, _BUTTONS[number], None)
        if named is None or (not down and number not in self._buttons):
            return
        (self._buttons.add if down else self._buttons.discard)(number)
        (self._mouse.press if down else self._mouse.release)(named)

    def wheel(self, dx: int, dy: int) -> None:
        """Turn the wheel by whole notches; positive is right and down."""
        self._mouse.scroll(dx, -dy)

    def character(self, character: str) -> None:
        """Type one printable character."""
        self._keyboard.type(character)

    def key(self, name: str, down: bool) -> None:
        """Press or release a key of wire.sealed.input.KEYS; one that the platform lacks is dropped."""
        pressed = _key(name)
        if pressed is None or (not down and name not in self._keys):
            return
        (self._keys.add if down else self._keys.discard)(name)
        (self._keyboard.press if down else self._keyboard.release)(pressed)

    def release_all(self) -> None:
        """Let go of every key and button this injector holds."""
        for number in tuple(self._buttons):
            self.button(number, down=False)
        for name in tuple(self._keys):
            self.key(name, down=False)

    def hurry(self) -> None:
        """Nothing here waits for anybody."""

    def close(self) -> None:
        """Let go of everything."""
        self.release_all()


def _key(name: str) -> object | None:
    if name in _SIGNS:
        return _from_character(_SIGNS[name])
    if name.startswith(("Key", "Digit")) or name[:-1] == "Numpad":
        return _from_character(name[-1].lower())
    found: object | None = getattr(Key, _NAMED.get(name, name.lower()), None)
    return found


def _from_character(character: str) -> object:
    made: object = KeyCode.from_char(character)
    return made
