"""Text that one person hands another: chat and clipboard. UTF-8, with nothing in it that steers whoever shows it.

    kept         printable characters, tab, and U+000A as the one end of line
    never in it  other controls, marks that turn the reading direction or have no width at all, halves of surrogate pairs

A writer takes out what is never in it (`cleaned`); a reader refuses a text that has it. The list is closed and the same in
both languages, whatever edition of Unicode either knows. What may still puzzle (a script that runs the other way, a tall
stack of accents) is the business of whoever shows it: each text is set apart and in its own direction.
"""

import re

from wire.schema import MalformedMessage

TEXT_REFUSED: tuple[tuple[int, int], ...] = (
    (0x0000, 0x0008),
    (0x000B, 0x001F),
    (0x007F, 0x009F),
    (0x061C, 0x061C),
    (0x180E, 0x180E),
    (0x200B, 0x200B),
    (0x200E, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xDFFF),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0xE0000, 0xE007F),
)
"""First and last code point of each range, rising. Joiners (U+200C, U+200D) stay: whole scripts need them."""
_NEVER = re.compile(f"[{''.join(f'{re.escape(chr(first))}-{re.escape(chr(last))}' for first, last in TEXT_REFUSED)}]")
_LINE_ENDS = str.maketrans({"\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


def cleaned(text: str) -> str:
    """The same text as it may travel: line ends are one character, and what is never in a text is gone."""
    return _NEVER.sub("", text.replace("\r\n", "\n").translate(_LINE_ENDS))


def write_text(text: str, longest: int) -> bytes:
    """Its bytes. Raises ValueError for an empty one, one of more than `longest` bytes, or one that is not clean."""
    data = text.encode(errors="surrogatepass")
    try:
        read_text(data, longest)
    except MalformedMessage as fault:
        raise ValueError(f"no such text: {fault}") from None
    return data


def read_text(data: bytes, longest: int) -> str:
    """The text in these bytes. Raises MalformedMessage for anything that `write_text` does not write."""
    if not 0 < len(data) <= longest:
        raise MalformedMessage("text", f"is empty or longer than {longest} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise MalformedMessage("text", "is not UTF-8") from None
    if _NEVER.search(text):
        raise MalformedMessage("text", "holds a character that steers")
    return text
