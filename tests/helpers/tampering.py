"""What somebody who owns a machine does to a log while its program is down: cut, written anew and hashed again, put back, begun anew.

Nothing here has a key: notes that were signed are put back or taken away, never made.
"""

import shutil
from pathlib import Path

from audit.entry import decode_entry
from audit.events import host
from audit.log import Chain, Row, Side
from runtime.log_lines import from_line, read_meta, segments, to_line
from runtime.log_notes import CHECKPOINTS
from runtime.log_tree import TREE


def rows_of(log: Path) -> list[Row]:
    """Every row of a host's log that is down."""
    return [from_line(line) for segment in segments(log) for line in segment.read_bytes().splitlines(keepends=True)]


def _write(log: Path, rows: list[Row]) -> None:
    first, *others = segments(log)
    first.write_bytes(b"".join(to_line(row) for row in rows))
    for each in (*others, log / TREE, log / CHECKPOINTS):
        each.unlink(missing_ok=True)


def cut_tail(log: Path, backup: Path) -> None:
    """The newest entries are gone, and everything that was kept beside them says nothing of it."""
    _write(log, rows_of(log)[:-4])


def rewrite_middle(log: Path, backup: Path) -> None:
    """One entry says something else; all after it are hashed again."""
    meta, rows = read_meta(log), rows_of(log)
    place = len(rows) // 2
    chain = Chain.after(meta.log_id, Side.HOST, rows[place - 1])
    for number, row in enumerate(rows[place:]):
        entry = decode_entry(row.entry)
        event = host.LateEntries(count=777) if number == 0 else entry.event
        chain, rows[place + number] = chain.append(event, entry.at, row.salt)
    _write(log, rows)


def put_back(log: Path, backup: Path) -> None:
    """The whole folder as it was when it was copied, with its own checkpoints."""
    shutil.rmtree(log)
    shutil.copytree(backup, log)


def begin_anew(log: Path, backup: Path) -> None:
    """There was never anything."""
    shutil.rmtree(log)
