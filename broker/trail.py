"""The trail as somebody reads it: within reach, in words of a language, with the names of whom it is about."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from audit.entry import Entry
from audit.events.shape import Event, name_of, outcome_of, sentence
from audit.events.visit import without_ranges
from audit.sentence import Sentence
from audit.subjects import account, host, kind, scope, session
from audit.visible import visible
from broker.core.board import Board
from broker.storage.accounts import Account
from broker.storage.store import Store
from broker.storage.trail import KnownName, StoredEntry, Wanted
from policy.decision import Deny
from policy.instant import Instant
from policy.roles import Operation
from policy.trail import Around, Reach, reach_of
from runtime.catalogues import Catalogue
from wire.messages.audit import TrailEntry, TrailField, TrailFilter, TrailName
from wire.schema import fields_of

EXPORT_STEP = 500
_CUT = 24_000
"""Characters of one value that are shown. Entries of the broker are far shorter; what is longer was made by no broker."""


@dataclass(frozen=True, slots=True)
class Named:
    """Entries with the names of whom they are about. `of_the_site`: the reader is one of the people of their site."""

    entries: tuple[StoredEntry, ...]
    names: dict[str, KnownName]
    of_the_site: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """Reads for people. Who may read at all was decided before."""

    store: Store
    board: Board

    async def reach(self, reader: Account, operation: Operation, now: Instant) -> Reach | Deny:
        """What this account may read about, as things are now."""
        believed = self.board.in_force(now)
        hosts = frozenset(each.host_id for each in self.board.instruments(reader.technician_id, now).items)
        members = tuple(each.member for each in await self.store.accounts.all())
        return reach_of(reader.member, operation, Around(hosts, members, believed.view.vendor if believed else None))

    async def receipts_about(self, reach: Reach) -> frozenset[str]:
        """What receipts may be about. A visit is no administration: a company reaches those of its technicians, as they are named."""
        theirs = await self.store.trail.accounts_of(reach.company) if reach.company else frozenset()
        return scope(reach) | frozenset(map(account, theirs))

    async def page(self, reach: Reach, wanted: Wanted, count: int) -> Named:
        """At most so many entries, with names."""
        entries = await self.store.trail.page(scope(reach), wanted, count)
        return Named(entries, await self.store.trail.names(_ids(entries)), bool(reach.sites))

    async def whole(self, reach: Reach, wanted: Wanted, most: int) -> AsyncIterator[Named]:
        """Everything, oldest first, piece by piece; at most so many entries."""
        wanted = replace(wanted, newest_first=False)
        while most > 0:
            piece = await self.page(reach, wanted, min(EXPORT_STEP, most))
            if not piece.entries:
                return
            yield piece
            most -= len(piece.entries)
            wanted = replace(wanted, after=piece.entries[-1].index)


def wanted_of(said: TrailFilter) -> Wanted:
    """What a request asks for."""
    given = ((host, said.host), (account, said.technician), (session, said.session), (kind, said.event))
    return Wanted(frozenset(of(word) for of, word in given if word), said.since * 1000, said.until * 1000)


def filter_lines(said: TrailFilter) -> tuple[str, ...]:
    """The same for the log: what was asked for and nothing that was not."""
    return tuple(f"{name}={value}" for name in fields_of(TrailFilter) if (value := getattr(said, name)))


def shown(stored: StoredEntry, named: Named, words: Catalogue) -> TrailEntry:
    """One entry in words. Of one that cannot be read there is its place alone."""
    if stored.entry is None:
        return TrailEntry(stored.index, 0, clock_suspect=True, event="", outcome="", sentence=_unreadable(stored.index, words), fields=())
    at, happened = stored.entry.at, stored.entry.event if named.of_the_site else without_ranges(stored.entry.event)
    told = visible(words.sentence(_with_names(sentence(happened), named.names)).rstrip())
    return TrailEntry(
        stored.index, at.utc_ms, at.clock_suspect, name_of(happened), outcome_of(happened).value, told[:_CUT], _fields(happened)
    )


def names_shown(names: dict[str, KnownName]) -> tuple[TrailName, ...]:
    """The names of a page, by id."""
    return tuple(TrailName(each, visible(it.name)[:120], visible(it.belongs)[:120]) for each, it in sorted(names.items()))


def _unreadable(index: int, words: Catalogue) -> str:
    return words.text("fault-unreadable", index=str(index), last=str(index), count=1)


def _with_names(told: Sentence, names: dict[str, KnownName]) -> Sentence:
    arguments = {
        name: f"{names[value].name} ({value})" if isinstance(value, str) and value in names else value
        for name, value in told.arguments.items()
    }
    return Sentence(told.id, arguments)


def _ids(entries: Iterable[StoredEntry]) -> set[str]:
    return {value for each in entries if each.entry is not None for value in _values(each.entry) if value.startswith(("t-", "h-"))}


def _values(entry: Entry) -> Iterable[str]:
    values = (getattr(entry.event, name) for name in fields_of(type(entry.event)))
    return (each for each in values if isinstance(each, str) and not isinstance(each, StrEnum))


def _fields(happened: Event) -> tuple[TrailField, ...]:
    values = {name: getattr(happened, name) for name in fields_of(type(happened))}
    return tuple(TrailField(name, visible(_text(value))[:_CUT]) for name, value in values.items() if value is not None)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, StrEnum):
        return value.value
    return " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)
