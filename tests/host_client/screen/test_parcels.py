"""What of a frame leaves together: all of it, in order, a small frame at once.

Seen to fail: with a message added to a parcel that it makes too long, and with a full parcel kept until the next message.
"""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from host_client.screen.parcels import PARCEL_BYTES, parcels
from wire.sealed.parcel import HEAD, unpacked


def cut(sizes: list[int], most: int) -> list[list[int]]:
    return [[len(message) for message in unpacked(parcel)] for parcel in parcels((bytes(size) for size in sizes), most)]


def test_a_small_frame_leaves_together_and_nothing_leaves_of_none() -> None:
    assert cut([9, 2000, 13], PARCEL_BYTES) == [[9, 2000, 13]]
    assert cut([], PARCEL_BYTES) == []


def test_a_long_message_has_a_parcel_of_its_own_and_a_full_one_does_not_wait() -> None:
    made: list[int] = []

    def making() -> Iterator[bytes]:
        for size in (10, 5000, 10):
            made.append(size)
            yield bytes(size)

    left = [(len(parcel), len(made)) for parcel in parcels(making(), 1000)]
    assert left == [(10 + HEAD, 2), (5000 + HEAD, 2), (10 + HEAD, 3)]


def test_no_line_gets_more_at_once_than_a_parcel() -> None:
    assert cut([20_000, 20_000], 10**6) == [[20_000], [20_000]]


@given(st.lists(st.integers(1, 3000), max_size=12), st.integers(1, 4000))
def test_everything_leaves_once_in_order_and_never_more_at_once_than_the_line_likes(sizes: list[int], most: int) -> None:
    told = cut(sizes, most)
    assert [size for parcel in told for size in parcel] == sizes
    assert all(len(parcel) == 1 or sum(parcel) + HEAD * len(parcel) <= most for parcel in told)
