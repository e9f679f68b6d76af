"""A file beside the database that holds the newest checkpoint the broker signed: a database that was put back does not fit to it.

Whoever can exchange both at once is found by the hosts, which hold checkpoints of their own.
"""

from dataclasses import dataclass
from pathlib import Path

from audit.checkpoint import NoteInvalid, said_by
from runtime.private_files import write_private


@dataclass(frozen=True, slots=True)
class Anchor:
    """One file. Both methods block."""

    path: Path

    def read(self) -> str | None:
        """The note, None if there is no file. Raises OSError."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def advance(self, note: str) -> None:
        """Hold this note, unless another process brought a longer log's here meanwhile. Raises OSError, NoteInvalid for no note."""
        ours, there = said_by(note), self.read()
        try:
            theirs = said_by(there) if there is not None else None
        except NoteInvalid:
            theirs = None
        if theirs is None or theirs.origin != ours.origin or theirs.size < ours.size:
            self.put(note)

    def put(self, note: str) -> None:
        """Hold this note whatever was there. Raises OSError."""
        write_private(self.path, note.encode())
