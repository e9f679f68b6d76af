"""A file inside the seals of its lane (docs/protocol.md, section 5). One grant carries one file or one folder.

    stream   of a file: its content; of a folder: its manifest, then the contents of its files in the order of the manifest
    DATA     u8 1 | offset u64 | bytes of the stream          sender -> receiver
    ACK      u8 2 | offset u64 | window u32                   receiver -> sender

The receiver begins, on every bulk socket: with ACK it says how far it has the stream and how many bytes beyond may be on their way.
The sender goes on from there, also after a cut. Integers are big endian. What becomes of a file is said on the control lane (`inner.py`).
"""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Annotated

from wire.limits import FILE_NAME_MAX, FILE_PATH_MAX, FILE_PLAIN_MAX, FILE_SIZE_MAX, FILE_WINDOW, FILES_MAX, MANIFEST_MAX
from wire.schema import Count, Hash, MalformedMessage, Number, Text, encode_part, part, read_part


class FileMessage(IntEnum):
    """First byte of every plaintext of a file lane."""

    DATA = 1
    ACK = 2


_DATA = Struct(">BQ")
_ACK = Struct(">BQI")
DATA_MAX = FILE_PLAIN_MAX - _DATA.size
"""Bytes of the stream in one record."""
_STREAM_MAX = FILE_SIZE_MAX + MANIFEST_MAX


@dataclass(frozen=True, slots=True)
class Data:
    """A piece of the stream."""

    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Ack:
    """Everything before `offset` is written down; so many bytes beyond may be sent."""

    offset: int
    window: int


@part
class FileEntry:
    """One file of a folder. `path` is its place below the folder, with / between the names; `digest` its SHA-256."""

    path: Annotated[str, Text(FILE_PATH_MAX, 1)]
    size: Annotated[int, Number(0, FILE_SIZE_MAX)]
    digest: Hash


@part
class Manifest:
    """The files of a folder, in the order of the stream."""

    entries: Annotated[tuple[FileEntry, ...], Count(FILES_MAX)]


def encode_data(data: Data) -> bytes:
    """The plaintext of one piece. Raises ValueError for an empty or a long one."""
    if not 0 < len(data.content) <= DATA_MAX:
        raise ValueError("a piece of a file has 1 to DATA_MAX bytes")
    return _DATA.pack(FileMessage.DATA, data.offset) + data.content


def decode_data(plain: bytes) -> Data:
    """What the sender sent. Raises MalformedMessage."""
    if len(plain) <= _DATA.size or len(plain) > FILE_PLAIN_MAX or plain[0] != FileMessage.DATA:
        raise MalformedMessage("file", "is no piece of one")
    offset = _DATA.unpack_from(plain)[1]
    if offset > _STREAM_MAX:
        raise MalformedMessage("file.offset", "is out of range")
    return Data(offset, plain[_DATA.size :])


def encode_ack(ack: Ack) -> bytes:
    """The plaintext of one acknowledgement."""
    return _ACK.pack(FileMessage.ACK, ack.offset, ack.window)


def decode_ack(plain: bytes) -> Ack:
    """What the receiver said. Raises MalformedMessage."""
    if len(plain) != _ACK.size or plain[0] != FileMessage.ACK:
        raise MalformedMessage("file", "is no acknowledgement")
    _, offset, window = _ACK.unpack(plain)
    if offset > _STREAM_MAX or window > FILE_WINDOW:
        raise MalformedMessage("file.ack", "is out of range")
    return Ack(offset, window)


def encode_manifest(entries: tuple[FileEntry, ...]) -> bytes:
    """The canonical bytes of a manifest. Raises ValueError beyond its bounds."""
    data = encode_part(Manifest(entries))
    if len(data) > MANIFEST_MAX:
        raise ValueError("too many files for one folder")
    return data


def decode_manifest(data: bytes) -> tuple[FileEntry, ...]:
    """The files of a folder. Raises MalformedMessage, also for a place that is none: nothing in it may lead out of the folder."""
    entries = read_part(Manifest, data).entries
    if not entries:
        raise MalformedMessage("manifest", "is empty")
    for entry in entries:
        if not all(is_name(name) for name in entry.path.split("/")):
            raise MalformedMessage("manifest.path", "leads elsewhere")
    if len({entry.path for entry in entries}) != len(entries):
        raise MalformedMessage("manifest", "names a file twice")
    return entries


def is_name(name: str) -> bool:
    """Whether this could be the name of one file. What a system makes of it is for whoever writes it to care about."""
    return 0 < len(name) <= FILE_NAME_MAX and name not in {".", ".."} and "\0" not in name and "\\" not in name
