"""Reads a whole host log once, at opening: where its chain stands, its tree, the ends of visits, and every row that is not right.

`audit.log.verify` says the same of the hashes and more of each entry; this is the quick one (docs/performance.md), because a host
that starts reads all it has ever written. What an entry says is only looked at where something here depends on it.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from audit.entry import decode_entry
from audit.events.evidence import EntriesExpired, LogBegun
from audit.events.visit import SessionEnded
from audit.log import SALT, Chain, Fault, Finding, genesis, head_of
from audit.merkle import grown
from runtime.log_lines import PLAIN, Meta, bytes_of, segments, unescaped
from wire.schema import MalformedMessage

_LOST = bytes(32)
"""Stands in the tree for a row that cannot be read."""
_LOOKED_AT = tuple(b'"type":"%s","v":1}' % name for name in (b"session_ended", b"entries_expired", b"log_begun"))
_GAP_MAX = 1_000_000
"""A row that claims to stand further on than this is no row."""


@dataclass(slots=True)
class Scanned:
    """What stands in a log: `size` rows, and the head behind the last."""

    meta: Meta
    head: bytes
    size: int = 0
    half: bytes = b""
    """Behind the last line break of the newest file: it was never acknowledged."""
    firsts: list[int] = field(default_factory=list)
    """Index of the first row of each file."""
    leaves: list[bytes] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    """Session id -> the entry by which that visit ended."""
    begun: list[int] = field(default_factory=list)
    """Entries that say: from here on the log continues what is there."""
    expired: list[tuple[int, int]] = field(default_factory=list)
    """Ranges whose bodies may be gone."""
    bare: list[int] = field(default_factory=list)
    """Entries whose bodies are gone."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def chain(self) -> Chain:
        """Where it stands."""
        return Chain(self.meta.log_id, self.meta.side, self.size, self.head)

    @property
    def kept(self) -> bytes:
        """What the tree's file should hold."""
        return b"".join(grown(self.leaves))

    def faults(self, since: int = 0) -> list[Finding]:
        """What is wrong with entries after `since`; a body that is gone is right where retention says so."""
        allowed = self.expired
        gone = [index for index in self.bare if not any(first <= index <= last for first, last in allowed)]
        found = [*self.findings, *(Finding(Fault.ALTERED, index, index) for index in gone)]
        return sorted((each for each in found if each.last > since), key=lambda each: each.index)


def scan(folder: Path, meta: Meta) -> Scanned:
    """Read it all. Raises OSError."""
    scanned = Scanned(meta, genesis(meta.log_id, meta.side))
    for segment in segments(folder):
        if scanned.half:
            _lost(scanned)  # only the newest file can end in half a line: the one before was whole when the next was begun
        scanned.firsts.append(scanned.size + 1)
        content = segment.read_bytes()
        whole = content.rfind(b"\n") + 1
        scanned.half = content[whole:]
        for line in content[:whole].splitlines(keepends=True):
            _row(scanned, line)
    return scanned


def _lost(scanned: Scanned) -> None:
    scanned.size += 1
    scanned.findings.append(Finding(Fault.ALTERED, scanned.size, scanned.size))
    scanned.leaves.append(_LOST)
    scanned.head = head_of(scanned.head, _LOST)


def _row(scanned: Scanned, line: bytes) -> None:
    read = PLAIN.fullmatch(line)
    index = int(read[3]) if read is not None else 0
    if read is None or index > scanned.size + _GAP_MAX:
        _lost(scanned)
        return
    if index <= scanned.size:
        scanned.findings.append(Finding(Fault.OUT_OF_ORDER, index, index))
        return
    head, leaf, salt = bytes_of(read[2]), bytes_of(read[4]), bytes_of(read[5])
    if index != scanned.size + 1:
        scanned.findings.append(Finding(Fault.MISSING, scanned.size + 1, index - 1))
        scanned.leaves += [_LOST] * (index - scanned.size - 1)
    elif sha256(b"\x01" + scanned.head + leaf).digest() != head:
        scanned.findings.append(Finding(Fault.UNCHAINED, index, index))
    scanned.leaves.append(leaf)
    # After a fault the stored row is taken as it stands, so that one fault is not told again for every later entry.
    scanned.size, scanned.head = index, head
    _substance(scanned, salt, unescaped(read[1]), leaf)


def _substance(scanned: Scanned, salt: bytes, entry: bytes, leaf: bytes) -> None:
    index = scanned.size
    if not salt and not entry:
        scanned.bare.append(index)
    elif len(salt) != SALT or sha256(b"\0" + salt + entry).digest() != leaf:
        scanned.findings.append(Finding(Fault.ALTERED, index, index))
    elif entry.endswith(_LOOKED_AT):
        _look(scanned, index, entry)


def _look(scanned: Scanned, index: int, entry: bytes) -> None:
    try:
        happened = decode_entry(entry).event
    except MalformedMessage:
        scanned.findings.append(Finding(Fault.UNREADABLE, index, index))
        return
    if isinstance(happened, SessionEnded):
        scanned.ends.setdefault(happened.session_id, index)
    elif isinstance(happened, EntriesExpired):
        scanned.expired.append((happened.first, happened.last))
    elif isinstance(happened, LogBegun):
        scanned.begun.append(index)
