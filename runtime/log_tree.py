"""The file of a log's Merkle tree: the hash of each complete subtree, 32 bytes each, in the order of `audit.merkle`.

It is derived from the rows and proves nothing by itself. It may lag behind them after a power cut or on a full disk; what it lacks
is then kept in memory, and is written with what comes next.
"""

from collections.abc import Sequence
from pathlib import Path

from audit.merkle import HASH, appended
from runtime.append_file import AppendFile

TREE = "tree.bin"


class TreeFile:
    """The tree of one log, open for growing and reading."""

    def __init__(self, path: Path, kept: bytes) -> None:
        """`kept` is everything the rows say should stand in the file; the file is brought to say so. Raises OSError."""
        self._file = AppendFile(path)
        self.wrong = self._bring_to(kept)
        """So many bytes of the file were not what they should have been, and were cut away."""
        self._waiting = bytearray()

    def _bring_to(self, kept: bytes) -> int:
        there = self._file.read(self._file.size, 0)
        sound = len(there) if kept.startswith(there) else _common(kept, there)
        wrong = len(there) - sound
        if wrong:
            self._file.cut(sound)
        self._file.append(kept[sound:])
        return wrong

    def grow(self, size: int, leaves: Sequence[bytes]) -> None:
        """Put these leaves behind `size` others. Never fails for the disk: what cannot be written waits."""
        for place, leaf in enumerate(leaves, size):
            self._waiting += b"".join(appended(place, leaf, self.read))
        try:
            self._file.append(bytes(self._waiting), durable=False)
        except OSError:
            return  # the rows are what counts, and they are written; this is tried again with the next
        self._waiting.clear()

    def read(self, positions: Sequence[int]) -> list[bytes]:
        """The kept hashes at these positions. Raises OSError."""
        return [self._at(position * HASH) for position in positions]

    def _at(self, start: int) -> bytes:
        if start >= self._file.size:
            return bytes(self._waiting[start - self._file.size : start - self._file.size + HASH])
        found = self._file.read(HASH, start)
        if len(found) != HASH:
            raise OSError(5, "the tree is shorter than it was")
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _common(one: bytes, other: bytes) -> int:
    """Length of the longest common beginning, in whole hashes."""
    return next((start for start in range(0, len(one), HASH) if one[start : start + HASH] != other[start : start + HASH]), len(one))
