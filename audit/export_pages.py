"""Entries as a page for reading, of rows of text that hold nothing that could move a cursor or end a line: HTML here, PDF in
`export_paper.py`.

What strangers wrote is one cell here, escaped as the format asks for. Whose entries they are is the caller's business.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from runtime.catalogues import Catalogue

COLUMNS = ("number", "when", "suspect", "event", "outcome", "what", "fields")
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1c1c1c}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
    ".refused{color:#a4001d}.ended{color:#6b4a00}td:last-child{font:12px/1.4 monospace;color:#555;max-width:28rem}"
    "@media print{th,td{padding:.1rem .3rem}}"
)


@dataclass(frozen=True, slots=True)
class Cells:
    """One entry as text, every field of it free of what could move a cursor or end a line."""

    number: str
    when: str
    suspect: str
    event: str
    outcome: str
    what: str
    fields: str


def row_of(cells: Cells) -> list[str]:
    """The cells in the order of the columns."""
    return [getattr(cells, column) for column in COLUMNS]


def titles(words: Catalogue) -> list[str]:
    """What stands above the columns."""
    return [words.text(f"export-{column}") for column in COLUMNS]


def html_page(title: str, rows: Iterable[Cells], file: BinaryIO, words: Catalogue) -> int:
    """One page with a table, which loads and runs nothing; how many entries it holds. Raises OSError."""
    title = html.escape(title)
    heads = "".join(f"<th scope=col>{html.escape(each)}</th>" for each in titles(words))
    file.write(
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n<table><thead><tr>{heads}</tr></thead><tbody>\n".encode()
    )
    count = 0
    for cells in rows:
        inside = "".join(f"<td>{html.escape(each)}</td>" for each in row_of(cells))
        file.write(f'<tr class="{html.escape(cells.outcome)}">{inside}</tr>\n'.encode(errors="replace"))
        count += 1
    file.write(b"</tbody></table></body></html>\n")
    return count
