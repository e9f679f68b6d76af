"""The two logs of `two_logs.py`, written by the real stores: the host's folder and the broker's database.

with StoredHost(folder) as host, StoredBroker(file) as broker: Pair(host, broker).visit("s-1")
"""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from audit.entry import At
from audit.events.shape import Event
from audit.log import Side
from audit.stores import open_stored
from broker.storage.engine import Database, database_url
from broker.storage.log import AuditLog
from broker.storage.migrate import migrate
from runtime.file_log import FileLog, Notary
from runtime.log_opening import open_log
from tests.helpers.two_logs import BROKER_KEY, HOST_KEY, NOON_MS, VERIFIES
from wire.messages.evidence import EntryProof

NOTARY = Notary(HOST_KEY.public_key, HOST_KEY.sign_note, VERIFIES)
SEGMENT_BYTES = 6_000
"""Small, so that a log of a few visits has several files."""


class StoredHost:
    """A host's log folder, open for writing. Each opening is a start of the program."""

    side = Side.HOST

    def __init__(self, folder: Path, start: int = 0) -> None:
        self._folder, self._clock = folder, start
        self._log: FileLog | None = None

    def __enter__(self) -> Self:
        self._log = open_log(self._folder, Side.HOST, self._now(), NOTARY, segment_bytes=SEGMENT_BYTES)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.log.close()

    @property
    def log(self) -> FileLog:
        """The store itself."""
        assert self._log is not None
        return self._log

    def _now(self) -> At:
        self._clock += 1
        return At(NOON_MS + 1000 * self._clock, 1000 * self._clock, clock_suspect=False)

    def write(self, *events: Event) -> None:
        self.log.append(events, self._now())

    def note(self) -> str:
        return self.log.checkpoint()

    def end_of(self, session_id: str) -> int:
        return end_of(self._folder, session_id)


class StoredBroker:
    """A broker's database, open for writing."""

    side = Side.BROKER

    def __init__(self, file: Path) -> None:
        self._file, self._clock = file, 0
        self._loop = asyncio.Runner()
        self._database = Database(database_url(file))
        self.log = AuditLog(self._database, self._now, BROKER_KEY)

    def __enter__(self) -> Self:
        self._loop.run(migrate(self._database))
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.run(self._database.close())
        self._loop.close()

    def _now(self) -> At:
        self._clock += 1
        return At(NOON_MS + 1000 * self._clock, 1000 * self._clock, clock_suspect=False)

    def write(self, *events: Event) -> None:
        self._loop.run(self.log.record(*events))

    def note(self) -> str:
        return self._loop.run(self.log.checkpoint())

    def prove(self, index: int) -> tuple[str, EntryProof]:
        """As it is shown to a host."""
        return self._loop.run(self.log.prove(index))

    def end_of(self, session_id: str) -> int:
        return end_of(self._file, session_id)


def end_of(log: Path, session_id: str) -> int:
    """The entry that ends this visit, as a reader finds it."""
    wanted = f'"session_id":"{session_id}"'.encode()
    return next(row.index for row in open_stored(log).rows if b'"type":"session_ended"' in row.entry and wanted in row.entry)
