"""Where the newest accepted directory lies, so that a restart does not forget which versions were seen.

One file, the statement as it was signed. Whoever deletes it makes this side forget; whoever changes it is found out.
"""

from pathlib import Path

from runtime.private_files import write_private
from trust.directory import DocumentInvalid, TrustedDirectory
from wire.messages.documents import Directory
from wire.schema import MalformedMessage, decode, encode
from wire.statements import Statement


class DirectoryStore:
    """A TrustedDirectory that remembers. The file is written before a directory counts."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises DocumentInvalid if the kept file was changed, or is of another directory key; OSError."""
        self._path = path
        self.trusted = TrustedDirectory(key)
        if path.exists():
            self.trusted.restore(read_statement(path.read_bytes()))

    def accept(self, statement: Statement, now: float) -> Directory:
        """Check, keep, then take. Raises DocumentInvalid, DocumentStale, OSError, and then nothing has changed."""
        self.trusted.check(statement, now)
        if statement != self.trusted.statement:
            write_private(self._path, encode(statement))
        return self.trusted.accept(statement, now)


def read_statement(content: bytes) -> Statement:
    """Raises DocumentInvalid."""
    try:
        return decode(content.strip(), Statement)
    except MalformedMessage as fault:
        raise DocumentInvalid(f"no signed directory: {fault}") from None
