"""Opens a stored log for reading, wherever it lies: the broker's SQLite file or the host's log folder. Never writes."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from audit.log import Row, Side
from runtime.log_lines import META, LogUnreadable, stored_log

_BROKER_FILE = "broker.sqlite3"
_HOST_FOLDER = "log"


@dataclass(frozen=True, slots=True)
class OpenLog:
    """One log. `rows` can be read once."""

    log_id: str
    side: Side
    rows: Iterable[Row]


def open_stored(path: Path) -> OpenLog:
    """`path` is a SQLite file, a log folder, or the state folder that holds one of them. Raises LogUnreadable."""
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        raise LogUnreadable(f"there is nothing at {path}")
    return _in_database(path)


def _in_folder(folder: Path) -> OpenLog:
    if not (folder / META).exists():
        if (folder / _BROKER_FILE).exists():
            return _in_database(folder / _BROKER_FILE)
        if (folder / _HOST_FOLDER / META).exists():
            return _in_folder(folder / _HOST_FOLDER)
    log = stored_log(folder)
    return OpenLog(log.meta.log_id, log.meta.side, _of_folder(log.rows()))


def _of_folder(rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except OSError as fault:
        raise LogUnreadable(f"the log cannot be read on: {fault}") from None


def _in_database(path: Path) -> OpenLog:
    with closing(_connect(path)) as connection:
        try:
            metas = connection.execute("SELECT log_id, side FROM audit_meta").fetchall()
        except sqlite3.Error as fault:
            raise LogUnreadable(f"{path} holds no log: {fault}") from None
    if len(metas) != 1 or metas[0][1] not in set(Side):
        raise LogUnreadable(f"{path} does not say which log it is")
    return OpenLog(str(metas[0][0]), Side(metas[0][1]), _of_database(path))


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
    except sqlite3.Error as fault:
        raise LogUnreadable(f"{path} cannot be opened: {fault}") from None


def _of_database(path: Path) -> Iterator[Row]:
    with closing(_connect(path)) as connection:
        try:
            # Reading as raw bytes: a tampered column may hold another type, which must be a finding and not a fault.
            columns = ", ".join(f"CAST({name} AS BLOB)" for name in ("salt", "entry", "leaf", "head"))
            for position, *parts in connection.execute(f"SELECT position, {columns} FROM audit_log ORDER BY position"):  # noqa: S608 - constants
                yield Row(position, *(part or b"" for part in parts))
        except sqlite3.Error as fault:
            raise LogUnreadable(f"{path} cannot be read on: {fault}") from None
