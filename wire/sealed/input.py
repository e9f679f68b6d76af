"""What a technician does with mouse and keyboard, packed: the plaintext of the input lane (docs/protocol.md, section 7).

    batch       picture u32 | milliseconds u32 | count u8 | events | zeros up to 64 bytes      (big endian)
    MOVE        1 u8 | x u16 | y u16              pixels of the last layout
    BUTTON      2 u8 | number u8 | down u8        0 left, 1 middle, 2 right, 3 back, 4 forward
    WHEEL       3 u8 | dx i8 | dy i8              notches; positive is right and down
    CHARACTER   4 u8 | code point u32             a character as typed, whatever the layout
    KEY         5 u8 | index u8 | down u8         a place in KEYS

A batch has one size, so that a keystroke looks like a movement. Whether a batch is still fresh is decided elsewhere.
"""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct, error
from typing import assert_never

from wire.limits import INPUT_PLAIN
from wire.schema import MalformedMessage

KEYS: tuple[str, ...] = (
    *("ShiftLeft", "ShiftRight", "ControlLeft", "ControlRight", "AltLeft", "AltRight", "MetaLeft", "MetaRight"),
    *("Enter", "Tab", "Escape", "Backspace", "Delete", "Insert", "Space", "ContextMenu"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"),
    *(f"F{number}" for number in range(1, 25)),
    *(f"Key{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    *(f"Digit{digit}" for digit in "0123456789"),
    *("Minus", "Equal", "BracketLeft", "BracketRight", "Semicolon", "Quote", "Backquote", "Backslash", "Comma", "Period", "Slash"),
    *("CapsLock", "NumLock", "ScrollLock", "PrintScreen", "Pause"),
    *("NumpadEnter", "NumpadAdd", "NumpadSubtract", "NumpadMultiply", "NumpadDivide", "NumpadDecimal"),
    *(f"Numpad{digit}" for digit in "0123456789"),
)
"""The closed list of keys, named as in W3C UI Events `code`. Only ever extended at its end: the place crosses the wire."""

BUTTONS = 5


class InputEvent(IntEnum):
    """First byte of each event."""

    MOVE = 1
    BUTTON = 2
    WHEEL = 3
    CHARACTER = 4
    KEY = 5


@dataclass(frozen=True, slots=True)
class Move:
    """The pointer is at this pixel of the picture."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Button:
    """A mouse button went down or up where the pointer is."""

    number: int
    down: bool


@dataclass(frozen=True, slots=True)
class Wheel:
    """The wheel moved by so many notches."""

    dx: int
    dy: int


@dataclass(frozen=True, slots=True)
class Character:
    """One printable character."""

    code_point: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key of KEYS went down or up."""

    name: str
    down: bool


Event = Move | Button | Wheel | Character | Key


@dataclass(frozen=True, slots=True)
class Batch:
    """One input record. `picture` is the last frame shown; `milliseconds` is session time at the console."""

    picture: int
    milliseconds: int
    events: tuple[Event, ...]


_HEAD = Struct(">IIB")
_LAYOUT: dict[InputEvent, Struct] = {
    InputEvent.MOVE: Struct(">BHH"),
    InputEvent.BUTTON: Struct(">BBB"),
    InputEvent.WHEEL: Struct(">Bbb"),
    InputEvent.CHARACTER: Struct(">BI"),
    InputEvent.KEY: Struct(">BBB"),
}


def encode_batch(batch: Batch) -> bytes:
    """Exactly 64 bytes. Raises ValueError for a batch that does not fit or that no reader would accept."""
    try:
        packed = b"".join(_pack(event) for event in batch.events)
        data = (_HEAD.pack(batch.picture, batch.milliseconds, len(batch.events)) + packed).ljust(INPUT_PLAIN, b"\0")
        decode_batch(data)  # what we write, we must be able to read
    except (error, ValueError, MalformedMessage) as fault:
        raise ValueError(f"no such input batch: {fault}") from None
    return data


def _pack(event: Event) -> bytes:
    match event:
        case Move(x, y):
            return _LAYOUT[InputEvent.MOVE].pack(InputEvent.MOVE, x, y)
        case Button(number, down):
            return _LAYOUT[InputEvent.BUTTON].pack(InputEvent.BUTTON, number, down)
        case Wheel(dx, dy):
            return _LAYOUT[InputEvent.WHEEL].pack(InputEvent.WHEEL, dx, dy)
        case Character(code_point):
            return _LAYOUT[InputEvent.CHARACTER].pack(InputEvent.CHARACTER, code_point)
        case Key(name, down):
            return _LAYOUT[InputEvent.KEY].pack(InputEvent.KEY, KEYS.index(name), down)
        case _:
            assert_never(event)


def decode_batch(data: bytes) -> Batch:
    """Read one batch. Raises MalformedMessage for anything that `encode_batch` does not write."""
    if len(data) != INPUT_PLAIN:
        raise MalformedMessage("input", f"is not {INPUT_PLAIN} bytes")
    picture, milliseconds, count = _HEAD.unpack_from(data)
    events, at = [], _HEAD.size
    for _ in range(count):
        event, at = _unpack(data, at)
        events.append(event)
    if any(data[at:]):
        raise MalformedMessage("input.padding", "is not zero")
    return Batch(picture, milliseconds, tuple(events))


def _unpack(data: bytes, at: int) -> tuple[Event, int]:
    try:
        kind = InputEvent(data[at])
        layout = _LAYOUT[kind]
        fields = layout.unpack_from(data, at)[1:]
    except (IndexError, ValueError, error):
        raise MalformedMessage("input.event", "is unknown or cut off") from None
    return _event(kind, fields), at + layout.size


def _event(kind: InputEvent, fields: tuple[int, ...]) -> Event:
    match kind:
        case InputEvent.MOVE:
            return Move(*fields)
        case InputEvent.BUTTON:
            return Button(_below(fields[0], BUTTONS, "button"), _flag(fields[1]))
        case InputEvent.WHEEL:
            return Wheel(*fields)
        case InputEvent.CHARACTER:
            return Character(_printable(fields[0]))
        case InputEvent.KEY:
            return Key(KEYS[_below(fields[0], len(KEYS), "key")], _flag(fields[1]))
        case _:
            assert_never(kind)


def _below(value: int, end: int, name: str) -> int:
    if value >= end:
        raise MalformedMessage(f"input.{name}", "is out of range")
    return value


def _flag(value: int) -> bool:
    if value > 1:
        raise MalformedMessage("input.down", "is neither 0 nor 1")
    return value == 1


def _printable(code_point: int) -> int:
    """Control characters are keys here, and half characters are nothing at all."""
    control = code_point < 0x20 or 0x7F <= code_point < 0xA0
    if control or 0xD800 <= code_point <= 0xDFFF or code_point > 0x10FFFF:
        raise MalformedMessage("input.character", "is not a printable character")
    return code_point
