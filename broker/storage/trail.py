"""Reading the log by what entries are about, a page at a time. Nothing here changes an entry, and nothing here decides who may.

A page is found in the filing alone (`filing.py`), window by window from where the last one ended: what is outside the scope costs
nothing but its place in a window, and blocks of entries that are all of another time are passed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.entry import Entry, decode_entry
from audit.events.trail import Named
from audit.log import SALT, leaf_of
from audit.subjects import named
from broker.storage.engine import Database
from broker.storage.tables import AUDIT_LOG
from broker.storage.trail_tables import AUDIT_NAMES, AUDIT_SUBJECTS, AUDIT_TIMES, BLOCK
from wire.commitments import matches
from wire.schema import MalformedMessage, canonical

FIRST_WINDOW = 2_048
"""Entries of the whole log that the first look spans. Each further one spans four times as many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Subjects an entry must all be filed under, its time in milliseconds since 1970, and from where on. 0 is no bound."""

    subjects: frozenset[str] = frozenset()
    since_ms: int = 0
    until_ms: int = 0
    after: int = 0
    """Begin behind this entry, in the order of the page."""
    newest_first: bool = True
    until: int = 0
    """No entry later than this one."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One row. `entry` is None where it cannot be read: its bytes are not what was hashed, or are no entry."""

    index: int
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name as the log commits to it. `belongs` is the company of an account, the site of a host."""

    name: str
    belongs: str


class TrailStore:
    """Reads pages and names, and keeps names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> int:
        """The newest entry's index; 0 for an empty log."""
        async with self._database.reading() as connection:
            return await _newest(connection)

    async def page(self, scope: frozenset[str], wanted: Wanted, count: int) -> tuple[StoredEntry, ...]:
        """At most so many entries within the scope, in the order that is wanted."""
        async with self._database.reading() as connection:
            positions = await _positions(connection, scope, wanted, count)
            chosen = select(AUDIT_LOG.c.position, AUDIT_LOG.c.salt, AUDIT_LOG.c.entry, AUDIT_LOG.c.leaf)
            rows = (await connection.execute(chosen.where(AUDIT_LOG.c.position.in_(positions)))).all()
        found = {row.position: _entry(row.salt, row.entry, row.leaf) for row in rows}
        return tuple(StoredEntry(each, found.get(each)) for each in positions)

    # ---- names

    async def keep_name(self, subject: str, commitment: bytes, key: bytes, known: KnownName, made: float) -> None:
        """Beside the log. It counts once an entry commits to it."""
        row = {"subject": subject, "commitment": commitment, "key": key, "name": known.name, "belongs": known.belongs, "made": made}
        async with self._database.writing() as connection:
            await connection.execute(insert(AUDIT_NAMES).values(row))

    async def names(self, subjects: Iterable[str]) -> dict[str, KnownName]:
        """The names of these, where the newest entry that gives one commits to it."""
        asked = {named(each): each for each in subjects}
        newest = func.max(AUDIT_SUBJECTS.c.position)
        given = select(AUDIT_SUBJECTS.c.subject, newest).where(AUDIT_SUBJECTS.c.subject.in_(asked)).group_by(AUDIT_SUBJECTS.c.subject)
        async with self._database.reading() as connection:
            places = {place: asked[subject] for subject, place in await connection.execute(given)}
            chosen = select(AUDIT_LOG.c.salt, AUDIT_LOG.c.entry, AUDIT_LOG.c.leaf).where(AUDIT_LOG.c.position.in_(places))
            entries = [_entry(*row) for row in await connection.execute(chosen)]
            rows = (await connection.execute(select(AUDIT_NAMES).where(AUDIT_NAMES.c.subject.in_(places.values())))).all()
        said = {each.event.subject: each.event.commitment for each in entries if each is not None and isinstance(each.event, Named)}
        return {
            row.subject: KnownName(row.name, row.belongs)
            for row in rows
            if row.subject in said and matches(said[row.subject], row.key, committed_text(KnownName(row.name, row.belongs)))
        }

    async def accounts_of(self, company: str) -> frozenset[str]:
        """Whoever was introduced as one of this company, also who was removed since."""
        of_it = select(AUDIT_NAMES.c.subject).where(AUDIT_NAMES.c.belongs == company, AUDIT_NAMES.c.subject.startswith("t-"))
        async with self._database.reading() as connection:
            found = (await connection.execute(of_it.distinct())).scalars().all()
        return frozenset(each for each, known in (await self.names(found)).items() if known.belongs == company)

    async def nameless(self, subjects: Iterable[str]) -> set[str]:
        """Those of these to whom no entry gave a name."""
        asked = set(subjects)
        return asked - (await self.names(asked)).keys()


