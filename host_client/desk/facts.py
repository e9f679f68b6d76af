"""How a line such as *Who: somebody* falls into two columns, for windows and terminal alike. No word of it is left out."""

_KEY_MAX = 32
_COLON = ": "


def parted(line: str) -> tuple[str, str]:
    """What a line is about, with its colon, and what it says; nothing and the line where it is a whole sentence."""
    about, colon, said = line.partition(_COLON)
    if not colon or len(about) > _KEY_MAX:
        return "", line
    return about + colon.rstrip(), said
