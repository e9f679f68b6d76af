"""Old entries read again while the broker runs: an append looks at the newest alone, this at all of them, a few at a time.

One round goes from the newest entry by which a named person let the log go on (or the first) to the newest. Of each entry it
compares salt and words with the leaf, the leaf with the chain, and with every kept hash of the tree that it completes. These end in
the peaks that `look` compares with the newest signed checkpoint, in the same transaction. Contents that are gone must have been let
go by retention. The filing helps to find what an entry says, and is not believed: such an entry must stand in the signed tree.

The first round of a process begins anywhere, so that frequent restarts leave no part unread. Where a round stands is kept nowhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from secrets import randbelow
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.engine import Connection

from audit.events.evidence import EntriesExpired, LogBegun
from audit.events.shape import Event
from audit.frontier import Frontier, peak_positions
from audit.heads import Held
from audit.log import Chain, Row, Side, genesis, verify_after
from audit.merkle import stored_count
from audit.subjects import kind
from broker.storage.engine import Database
from broker.storage.log_faults import LogDoubtful
from broker.storage.log_tip import Standing, look, proven
from broker.storage.log_tree import reader, rows_behind
from broker.storage.trail_tables import AUDIT_SUBJECTS

E = TypeVar("E", bound=Event)


@dataclass(slots=True)
class _Round:
    """How far one round has come. `begun`: nothing up to this entry is looked at; a named person has seen it."""

    begun: int
    chain: Chain
    frontier: Frontier
    let_go: list[tuple[int, int]] = field(default_factory=list)


class Patrol:
    """Reads one log again. `key` is the public key of this broker."""

    def __init__(self, database: Database, key: bytes, anywhere: Callable[[int], int] = randbelow) -> None:
        self._database, self._key, self._anywhere = database, key, anywhere
        self._round: _Round | None = None
        self.rounds = 0
        """How many came to their end."""

    async def step(self, count: int) -> None:
        """Read so many entries more. Raises LogDoubtful, and what the database raises: then the next step reads the same again."""
        await self._database.read(lambda connection: self._step(connection, count))

    def _step(self, connection: Connection, count: int) -> None:
        standing = look(connection, self._key, None)
        if standing is None or standing.held is None:
            return
        now = self._round
        if now is None or now.chain.size > standing.chain.size:
            now = self._begin(connection, standing, standing.held)
        self._round = None  # what does not fit is read again from the beginning of a round
        try:
            _read(connection, now, count, standing.held)
        except LogDoubtful:
            if _begun(connection, standing.held) > now.begun:
                return  # a named person has let the log go on since this round began
            raise
        self._round = now
        if now.chain.size == standing.chain.size:
            self._round, self.rounds = None, self.rounds + 1

    def _begin(self, connection: Connection, standing: Standing, held: Held) -> _Round:
        begun = _begun(connection, held)
        first = begun if self.rounds or standing.chain.size <= begun else begun + self._anywhere(standing.chain.size - begun)
        chain = Chain(standing.chain.log_id, Side.BROKER, first, _head(connection, standing.chain.log_id, first, held))
        return _Round(begun, chain, Frontier(first, reader(connection)(peak_positions(first))))


def _read(connection: Connection, now: _Round, count: int, held: Held) -> None:
    rows = rows_behind(connection, now.chain.size, count)
    checked = verify_after(now.chain, rows)
    bare = {row.index for row in rows if not row.salt and not row.entry}
    for finding in checked.findings:
        if finding.index not in bare or not _was_let_go(connection, now, finding.index, held):
            raise _amiss(finding.index, finding.fault.value, held)
    _compare(connection, now.frontier, rows, held)
    now.chain = checked.chain


def _compare(connection: Connection, frontier: Frontier, rows: list[Row], held: Held) -> None:
    before = stored_count(frontier.size)
    grown = [(row.index, each) for row in rows for each in frontier.append(row.leaf)]
    kept = reader(connection)(range(before, before + len(grown)))
    for (index, made), found in zip(grown, kept, strict=True):
        if made != found:
            raise _amiss(index, "tree_differs", held)


def _amiss(index: int, fault: str, held: Held) -> LogDoubtful:
    return LogDoubtful(f"entry {index} is wrong ({fault})", held.note, held.note)


def _head(connection: Connection, log_id: str, index: int, held: Held) -> bytes:
    if not index:
        return genesis(log_id, Side.BROKER)
    found = rows_behind(connection, index - 1, 1)
    if not found or found[0].index != index:
        raise _amiss(index, "missing", held)
    return found[0].head


def _was_let_go(connection: Connection, now: _Round, index: int, held: Held) -> bool:
    if not _covered(now, index):
        now.let_go = [(said.first, said.last) for _, said in _say(connection, EntriesExpired, "entries_expired", held)]
    return _covered(now, index)


def _covered(now: _Round, index: int) -> bool:
    return any(first <= index <= last for first, last in now.let_go)


def _begun(connection: Connection, held: Held) -> int:
    return max((index for index, _ in _say(connection, LogBegun, "log_begun", held)), default=0)


def _say(connection: Connection, cls: type[E], name: str, held: Held) -> Iterator[tuple[int, E]]:
    """Where the signed tree holds entries of this kind, and what they say."""
    filed = select(AUDIT_SUBJECTS.c.position).where(AUDIT_SUBJECTS.c.subject == kind(name))
    for index in connection.scalars(filed.order_by(AUDIT_SUBJECTS.c.position)).all():
        for row in rows_behind(connection, index - 1, 1):
            said = proven(connection, row, held)
            if isinstance(said, cls):
                yield row.index, said
