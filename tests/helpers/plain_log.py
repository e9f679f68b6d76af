"""A host's log in memory, for what is tested on top of one: it takes everything, and shows nothing."""

import threading
from collections.abc import Sequence

from audit.entry import At
from audit.events.shape import Event
from runtime.file_log import LogUnavailable
from wire.messages.evidence import Head


class PlainLog:
    """Works while `works` and `moving` say so; otherwise it fails, or hangs."""

    def __init__(self) -> None:
        self.works = True
        self.moving = threading.Event()
        self.moving.set()
        self.rows: list[Event] = []
        self.notes = 0
        self.free = 50

    def append(self, events: Sequence[Event], when: At) -> None:
        """Taken, if it works."""
        self.probe()
        assert when.utc_ms
        self.rows += events

    def head(self, _since: int, _session_id: str = "") -> Head | None:
        """A log without a key shows no head."""
        self.probe()
        return None

    def checkpoint(self) -> str:
        """Counted."""
        self.probe()
        self.notes += 1
        return ""

    def probe(self) -> None:
        """Raises LogUnavailable unless it works."""
        self.moving.wait()
        if not self.works:
            raise LogUnavailable("no space left on device")

    def room(self) -> int:
        """As the test says."""
        self.probe()
        return self.free
