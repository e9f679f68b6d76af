"""What one side asks of the other's log, and what an answer is worth (docs/protocol.md, section 8). Both cores speak by this. Pure.

1  one question at a time: an answer is proven against the very checkpoint that was held when it was asked
2  an answer that nobody asked for is no answer
3  it continues what is held, signed by whose log it is; with a visit, its end stands in it
4  recorded first, held after
"""

from dataclasses import dataclass, field

from audit.checkpoint import NoteInvalid, Verifies, said_by, signature_of
from audit.events import evidence
from audit.events.shape import Event
from audit.heads import Held, check_end, follow
from audit.log import Side
from wire.messages.evidence import Doubt, Head, HeadWanted, LogDoubted

WAITING_MAX = 16
"""Questions that wait for their turn. Visits beyond them are asked for at the next contact."""
ALONE = ""
"""Asks only where the log stands, as every question does."""


@dataclass(slots=True)
class Questions:
    """Those of one connection."""

    out: HeadWanted | None = None
    """The one that waits for its answer."""
    first: bool = True
    """No answer was believed on this connection yet."""
    _waiting: dict[str, None] = field(default_factory=dict)

    def want(self, *session_ids: str) -> None:
        """Ask for the ends of these visits, each once; ALONE for none."""
        for each in session_ids:
            if len(self._waiting) < WAITING_MAX and not (self.out is not None and self.out.session_id == each):
                self._waiting.setdefault(each)

    def next(self, held: Held | None) -> HeadWanted | None:
        """The question to put now, if it is time for one."""
        if self.out is not None or not self._waiting:
            return None
        if len(self._waiting) > 1:
            self._waiting.pop(ALONE, None)
        session_id = next(iter(self._waiting))
        del self._waiting[session_id]
        self.out = HeadWanted(size_of(held), session_id)
        return self.out

    def asked(self, head: Head) -> HeadWanted | None:
        """The question that this answers. It stays out until `over`: what is held is not settled before."""
        return self.out if self.out is not None and self.out.session_id == head.session_id else None

    def over(self) -> None:
        """Answered, or it never will be."""
        self.out = None


@dataclass(frozen=True, slots=True)
class Believed:
    """What to hold from now on, and what to record before."""

    held: Held
    events: tuple[Event, ...]


def size_of(held: Held | None) -> int:
    """How many entries what is held covers."""
    return held.checkpoint.size if held is not None else 0


def believe(subject: str, held: Held | None, head: Head, side: Side, key: bytes, verifies: Verifies, *, first: bool) -> Believed:
    """What an answer is worth. `subject` is whose log it is; `first`: of this connection. Raises Doubted.

    A head is recorded at the first contact and with the end of a visit; those between would fill the log that they are about.
    """
    new = follow(held, head, side, key, verifies)
    closed: tuple[Event, ...] = ()
    if head.session_id:
        check_end(new.checkpoint, head.session_id, head.end)
        assert head.end is not None
        closed = (evidence.VisitClosed(session_id=head.session_id, subject=subject, entry=head.end.index),)
    if not closed and not (first and new != held):
        return Believed(new, ())
    return Believed(new, (_held(subject, new, head.session_id), *closed))


def _held(subject: str, held: Held, session_id: str) -> Event:
    checkpoint = held.checkpoint
    return evidence.HeadHeld(
        subject=subject,
        log_id=held.log_id,
        size=checkpoint.size,
        root=checkpoint.root,
        signature=signature_of(held.note),
        session_id=session_id,
    )


# ---- doubts


@dataclass(frozen=True, slots=True)
class Raised:
    """A doubt, as it is kept and told. `subject`: whose log does not fit; or, `told`, who says so of ours. Both notes as shown."""

    subject: str
    doubt: Doubt
    held: str = ""
    given: str = ""
    told: bool = False

    @property
    def words(self) -> LogDoubted:
        """As the other side is told."""
        return LogDoubted(self.doubt, self.held, self.given)

    @property
    def event(self) -> Event:
        """As it is recorded."""
        (held, held_root), (given, given_root) = _said(self.held), _said(self.given)
        if self.told:
            return evidence.DoubtTold(subject=self.subject, doubt=self.doubt, held_size=held, given_size=given)
        return evidence.LogDoubted(
            subject=self.subject, doubt=self.doubt, held_size=held, held_root=held_root, given_size=given, given_root=given_root
        )


def _said(note: str) -> tuple[int, bytes]:
    """Size and root as the note says, whoever wrote it; nothings where it says neither."""
    try:
        said = said_by(note)
    except NoteInvalid:
        return 0, bytes(32)
    return said.size, said.root
