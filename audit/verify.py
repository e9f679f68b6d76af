"""Checks one whole log as its rows come by: every row, the chain, the tree, every signed checkpoint, and what retention let go.

    1  each row stands where it should, is what was hashed, and follows from the one before     (`audit/log.py`)
    2  each signed checkpoint has the root of the tree over the rows up to it, and opens with the key of this log
    3  no row stands behind the tip, where a log keeps one: whoever holds no key can append nothing unnoticed
    4  a body is missing only inside a range that an entry says was let go
    5  which visits began and are not closed: the other side has not shown that it holds their end

Rows are read once and not kept: a log of ten million entries takes no more memory than one of ten. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from audit.checkpoint import NoteInvalid, Verifies, open_note, origin_of, said_by
from audit.entry import Entry, decode_entry
from audit.events.broker import SessionOpened
from audit.events.evidence import EntriesExpired, LogBegun, VisitClosed
from audit.events.host import SessionOffered
from audit.events.visit import SessionEnded
from audit.frontier import Frontier
from audit.log import SALT, Chain, Fault, Finding, KnownHead, Row, Side, head_of, leaf_of
from audit.merkle import HASH
from wire.schema import MalformedMessage

_LOST = bytes(HASH)
"""Stands in the tree for a row that is gone: no entry has this hash."""
_GAP_MAX = 100_000
"""Beyond so many rows that are gone at once, no root is computed any more."""
_Special = EntriesExpired | LogBegun | VisitClosed | SessionOpened | SessionOffered | SessionEnded
_SPECIAL = (EntriesExpired, LogBegun, VisitClosed, SessionOpened, SessionOffered, SessionEnded)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside the rows of a log. `tip` is None where a log keeps none; `kept` where there is no tree."""

    notes: Sequence[str] = ()
    tip: str | None = None
    kept: Iterator[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A visit that began at entry `since`, and of whose end the other side has not shown that it holds it."""

    session_id: str
    since: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of a whole log came to.

    `signed`: how many entries the newest good checkpoint covers. `keyed`: were signatures checked at all?
    `explained`: checkpoints that do not fit, where an entry says that a named person let the log go on.
    """

    findings: tuple[Finding, ...]
    rows: int
    chain: Chain
    root: bytes
    notes: int
    signed: int
    keyed: bool
    explained: tuple[Finding, ...]
    expired: tuple[tuple[int, int], ...]
    unclosed: tuple[Unclosed, ...]


@dataclass(slots=True)
class _Signed:
    """The checkpoints of a log, and how far they fit."""

    roots: dict[int, set[bytes]] = field(default_factory=dict)
    fits: int = 0
    differs: list[Finding] = field(default_factory=list)

    def compare(self, size: int, root: bytes) -> None:
        wanted = self.roots.pop(size)
        if wanted == {root}:
            self.fits = size
        else:
            self.differs.append(Finding(Fault.NOT_AS_SIGNED, min(self.fits + 1, size), size))


class Watch:
    """Looks at the rows of one log in order, and tells at the end."""

    def __init__(
        self,
        chain: Chain,
        beside: Beside,
        key: bytes | None,
        verifies: Verifies,
        known: KnownHead | None = None,
        held: Sequence[int] = (),
    ) -> None:
        """`chain` is the empty log. `held`: sizes whose roots somebody else wants to compare, found in `roots` afterwards."""
        self._log_id, self._side, self._size, self._head = chain.log_id, chain.side, chain.size, chain.head
        self._beside, self._key, self._verifies, self._known = beside, key, verifies, known
        self._wanted = set(held)
        self.roots: dict[int, bytes] = {}
        self._frontier: Frontier | None = Frontier()
        self._findings: list[Finding] = []
        self._rows = 0
        self._tree_differs = False
        self._expired: list[tuple[int, int]] = []
        self._bare: list[int] = []
        self._begun: list[LogBegun] = []
        self._open: dict[str, int] = {}
        self._signed = _Signed()
        self._tip_size = self._read_notes()
        self._replaced(chain.size, chain.head)

    def look(self, row: Row) -> Entry | None:
        """One more row; its entry, if it is one that can be read."""
        self._rows += 1
        if row.index != self._size + 1:
            self._misplaced(row.index)
        elif head_of(self._head, row.leaf) != row.head:
            self._found(Fault.UNCHAINED, row.index)
        entry = self._substance(row)
        self._replaced(row.index, row.head)
        self._grow(row)
        # After a fault the stored row is taken as it stands, so that one fault is not told again for every later entry.
        self._size, self._head = row.index, row.head
        return entry

    def end(self) -> Report:
        """No row follows."""
        self._check_end(self._size)
        explained = tuple(each for each in self._signed.differs if self._was_begun_anew(each.last))
        differs = [each for each in self._signed.differs if each not in explained]
        # All later roots hold the same entry: it is told once.
        findings = [*self._findings, *differs[:1], *self._bodies_gone()]
        return Report(
            tuple(sorted(findings, key=lambda each: (each.index, each.last))),
            self._rows,
            Chain(self._log_id, self._side, self._size, self._head),
            self._frontier.root() if self._frontier else b"",
            len(self._beside.notes) + (self._beside.tip is not None),
            max(self._signed.fits, 0),
            self._key is not None,
            explained,
            tuple(self._expired),
            tuple(Unclosed(session, since) for session, since in self._open.items()),
        )

    # ---- rows

    def _found(self, fault: Fault, index: int, last: int | None = None) -> None:
        self._findings.append(Finding(fault, index, index if last is None else last))

    def _misplaced(self, index: int) -> None:
        if index > self._size:
            self._found(Fault.MISSING, self._size + 1, index - 1)
        else:
            self._found(Fault.OUT_OF_ORDER, index)

    def _substance(self, row: Row) -> Entry | None:
        if not row.salt and not row.entry:
            self._bare.append(row.index)
            return None
        if len(row.salt) != SALT or leaf_of(row.salt, row.entry) != row.leaf:
            self._found(Fault.ALTERED, row.index)
            return None
        try:
            entry = decode_entry(row.entry)
        except MalformedMessage:
            self._found(Fault.UNREADABLE, row.index)
            return None
        if isinstance(entry.event, _SPECIAL):
            self._remember(row.index, entry.event)
        return entry

    def _remember(self, index: int, happened: _Special) -> None:
        match happened:
            case EntriesExpired(first=first, last=last):
                self._expired.append((first, last))
            case LogBegun():
                self._begun.append(happened)
            case VisitClosed(session_id=session_id):
                self._open.pop(session_id, None)
            case _:
                self._open.setdefault(happened.session_id, index)

    def _replaced(self, index: int, head: bytes) -> None:
        if self._known is not None and index == self._known.index and head != self._known.head:
            self._found(Fault.REPLACED, index)

    # ---- the tree and what was signed of it

    def _grow(self, row: Row) -> None:
        tree = self._frontier
        if tree is None or row.index <= tree.size:
            return
        if row.index > tree.size + _GAP_MAX:
            self._frontier = None
            return
        while tree.size < row.index - 1:
            self._compare(tree, tree.append(_LOST), tree.size)
        self._compare(tree, tree.append(row.leaf if len(row.leaf) == HASH else _LOST), row.index)

    def _compare(self, tree: Frontier, grown: list[bytes], size: int) -> None:
        if self._beside.kept is not None and not self._tree_differs:
            # A host's tree may lag behind its rows after a power cut; the broker's is written with them.
            short = self._side is Side.BROKER
            for each in grown:
                stored = next(self._beside.kept, None)
                if stored != each and (stored is not None or short):
                    self._tree_differs = True
                    self._found(Fault.TREE_DIFFERS, size)
                    break
        if size in self._signed.roots:
            self._signed.compare(size, tree.root())
        if size in self._wanted:
            self.roots[size] = tree.root()

    def _read_notes(self) -> int | None:
        """Reads every checkpoint; how many entries the tip covers, None if there is no tip that can be believed."""
        for note in self._beside.notes:
            self._read_note(note)
        return self._read_note(self._beside.tip) if self._beside.tip else None

    def _read_note(self, note: str) -> int | None:
        try:
            checkpoint = said_by(note)
        except NoteInvalid:
            self._found(Fault.NOT_SIGNED, 0)
            return None
        if checkpoint.origin != origin_of(self._side, self._log_id) or not self._opens(note):
            self._found(Fault.NOT_SIGNED, checkpoint.size)
            return None
        self._signed.roots.setdefault(checkpoint.size, set()).add(checkpoint.root)
        return checkpoint.size

    def _opens(self, note: str) -> bool:
        if self._key is None:
            return True
        try:
            open_note(note, self._key, self._verifies)
        except NoteInvalid:
            return False
        return True

    # ---- the end

    def _check_end(self, size: int) -> None:
        if 0 in self._signed.roots:
            self._signed.compare(0, Frontier().root())
        known = self._known.index if self._known is not None else 0
        beyond = max((each for each in self._signed.roots if each > size and not self._was_begun_anew(each)), default=0)
        if max(beyond, known) > size:
            self._found(Fault.TRUNCATED, size + 1, max(beyond, known))
        if self._beside.tip is not None and size and (self._tip_size or 0) < size and (self._key is not None or self._beside.tip):
            self._found(Fault.UNSIGNED, (self._tip_size or 0) + 1, size)
        elif self._key is not None and size and not self._beside.notes and not self._beside.tip:
            self._found(Fault.UNSIGNED, 1, size)
        if self._beside.kept is not None and not self._tree_differs and next(self._beside.kept, None) is not None:
            self._found(Fault.TREE_DIFFERS, size)

    def _was_begun_anew(self, size: int) -> bool:
        return any(each.size < size <= each.held_size for each in self._begun)

    def _bodies_gone(self) -> Iterator[Finding]:
        for index in self._bare:
            if not any(first <= index <= last for first, last in self._expired):
                yield Finding(Fault.ALTERED, index, index)
