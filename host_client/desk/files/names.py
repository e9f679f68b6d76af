"""What a file is called here. The name comes from somebody else; what is written is a plain, visible name that every system takes.

    NFC; nothing that cannot be seen or turns the line round; none of  < > : " / \\ | ? *  (drives, streams, folders, patterns)
    no dot, blank or - at the beginning: neither hidden nor taken for an option; no dot or blank at the end
    no name of a device (CON, NUL, COM1 ...), whatever follows its dot; at most 200 bytes of UTF-8, the ending kept

Room is left for " (2)" and for what a browser or a copy adds.
"""

import re
import unicodedata

NAME_BYTES = 200
_ENDING_BYTES = 32
_NEVER = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode: controls, direction marks and joiners, halves, private, unassigned, line and paragraph ends."""
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", *(f"{port}{each}" for port in ("COM", "LPT") for each in "0123456789¹²³")}
)


def safe_name(name: str) -> str:
    """A name for one file that any system takes for a plain name and nothing else. Never empty."""
    seen = "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", name) if _is_seen(each))
    plain = _NEVER.sub("_", seen).strip(" ").rstrip(". ")
    if plain[:1] in {".", "-"}:
        plain = "_" + plain[1:]
    if plain.split(".")[0].strip().upper() in _DEVICES:
        plain = "_" + plain
    return _short(plain, NAME_BYTES).rstrip(". ") or "_"


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _UNSEEN


def numbered(name: str, number: int) -> str:
    """`name.ext`, `name (2).ext`, `name (3).ext`, ..."""
    if number < 2:
        return name
    stem, ending = _split(name)
    return f"{stem} ({number}){ending}"


def twin_key(name: str) -> str:
    """Two names with the same key are one file on some system: case and composition do not tell them apart."""
    return unicodedata.normalize("NFKC", name).casefold()


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending.encode()) <= _ENDING_BYTES else (name, "")


def _short(name: str, most: int) -> str:
    if len(name.encode()) <= most:
        return name
    stem, ending = _split(name)
    return stem.encode()[: most - len(ending.encode())].decode(errors="ignore") + ending
