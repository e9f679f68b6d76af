"""How the set-up speaks: one line before every step that may take long, one clear line when it cannot go on.

Command lines speak English; texts for technicians and hosts are in the catalogues and never here.
"""

from __future__ import annotations

import sys
from typing import NoReturn


def say(text: str) -> None:
    """Print one line at once, so that the person sees what is being waited for."""
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    """Say why the set-up cannot go on and end with status 1."""
    print(text, file=sys.stderr, flush=True)
    raise SystemExit(1)
