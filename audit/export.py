"""Writes entries into a file: CSV for a table, HTML and PDF for reading, JSONL for checking by somebody else.

What strangers wrote is in every format one cell, one line, one paragraph: control characters are spelled out before anything is
written, and each format escapes what it must besides.
"""

import csv
import html
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, BinaryIO, cast

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from audit.entry import Entry, decode_entry
from audit.events.shape import Event, name_of, outcome_of, sentence
from audit.jsonl import ExportHead, encode_head
from audit.log import Row
from audit.show import Filter, Sieve
from audit.stores import OpenLog
from audit.visible import moment, visible
from runtime.catalogues import Catalogue
from runtime.log_lines import to_line
from wire.schema import MalformedMessage

COLUMNS = ("number", "when", "suspect", "event", "outcome", "what", "fields")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A table program takes a cell that begins so for a formula."""
LINE_MAX = 2000
"""Characters beyond which a text of one word is likelier than one of sentences."""
_PDF_ENCODING = "windows-1252"
"""What the fonts hold that every reader of PDF has."""


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"
    PDF = "pdf"


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


def exported(opened: OpenLog, wanted: Filter, form: Format, file: BinaryIO, words: Catalogue) -> int:
    """Write what is wanted; how many entries that was. Raises OSError, LogUnreadable."""
    if form is Format.JSONL:
        return _jsonl(opened, wanted, file)
    writers: dict[Format, Callable[[OpenLog, Iterator[Cells], BinaryIO, Catalogue], int]] = {
        Format.CSV: _csv,
        Format.HTML: _html,
        Format.PDF: _pdf,
    }
    return writers[form](opened, _cells(opened, wanted, words), file, words)


def _cells(opened: OpenLog, wanted: Filter, words: Catalogue) -> Iterator[Cells]:
    sieve = Sieve(wanted)
    for row in opened.rows:
        entry = _entry(row)
        if entry is None:
            if wanted == Filter():
                yield Cells(str(row.index), "", "", "", "", words.text("export-nothing"), "")
        elif sieve.lets_pass(entry):
            yield cells_of(row.index, entry, words)


def _entry(row: Row) -> Entry | None:
    try:
        return decode_entry(row.entry)
    except MalformedMessage:
        return None


def cells_of(index: int, entry: Entry, words: Catalogue) -> Cells:
    """One entry as text."""
    happened = entry.event
    return Cells(
        str(index),
        moment(entry.at.utc_ms).replace(" ", "T"),
        words.text("word-yes") if entry.at.clock_suspect else "",
        name_of(happened),
        outcome_of(happened).value,
        visible(words.sentence(sentence(happened)).rstrip()),
        visible(json.dumps(plain_fields(happened), ensure_ascii=False, separators=(", ", ": "))),
    )


def plain_fields(happened: Event) -> dict[str, object]:
    """The fields of an event as plain values; bytes as hex."""
    values = {field.name: getattr(happened, field.name) for field in fields(cast(Any, happened))}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items() if value is not None}


def _row_of(cells: Cells) -> list[str]:
    return [getattr(cells, column) for column in COLUMNS]


def _titles(words: Catalogue) -> list[str]:
    return [words.text(f"export-{column}") for column in COLUMNS]


# ---- CSV


def defused(cell: str) -> str:
    """The cell, with an apostrophe before what would be taken for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _csv(_opened: OpenLog, rows: Iterator[Cells], file: BinaryIO, words: Catalogue) -> int:
    # The mark at the beginning tells table programs that this is UTF-8.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(_titles(words))
    count = 0
    for cells in rows:
        writer.writerow([defused(each) for each in _row_of(cells)])
        count += 1
    text.flush()
    text.detach()
    return count


# ---- JSONL


def _jsonl(opened: OpenLog, wanted: Filter, file: BinaryIO) -> int:
    sieve, count = Sieve(wanted), 0
    everything = wanted == Filter()
    with opened.reading() as (beside, rows):
        file.write(encode_head(ExportHead(opened.log_id, opened.side, opened.count, tuple(beside.notes), beside.tip)))
        for row in rows:
            entry = _entry(row)
            # What cannot be read stays as it is: whoever checks the export has to find it.
            shown = everything or entry is None or sieve.lets_pass(entry)
            file.write(to_line(row if shown else Row(row.index, b"", b"", row.leaf, row.head)))
            count += shown
    return count


# ---- HTML

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1c1c1c}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
    ".refused{color:#a4001d}.ended{color:#6b4a00}td:last-child{font:12px/1.4 monospace;color:#555;max-width:28rem}"
    "@media print{th,td{padding:.1rem .3rem}}"
)


def _html(opened: OpenLog, rows: Iterator[Cells], file: BinaryIO, words: Catalogue) -> int:
    title = html.escape(_title(opened, words))
    heads = "".join(f"<th scope=col>{html.escape(each)}</th>" for each in _titles(words))
    file.write(
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n<table><thead><tr>{heads}</tr></thead><tbody>\n".encode()
    )
    count = 0
    for cells in rows:
        inside = "".join(f"<td>{html.escape(each)}</td>" for each in _row_of(cells))
        file.write(f'<tr class="{html.escape(cells.outcome)}">{inside}</tr>\n'.encode(errors="replace"))
        count += 1
    file.write(b"</tbody></table></body></html>\n")
    return count


def _title(opened: OpenLog, words: Catalogue) -> str:
    return words.text("export-title", log=visible(opened.log_id), side=words.text(f"{opened.side.value}-log"))


# ---- PDF


def _pdf(opened: OpenLog, rows: Iterator[Cells], file: BinaryIO, words: Catalogue) -> int:
    pdf = FPDF(orientation="L", format="A4")
    pdf.core_fonts_encoding = _PDF_ENCODING
    pdf.set_title(_printable(_title(opened, words)))
    pdf.set_lang(words.language)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 14)
    _paragraph(pdf, _title(opened, words))
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
