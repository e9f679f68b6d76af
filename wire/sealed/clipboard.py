"""Text between two clipboards, packed: the plaintext of the two clipboard lanes (docs/protocol.md, section 7). Big endian throughout.

    to the host       PUT      1 u8 | number u32 | text         put this into the clipboard; nothing is typed
    and back          DONE     1 u8 | number u32 | outcome u8   it is there, or not

    from the host     GIVEN    1 u8 | number u32 | text         what the person sent, as an answer to FETCH
                      MISSING  2 u8 | number u32 | why u8       there is none to send
    and back          FETCH    1 u8 | number u32                the technician asks for what was copied

    record            more u8 | chunk                           PUT, GIVEN and MISSING: 1: it goes on in the next record, 0: it ends here

Text is clean (plain_text.py) and at most CLIPBOARD_TEXT_MAX bytes. Numbers rise; an answer names what it answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct, error

from wire.limits import CLIPBOARD_TEXT_MAX, RECORD_PLAIN_MAX
from wire.schema import MalformedMessage
from wire.sealed.plain_text import read_text, write_text


class PutOutcome(IntEnum):
    """What became of a PUT."""

    DONE = 0
    REFUSED = 1


class ClipboardMissing(IntEnum):
    """Why nothing was sent; `clipboard-missing-<name>` in the catalogues."""

    NOTHING_COPIED = 1
    """Nothing was copied since the person allowed it."""
    NOT_TEXT = 2
    TOO_LONG = 3
    NOT_SENT = 4
    """The person did not press *Send*."""


@dataclass(frozen=True, slots=True)
class ClipboardText:
    """PUT and GIVEN."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """There is nothing to send."""

    number: int
    why: ClipboardMissing


_TEXT, _MISSING, _DONE, _FETCH = 1, 2, 1, 1
_HEAD = Struct(">BI")
_SHORT = Struct(">BIB")
MESSAGE_MAX = _HEAD.size + CLIPBOARD_TEXT_MAX


def encode_text(number: int, text: str) -> bytes:
    """PUT or GIVEN. Raises ValueError for a text or number that no reader would accept."""
    try:
        return _HEAD.pack(_TEXT, number) + write_text(text, CLIPBOARD_TEXT_MAX)
    except error:
        raise ValueError(f"no such number: {number}") from None


def decode_put(data: bytes) -> ClipboardText:
    """A PUT. Raises MalformedMessage."""
    if len(data) <= _HEAD.size or data[0] != _TEXT:
        raise MalformedMessage("clipboard", "is no text")
    return ClipboardText(_HEAD.unpack_from(data)[1], read_text(data[_HEAD.size :], CLIPBOARD_TEXT_MAX))


def encode_missing(number: int, why: ClipboardMissing) -> bytes:
    """The answer when there is nothing to send."""
    return _SHORT.pack(_MISSING, number, why)


def encode_done(number: int, outcome: PutOutcome) -> bytes:
    """The answer to a PUT."""
    return _SHORT.pack(_DONE, number, outcome)


def encode_fetch(number: int) -> bytes:
    """The technician's request."""
    return _HEAD.pack(_FETCH, number)


def decode_fetch(data: bytes) -> int:
    """Its number. Raises MalformedMessage."""
    if len(data) != _HEAD.size or data[0] != _FETCH:
        raise MalformedMessage("clipboard.fetch", "is no request")
    number: int = _HEAD.unpack(data)[1]
    return number


def decode_given(data: bytes) -> ClipboardText | Missing:
    """A GIVEN or MISSING. Raises MalformedMessage."""
    if len(data) != _SHORT.size or data[0] != _MISSING:
        return decode_put(data)
    _, number, why = _SHORT.unpack(data)
    try:
        return Missing(number, ClipboardMissing(why))
    except ValueError:
        raise MalformedMessage("clipboard.missing", "is unknown") from None


def decode_done(data: bytes) -> tuple[int, PutOutcome]:
    """Number and outcome. Raises MalformedMessage."""
    try:
        kind, number, outcome = _SHORT.unpack(data)
        if kind == _DONE:
            return number, PutOutcome(outcome)
    except (error, ValueError):
        pass
    raise MalformedMessage("clipboard.done", "is no answer")


def records_of(message: bytes) -> Iterator[bytes]:
    """Cut one message into record plaintexts."""
    step = RECORD_PLAIN_MAX - 1
    for start in range(0, len(message), step):
        yield bytes((start + step < len(message),)) + message[start : start + step]


class Parts:
    """Puts one lane's records together again; holds at most one message, and never more than MESSAGE_MAX bytes."""

    def __init__(self) -> None:
        self._held = bytearray()

    def add(self, plain: bytes) -> bytes | None:
        """The whole message when this was its last part. Raises MalformedMessage."""
        if len(plain) < 2 or plain[0] > 1:
            raise MalformedMessage("clipboard.record", "carries no part of a message")
        if len(self._held) + len(plain) - 1 > MESSAGE_MAX:
            raise MalformedMessage("clipboard.record", "makes a message that is too long")
        self._held += plain[1:]
        if plain[0]:
            return None
        whole = bytes(self._held)
        self._held.clear()
        return whole
