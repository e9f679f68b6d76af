"""The Merkle tree over the leaves of a log: its root, and short proofs about it (RFC 9162, sections 2.1.1 to 2.1.5; as in RFC 6962).

    node   SHA-256(0x01 | left | right)         a leaf's hash is `audit.log.leaf_of`
    root   of no leaves: SHA-256 of nothing

Leaves count from 0 here: entry n of a log is leaf n - 1. What is kept of a tree is the hash of every *complete* subtree, in
the order in which they become complete; `stored_position` says where. It only ever grows, so that a file or an append-only
table can hold it, and every root and proof of every earlier size can be read from it in O(log n).

Pure: `Read` fetches hashes by position. Whoever verifies needs none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

Read = Callable[[Sequence[int]], Sequence[bytes]]
"""The kept hashes at these positions, in this order."""
HASH = 32
EMPTY_ROOT = sha256(b"").digest()
PROOF_MAX = 64
"""No proof about a tree of less than 2^63 leaves is longer."""


class ProofInvalid(Exception):
    """The proof does not show what it should."""


def node_of(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


# ---- what is kept


def stored_count(size: int) -> int:
    """How many hashes are kept of a tree of `size` leaves: one for each complete subtree."""
    return 2 * size - size.bit_count()


def stored_position(level: int, index: int) -> int:
    """Where the hash of the subtree over leaves [index * 2^level, (index + 1) * 2^level) is kept."""
    # It is the `level`-th of those that its last leaf completes.
    return stored_count(((index + 1) << level) - 1) + level


def appended(size: int, leaf: bytes, read: Read) -> list[bytes]:
    """What to keep besides when one leaf is put behind `size` others: the leaf, and each subtree it completes."""
    levels = _trailing_ones(size)
    elders = read([stored_position(level, (size >> level) - 1) for level in range(levels)])
    kept = [leaf]
    for elder in elders:
        kept.append(node_of(elder, kept[-1]))
    return kept


def grown(leaves: Iterable[bytes]) -> Iterator[bytes]:
    """Everything that is kept of the tree over these leaves, in order: `appended` for each, without reading anything."""
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        joined = leaf
        yield joined
        for _ in range(_trailing_ones(size)):
            joined = node_of(peaks.pop(), joined)
            yield joined
        peaks.append(joined)


def _trailing_ones(number: int) -> int:
    return (number ^ (number + 1)).bit_length() - 1


# ---- roots and proofs, from what is kept


def _subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees, as (level, index) from left to right, that make up [start, end); `start` is aligned for it (RFC 9162, 2.1)."""
    parts: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append((level, start >> level))
        start += 1 << level
    return parts


def _range_hash(start: int, end: int, read: Read) -> bytes:
    hashes = read([stored_position(level, index) for level, index in _subtrees(start, end)])
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_of(left, joined)
    return joined


def root_of(size: int, read: Read) -> bytes:
    """The root over the first `size` leaves."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: Read) -> tuple[bytes, ...]:
    """Shows that leaf `index` stands in the tree of `size` leaves. Raises ValueError if it cannot."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, read))
            end = middle
        else:
            path.append(_range_hash(start, middle, read))
            start = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, read: Read) -> tuple[bytes, ...]:
    """Shows that the tree of `new` leaves begins with that of `old`. Empty for an empty old tree. Raises ValueError if old > new."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old and old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, read))
            end = middle
        else:
            path.append(_range_hash(start, middle, read))
            start, whole = middle, False
    if old and not whole:
        path.append(_range_hash(start, end, read))
    return tuple(reversed(path))


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


# ---- checking, with nothing but the proof


def root_by_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that this proof leads to (RFC 9162, 2.1.3.2). Raises ProofInvalid for a proof of a wrong length."""
    if not 0 <= index < size:
        raise ProofInvalid("the leaf lies outside the tree")
    place, last, joined = index, size - 1, leaf
    for each in path:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if place & 1 or place == last:
            joined = node_of(each, joined)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            joined = node_of(joined, each)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofInvalid("the proof is too short")
    return joined


def check_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Is the leaf where it is said to be, in the tree with this root? Raises ProofInvalid if not."""
    _check_hashes(leaf, root, *path)
    if root_by_inclusion(index, size, leaf, path) != root:
        raise ProofInvalid("the leaf is not in this tree")


def check_subtree_inclusion(index: int, start: int, end: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """The same in the subtree over leaves [start, end). Raises ProofInvalid if not, and where that is no subtree."""
    _check_subtree(start, end)
    check_inclusion(index - start, end - start, leaf, path, root)


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Does the newer tree begin with the older one (RFC 9162, 2.1.4.2)? Raises ProofInvalid if not.

    Of an empty tree nothing is shown, and nothing needs to be: whoever holds one holds nothing yet.
    """
    if old == 0:
        raise ProofInvalid("every tree begins with the empty one")
    check_subtree_consistency(0, old, new, old_root, new_root, path)


def check_subtree_consistency(start: int, end: int, size: int, subtree_root: bytes, root: bytes, path: Sequence[bytes]) -> None:
    """Does the tree of `size` leaves hold, over [start, end), the subtree with this root? Raises ProofInvalid if not.

    `check_consistency` is the case of `start` = 0. An empty subtree is in every tree, and shows nothing of it.
    """
    if path:
        _check_hashes(subtree_root, root, *path)
    _check_subtree(start, end)
    if end > size:
        raise ProofInvalid("the tree is the smaller one")
    if start < end:
        _check_part(start, end, size, subtree_root, root, path)
    elif path or subtree_root != EMPTY_ROOT:
        raise ProofInvalid("an empty tree has another root, and no proof")


def _check_part(start: int, end: int, size: int, subtree_root: bytes, root: bytes, path: Sequence[bytes]) -> None:
    rest, first, place, last = list(path), start, end - 1, size - 1
    # 1. Go up to the largest complete subtree that ends with the last leaf of [start, end): the proof begins there.
    while first != place and (place & 1 or place == last):
        first, place, last = first >> 1, place >> 1, last >> 1
    if first != place and not rest:
        raise ProofInvalid("the proof is too short")
    joined_part = joined = subtree_root if first == place else rest.pop(0)
    # 2. Go up to the root: what lies left belongs to both, as long as it is inside [start, end); what lies right to the whole tree alone.
    for each in rest:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if place & 1 or place == last:
            joined_part = node_of(each, joined_part) if first < place else joined_part
            joined = node_of(each, joined)
            while place and not place & 1:
                first, place, last = first >> 1, place >> 1, last >> 1
        else:
            joined = node_of(joined, each)
        first, place, last = first >> 1, place >> 1, last >> 1
    if last or joined_part != subtree_root or joined != root:
        raise ProofInvalid("the newer tree does not begin with the older one")


def _check_subtree(start: int, end: int) -> None:
    """[start, end) is a subtree of every tree that is large enough, if it begins where one of at least its size does."""
    if not 0 <= start <= end or (end > start and start & ((1 << (end - start - 1).bit_length()) - 1)):
        raise ProofInvalid("this is no subtree")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH for each in hashes):
        raise ProofInvalid("a hash has another length")
