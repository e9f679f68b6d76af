"""What people choose, offline: common passwords, names and words, also spelt with signs, run together, repeated or along the keyboard."""

from zxcvbn import zxcvbn

GUESSES_LEAST = 10**8
"""Below this an attacker who starts with what is common would be done soon, even against a slow hash (zxcvbn's own third mark)."""


def is_common(password: str, about: tuple[str, ...]) -> bool:
    """Would it be found soon? `about` are words about the person, which count as common. Takes some milliseconds: not on the loop."""
    words = [word for name in about for word in (name, *name.split())]
    return bool(zxcvbn(password, user_inputs=words)["guesses"] < GUESSES_LEAST)
