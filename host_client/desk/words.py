"""What the windows need of the catalogues, and which language the person reads."""

import os
from typing import Protocol


class Words(Protocol):
    """The sentences of one language (runtime/catalogues.py)."""

    def text(self, message_id: str, **arguments: str | int) -> str:
        """The sentence of that id."""


def language_of_system(wanted: str | None = None) -> str:
    """The wanted language, else that of the system's locale; the catalogues fall back to English."""
    named = (wanted, *(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    return next((each for each in named if each), "en")
