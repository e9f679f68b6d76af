"""Privacy masks: which rectangles of a picture nobody may see, and the block that is painted there instead. Pure.

A mask names a region of the picture, or windows by title, class or program; every word that is there must fit. What is not
known of a window counts as fitting: a window that might be the one is hidden. A window is hidden whole, with its frame and its
title, and also where another one lies over it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

import numpy as np

from host_client.link_masks import MaskRule
from host_client.screen.change import Pixels, Rectangle

PAPER, INK = 0x00B9C2C4, 0x008D989B
"""Two greys, BGRX."""
STRIPE = 8
"""Width of the stripes in pixels."""


@dataclass(frozen=True, slots=True)
class Window:
    """One window as somebody sees it, with what lies in it. What could not be learnt is None."""

    at: Rectangle
    titles: tuple[str, ...] | None
    classes: tuple[str, ...] | None
    programs: tuple[str, ...] | None


@lru_cache(maxsize=512)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(translate(words.casefold()), re.DOTALL)


def _fits(words: str, found: Sequence[str] | None) -> bool:
    """Empty words ask for nothing."""
    return not words or found is None or any(_pattern(words).match(each.casefold()) for each in found)


def hides(rule: MaskRule, window: Window) -> bool:
    """Does this mask lie over this window? One for a region lies over none."""
    if not (rule.title or rule.window_class or rule.program):
        return False
    return _fits(rule.title, window.titles) and _fits(rule.window_class, window.classes) and _fits(rule.program, window.programs)


def masked(rules: Iterable[MaskRule], windows: Iterable[Window], width: int, height: int) -> frozenset[Rectangle]:
    """Every rectangle of a picture of this size that is hidden."""
    rules, found = tuple(rules), set[Rectangle]()
    for rule in rules:
        if rule.width and rule.height:
            found.add(Rectangle(rule.x, rule.y, rule.width, rule.height))
    for window in windows:
        if any(hides(rule, window) for rule in rules):
            found.add(window.at)
    return frozenset(part for each in found if (part := cut(each, width, height)) is not None)


def cut(at: Rectangle, width: int, height: int) -> Rectangle | None:
    """What of it lies in the picture, if anything does."""
    x, y = max(at.x, 0), max(at.y, 0)
    right, bottom = min(at.x + at.width, width), min(at.y + at.height, height)
    return Rectangle(x, y, right - x, bottom - y) if right > x and bottom > y else None


def covers(hidden: Iterable[Rectangle], x: int, y: int) -> bool:
    """Is this pixel of the picture hidden?"""
    return any(each.x <= x < each.x + each.width and each.y <= y < each.y + each.height for each in hidden)


def paint(pixels: Pixels, x: int, y: int, hidden: Iterable[Rectangle]) -> None:
    """Put the block over all that is hidden. `pixels` is a part of the picture that begins at `x`, `y`.

    The stripes are those of the picture: wherever a part is cut, they go on, and a block that stays costs nothing more.
    """
    height, width = pixels.shape
    for each in hidden:
        part = cut(each.moved(-x, -y), width, height)
        if part is None:
            continue
        rows = np.arange(y + part.y, y + part.y + part.height, dtype=np.uint32)[:, None]
        columns = np.arange(x + part.x, x + part.x + part.width, dtype=np.uint32)[None, :]
        stripes = ((rows + columns) // STRIPE) % 2
        pixels[part.y : part.y + part.height, part.x : part.x + part.width] = np.where(stripes == 0, PAPER, INK)
