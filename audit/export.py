"""Writes entries into a file: CSV for a table, HTML and PDF for reading, JSONL for checking by somebody else.

What strangers wrote is in every format one cell, one line, one paragraph: control characters are spelled out before anything is
written, and each format escapes what it must besides.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, BinaryIO, cast

from audit.entry import Entry, decode_entry
from audit.events.shape import Event, name_of, outcome_of, sentence
from audit.events.visit import without_ranges
from audit.export_pages import Cells, html_page, row_of, titles
from audit.jsonl import ExportHead, encode_head
from audit.log import Row, Side
from audit.show import Filter, Sieve
from audit.stores import OpenLog
from audit.visible import moment, visible
from runtime.catalogues import Catalogue
from runtime.log_lines import to_line
from wire.schema import MalformedMessage

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A table program takes a cell that begins so for a formula."""


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"
    PDF = "pdf"


def exported(opened: OpenLog, wanted: Filter, form: Format, file: BinaryIO, words: Catalogue) -> int:
    """Write what is wanted; how many entries that was. Raises OSError, LogUnreadable."""
    if form is Format.JSONL:
        return _jsonl(opened, wanted, file)
    rows = _cells(opened, wanted, words)
    if form is Format.CSV:
        return _csv(rows, file, words)
    title = words.text("export-title", log=visible(opened.log_id), side=words.text(f"{opened.side.value}-log"))
    if form is Format.HTML:
        return html_page(title, rows, file, words)
    from audit.export_paper import pdf_page  # fonts and tables take half a second to load, which nothing else here has

    return pdf_page(title, rows, file, words)


def _cells(opened: OpenLog, wanted: Filter, words: Catalogue) -> Iterator[Cells]:
    sieve = Sieve(wanted)
    for row in opened.rows:
        entry = _entry(row)
        if entry is None:
            if wanted == Filter():
                yield Cells(str(row.index), "", "", "", "", words.text("export-nothing"), "")
        elif sieve.lets_pass(entry):
            yield cells_of(row.index, leaving(entry, opened.side), words)


def leaving(entry: Entry, side: Side) -> Entry:
    """The entry as others are handed it: who reads what the broker wrote of many sites need not be of this one. A host's log is its own."""
    return replace(entry, event=without_ranges(entry.event)) if side is Side.BROKER else entry


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
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    return plain_fields(cast(Event, value)) if is_dataclass(value) else value


# ---- CSV


def defused(cell: str) -> str:
    """The cell, with an apostrophe before what would be taken for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _csv(rows: Iterator[Cells], file: BinaryIO, words: Catalogue) -> int:
    # The mark at the beginning tells table programs that this is UTF-8.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(titles(words))
    count = 0
    for cells in rows:
        writer.writerow([defused(each) for each in row_of(cells)])
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
