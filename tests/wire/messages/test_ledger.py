"""What the broker may know of a file: no more of its size than the power of two that holds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.limits import FILE_SIZE_MAX, MANIFEST_MAX
from wire.messages.ledger import SIZE_CLASS_MAX, FileCommitted, size_class
from wire.schema import MalformedMessage, encode_part, read_part


@pytest.mark.parametrize(("count", "found"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (1024, 10), (1025, 11)])
def test_nothing_and_one_byte_are_alike_and_a_power_of_two_is_its_own_class(count: int, found: int) -> None:
    assert size_class(count) == found


@given(st.integers(2, FILE_SIZE_MAX + MANIFEST_MAX))
def test_every_file_fits_into_its_class_and_into_no_smaller_one(count: int) -> None:
    assert 2 ** (size_class(count) - 1) < count <= 2 ** size_class(count)


def test_the_largest_folder_that_can_be_asked_for_has_the_largest_class_that_can_be_said() -> None:
    largest = FileCommitted(bytes(32), bytes(32), size_class(FILE_SIZE_MAX + MANIFEST_MAX))
    assert largest.size_class == SIZE_CLASS_MAX
    assert read_part(FileCommitted, encode_part(largest)) == largest
    with pytest.raises(MalformedMessage):
        read_part(FileCommitted, encode_part(largest).replace(b"37", b"38"))
