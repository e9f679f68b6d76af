"""Screen messages that leave together: one record for a small frame instead of one for each of its parts (docs/protocol.md, section 7).

    parcel      (length u32 | message)+                              big endian; screen.py has the messages and the records

What a record costs at every end and in between is the same for ten bytes as for ten thousand. Where one message ends and the
next begins is all that this file knows: it reads none of them.
"""

from collections.abc import Iterable, Iterator
from struct import Struct

from wire.limits import PICTURE_PARCEL_MAX
from wire.schema import MalformedMessage

_LENGTH = Struct(">I")
HEAD = _LENGTH.size
"""Bytes before each message."""


def packed(messages: Iterable[bytes]) -> bytes:
    """One parcel. Raises ValueError for one that no reader would accept."""
    parcel = b"".join(part for message in messages for part in (_LENGTH.pack(len(message)), message))
    try:
        for _ in unpacked(parcel):
            pass
    except MalformedMessage as fault:
        raise ValueError(f"no such parcel: {fault}") from None
    return parcel


def unpacked(parcel: bytes) -> Iterator[bytes]:
    """The messages, in their order. Raises MalformedMessage, after those before the fault were given."""
    if not 0 < len(parcel) <= PICTURE_PARCEL_MAX:
        raise MalformedMessage("screen.parcel", "has a wrong length")
    at = 0
    while at < len(parcel):
        begin = at + HEAD
        if begin > len(parcel):
            raise MalformedMessage("screen.parcel", "is cut short")
        at = begin + _LENGTH.unpack_from(parcel, begin - HEAD)[0]
        if not begin < at <= len(parcel):
            raise MalformedMessage("screen.parcel", "holds an empty message, or one that is cut short")
        yield parcel[begin:at]
