"""A privacy mask as the guardian tells it to the desk (`link.py`)."""

from typing import Annotated

from wire.limits import PICTURE_SIDE_MAX
from wire.schema import Number, Text, part

MASKS_MAX = 100
"""Masks of all documents together. With more, everything is hidden."""
Words = Annotated[str, Text(200)]
Pixel = Annotated[int, Number(0, PICTURE_SIDE_MAX)]


@part
class MaskRule:
    """Windows by what they are, with `*` and `?` and whatever case, or a region of the picture. Empty and 0 ask for nothing."""

    title: Words
    window_class: Words
    program: Words
    x: Pixel
    y: Pixel
    width: Pixel
    height: Pixel


EVERYTHING = MaskRule("", "", "", 0, 0, PICTURE_SIDE_MAX, PICTURE_SIDE_MAX)
"""The mask over all that a picture can be."""