def committed_text(known: KnownName) -> str:
    """What a commitment is over."""
    return canonical({"belongs": known.belongs, "name": known.name}).decode()


async def _newest(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.max(AUDIT_LOG.c.position))) or 0


async def _positions(connection: AsyncConnection, scope: frozenset[str], wanted: Wanted, count: int) -> list[int]:
    last = await _newest(connection)
    last = min(last, wanted.until) if wanted.until else last
    low, high = (1, min(last, wanted.after - 1) if wanted.after else last) if wanted.newest_first else (wanted.after + 1, last)
    found: list[int] = []
    for first, end in await _stretches(connection, wanted, low, high):
        found += await _in_stretch(connection, scope, wanted, first, end, count - len(found))
        if len(found) >= count:
            break
    return found


async def _stretches(connection: AsyncConnection, wanted: Wanted, low: int, high: int) -> list[tuple[int, int]]:
    """Where between these places entries of the wanted times can be, in the order of the page."""
    if not wanted.since_ms and not wanted.until_ms:
        return [(low, high)]
    block = AUDIT_TIMES.c.block
    chosen = select(block).where(block.between(low // BLOCK, high // BLOCK), AUDIT_TIMES.c.last_ms >= wanted.since_ms).order_by(block)
    if wanted.until_ms:
        chosen = chosen.where(AUDIT_TIMES.c.first_ms < wanted.until_ms)
    joined: list[tuple[int, int]] = []
    for each in (await connection.execute(chosen)).scalars():
        first, end = max(low, each * BLOCK), min(high, each * BLOCK + BLOCK - 1)
        joined[-1:] = [(joined[-1][0], end)] if joined and joined[-1][1] == first - 1 else [*joined[-1:], (first, end)]
    return joined[::-1] if wanted.newest_first else joined


async def _in_stretch(connection: AsyncConnection, scope: frozenset[str], wanted: Wanted, low: int, high: int, count: int) -> list[int]:
    found: list[int] = []
    span = FIRST_WINDOW
    while low <= high and len(found) < count:
        first, end = (max(low, high - span + 1), high) if wanted.newest_first else (low, min(high, low + span - 1))
        found += await _window(connection, scope, wanted, first, end, count - len(found))
        low, high = (low, first - 1) if wanted.newest_first else (end + 1, high)
        span *= 4
    return found


async def _window(connection: AsyncConnection, scope: frozenset[str], wanted: Wanted, first: int, end: int, count: int) -> Iterable[int]:
    position = AUDIT_SUBJECTS.c.position
    inside = _filed_under(scope) & position.between(first, end)
    if wanted.since_ms:
        inside &= AUDIT_SUBJECTS.c.utc_ms >= wanted.since_ms
    if wanted.until_ms:
        inside &= AUDIT_SUBJECTS.c.utc_ms < wanted.until_ms
    for each in wanted.subjects:
        filed = select(position).where(AUDIT_SUBJECTS.c.subject == each, position.between(first, end))
        inside &= position.in_(filed)
    chosen = select(position).where(inside).distinct().order_by(position.desc() if wanted.newest_first else position)
    return (await connection.execute(chosen.limit(count))).scalars().all()


def _filed_under(scope: frozenset[str]) -> ColumnElement[bool]:
    return AUDIT_SUBJECTS.c.subject.in_(sorted(scope))


def _entry(salt: bytes, entry: bytes, leaf: bytes) -> Entry | None:
    """Only what was hashed is shown: whoever alters a row by hand puts no words into anybody's mouth here."""
    if len(salt) != SALT or leaf_of(salt, entry) != leaf:
        return None
    try:
        return decode_entry(entry)
    except MalformedMessage:
        return None
