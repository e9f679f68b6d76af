"""How a line such as *Who: somebody* falls into two columns, for windows and terminal alike, and how far a file is.

No word of a line is left out.
"""

from host_client.link_files import FileShown
from runtime.catalogues import Catalogue

_KEY_MAX = 32
_COLON = ": "


def parted(line: str) -> tuple[str, str]:
    """What a line is about, with its colon, and what it says; nothing and the line where it is a whole sentence."""
    about, colon, said = line.partition(_COLON)
    if not colon or len(about) > _KEY_MAX:
        return "", line
    return about + colon.rstrip(), said


def progress_line(words: Catalogue, shown: FileShown) -> tuple[str, str, int]:
    """What a file on its way is, how far, and that in whole percents."""
    percent = 100 if not shown.size else shown.done * 100 // shown.size
    what = words.text(f"desk-file-{shown.permission.value}", name=shown.name)
    if shown.waits:
        return what, words.text("desk-file-waits"), percent
    how = words.text("desk-file-progress", percent=percent, rate=f"{shown.rate / 1e6:.1f}")
    if shown.left:
        how = words.text("desk-file-left", progress=how, minutes=shown.left // 60, seconds=f"{shown.left % 60:02}")
    return what, how, percent
