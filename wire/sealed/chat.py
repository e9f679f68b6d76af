"""What the two people write to each other: the plaintext of the chat lane, the same both ways (docs/protocol.md, section 7).

    SAID   1 u8 | text        UTF-8, 1 to CHAT_TEXT_MAX bytes (plain_text.py)

One record is one message. Nothing of it is kept by any program beyond the visit.
"""

from wire.limits import CHAT_TEXT_MAX
from wire.schema import MalformedMessage
from wire.sealed.plain_text import read_text, write_text

_SAID = 1


def encode_said(text: str) -> bytes:
    """The plaintext of one record. Raises ValueError for a text that no reader would accept."""
    return bytes((_SAID,)) + write_text(text, CHAT_TEXT_MAX)


def decode_said(data: bytes) -> str:
    """The text of one record. Raises MalformedMessage."""
    if data[:1] != bytes((_SAID,)):
        raise MalformedMessage("chat", "is no message")
    return read_text(data[1:], CHAT_TEXT_MAX)
