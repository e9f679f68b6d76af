"""Opens a stored log for reading, wherever it lies: the broker's SQLite file, the host's log folder, or an export. Never writes.

broker    broker.sqlite3: audit_log, and beside it audit_tree, audit_tip, audit_checkpoints
host      log/: *.jsonl, and beside them tree.bin, checkpoints
either    a JSONL export with leaves (`chaperone-audit export --format jsonl`), which holds rows and checkpoints
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from audit.jsonl import EXPORT_SUFFIX, read_export_head, read_export_rows
from audit.log import Chain, Row, Side
from audit.merkle import HASH
from audit.verify import Beside
from runtime.log_lines import META, LogUnreadable, row_or_broken, segments, stored_log

_BROKER_FILE = "broker.sqlite3"
_HOST_FOLDER = "log"
TREE, CHECKPOINTS = "tree.bin", "checkpoints"
_NOTE = re.compile(r"[^\n]+\n[^\n]+\n[^\n]+\n\n[^\n]+\n(?=\n)")
_NOTE_LINES = 6
_AT_ONCE = 1 << 20
"""Bytes; a multiple of a hash."""


Reading = tuple[Beside, Iterator[Row]]


@dataclass(frozen=True, slots=True)
class OpenLog:
    """One log. `count` is about how many rows there are.

    `reading` gives what is kept beside the rows and the rows themselves as of one moment, also while the log is written to.
    """

    log_id: str
    side: Side
    count: int
    opening: Callable[[int], AbstractContextManager[Reading]]

    def reading(self) -> AbstractContextManager[Reading]:
        """Everything, from the first row on. Raises LogUnreadable."""
        return self.opening(0)

    @property
    def rows(self) -> Iterator[Row]:
        """Every row, from the first one on. Raises LogUnreadable."""
        yield from self.rows_after(0)

    def rows_after(self, index: int) -> Iterator[Row]:
        """Every row behind this one. Raises LogUnreadable."""
        with self.opening(index) as (_, rows):
            yield from rows

    def empty(self) -> Chain:
        """The chain before the first entry."""
        return Chain.empty(self.log_id, self.side)


def open_stored(path: Path) -> OpenLog:
    """`path` is a SQLite file, a log folder, the state folder that holds one of them, or an export. Raises LogUnreadable."""
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        raise LogUnreadable(f"there is nothing at {path}")
    return _in_export(path) if path.suffix == EXPORT_SUFFIX else _in_database(path)


def state_folder(path: Path) -> Path:
    """The state folder that a log lies in, as far as it can be told from where it lies."""
    inside = path.is_file() or (path.is_dir() and (path / META).exists())
    return path.absolute().parent if inside else path


# ---- the host's


def _in_folder(folder: Path) -> OpenLog:
    if not (folder / META).exists():
        if (folder / _BROKER_FILE).exists():
            return _in_database(folder / _BROKER_FILE)
        if (folder / _HOST_FOLDER / META).exists():
            return _in_folder(folder / _HOST_FOLDER)
    log = stored_log(folder)
    # A row has some 400 bytes or more: for a bar of progress this is near enough.
    count = sum(segment.stat().st_size for segment in segments(folder)) // 500
    return OpenLog(log.meta.log_id, log.meta.side, count, partial(_reading_folder, folder))


@contextmanager
def _reading_folder(folder: Path, after: int) -> Iterator[Reading]:
    # What is beside the rows comes first: rows may be added meanwhile, and then they are simply newer than the newest checkpoint.
    yield _beside_folder(folder), _of_folder(folder, after)


def _of_folder(folder: Path, after: int) -> Iterator[Row]:
    files = segments(folder)
    # A file is named for its first row: those before the last one that begins early enough are of no interest.
    early = [number for number, file in enumerate(files) if after and int(file.stem) <= after + 1]
    index = int(files[early[-1]].stem) - 1 if early else 0
    try:
        for segment in files[early[-1] if early else 0 :]:
            with segment.open("rb") as lines:
                for line in lines:
                    row = row_or_broken(line, index + 1)
                    index = row.index
                    if index > after:
                        yield row
    except OSError as fault:
        raise LogUnreadable(f"the log cannot be read on: {fault}") from None


def _beside_folder(folder: Path) -> Beside:
    tree, notes = folder / TREE, folder / CHECKPOINTS
    try:
        text = notes.read_bytes().decode(errors="replace") if notes.exists() else ""
        kept = _hashes(tree, tree.stat().st_size) if tree.exists() else None
    except OSError as fault:
        raise LogUnreadable(f"the log cannot be read: {fault}") from None
    return Beside(_blocks(text), None, kept)


def _blocks(text: str) -> tuple[str, ...]:
    """Every whole note; what lies between two of them, or is no note, is one that opens with no key."""
    notes, end = [], 0
    for found in _NOTE.finditer(text):
        notes += [text[end : found.start()]] if found.start() > end else []
        notes.append(found[0])
        end = found.end() + 1
    # What a power cut left behind the last one is half a note, and was never shown to anybody.
    rest = text[end:]
    return (*notes, rest) if rest.count("\n") >= _NOTE_LINES else tuple(notes)


def _hashes(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as tree:
        for start in range(0, size, _AT_ONCE):
            block = tree.read(min(_AT_ONCE, size - start))
            for each in range(0, len(block), HASH):
                yield block[each : each + HASH]


# ---- the broker's


def _in_database(path: Path) -> OpenLog:
    with closing(_connect(path)) as connection:
        try:
            metas = connection.execute("SELECT log_id, side FROM audit_meta").fetchall()
            count = connection.execute("SELECT max(position) FROM audit_log").fetchone()[0]
        except sqlite3.Error as fault:
            raise LogUnreadable(f"{path} holds no log: {fault}") from None
    if len(metas) != 1 or metas[0][1] not in set(Side):
        raise LogUnreadable(f"{path} does not say which log it is")
    size = count if isinstance(count, int) else 0
    return OpenLog(str(metas[0][0]), Side(metas[0][1]), size, partial(_reading_database, path))


@contextmanager
def _reading_database(path: Path, after: int) -> Iterator[Reading]:
    with closing(_connect(path)) as connection:
        try:
            connection.execute("BEGIN")
            yield _beside_database(connection), _rows_of(connection, after)
        except sqlite3.Error as fault:
            raise LogUnreadable(f"{path} cannot be read on: {fault}") from None


def _connect(path: Path) -> sqlite3.Connection:
    """Read only. A copy on a medium that cannot be written has no writer either: it is read as it stands."""
    place = quote(str(path.absolute()))
    try:
        connection = sqlite3.connect(f"file:{place}?mode=ro", uri=True)
        try:
            connection.execute("SELECT 1 FROM sqlite_master")
        except sqlite3.OperationalError:
            connection.close()
            connection = sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True)
        except sqlite3.DatabaseError:
            return connection  # no database: whoever asks for its log says so
    except sqlite3.Error as fault:
        raise LogUnreadable(f"{path} cannot be opened: {fault}") from None
    return connection


def _rows_of(connection: sqlite3.Connection, after: int) -> Iterator[Row]:
    # Reading as raw bytes: a tampered column may hold another type, which must be a finding and not a fault.
    columns = ", ".join(f"CAST({name} AS BLOB)" for name in ("salt", "entry", "leaf", "head"))
    chosen = f"SELECT position, {columns} FROM audit_log WHERE ?1 = 0 OR position > ?1 ORDER BY position"  # noqa: S608 - constants
    for position, salt, entry, leaf, head in connection.execute(chosen, (after,)):
        yield Row(position, salt or b"", entry or b"", leaf or b"", head or b"")


def _beside_database(connection: sqlite3.Connection) -> Beside:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"audit_tree", "audit_tip", "audit_checkpoints"} <= tables:
        return Beside()  # written before there were any
    notes = [str(note) for (note,) in connection.execute("SELECT note FROM audit_checkpoints ORDER BY size")]
    tips = [str(note) for (note,) in connection.execute("SELECT note FROM audit_tip")]
    return Beside(notes, "".join(tips), _tree_of(connection))


def _tree_of(connection: sqlite3.Connection) -> Iterator[bytes]:
    for place, (position, kept) in enumerate(connection.execute("SELECT position, CAST(hash AS BLOB) FROM audit_tree ORDER BY position")):
        yield (kept or b"") if position == place else b""


# ---- an export


def _in_export(path: Path) -> OpenLog:
    head = read_export_head(path)
    return OpenLog(head.log_id, head.side, head.rows, partial(_reading_export, path, Beside(head.notes, head.tip)))


@contextmanager
def _reading_export(path: Path, beside: Beside, after: int) -> Iterator[Reading]:
    yield beside, (row for row in read_export_rows(path) if row.index > after)
