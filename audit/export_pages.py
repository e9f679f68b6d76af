"""Entries as pages for reading: HTML and PDF, of rows of text that hold nothing that could move a cursor or end a line.

What strangers wrote is one cell or one paragraph here, escaped as the format asks for. Whose entries they are is the caller's business.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from runtime.catalogues import Catalogue

COLUMNS = ("number", "when", "suspect", "event", "outcome", "what", "fields")
LINE_MAX = 2000
"""Characters beyond which a text of one word is likelier than one of sentences."""
_PDF_ENCODING = "windows-1252"
"""What the fonts hold that every reader of PDF has."""
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


def pdf_page(title: str, rows: Iterable[Cells], file: BinaryIO, words: Catalogue) -> int:
    """Pages of A4, one paragraph for each entry; how many entries they hold. Raises OSError."""
    pdf = FPDF(orientation="L", format="A4")
    pdf.core_fonts_encoding = _PDF_ENCODING
    pdf.set_title(_printable(title))
    pdf.set_lang(words.language)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 14)
    _paragraph(pdf, title)
    count = 0
    for cells in rows:
        pdf.set_font("Helvetica", "B", 8)
        suspect = f"  ({words.text('export-suspect')})" if cells.suspect else ""
        _paragraph(pdf, f"{cells.number}   {cells.when}{suspect}   {cells.event}   {cells.outcome}")
        pdf.set_font("Helvetica", "", 9)
        _paragraph(pdf, cells.what)
        count += 1
    file.write(bytes(pdf.output()))
    return count


def _paragraph(pdf: FPDF, text: str) -> None:
    # Words longer than a line are broken anywhere.
    wrap = WrapMode.CHAR if len(text) > LINE_MAX else WrapMode.WORD
    pdf.multi_cell(0, 4.5, _printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=wrap)


def _printable(text: str) -> str:
    """What the fonts have; everything else spelled out."""
    return text.replace("\u202f", " ").encode(_PDF_ENCODING, "backslashreplace").decode(_PDF_ENCODING)
