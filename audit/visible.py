"""Text of strangers, harmless: nothing of a log or a receipt moves the reader's cursor, turns a line round, or hides. Pure."""

from datetime import UTC, datetime

_SPACES = "\u00a0\u202f"
"""Odd to Python, and ordinary in French."""


def visible(text: str) -> str:
    """Control characters, line breaks and marks of direction as \\uXXXX: nothing of a log moves the reader's cursor."""
    return "".join(each if each.isprintable() or each in _SPACES else spelled(each) for each in text)


def spelled(character: str) -> str:
    """One character by its number."""
    return f"\\u{ord(character):04x}"


def moment(utc_ms: int) -> str:
    """Date and time in UTC, to the millisecond; a number that is no date of the calendar is shown as it is."""
    try:
        return datetime.fromtimestamp(utc_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "Z"
    except (OverflowError, ValueError):
        return f"{utc_ms} ms"


def to_the_second(utc_ms: int) -> str:
    """The same for a page: date and time in UTC, to the second."""
    try:
        return datetime.fromtimestamp(utc_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError):
        return f"{utc_ms} ms"
