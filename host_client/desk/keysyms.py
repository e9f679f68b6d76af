"""Which X keysym a named key or a character has. Pure tables; the keyboard of the moment is not known here."""

from Xlib import XK

_NAMED: dict[str, str] = {
    "ShiftLeft": "Shift_L",
    "ShiftRight": "Shift_R",
    "ControlLeft": "Control_L",
    "ControlRight": "Control_R",
    "AltLeft": "Alt_L",
    "AltRight": "Alt_R",
    "MetaLeft": "Super_L",
    "MetaRight": "Super_R",
    "Enter": "Return",
    "Backspace": "BackSpace",
    "Space": "space",
    "ContextMenu": "Menu",
    "ArrowUp": "Up",
    "ArrowDown": "Down",
    "ArrowLeft": "Left",
    "ArrowRight": "Right",
    "PageUp": "Prior",
    "PageDown": "Next",
    "Minus": "minus",
    "Equal": "equal",
    "BracketLeft": "bracketleft",
    "BracketRight": "bracketright",
    "Semicolon": "semicolon",
    "Quote": "apostrophe",
    "Backquote": "grave",
    "Backslash": "backslash",
    "Comma": "comma",
    "Period": "period",
    "Slash": "slash",
    "CapsLock": "Caps_Lock",
    "NumLock": "Num_Lock",
    "ScrollLock": "Scroll_Lock",
    "PrintScreen": "Print",
    "NumpadEnter": "KP_Enter",
    "NumpadAdd": "KP_Add",
    "NumpadSubtract": "KP_Subtract",
    "NumpadMultiply": "KP_Multiply",
    "NumpadDivide": "KP_Divide",
    "NumpadDecimal": "KP_Decimal",
}
"""Names of wire.sealed.input.KEYS whose keysym is called otherwise. The rest is spelt by rule below."""

_UNICODE = 0x01000000
_OTHER_SIDE: dict[str, str] = {"ShiftRight": "ShiftLeft", "ControlRight": "ControlLeft", "AltRight": "AltLeft", "MetaRight": "MetaLeft"}
"""A keyboard whose right Alt is AltGr has no other Alt than the left one; the shortcut is meant all the same."""


def keysyms_of_key(name: str) -> tuple[int, ...]:
    """The keysyms that do for a key of wire.sealed.input.KEYS, the preferred first. Raises KeyError for any other name."""
    other = _OTHER_SIDE.get(name)
    if name == "NumpadDecimal" or (name.startswith("Numpad") and name[6:].isdigit()):
        other = "Period" if name == "NumpadDecimal" else f"Digit{name[6:]}"  # without Num Lock the key pad has no such key
    return (_keysym(name),) if other is None else (_keysym(name), _keysym(other))


def _keysym(name: str) -> int:
    spelt = _NAMED.get(name, name)
    if name.startswith("Key") and len(name) == 4:
        spelt = name[3].lower()
    elif name.startswith("Digit"):
        spelt = name[5:]
    elif name.startswith("Numpad") and name[6:].isdigit():
        spelt = f"KP_{name[6:]}"
    symbol: int = XK.string_to_keysym(spelt)
    if symbol == XK.NoSymbol:
        raise KeyError(name)
    return symbol


def character_of_keysym(symbol: int) -> str | None:
    """The Latin-1 character of a keysym, None for one that is none."""
    return chr(symbol) if symbol in range(0x20, 0x7F) or symbol in range(0xA0, 0x100) else None


def keysym_of_character(character: str) -> int:
    """The keysym that types this character everywhere (X11 protocol, appendix A)."""
    point = ord(character)
    return point if character_of_keysym(point) else _UNICODE | point
