"""What of a frame leaves together: a small frame at once and whole, a large one in parts that are sent while the next is made. Pure."""

from collections.abc import Iterable, Iterator

from wire.sealed.parcel import HEAD, packed

PARCEL_BYTES = 32 * 1024
"""Enough that a record more costs little beside what is in it, and little enough that the console decodes while the rest is made."""


def parcels(messages: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Gather messages into parcels of at most `most` and PARCEL_BYTES; a longer message has one of its own."""
    most = min(most, PARCEL_BYTES)
    held: list[bytes] = []
    size = 0
    for message in messages:
        if held and size + HEAD + len(message) > most:
            yield packed(held)
            held, size = [], 0
        held.append(message)
        size += HEAD + len(message)
        if size >= most:
            yield packed(held)
            held, size = [], 0
    if held:
        yield packed(held)
