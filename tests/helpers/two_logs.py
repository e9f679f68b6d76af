"""A host's log and its broker's over whole visits, written by any two books: in memory here, real stores in the tamper engine.

pair = Pair(MemoryBook(Side.HOST), MemoryBook(Side.BROKER))
pair.visit("s-1"); pair.close("s-1")          asked, answered, withdrawn, ended at both sides; heads shown both ways
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Protocol

from audit.checkpoint import Checkpoint, Verifies, open_note, origin_of, signed_note
from audit.entry import At, decode_entry
from audit.events import broker, evidence, host, visit
from audit.events.shape import Event
from audit.log import Chain, Row, Side
from audit.merkle import appended, root_of
from audit.verify import Beside
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.session import EndCause
from trust.keys import fingerprint
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.commitments import commitment
from wire.messages import ledger
from wire.messages.ledger import Answer
from wire.statements import Label

HOST, BROKER, TECHNICIAN, WATCHER = "h-1", "b-1", "t-ana", "t-bob"
HOST_KEY, BROKER_KEY, DEVICE_KEY = Ed25519Signer(b"\1" * 32), Ed25519Signer(b"\2" * 32), Ed25519Signer(b"\3" * 32)
DEVICE = fingerprint(DEVICE_KEY.alg, DEVICE_KEY.public_key)
KEYS = {Side.HOST: HOST_KEY, Side.BROKER: BROKER_KEY}
SUBJECTS = {Side.HOST: HOST, Side.BROKER: BROKER}
NOON_MS = 1_790_000_000_000
VERIFIES: Verifies = ed25519_verifies


class Book(Protocol):
    """A log that is being written."""

    side: Side

    def write(self, *events: Event) -> None:
        """Append them."""

    def note(self) -> str:
        """A signed checkpoint over everything."""

    def end_of(self, session_id: str) -> int:
        """The entry that ends this visit."""


class MemoryBook:
    """A log with its tree, in memory."""

    def __init__(self, side: Side, log_id: str = "") -> None:
        self.side, self.log_id = side, log_id or f"l-{side.value}"
        self.chain = Chain.empty(self.log_id, side)
        self.rows: list[Row] = []
        self.kept: list[bytes] = []
        self.notes: list[str] = []
        self.ends: dict[str, int] = {}

    def write(self, *events: Event) -> None:
        for event in events:
            when = At(NOON_MS + 1000 * len(self.rows), 1000 * len(self.rows), clock_suspect=False)
            self.chain, row = self.chain.append(event, when, sha256(f"{self.side} {len(self.rows)}".encode()).digest())
            self.kept += appended(len(self.rows), row.leaf, self.read)
            self.rows.append(row)
            if isinstance(event, visit.SessionEnded):
                self.ends.setdefault(event.session_id, row.index)

    def read(self, positions: Sequence[int]) -> list[bytes]:
        """Hashes that are kept."""
        return [self.kept[each] for each in positions]

    def note(self) -> str:
        key, size = KEYS[self.side], len(self.rows)
        checkpoint = Checkpoint(origin_of(self.side, self.log_id), size, root_of(size, self.read))
        self.notes.append(signed_note(checkpoint, key.public_key, key.sign_note))
        return self.notes[-1]

    def end_of(self, session_id: str) -> int:
        return self.ends[session_id]

    def beside(self) -> Beside:
        """As a store hands it to a reader."""
        return Beside(tuple(self.notes), self.notes[-1] if self.side is Side.BROKER and self.notes else None, iter(list(self.kept)))


class Pair:
    """Both sides of a house, and what they tell each other."""

    def __init__(self, host_book: Book, broker_book: Book) -> None:
        self.host, self.broker = host_book, broker_book
        self.clock = NOON_MS // 1000

    def start(self) -> None:
        """Both programs begin."""
        self.broker.write(broker.BrokerStarted(broker_id=BROKER, version="1"))
        self.host.write(host.HostStarted(host_id=HOST, version="1"))

    def both(self, *events: Event) -> None:
        """Both sides record it, the broker first."""
        self.broker.write(*events)
        self.host.write(*events)

    def open(self, session: str) -> None:
        """The broker admits the technician, and the host is told."""
        self.broker.write(_opened(session))
        self.host.write(_offered(session), _proven(session))

    def visit(self, session: str, asks: int = 2, *, by: str = HOST, watched: bool = False) -> None:
        """A whole visit: each request allowed, a second person lets himself in to watch or not, the last request taken back, ended."""
        self.open(session)
        for ask in range(1, asks + 1):
            self.ask(session, ask)
            self.answer(session, ask)
        if watched:
            ids = {"session_id": session, "watcher_session": f"{session}-watched", "watcher_id": WATCHER}
            self.broker.write(broker.WatchOpened(**ids))
            self.host.write(host.WatchBegun(**ids, name="Bob", company="Vendor"))
        self.withdraw(session, asks)
        self.end(session, by=by)

    def ask(self, session: str, ask: int, *, reaches_host: bool = True) -> None:
        """The technician asks; the host alone learns the words."""
        event = asked(session, ask, self.clock)
        self.broker.write(_blind(event))
        if reaches_host:
            self.host.write(event)

    def answer(self, session: str, ask: int, *, allow: bool = True, reaches_broker: bool = True) -> None:
        """The host answers."""
        event = answered(session, ask, self.clock, allow=allow)
        self.host.write(event)
        if reaches_broker:
            self.broker.write(_blind_answer(event))

    def withdraw(self, session: str, ask: int, *, reaches_broker: bool = True) -> None:
        """The host takes a grant back."""
        event = withdrawn(session, ask, self.clock)
        self.host.write(event)
        if reaches_broker:
            self.broker.write(event)

    def end(self, session: str, *, by: str = HOST) -> None:
        """The visit ends, signed by whoever ended it."""
        self.both(ended(session, self.clock, by=by))

    def close(self, session: str = "") -> None:
        """Each side shows the other where its log stands; with a session, that it ends there."""
        for shown, holder in ((self.host, self.broker), (self.broker, self.host)):
            holder.write(held(shown, session))
        if session:
            self.host.write(evidence.VisitClosed(session_id=session, subject=BROKER, entry=self.broker.end_of(session)))
            self.broker.write(evidence.VisitClosed(session_id=session, subject=HOST, entry=self.host.end_of(session)))


def held(shown: Book, session: str = "") -> evidence.HeadHeld:
    """What the other side records when this log is shown to it."""
    note = shown.note()
    checkpoint = open_note(note, KEYS[shown.side].public_key, VERIFIES)
    return evidence.HeadHeld(
        subject=SUBJECTS[shown.side],
        log_id=checkpoint.origin.rsplit("/", 1)[1],
        size=checkpoint.size,
        root=checkpoint.root,
        signature=KEYS[shown.side].sign_note(checkpoint.text.encode()),
        session_id=session,
    )


def ticket_of(session: str) -> str:
    """Each visit begins with a code of its own."""
    return session.upper()[-16:]


def _opened(session: str) -> Event:
    return broker.SessionOpened(
        session_id=session,
        ticket=ticket_of(session),
        technician_id=TECHNICIAN,
        host_id=HOST,
        purpose=Purpose.FAULT,
        case_reference="c-1",
    )


def _offered(session: str) -> Event:
    return host.SessionOffered(
        session_id=session, ticket=ticket_of(session), technician_id=TECHNICIAN, purpose=Purpose.FAULT, case_reference="c-1"
    )


def _proven(session: str) -> Event:
    return host.IdentityProven(session_id=session, technician_id=TECHNICIAN, name="Ana", company="Vendor", fingerprint=DEVICE)


def _salted(*words: object) -> bytes:
    return sha256(repr(words).encode()).digest()


def asked(session: str, ask: int, at: int, words: str = "Please") -> visit.Asked:
    """As the host records it."""
    key = _salted(session, ask, "words")
    said = ledger.Asked(session, ask, TECHNICIAN, HOST, Permission.VIEW, Purpose.FAULT, "c-1", commitment(key, words), at)
    return visit.asked(said, DEVICE_KEY.sign(Label.ASKED, said).sig, words, key)


def _blind(event: visit.Asked) -> visit.Asked:
    return replace(event, words=None, words_key=None)


def answered(
    session: str, ask: int, at: int, *, allow: bool = True, prompt: tuple[str, ...] = ("May Ana see?", "Yes / No")
) -> visit.Answered:
    """As the host records it."""
    key = _salted(session, ask, "prompt")
    said = ledger.Answered(
        session,
        ask,
        TECHNICIAN,
        HOST,
        Permission.VIEW,
        Answer.ALLOW if allow else Answer.REFUSE,
        None if allow else Reason.REFUSED_BY_PERSON,
        commitment(key, "\n".join(prompt)),
        "en",
        ledger.AnsweredBy("ward", "1", "Kim"),
        600,
        at,
    )
    return visit.answered(said, HOST_KEY.sign(Label.ANSWERED, said).sig, prompt, key)


def _blind_answer(event: visit.Answered) -> visit.Answered:
    return replace(event, prompt=None, prompt_key=None)


def withdrawn(session: str, ask: int, at: int) -> visit.Withdrawn:
    """As both sides record it."""
    said = ledger.Withdrawn(session, ask, HOST, Permission.VIEW, at)
    return visit.withdrawn(said, HOST_KEY.sign(Label.WITHDRAWN, said).sig)


def ended(session: str, at: int, *, by: str = HOST, signed: bool = True) -> visit.SessionEnded:
    """As both sides record it; unsigned where a line was cut."""
    said = ledger.Ended(session, by, EndCause.HOST_ENDED if by == HOST else EndCause.TECHNICIAN_ENDED, at)
    key = HOST_KEY if by == HOST else DEVICE_KEY
    return visit.ended(said, key.sign(Label.ENDED, said).sig if signed else None)


# ---- what somebody with the log in hand can do to it


def expired(book: MemoryBook, first: int, last: int) -> None:
    """Their bodies go, and an entry says so."""
    book.rows[first - 1 : last] = [replace(row, salt=b"", entry=b"") for row in book.rows[first - 1 : last]]
    book.write(evidence.EntriesExpired(first=first, last=last, older_than_days=90, by="Kim"))


def alter(book: MemoryBook, index: int, old: bytes, new: bytes) -> None:
    """Change the bytes of one entry where they lie."""
    row = book.rows[index - 1]
    book.rows[index - 1] = replace(row, entry=row.entry.replace(old, new))
    assert book.rows[index - 1] != row


def rewritten(book: MemoryBook, index: int, *events: Event) -> None:
    """The log as it would be, had these events been written instead of entry `index`: whoever owns key and machine can do it."""
    all_of_it = [decode_entry(row.entry).event for row in book.rows]
    book.__init__(book.side, book.log_id)  # type: ignore[misc]
    book.write(*all_of_it[: index - 1], *events, *all_of_it[index:])


def place(book: MemoryBook, event: Event) -> int:
    """The entry that holds this event."""
    return next(row.index for row in book.rows if decode_entry(row.entry).event == event)
