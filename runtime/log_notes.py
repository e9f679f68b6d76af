"""The file `checkpoints` beside a host's rows: each checkpoint that was signed, oldest first, an empty line after each.

Only the newest is looked at when a log is opened: its root is over every entry before it. `chaperone-audit` looks at all.
"""

import re
from pathlib import Path

from runtime.append_file import AppendFile

CHECKPOINTS = "checkpoints"
_BLOCK = re.compile(rb"[^\n]+\n[^\n]+\n[^\n]+\n\n[^\n]+\n\n")
_BLOCK_LINES = 6
_BEGINS = b"\n\nchaperone/"
_TAIL = 16 * 1024
"""The newest block lies within it, and so does what a power cut may have left behind it."""


class NotesBroken(Exception):
    """The newest checkpoint was changed after it was written."""


def stored_notes(folder: Path) -> list[str]:
    """Every whole note of a log folder, oldest first; none where there is no file. Raises OSError."""
    try:
        content = (folder / CHECKPOINTS).read_bytes()
    except FileNotFoundError:
        return []
    return [_note(block) for block in _BLOCK.findall(content)]


def block_of(note: str) -> bytes:
    """The note as it stands in the file."""
    return note.encode() + b"\n"


def newest_note(file: AppendFile) -> tuple[str, int]:
    """The newest whole note (empty if there is none), and where it ends: what follows is half a note.

    Raises NotesBroken for a block that is whole and no note, OSError.
    """
    start = max(0, file.size - _TAIL)
    content = file.read(_TAIL, start)
    begin = content.find(_BEGINS) + 2 if start else 0
    found = list(_BLOCK.finditer(content, begin))
    end = found[-1].end() if found else 0
    if (start and not found) or content.count(b"\n", end) >= _BLOCK_LINES:
        raise NotesBroken("the newest checkpoint was changed")
    return (_note(found[-1][0]) if found else ""), start + end


def _note(block: bytes) -> str:
    return block[:-1].decode(errors="replace")
