"""Entries as pages of PDF, one paragraph for each; what strangers wrote is nothing but text in it.

Its own module, because fonts and tables take half a second to load: whoever writes another form, or serves, does without.
"""

from collections.abc import Iterable
from typing import BinaryIO

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from audit.export_pages import Cells
from runtime.catalogues import Catalogue

LINE_MAX = 2000
"""Characters beyond which a text of one word is likelier than one of sentences."""
_PDF_ENCODING = "windows-1252"
"""What the fonts hold that every reader of PDF has."""


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
