"""Pictures of few colours, as a palette and an index for each pixel: a third of the bytes before anything is packed. Pure.

Sorting every pixel to find the colours would cost more than it saves. So a sample tells the likely ones, a table looks
every pixel up, and only what the table does not know is sorted.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from host_client.screen.change import Pixels

COLOURS_MAX: Final = 256
_SAMPLE: Final = 32
"""Rows and columns looked at first."""
_SAMPLE_MOST: Final = 160
"""More colours than this in the sample, and the rest will hardly keep within the bound."""
_MISSED_MOST: Final = 0.25
"""Share of the pixels that may have a colour which the sample missed."""
_BITS: Final = 16
_NO_PIXEL: Final = 0xFFFFFFFF
"""Its fourth byte says that it is none."""
_SPREADS: Final = tuple(np.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646D))
"""Odd multipliers that spread colours over the table; another is tried where two colours meet in one place."""

Colours = NDArray[np.uint32]
Indexes = NDArray[np.uint8]


def sampled_colours(pixels: Pixels) -> Colours:
    """The colours on a coarse grid of the pixels: few in text and interface, very many in photographs."""
    rows, columns = (max(1, side // _SAMPLE) for side in pixels.shape)
    return np.unique(pixels[::rows, ::columns])


def palette_of(pixels: Pixels, sampled: Colours) -> tuple[Colours, Indexes] | None:
    """The colours, at most COLOURS_MAX, and for each pixel its place among them; None when there are more.

    `pixels` has nothing in its fourth byte; `sampled` is what sampled_colours says of it.
    """
    colours = _completed(pixels, sampled)
    if colours is None or len(colours) > COLOURS_MAX:
        return None
    for spread in _SPREADS:
        places = _places(colours, spread)
        if len(np.unique(places)) == len(colours):
            order = np.zeros(1 << _BITS, dtype=np.uint8)
            order[places] = np.arange(len(colours))
            return colours, order.take(_places(pixels, spread))
    return None


def _completed(pixels: Pixels, colours: Colours) -> Colours | None:
    """With those that the sample missed; None when it missed too many to be worth the search."""
    if len(colours) > _SAMPLE_MOST:
        return None
    places = _places(colours, _SPREADS[0])
    table = np.full(1 << _BITS, _NO_PIXEL, dtype=np.uint32)
    table[places] = colours
    missed = pixels[table.take(_places(pixels, _SPREADS[0])) != pixels]
    return np.union1d(colours, missed) if missed.size <= _MISSED_MOST * pixels.size else None


def _places(pixels: NDArray[np.uint32], spread: np.uint32) -> NDArray[np.uint32]:
    return (pixels * spread) >> np.uint32(32 - _BITS)
