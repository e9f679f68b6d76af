"""The chain: each entry's salted leaf, and a head over all leaves so far. Pure: the salt comes as an argument.

    leaf_n = SHA-256(0x00 | salt (32 bytes) | entry)
    head_n = SHA-256(0x01 | head_(n-1) | leaf_n)
    head_0 = SHA-256(0x02 | "chaperone log" NUL log id NUL side)

The salt lets an entry be forgotten later while its leaf stays: without the salt nobody can guess what it was. A chain
by itself shows every change inside it; a cut tail shows against a head known from elsewhere (docs/protocol.md, section 8).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Self

from audit.entry import At, decode_entry, encode_entry
from audit.events.shape import Event
from wire.schema import MalformedMessage

SALT = 32


class Side(StrEnum):
    """Whose log it is."""

    BROKER = "broker"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is stored. `index` counts from 1."""

    index: int
    salt: bytes
    entry: bytes
    leaf: bytes
    head: bytes


def leaf_of(salt: bytes, entry: bytes) -> bytes:
    """Raises ValueError if the salt has a wrong length: leaf and entry could then be shifted against each other."""
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes")
    return sha256(b"\0" + salt + entry).digest()


def head_of(previous: bytes, leaf: bytes) -> bytes:
    """The head after one more leaf."""
    return sha256(b"\x01" + previous + leaf).digest()


def genesis(log_id: str, side: Side) -> bytes:
    """The head of an empty log. It binds the log's id and side, so that no log passes for another."""
    return sha256(b"\x02" + b"\0".join((b"chaperone log", log_id.encode(), side.value.encode()))).digest()


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a log stands. A value: whoever stores a row keeps the old chain until the row is durable."""

    log_id: str
    side: Side
    size: int
    head: bytes

    @classmethod
    def empty(cls, log_id: str, side: Side) -> Self:
        """A log without entries."""
        return cls(log_id, side, 0, genesis(log_id, side))

    @classmethod
    def after(cls, log_id: str, side: Side, last: Row | None) -> Self:
        """A log whose newest stored row is `last`."""
        return cls.empty(log_id, side) if last is None else cls(log_id, side, last.index, last.head)

    def append(self, happened: Event, when: At, salt: bytes) -> tuple["Chain", Row]:
        """The chain one entry longer, and the row to store. Raises ValueError for a salt or a number out of bounds."""
        return self.append_entry(encode_entry(happened, when), salt)

    def append_entry(self, entry: bytes, salt: bytes) -> tuple["Chain", Row]:
        """The same for an entry that was encoded before."""
        leaf = leaf_of(salt, entry)
        row = Row(self.size + 1, salt, entry, leaf, head_of(self.head, leaf))
        return replace(self, size=row.index, head=row.head), row


class Fault(StrEnum):
    """What is wrong with a log; `fault-<value>` in the catalogues."""

    ALTERED = "altered"
    """The entry or its salt is not the one that was hashed."""
    MISSING = "missing"
    """Entries between two others are gone."""
    OUT_OF_ORDER = "out_of_order"
    """The entry stands where it was not written, or twice."""
    UNCHAINED = "unchained"
    """The entry does not follow from the one before: it was put in, exchanged, or its neighbour was."""
    UNREADABLE = "unreadable"
    """The bytes are no entry of this version."""
    TRUNCATED = "truncated"
    """Entries that are known to have existed are gone from the end."""
    REPLACED = "replaced"
    """The entry at a known head is another than it was: the log was written anew."""
    NOT_AS_SIGNED = "not_as_signed"
    """A signed checkpoint over the log up to here has another root; the one before these entries fits."""
    NOT_SIGNED = "not_signed"
    """A checkpoint over the log up to here was not signed with the key of this log, or is none of this log."""
    UNSIGNED = "unsigned"
    """Entries that no signed checkpoint covers, where one must."""
    TREE_DIFFERS = "tree_differs"
    """What is kept of the tree is not what this entry's leaf makes of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, and with which entries: `index` to `last`, both included."""

    fault: Fault
    index: int
    last: int


@dataclass(frozen=True, slots=True)
class KnownHead:
    """A head that somebody noted down: after entry `index` the head was `head`."""

    index: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a whole log came to: its findings in order, how many rows there are, and where its chain ends."""

    findings: tuple[Finding, ...]
    rows: int
    chain: Chain


def verify(rows: Iterable[Row], log_id: str, side: Side, known: KnownHead | None = None) -> Checked:
    """Check every row, the chain, and a head that is known from elsewhere. Reads the rows once."""
    return verify_after(Chain.empty(log_id, side), rows, known)


def verify_after(chain: Chain, rows: Iterable[Row], known: KnownHead | None = None) -> Checked:
    """The same for rows that follow a chain which was checked before."""
    findings = list(_replaced(chain.size, chain.head, known))
    count = 0
    for row in rows:
        count += 1
        findings += [*_place(row, chain), *_substance(row), *_link(row, chain), *_replaced(row.index, row.head, known)]
        # After a fault the stored row is taken as it stands, so that one fault is not told again for every later entry.
        chain = Chain.after(chain.log_id, chain.side, row)
    if known is not None and chain.size < known.index:
        findings.append(Finding(Fault.TRUNCATED, chain.size + 1, known.index))
    return Checked(tuple(findings), count, chain)


def _replaced(index: int, head: bytes, known: KnownHead | None) -> Iterator[Finding]:
    if known is not None and index == known.index and head != known.head:
        yield Finding(Fault.REPLACED, index, index)


def _place(row: Row, chain: Chain) -> Iterator[Finding]:
    if row.index > chain.size + 1:
        yield Finding(Fault.MISSING, chain.size + 1, row.index - 1)
    if row.index <= chain.size:
        yield Finding(Fault.OUT_OF_ORDER, row.index, row.index)


def _substance(row: Row) -> Iterator[Finding]:
    if len(row.salt) != SALT or leaf_of(row.salt, row.entry) != row.leaf:
        yield Finding(Fault.ALTERED, row.index, row.index)
        return
    try:
        decode_entry(row.entry)
    except MalformedMessage:
        yield Finding(Fault.UNREADABLE, row.index, row.index)


def _link(row: Row, chain: Chain) -> Iterator[Finding]:
    if row.index == chain.size + 1 and head_of(chain.head, row.leaf) != row.head:
        yield Finding(Fault.UNCHAINED, row.index, row.index)
