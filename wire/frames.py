"""The outer frame: what the broker may read of what it carries.

    every frame      kind u8 | body
    SEALED body      lane u8 | grant u32 | epoch u16 | sequence u64 | ciphertext     (big endian; header is the AAD)
    other bodies     one JSON message (schema.py)

Flow on a session socket: CONTROL socket pass -> CONTROL peer_present -> HANDSHAKE ... -> SEALED lane 7 (identities)
-> LEDGER asked -> LEDGER answered -> SEALED on the lane that the answer opened -> LEDGER ended.
"""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import NewType

from policy.permissions import Lane
from wire.limits import CONTROL_FRAME_MAX, CONTROL_RECORD_MAX, FILE_FRAME_MAX, RECORD_TAG
from wire.schema import SAFE_INTEGER, MalformedMessage

SealedBytes = NewType("SealedBytes", bytes)
"""Ciphertext with its tag. The broker forwards it and can do nothing else with it."""


class FrameKind(IntEnum):
    """First byte of every frame."""

    CONTROL = 1
    """Between one end and the broker."""
    LEDGER = 2
    """A signed statement between the ends, which the broker verifies, logs and forwards."""
    HANDSHAKE = 3
    """Key agreement between the ends; the broker forwards it unread."""
    SEALED = 4
    """A record that only the other end can open."""


FRAME_MAX: dict[FrameKind, int] = {
    FrameKind.CONTROL: CONTROL_FRAME_MAX,
    FrameKind.LEDGER: 2 * CONTROL_RECORD_MAX,
    FrameKind.HANDSHAKE: CONTROL_RECORD_MAX,
    FrameKind.SEALED: FILE_FRAME_MAX,  # the longest of any lane; each lane has its own bounds (sealed/records.py)
}

FILE_LANES = frozenset({Lane.FILE_TO_HOST, Lane.FILE_FROM_HOST})
"""Lanes of the bulk socket alone: a file never stands before a keystroke."""

_HEADER = Struct(">BIHQ")


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """Clear header of a sealed record: 15 bytes, authenticated but not hidden."""

    lane: Lane
    grant: int
    epoch: int
    sequence: int

    def encode(self) -> bytes:
        """The 15 bytes that open the record and stand in its AAD."""
        return _HEADER.pack(self.lane, self.grant, self.epoch, self.sequence)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, split but not interpreted."""

    kind: FrameKind
    body: bytes

    def encode(self) -> bytes:
        """The bytes of one WebSocket message."""
        return bytes((self.kind,)) + self.body


def split_frame(data: bytes) -> Frame:
    """Split off the kind byte and hold the body to its limit. Raises MalformedMessage."""
    if not data:
        raise MalformedMessage("frame", "is empty")
    try:
        kind = FrameKind(data[0])
    except ValueError:
        raise MalformedMessage("frame.kind", "is unknown") from None
    if len(data) > FRAME_MAX[kind]:
        raise MalformedMessage("frame", f"is longer than {FRAME_MAX[kind]} bytes")
    return Frame(kind, data[1:])


def split_record(body: bytes) -> tuple[RecordHeader, SealedBytes]:
    """Read the clear header of a sealed record. Raises MalformedMessage for an unknown lane, a short body, a huge sequence."""
    if len(body) < _HEADER.size + RECORD_TAG:
        raise MalformedMessage("record", "is too short")
    lane, grant, epoch, sequence = _HEADER.unpack_from(body)
    if sequence > SAFE_INTEGER:
        raise MalformedMessage("record.sequence", "is out of range")
    try:
        header = RecordHeader(Lane(lane), grant, epoch, sequence)
    except ValueError:
        raise MalformedMessage("record.lane", "is unknown") from None
    return header, SealedBytes(body[_HEADER.size :])
