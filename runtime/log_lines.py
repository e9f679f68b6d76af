"""How a host's log folder is laid out, and reading it. Writing is in `file_log.py`.

    log.json               {"log_id":..,"side":..}
    000000000001.jsonl     rows from entry 1 on, one line of ASCII each
    000000004711.jsonl     rows from entry 4711 on
    lock                   held by the one writer

A line is canonical JSON {"entry":text,"head":..,"i":..,"leaf":..,"salt":..}, hashes in base64url.
"""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from audit.log import Row, Side
from wire.schema import Identity, MalformedMessage, Octets, Text, encode_part, part, read_part

META = "log.json"
LOCK = "lock"
ENTRY_MAX = 512 * 1024
# The last of 43 letters of base64url stands for four bits, so that 32 bytes are written in one way alone.
_HASH = rb"([\w-]{42}[AEIMQUYcgkosw048])"
PLAIN = re.compile(
    rb'\{"entry":"([ !#-\[\]-~]*(?:\\["\\][ !#-\[\]-~]*)*)","head":"%b","i":([1-9][0-9]{0,14}),"leaf":"%b","salt":"(?:%b|)"\}\n'
    % (_HASH, _HASH, _HASH),
    re.ASCII,
)
"""A line as `to_line` writes it for every row that was ever written: entry, head, index, leaf, salt."""
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class LogUnreadable(Exception):
    """This folder holds no log, or one that cannot be read at all."""


@part
class Meta:
    """Which log this is."""

    log_id: Identity
    side: Side


@part
class _Line:
    i: int
    salt: Annotated[bytes, Octets(64)]
    entry: Annotated[str, Text(ENTRY_MAX)]
    leaf: Annotated[bytes, Octets(64)]
    head: Annotated[bytes, Octets(64)]


@dataclass(frozen=True, slots=True)
class StoredLog:
    """A log folder, open for reading."""

    meta: Meta
    folder: Path

    def rows(self) -> Iterator[Row]:
        """Every row in order. A line that is none comes as a row that no check lets pass. Raises OSError."""
        index = 0
        for segment in segments(self.folder):
            for line in segment.read_bytes().splitlines(keepends=True):
                row = row_or_broken(line, index + 1)
                index = row.index
                yield row


def read_meta(folder: Path) -> Meta:
    """Raises LogUnreadable."""
    try:
        return read_part(Meta, (folder / META).read_bytes())
    except OSError as fault:
        raise LogUnreadable(f"{folder} holds no log that can be read: {fault.strerror}") from None
    except MalformedMessage as fault:
        raise LogUnreadable(f"{folder / META} is damaged: {fault}") from None


def stored_log(folder: Path) -> StoredLog:
    """A log folder for reading; it may be in use. Raises LogUnreadable."""
    return StoredLog(read_meta(folder), folder)


def segments(folder: Path) -> list[Path]:
    """The files of rows, oldest first."""
    return sorted(path for path in folder.glob("*.jsonl") if path.stem.isdigit())


def newest_first(folder: Path) -> Iterator[Row]:
    """The rows of a log folder from its end, as far as they can be read; it may be in use. Raises OSError."""
    for segment in reversed(segments(folder)):
        for line in reversed(segment.read_bytes().splitlines(keepends=True)):
            try:
                yield from_line(line)
            except MalformedMessage:
                continue  # half written, or let go: whoever needs it will miss it


def segment_name(first: int) -> str:
    """Name of the file whose first row is entry `first`."""
    return f"{first:012d}.jsonl"


def to_line(row: Row) -> bytes:
    """One row as one line, line break included. Raises ValueError for an entry that is too long."""
    line = _Line(row.index, row.salt, row.entry.decode("ascii"), row.leaf, row.head)
    return encode_part(line) + b"\n"


def from_line(line: bytes) -> Row:
    """Inverse of `to_line`. Raises MalformedMessage."""
    plain = PLAIN.fullmatch(line) if len(line) <= ENTRY_MAX else None
    if plain is not None:
        entry, head, index, leaf, salt = plain.groups()
        return Row(int(index), bytes_of(salt), unescaped(entry), bytes_of(leaf), bytes_of(head))
    return _from_strange_line(line)


def bytes_of(text: bytes | None) -> bytes:
    """32 bytes in base64url; nothing for nothing."""
    return a2b_base64(text.translate(_URL_SAFE) + b"=") if text else b""


def unescaped(text: bytes) -> bytes:
    """The inside of a JSON string whose only escapes are those of quotation marks and backslashes."""
    if b"\\\\" not in text:
        return text.replace(b'\\"', b'"')
    return b"\\".join(part.replace(b'\\"', b'"') for part in text.split(b"\\\\"))


def _from_strange_line(line: bytes) -> Row:
    if not line.endswith(b"\n"):
        raise MalformedMessage("line", "is half written")
    read = read_part(_Line, line[:-1])
    if not read.entry.isascii():
        raise MalformedMessage("line.entry", "is not ASCII")
    return Row(read.i, read.salt, read.entry.encode("ascii"), read.leaf, read.head)


def row_or_broken(line: bytes, index: int) -> Row:
    """The row, or one without salt and hashes at this index, which `audit.log.verify` names as altered."""
    try:
        return from_line(line)
    except MalformedMessage:
        return Row(index, b"", line.rstrip(b"\n"), b"", b"")
