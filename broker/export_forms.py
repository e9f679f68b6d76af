"""How a copy of the trail is written: one line of JSON for each entry, a table, or pages. No cell of a table is taken for a formula."""

import csv
import json
from collections.abc import Callable, Iterable
from io import BytesIO, StringIO
from typing import assert_never

from audit.export_pages import Cells, html_page
from audit.visible import moment
from runtime.catalogues import Catalogue
from wire.messages.audit import ExportForm, TrailEntry

Entries = Iterable[TrailEntry]
Page = Callable[[str, Iterable[Cells], BytesIO, Catalogue], int]
MEDIA = {
    ExportForm.JSONL: "application/x-ndjson",
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.HTML: "text/html; charset=utf-8",
    ExportForm.PDF: "application/pdf",
}
_HEADS = ("index", "time", "clock_suspect", "event", "outcome", "sentence", "fields")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def copy_of(form: ExportForm, title: str, entries: Entries, words: Catalogue) -> bytes:
    """These entries in this form. Only pages have a title."""
    match form:
        case ExportForm.JSONL:
            return _jsonl(entries)
        case ExportForm.CSV:
            return _csv(entries)
        case ExportForm.HTML:
            return _pages(html_page, title, entries, words)
        case ExportForm.PDF:
            from audit.export_paper import pdf_page  # a broker of which nobody asks for paper never loads what it takes

            return _pages(pdf_page, title, entries, words)
        case _:
            assert_never(form)


def _pages(page: Page, title: str, entries: Entries, words: Catalogue) -> bytes:
    file = BytesIO()
    page(title, (_cells(each, words) for each in entries), file, words)
    return file.getvalue()


def _cells(entry: TrailEntry, words: Catalogue) -> Cells:
    fields = json.dumps({each.name: each.value for each in entry.fields}, ensure_ascii=False, separators=(", ", ": "))
    when = moment(entry.utc_ms).replace(" ", "T") if entry.event else ""
    suspect = words.text("word-yes") if entry.clock_suspect and entry.event else ""
    return Cells(str(entry.index), when, suspect, entry.event, entry.outcome, entry.sentence, fields if entry.fields else "")


def _jsonl(entries: Entries) -> bytes:
    return "".join(json.dumps(_plain(each), ensure_ascii=True, separators=(",", ":")) + "\n" for each in entries).encode()


def _plain(entry: TrailEntry) -> dict[str, object]:
    fields = {each.name: each.value for each in entry.fields}
    values = (entry.index, moment(entry.utc_ms), entry.clock_suspect, entry.event, entry.outcome, entry.sentence, fields)
    return dict(zip(_HEADS, values, strict=True))


def _csv(entries: Entries) -> bytes:
    written = StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(_HEADS)
    for each in entries:
        plain = _plain(each)
        plain["fields"] = json.dumps(plain["fields"], ensure_ascii=True, separators=(",", ":"))
        table.writerow([_cell(str(value)) for value in plain.values()])
    return written.getvalue().encode()


def _cell(text: str) -> str:
    # A spreadsheet runs what begins like a formula, also inside quotation marks.
    return f"'{text}" if text.startswith(_FORMULA) else text
