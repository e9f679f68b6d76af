"""On which line of a TOML text a key stands. `tomllib` gives values without lines; errors and explanations need them.

The text has been read by `tomllib` before, so that only its form is looked at here, never its values. A key inside an
inline table or array is found on the line where its statement begins.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Keys and, for the tables of `[[name]]`, their number from 0."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n=]",
    re.DOTALL,
)
_KEY = re.compile(r'"(?P<basic>(?:\\.|[^"\\])*)"|\'(?P<literal>[^\']*)\'|(?P<bare>[A-Za-z0-9_-]+)')
_ERROR_AT = re.compile(r"\(at line (\d+), column \d+\)")


def _heads(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each header, and of what stands before the `=` of each `key = value`; these may go over several lines."""
    depth, begin, end = 0, 0, -1
    for token in _TOKEN.finditer(text):
        found = token.group()
        depth += (found in "[{") - (found in "]}")
        if depth == 0 and end < 0 and found[0] in "=#\n":
            end = token.start()
        if depth == 0 and found == "\n":
            yield _stripped(text, begin, end)
            begin, end = token.end(), -1
    yield _stripped(text, begin, end if end >= 0 else len(text))


def _stripped(text: str, begin: int, end: int) -> tuple[int, str]:
    head = text[begin:end]
    return begin + len(head) - len(head.lstrip()), head.strip()


@dataclass(slots=True)
class _Places:
    table: Path = ()
    counts: Counter[Path] = field(default_factory=Counter)
    lines: dict[Path, int] = field(default_factory=dict)

    def header(self, keys: tuple[str, ...], line: int, several: bool) -> None:
        """`[a.b]` or `[[a.b]]`: where the keys that follow belong."""
        above = self._inside(keys[:-1])
        self.table = (*above, keys[-1])
        if several:
            self.counts[self.table] += 1
            self.lines.setdefault(self.table, line)
            self.table = (*self.table, self.counts[self.table] - 1)
        self.note(self.table, line)

    def _inside(self, keys: tuple[str, ...]) -> Path:
        """A name that stands for several tables means the last of them."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if self.counts[path]:
                path = (*path, self.counts[path] - 1)
        return path

    def note(self, path: Path, line: int) -> None:
        """This path, and what is above it if it was not named before."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)


def _keys(head: str) -> tuple[str, ...]:
    return tuple(next(part for part in found.group("basic", "literal", "bare") if part is not None) for found in _KEY.finditer(head))


class Lines:
    """The lines of one text that `tomllib` accepts."""

    def __init__(self, text: str) -> None:
        places = _Places()
        ends = [found.start() for found in re.finditer("\n", text)]
        for offset, head in _heads(text):
            line, keys = bisect_left(ends, offset) + 1, _keys(head)
            if head.startswith("["):
                places.header(keys, line, several=head.startswith("[["))
            elif keys:
                places.note((*places.table, *keys), line)
        self._lines = places.lines

    def of(self, path: Path) -> int:
        """The line of this path, or of the nearest above it that is written down; 1 for the document."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def line_of_error(message: str, text: str) -> int:
    """The line that a `tomllib` error names; the last one if it names the end of the document."""
    found = _ERROR_AT.search(message)
    return int(found.group(1)) if found else text.count("\n") + 1
