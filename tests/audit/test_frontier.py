"""The right edge of a tree leads to the same hashes and roots as the whole tree."""

from collections.abc import Sequence
from hashlib import sha256

import pytest

from audit.frontier import Frontier, peak_positions
from audit.merkle import EMPTY_ROOT, appended, root_of, stored_count

LEAVES = [sha256(bytes([number])).digest() for number in range(70)]


def test_what_is_kept_and_every_root_are_those_of_the_tree() -> None:
    frontier, kept = Frontier(), list[bytes]()

    def read(positions: Sequence[int]) -> list[bytes]:
        return [kept[each] for each in positions]

    assert frontier.root() == EMPTY_ROOT
    for size, leaf in enumerate(LEAVES):
        expected = appended(size, leaf, read)
        assert frontier.append(leaf) == expected
        kept += expected
        assert frontier.size == size + 1
        assert len(kept) == stored_count(size + 1)
        assert frontier.root() == root_of(size + 1, read)


def test_a_tree_goes_on_from_its_peaks_alone() -> None:
    whole, kept = Frontier(), list[bytes]()
    for size, leaf in enumerate(LEAVES):
        again = Frontier(size, (kept[each] for each in peak_positions(size)))
        kept += whole.append(leaf)
        again.append(leaf)
        assert again.root() == whole.root()


@pytest.mark.parametrize(("size", "peaks"), [(0, 1), (3, 1), (4, 2), (7, 2)])
def test_the_wrong_number_of_peaks_is_refused(size: int, peaks: int) -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(size, LEAVES[:peaks])
