"""Lets go of what is old in a host's log: an entry says so first, then bodies and salts are taken out of the files.

A file is replaced in one step, so that a power cut leaves it as it was or as it should be; what was not reached is let go with the next
that is. The leaves stay, so that chain, tree, checkpoints and proofs about other entries stay right.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audit.entry import At
from audit.events.evidence import EntriesExpired
from audit.log import Row
from audit.retention import may_go, older
from runtime.file_log import FileLog
from runtime.log_lines import from_line, segments, to_line
from wire.schema import MalformedMessage

DAY_MS = 24 * 3600 * 1000


def expire(log: FileLog, older_than_days: int, by: str, when: At) -> tuple[int, int] | None:
    """Let go of everything older than so many days: first and last entry, None if there was nothing. Raises LogUnavailable, OSError.

    Entries are let go from the beginning on: behind one that is younger, whatever its clock said, everything stays.
    """
    due = [row.index for row in _before(log.folder, when.utc_ms - older_than_days * DAY_MS) if may_go(row.entry)]
    if not due:
        return None
    first, last = due[0], due[-1]
    log.append((EntriesExpired(first=first, last=last, older_than_days=older_than_days, by=by),), when)
    let_go(log, first, last)
    return first, last


def let_go(log: FileLog, first: int, last: int) -> None:
    """Take out the bodies of these entries, which an entry says are let go. Raises LogUnavailable."""
    for segment in segments(log.folder):
        if int(segment.stem) <= last:
            log.rewrite(segment, lambda lines: b"".join(_bare(line, first, last) for line in lines.splitlines(keepends=True)))


def _before(folder: Path, utc_ms: int) -> Iterator[Row]:
    for segment in segments(folder):
        for line in segment.read_bytes().splitlines(keepends=True):
            try:
                row = from_line(line)
            except MalformedMessage:
                continue
            if row.entry and not older(row.entry, utc_ms):
                return
            yield row


def _bare(line: bytes, first: int, last: int) -> bytes:
    try:
        row = from_line(line)
    except MalformedMessage:
        return line
    goes = first <= row.index <= last and may_go(row.entry)
    return to_line(replace(row, salt=b"", entry=b"")) if goes else line
