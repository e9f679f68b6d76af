"""How a copy of the trail is written: one line of JSON for each entry, or a table. No cell of a table is taken for a formula."""

import csv
import json
from collections.abc import Callable, Iterable
from io import StringIO

from audit.visible import moment
from wire.messages.audit import ExportForm, TrailEntry

Writer = Callable[[Iterable[TrailEntry]], bytes]
MEDIA = {ExportForm.JSONL: "application/x-ndjson", ExportForm.CSV: "text/csv; charset=utf-8"}
_HEADS = ("index", "time", "clock_suspect", "event", "outcome", "sentence", "fields")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def writer_of(form: ExportForm) -> Writer:
    """What writes this form."""
    return {ExportForm.JSONL: _jsonl, ExportForm.CSV: _csv}[form]


def _jsonl(entries: Iterable[TrailEntry]) -> bytes:
    return "".join(json.dumps(_plain(each), ensure_ascii=True, separators=(",", ":")) + "\n" for each in entries).encode()


def _plain(entry: TrailEntry) -> dict[str, object]:
    fields = {each.name: each.value for each in entry.fields}
    values = (entry.index, moment(entry.utc_ms), entry.clock_suspect, entry.event, entry.outcome, entry.sentence, fields)
    return dict(zip(_HEADS, values, strict=True))


def _csv(entries: Iterable[TrailEntry]) -> bytes:
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
