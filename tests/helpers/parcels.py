"""What a desk sends together, made by tests."""

from wire.sealed.parcel import packed
from wire.sealed.screen import Picture, encode_picture


def parcel(*pictures: Picture) -> bytes:
    """One parcel of these messages."""
    return packed(encode_picture(each) for each in pictures)
