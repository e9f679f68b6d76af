"""What one log says of its visits, of the other side's log, and of its own life: gathered entry by entry for a comparison.

Statements are built again from the entries that repeat them (docs/protocol.md, section 5), so that two logs can be compared by
the very bytes that were signed. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from audit.entry import Entry, decode_entry
from audit.events.broker import BrokerStarted, BrokerStopped, SessionOpened, WatchOpened
from audit.events.evidence import DoubtAcknowledged, EntriesExpired, HeadHeld, LogBegun, VisitClosed
from audit.events.host import Enrolled, HostStarted, HostStopped, IdentityProven, LateEntries, SessionOffered, WatchBegun
from audit.events.shape import Event
from audit.events.visit import Answered, Asked, SessionEnded, Spoken, VisitParted, Withdrawn, statement_of
from audit.holes import Holes
from audit.log import Row, Side
from wire.schema import MalformedMessage, encode_part
from wire.statements import Label

SPOKEN = (Asked, Answered, Withdrawn, SessionEnded)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as an entry repeats it. `ask` is 0 for an end."""

    index: int
    label: Label
    ask: int
    payload: bytes
    event: Spoken
    utc_ms: int

    @property
    def key(self) -> tuple[Label, int]:
        """By what its counterpart is found."""
        return self.label, self.ask


@dataclass(slots=True)
class Visit:
    """One visit as one side remembers it."""

    session_id: str
    first: int
    last: int
    opened: bool = False
    fingerprint: str = ""
    """Of the technician's device; the host alone notes it."""
    said: dict[tuple[Label, int], list[Said]] = field(default_factory=dict)
    closed: int = 0
    """The entry of the other log that ends the visit, as the other side showed it; 0: it did not."""
    closed_at: int = 0
    watches: str = ""
    """The visit beside which this one only watched, as it says itself; empty: none."""
    cuts: list[int] = field(default_factory=list)
    """Entries that tell that the line was cut."""

    def find(self, key: tuple[Label, int]) -> Said | None:
        """The first statement of this kind and request."""
        found = self.said.get(key)
        return found[0] if found else None


class Life(StrEnum):
    """What a program did."""

    STARTED = "started"
    STOPPED = "stopped"


@dataclass(slots=True)
class Facts:
    """Everything of one log that a comparison needs. With `only`, visits of other hosts are passed over."""

    side: Side
    host_id: str = ""
    only: Collection[str] | None = None
    visits: dict[str, Visit] = field(default_factory=dict)
    heads: list[tuple[int, HeadHeld]] = field(default_factory=list)
    begun: list[LogBegun] = field(default_factory=list)
    late: list[tuple[int, int]] = field(default_factory=list)
    acknowledged: int = 0
    """The newest entry by which a named person acknowledged a doubt."""
    holes: Holes = field(default_factory=Holes)
    """Entries that are not there, or cannot be read."""
    claims: dict[tuple[str, Label, int], int] = field(default_factory=dict)
    """What entries that were altered claim to be: visit, kind and request, and which entry says so. Good for naming it alone."""
    _life: list[tuple[int, Life]] = field(default_factory=list)

    def look(self, row: Row, entry: Entry | None) -> None:
        """One more row, and its entry if it is one that stands as it was hashed."""
        if entry is not None:
            self.take(row.index, entry)
            return
        bare = not row.salt and not row.entry
        self.holes.lost(row.index, bare=bare)
        if not bare:
            self._claimed(row)

    def take(self, index: int, entry: Entry) -> None:
        """One more entry."""
        self.holes.readable(index, entry.at.utc_ms)
        happened = entry.event
        if isinstance(happened, SPOKEN):
            self._spoken(index, happened, entry.at.utc_ms)
        else:
            self._told(index, happened)

    def killed_after(self, index: int) -> bool:
        """Was this side's program ended without a word between this entry and its next start?"""
        follows = next((what for place, what in self._life if place > index), None)
        return follows is Life.STARTED

    def _claimed(self, row: Row) -> None:
        try:
            happened = decode_entry(row.entry).event
        except MalformedMessage:
            return
        if isinstance(happened, SPOKEN):
            self.claims[happened.session_id, statement_of(happened)[0], getattr(happened, "ask", 0)] = row.index

    def _told(self, index: int, happened: Event) -> None:
        match happened:
            case SessionOpened() | SessionOffered():
                visit = self._visit(index, happened.session_id, getattr(happened, "host_id", self.host_id))
                if visit is not None:
                    visit.opened = True
            case IdentityProven():
                visit = self._visit(index, happened.session_id, self.host_id)
                if visit is not None:
                    visit.fingerprint = happened.fingerprint
            case VisitParted():
                visit = self.visits.get(happened.session_id)
                if visit is not None:
                    visit.last = index
                    visit.cuts.append(index)
            case VisitClosed():
                visit = self.visits.get(happened.session_id)
                if visit is not None:
                    visit.closed, visit.closed_at = happened.entry, index
            case HeadHeld():
                self.heads.append((index, happened))
            case _:
                self._lived(index, happened)

    def _lived(self, index: int, happened: Event) -> None:
        match happened:
            case WatchBegun() | WatchOpened():
                self._watches(index, happened)
            case LogBegun():
                self.begun.append(happened)
            case LateEntries():
                self.late.append((index + 1, index + happened.count))
            case DoubtAcknowledged():
                self.acknowledged = index
            case EntriesExpired(first=first, last=last):
                self.holes.expired.append((first, last))
            case Enrolled(host_id=host_id):
                self.host_id = host_id
            case HostStarted(host_id=host_id):
                self.host_id = host_id or self.host_id
                self._life.append((index, Life.STARTED))
            case BrokerStarted():
                self._life.append((index, Life.STARTED))
            case HostStopped() | BrokerStopped():
                self._life.append((index, Life.STOPPED))
            case _:
                self._touched(index, getattr(happened, "session_id", ""))

    def _watches(self, index: int, happened: WatchBegun | WatchOpened) -> None:
        visit = self.visits.get(happened.watcher_session)
        if visit is not None:
            visit.watches, visit.last = happened.session_id, index
        self._touched(index, happened.session_id)

    def _touched(self, index: int, session_id: str) -> None:
        if session_id in self.visits:
            self.visits[session_id].last = index

    def _visit(self, index: int, session_id: str, host_id: str) -> Visit | None:
        if session_id not in self.visits and not self._ours(session_id, host_id):
            return None
        visit = self.visits.setdefault(session_id, Visit(session_id, index, index))
        visit.last = index
        return visit

    def _ours(self, session_id: str, host_id: str) -> bool:
        return self.only is None or session_id in self.only or (bool(host_id) and host_id == self.host_id)

    def _spoken(self, index: int, event: Spoken, utc_ms: int) -> None:
        host_id = getattr(event, "host_id", "")
        if self.side is Side.HOST and not self.host_id:
            self.host_id = host_id  # what said so at the start was let go
        visit = self._visit(index, event.session_id, host_id)
        if visit is not None:
            label, part = statement_of(event)
            said = Said(index, label, getattr(event, "ask", 0), _encoded(part), event, utc_ms)
            visit.said.setdefault(said.key, []).append(said)


def _encoded(part: object) -> bytes:
    try:
        return encode_part(part)
    except ValueError:
        return b""  # no statement says what this entry says: nothing was ever signed over it
