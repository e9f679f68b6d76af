"""Words from outside, made harmless before a person reads them (docs/threat-model.md, case 33).

Control characters, line breaks, marks that turn the reading direction, and characters without any width are made
visible as their number, so that nobody can hide or reorder text in a prompt. Nothing is dropped silently: a cut shows.
"""

import unicodedata

CUT = "…"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMBINING_MOST = 2
"""Marks over one letter; a taller stack covers the line above."""


def visible(text: str, longest: int) -> str:
    """One line of at most `longest` characters in which every character can be seen."""
    shown: list[str] = []
    stacked = 0
    for character in text:
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        shown.append(_shown(character, stacked))
    line = "".join(shown)
    return line if len(line) <= longest else line[: longest - len(CUT)] + CUT


def _shown(character: str, stacked: int) -> str:
    hidden = unicodedata.category(character) in _HIDDEN or stacked > _COMBINING_MOST
    return f"[U+{ord(character):04X}]" if hidden else character
