"""The tree against the definitions and examples of RFC 6962 and RFC 9162, for every size up to 40; and proofs that are wrong."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import pytest

from audit.merkle import (
    EMPTY_ROOT,
    ProofInvalid,
    appended,
    check_consistency,
    check_inclusion,
    check_subtree_consistency,
    check_subtree_inclusion,
    consistency_proof,
    grown,
    inclusion_proof,
    node_of,
    root_by_inclusion,
    root_of,
    stored_count,
    stored_position,
)

MOST = 40
# The eight leaves that certificate transparency logs are tested with, and the roots of the trees over the first n of them.
CT_LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


class Kept(list[bytes]):
    """The hashes that are kept of a tree, read as a store reads them."""

    @classmethod
    def over(cls, leaves: Sequence[bytes]) -> "Kept":
        kept = cls()
        for size, leaf in enumerate(leaves):
            kept += appended(size, leaf, kept.read)
        return kept

    def read(self, positions: Sequence[int]) -> list[bytes]:
        return [self[each] for each in positions]


def leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def defined(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 6962, section 2.1, defines it, over hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_of(defined(leaves[:half]), defined(leaves[half:]))


LEAVES = tuple(leaf(bytes([number])) for number in range(MOST))
KEPT = Kept.over(LEAVES)
WRONG = bytes(32)


def test_roots_are_those_that_other_implementations_compute() -> None:
    leaves = [leaf(bytes.fromhex(each)) for each in CT_LEAVES]
    kept = Kept.over(leaves)
    assert root_of(0, kept.read).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root_of(size, kept.read).hex() for size in range(1, 9)] == list(CT_ROOTS)


def test_every_earlier_root_can_be_read_from_what_is_kept_of_a_later_tree() -> None:
    assert [root_of(size, KEPT.read) for size in range(MOST + 1)] == [defined(LEAVES[:size]) for size in range(MOST + 1)]


def test_one_hash_is_kept_for_each_complete_subtree_where_its_position_says() -> None:
    assert len(KEPT) == stored_count(MOST)
    assert [stored_count(size) for size in range(6)] == [0, 1, 3, 4, 7, 8]
    for level in range(6):
        for index in range(MOST >> level):
            assert KEPT[stored_position(level, index)] == defined(LEAVES[index << level : (index + 1) << level])


def test_a_whole_tree_is_grown_as_it_would_have_been_leaf_by_leaf() -> None:
    leaves = [leaf(bytes([number])) for number in range(70)]
    kept: list[bytes] = []

    def read(places: Sequence[int]) -> list[bytes]:
        return [kept[place] for place in places]

    for number, each in enumerate(leaves):
        kept += appended(number, each, read)
    assert list(grown(leaves)) == kept
    assert list(grown([])) == []


def test_the_proofs_of_the_example_in_rfc_6962() -> None:
    # Section 2.1.3: seven leaves a b c d e f j under g h i, k l, and the root.
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_of(a, b), node_of(c, d), node_of(e, f)
    k, l = node_of(g, h), node_of(i, j)  # noqa: E741 - the names of the RFC
    assert root_of(7, KEPT.read) == node_of(k, l)
    assert inclusion_proof(0, 7, KEPT.read) == (b, h, l)
    assert inclusion_proof(3, 7, KEPT.read) == (c, g, l)
    assert inclusion_proof(4, 7, KEPT.read) == (f, j, k)
    assert inclusion_proof(6, 7, KEPT.read) == (i, k)
    assert consistency_proof(3, 7, KEPT.read) == (c, d, g, l)
    assert consistency_proof(4, 7, KEPT.read) == (l,)
    assert consistency_proof(6, 7, KEPT.read) == (i, j, k)


def test_every_leaf_is_shown_in_every_tree_and_nothing_else_is() -> None:
    for size in range(1, MOST + 1):
        root = root_of(size, KEPT.read)
        for index in range(size):
            path = inclusion_proof(index, size, KEPT.read)
            check_inclusion(index, size, LEAVES[index], path, root)
            for index_said, leaf_said, path_said, root_said in [
                (index, WRONG, path, root),
                (index, LEAVES[index], path, WRONG),
                (index, LEAVES[index], (*path, WRONG), root),
                (index, LEAVES[index], path[:-1], root),
                (size, LEAVES[index], path, root),
                (-1, LEAVES[index], path, root),
                *(((index + 1) % size, LEAVES[index], path, root) for _ in range(size > 1)),
                *((index, LEAVES[index], (*path[:at], WRONG, *path[at + 1 :]), root) for at in range(len(path))),
            ]:
                if (index_said, leaf_said, path_said, root_said) == (index, LEAVES[index], path, root):
                    continue  # there is nothing to cut from an empty path
                with pytest.raises(ProofInvalid):
                    check_inclusion(index_said, size, leaf_said, path_said, root_said)


def test_every_tree_is_shown_to_begin_with_every_earlier_one_and_with_nothing_else() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            roots = root_of(old, KEPT.read), root_of(new, KEPT.read)
            path = consistency_proof(old, new, KEPT.read)
            check_consistency(old, new, *roots, path)
            for wrong in wrong_paths(path):
                with pytest.raises(ProofInvalid):
                    check_consistency(old, new, *roots, wrong)
            with pytest.raises(ProofInvalid):
                check_consistency(old, new, WRONG, roots[1], path)
            with pytest.raises(ProofInvalid):
                check_consistency(old, new, roots[0], WRONG, path)


def wrong_paths(path: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    yield (*path, WRONG)
    yield (WRONG, *path)
    if path:
        yield ()
    for at in range(len(path)):
        yield path[:at] + path[at + 1 :]
        yield (*path[:at], WRONG, *path[at + 1 :])


def test_a_rewritten_or_shortened_log_does_not_continue_the_earlier_one() -> None:
    other = Kept.over([*LEAVES[:5], WRONG, *LEAVES[6:]])
    path = consistency_proof(8, 12, other.read)
    with pytest.raises(ProofInvalid, match="does not begin with"):
        check_consistency(8, 12, root_of(8, KEPT.read), root_of(12, other.read), path)
    with pytest.raises(ProofInvalid, match="the smaller one"):
        check_consistency(12, 8, root_of(12, KEPT.read), root_of(8, KEPT.read), ())
    with pytest.raises(ProofInvalid):
        check_consistency(-1, 8, root_of(8, KEPT.read), root_of(8, KEPT.read), ())


def test_an_empty_tree_is_the_beginning_of_every_tree_and_proves_nothing() -> None:
    assert consistency_proof(0, 8, KEPT.read) == ()
    with pytest.raises(ProofInvalid, match="the empty one"):
        check_consistency(0, 8, EMPTY_ROOT, root_of(8, KEPT.read), ())


def test_what_cannot_be_proven_is_not() -> None:
    for index, size in [(-1, 3), (3, 3), (0, 0)]:
        with pytest.raises(ValueError, match="is not in a tree"):
            inclusion_proof(index, size, KEPT.read)
    for old, new in [(-1, 3), (4, 3)]:
        with pytest.raises(ValueError, match="does not begin with"):
            consistency_proof(old, new, KEPT.read)


def test_hashes_of_another_length_are_refused_before_anything_is_hashed() -> None:
    with pytest.raises(ProofInvalid, match="another length"):
        check_inclusion(0, 1, b"", (), b"")
    # Two hashes that were shifted against each other would give the same node.
    left, right = LEAVES[0] + LEAVES[1][:1], LEAVES[1][1:]
    assert root_by_inclusion(0, 2, left, [right]) == root_of(2, KEPT.read)
    with pytest.raises(ProofInvalid, match="another length"):
        check_inclusion(0, 2, left, (right,), root_of(2, KEPT.read))
    with pytest.raises(ProofInvalid, match="another length"):
        check_consistency(1, 2, left, root_of(2, KEPT.read), (right,))


def subtrees(size: int) -> Iterator[tuple[int, int]]:
    for end in range(1, size + 1):
        for start in range(end):
            step = 1
            while step < end - start:
                step *= 2
            if start % step == 0:
                yield start, end


def subtree_proof(start: int, end: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """As draft-ietf-plants-merkle-tree-certs defines it: down to [start, end), with every sibling left out on the way."""
    if (start, end) == (0, len(leaves)):
        return [] if whole else [defined(leaves)]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = leaves[:half], leaves[half:]
    if end <= half:
        return [*subtree_proof(start, end, left, whole), defined(right)]
    if start >= half:
        return [*subtree_proof(start - half, end - half, right, whole), defined(left)]
    return [*subtree_proof(0, end - half, right, False), defined(left)]


def test_every_subtree_is_shown_in_every_tree_and_nothing_else_is() -> None:
    for size in range(1, 20):
        root = root_of(size, KEPT.read)
        for start, end in subtrees(size):
            part, path = defined(LEAVES[start:end]), tuple(subtree_proof(start, end, LEAVES[:size]))
            check_subtree_consistency(start, end, size, part, root, path)
            for wrong in wrong_paths(path):
                with pytest.raises(ProofInvalid):
                    check_subtree_consistency(start, end, size, part, root, wrong)
            for wrongs in [(WRONG, root), (part, WRONG)]:
                with pytest.raises(ProofInvalid):
                    check_subtree_consistency(start, end, size, *wrongs, path)
            for index in range(start, end):
                inside = Kept.over(LEAVES[start:end])
                check_subtree_inclusion(index, start, end, LEAVES[index], inclusion_proof(index - start, end - start, inside.read), part)


@pytest.mark.parametrize(("start", "end"), [(1, 3), (2, 5), (2, 6), (3, 2), (-2, 0), (1, 2**63 + 2)])
def test_what_is_no_subtree_is_refused(start: int, end: int) -> None:
    with pytest.raises(ProofInvalid, match="no subtree"):
        check_subtree_consistency(start, end, 2**64, WRONG, WRONG, ())
    with pytest.raises(ProofInvalid, match="no subtree"):
        check_subtree_inclusion(start, start, end, WRONG, (), WRONG)


def test_an_empty_subtree_is_in_every_tree() -> None:
    check_subtree_consistency(3, 3, 5, EMPTY_ROOT, root_of(5, KEPT.read), ())
    for root, path in [(WRONG, ()), (EMPTY_ROOT, (WRONG,))]:
        with pytest.raises(ProofInvalid, match="an empty tree"):
            check_subtree_consistency(3, 3, 5, root, root_of(5, KEPT.read), path)
