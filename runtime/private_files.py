"""Files that only their owner may read, written so that a power cut leaves the old one or the new one, never half of it."""

import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


class FileExposed(Exception):
    """A file that holds a secret can be read or changed by others. The message says how to close it."""


def private_folder(folder: Path) -> Path:
    """The folder, made if need be, closed to everybody else. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    folder.chmod(PRIVATE_FOLDER)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Replace the file in one step; it is on the disk when this returns. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _write_new(draft, content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def create_private(path: Path, content: bytes) -> None:
    """Make a file that must not be there yet. Raises FileExistsError, else OSError."""
    _write_new(path, content)
    sync_folder(path.parent)


def read_private(path: Path) -> bytes:
    """The content of a file that nobody else can read. Raises FileExposed, OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        # Asked of the open file, so that nobody can exchange it between the question and the reading.
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise FileExposed(f"others can read {path}; close it with: chmod 600 {path}")
        return file.read()


def sync_folder(folder: Path) -> None:
    """Put the names of a folder's files on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
