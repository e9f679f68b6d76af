"""The right edge of a Merkle tree: the roots of the largest complete subtrees, from left to right ("peaks").

Whoever appends needs nothing else of the tree: each new leaf merges with the peaks it completes, and the root follows from them.
A tree of n leaves has as many peaks as n has bits set, so a log of ten million entries is continued from two dozen hashes.
`audit/merkle.py` says in which order hashes are kept. Pure.
"""

from collections.abc import Iterable

from audit.merkle import EMPTY_ROOT, node_of, stored_position


def peak_positions(size: int) -> list[int]:
    """Where the peaks of a tree of `size` leaves are kept, from left to right."""
    levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
    return [stored_position(level, (size >> level) - 1) for level in levels]


class Frontier:
    """Continues one tree. Raises ValueError unless there are as many peaks as a tree of that size has."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self._size, self._peaks = size, list(peaks)
        if len(self._peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks")

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._size

    def append(self, leaf: bytes) -> list[bytes]:
        """Put one leaf behind the others. What is to be kept besides, in order: the leaf, and each subtree it completes."""
        kept, merging = [leaf], self._size
        while merging & 1:
            kept.append(node_of(self._peaks.pop(), kept[-1]))
            merging >>= 1
        self._peaks.append(kept[-1])
        self._size += 1
        return kept

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        joined = self._peaks[-1]
        for left in reversed(self._peaks[:-1]):
            joined = node_of(left, joined)
        return joined
