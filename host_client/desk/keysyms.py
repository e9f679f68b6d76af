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
_LEGACY = {"€": 0x20AC}
"""Characters outside Latin-1 that common layouts still list under their old keysym."""


def keysym_of_key(name: str) -> int:
    """The keysym of a key of wire.sealed.input.KEYS. Raises KeyError for any other name."""
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


def keysyms_of_character(character: str) -> tuple[int, ...]:
    """Keysyms that type this character, the preferred first (X11 protocol, appendix A)."""
    point = ord(character)
    if point in range(0x20, 0x7F) or point in range(0xA0, 0x100):
        return (point,)
    by_rule = _UNICODE | point
    return (_LEGACY[character], by_rule) if character in _LEGACY else (by_rule,)
