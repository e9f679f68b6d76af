"""A file that only ever grows. What was appended is on the disk when `append` returns; what a failed write left behind is cut away."""

import os
from pathlib import Path

from runtime.private_files import PRIVATE_FILE, sync_folder


class AppendFile:
    """One open file. Whoever opens it is its one writer."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it. Raises OSError."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        begun = os.open(path, flags, PRIVATE_FILE)
        try:
            sync_folder(path.parent)
            self.size = os.fstat(begun).st_size
        except OSError:
            os.close(begun)
            raise
        self.path, self._file, self._dirty = path, begun, False

    def append(self, content: bytes, *, durable: bool = True) -> None:
        """All of it or none of it, and on the disk if `durable`. Raises OSError; the next call begins from a clean end."""
        self._clean_end()
        self._dirty = True
        left = memoryview(content)
        while left:
            left = left[os.write(self._file, left) :]
        if durable:
            os.fsync(self._file)
        self.size += len(content)
        self._dirty = False

    def _clean_end(self) -> None:
        # A write that failed may have left any part of itself; nothing may ever follow such a part.
        if self._dirty:
            self.cut(self.size)
            self._dirty = False

    def cut(self, size: int) -> None:
        """Let go of everything behind `size`. Raises OSError."""
        os.ftruncate(self._file, size)
        os.fsync(self._file)
        self.size = size

    def read(self, count: int, start: int) -> bytes:
        """So many bytes from `start`, fewer at the end. Raises OSError."""
        return os.pread(self._file, count, start)

    def close(self) -> None:
        """Let go of it. A second call does nothing."""
        if self._file != -1:
            os.close(self._file)
            self._file = -1
