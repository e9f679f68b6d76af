"""An export that another can verify: the first line says which log it is and what was signed of it, each line after is a row.

    {"checkpoints":[NOTE, ...],"form":"chaperone log 1","log_id":"l-..","rows":3,"side":"broker","tip":NOTE or null}
    {"entry":TEXT,"head":..,"i":1,"leaf":..,"salt":..}          as in the files of a host's log (`runtime/log_lines.py`)

A row that was left out (a scope, a filter) stands with its leaf and head alone: `entry` and `salt` are empty, as after retention.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.log import Row, Side
from runtime.log_lines import LogUnreadable, row_or_broken

FORM = "chaperone log 1"
EXPORT_SUFFIX = ".jsonl"
HEAD_MAX = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ExportHead:
    """The first line."""

    log_id: str
    side: Side
    rows: int
    notes: tuple[str, ...]
    tip: str | None


def encode_head(head: ExportHead) -> bytes:
    """The first line, line break included."""
    body = {
        "checkpoints": list(head.notes),
        "form": FORM,
        "log_id": head.log_id,
        "rows": head.rows,
        "side": head.side.value,
        "tip": head.tip,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def read_export_head(path: Path) -> ExportHead:
    """Raises LogUnreadable."""
    try:
        with path.open("rb") as lines:
            body = json.loads(lines.readline(HEAD_MAX))
        if body["form"] != FORM:
            raise LogUnreadable(f"{path} is no export of a log that can be verified; make one with: export --format jsonl --rows")
        notes, tip = tuple(str(each) for each in body["checkpoints"]), body["tip"]
        return ExportHead(str(body["log_id"]), Side(body["side"]), int(body["rows"]), notes, None if tip is None else str(tip))
    except OSError as fault:
        raise LogUnreadable(f"{path} cannot be read: {fault.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise LogUnreadable(f"{path} is no export of a log") from None


def read_export_rows(path: Path) -> Iterator[Row]:
    """Every row, as it stands. Raises LogUnreadable."""
    index = 0
    try:
        with path.open("rb") as lines:
            lines.readline(HEAD_MAX)
            for line in lines:
                row = row_or_broken(line, index + 1)
                index = row.index
                yield row
    except OSError as fault:
        raise LogUnreadable(f"{path} cannot be read on: {fault.strerror}") from None
