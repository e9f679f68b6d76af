"""Recovery codes: how they are made and written. They are stored as keyed hashes (`secrets_check.py`) and each works once."""

from secrets import choice

CODES = 10
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is read for something else."""
_GROUPS = 4
_GROUP = 4


def new_codes() -> tuple[str, ...]:
    """Ten codes of 80 random bits."""
    return tuple("-".join("".join(choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)) for _ in range(CODES))
