"""One party's documents, made ready to be asked often: which rules fit a technician, an instrument and a permission?

Every rule has one bit. For each key of `who` and `where` an index gives the bits of the rules that name a value, and of
those that name none; what fits a visit is the AND of all. So a question costs the same for ten rules and for a thousand,
until the few that fit are asked for their hours. What follows from them is decided in `effective.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from policy.facts import InstrumentFacts, VisitorFacts
from policy.hours import Wall, is_open, wall
from policy.language import BlackOut, Document, Mask, Party, Policy, Rule, When, Who, documents_of
from policy.permissions import Permission
from policy.profiles import normalised
from policy.scalars import Zones


class Index:
    """For one key: value -> bits of the rules that name it, and the bits of the rules that name nothing."""

    __slots__ = ("_named", "free")

    def __init__(self, named: Sequence[frozenset[str] | None]) -> None:
        self.free = sum(1 << place for place, values in enumerate(named) if values is None)
        self._named: dict[str, int] = {}
        for place, values in enumerate(named):
            for value in values or ():
                self._named[value] = self._named.get(value, 0) | 1 << place

    def fitting(self, value: str) -> int:
        """Bits of the rules that fit this value."""
        return self.free | self._named.get(value, 0)

    def fitting_any(self, values: Iterable[str]) -> int:
        """Bits of the rules that fit one of these values."""
        bits, named = self.free, self._named
        for value in values:
            bits |= named.get(value, 0)
        return bits


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule or black-out, and the zone of its hours."""

    rule: Rule | BlackOut
    when: When
    zone: tzinfo
    always: bool

    def open_at(self, walls: "Walls") -> bool:
        """Does the moment fit?"""
        return self.always or is_open(self.when, walls.of(self.zone))


class Walls:
    """One moment on the walls of several zones, each read once."""

    __slots__ = ("_read", "moment")

    def __init__(self, moment: float) -> None:
        self.moment = moment
        self._read: dict[tzinfo, Wall] = {}

    def of(self, zone: tzinfo) -> Wall:
        """What the wall of this zone shows."""
        if zone not in self._read:
            self._read[zone] = wall(self.moment, zone)
        return self._read[zone]


@dataclass(frozen=True, slots=True)
class Fitting:
    """The rules that fit a technician at an instrument, whatever the time. Taken one by one: the first may decide."""

    entries: Sequence[Entry]
    allow_bits: int
    deny_bits: int

    def allow(self) -> Iterator[Entry]:
        """Those that allow, in the order of the document."""
        return _taken(self.entries, self.allow_bits)

    def deny(self) -> Iterator[Entry]:
        """Those that deny, in the order of the document."""
        return _taken(self.entries, self.deny_bits)


class Page:
    """One document, indexed."""

    def __init__(self, document: Document, zone: Zones) -> None:
        """Raises KeyError, ValueError or OSError if `zone` no longer knows a zone that it knew when the document was read."""
        zones = {name: zone(name) for name in _zones_of(document)}
        self.document = document
        self.phi_models = frozenset(map(normalised, document.phi.models or ()))
        self.phi_hosts = document.phi.hosts or frozenset[str]()
        self._relay_models = frozenset(map(normalised, document.relay_only.models or ()))
        self._relay_hosts = document.relay_only.hosts or frozenset[str]()
        self._entries = [_entry(each, document, zones) for each in (*document.allow, *document.deny)]
        self._pauses = [_entry(each, document, zones) for each in document.black_out]
        rules = (*document.allow, *document.deny)
        self._allow = (1 << len(document.allow)) - 1
        self._permission = {each: sum(1 << place for place, rule in enumerate(rules) if each in rule.permissions) for each in Permission}
        self._who, self._where = _WhoIndex([rule.who for rule in rules]), _WhereIndex(rules)
        self._paused_where = _WhereIndex(document.black_out)
        self._masked_where = _WhereIndex(document.mask)

    def fitting(self, permission: Permission, visitor: VisitorFacts, instrument: InstrumentFacts) -> Fitting:
        """The rules for this permission that fit both, in the order of the document."""
        bits = self._permission[permission] & self._where.fitting(instrument)
        bits &= self._who.fitting(visitor)
        return Fitting(self._entries, bits & self._allow, bits & ~self._allow)

    def pauses(self, instrument: InstrumentFacts) -> tuple[Entry, ...]:
        """The black-outs of this instrument, whatever the time."""
        return tuple(_taken(self._pauses, self._paused_where.fitting(instrument))) if self._pauses else ()

    def masks(self, instrument: InstrumentFacts) -> tuple[Mask, ...]:
        """What no technician sees at this instrument."""
        bits = self._masked_where.fitting(instrument)
        return tuple(mask for place, mask in enumerate(self.document.mask) if bits >> place & 1)

    def holds_phi(self, instrument: InstrumentFacts) -> bool:
        """Does this document say that there are health data?"""
        return instrument.host_id in self.phi_hosts or normalised(instrument.model) in self.phi_models

    def relay_only(self, instrument: InstrumentFacts) -> bool:
        """Does this document keep content of this instrument on the relay?"""
        return instrument.host_id in self._relay_hosts or normalised(instrument.model) in self._relay_models


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What one party says, ready to be asked. All its pages must agree."""

    party: Party
    policy: Policy
    pages: tuple[Page, ...] = field(repr=False)


def rulebook(policy: Policy, zone: Zones) -> Rulebook:
    """Make a party's policy ready. Raises KeyError, ValueError or OSError for an unknown zone, and then nobody is let in by it."""
    pages = tuple(Page(each, zone) for each in documents_of(policy))
    return Rulebook(pages[0].document.party, policy, pages)


class _WhoIndex:
    def __init__(self, who: Sequence[Who]) -> None:
        self._ids = Index([each.technicians for each in who])
        self._companies = Index([each.companies for each in who])
        self._groups = Index([each.groups for each in who])

    def fitting(self, visitor: VisitorFacts) -> int:
        return (
            self._ids.fitting(visitor.technician_id) & self._companies.fitting(visitor.company) & self._groups.fitting_any(visitor.groups)
        )


class _WhereIndex:
    def __init__(self, rules: Sequence[Rule | BlackOut | Mask]) -> None:
        where = [rule.where for rule in rules]
        self._hosts = Index([each.hosts for each in where])
        self._groups = Index([each.groups for each in where])
        self._sites = Index([each.sites for each in where])
        self._models = Index([None if each.models is None else frozenset(map(normalised, each.models)) for each in where])
        self._regions = Index([each.regions for each in where])

    def fitting(self, instrument: InstrumentFacts) -> int:
        return (
            self._hosts.fitting(instrument.host_id)
            & self._groups.fitting(instrument.group)
            & self._sites.fitting(instrument.site)
            & self._models.fitting(normalised(instrument.model))
            & self._regions.fitting(instrument.region)
        )


def _entry(rule: Rule | BlackOut, document: Document, zones: dict[str, tzinfo]) -> Entry:
    when = rule.when
    always = (when.weekdays, when.hours, when.begins, when.ends) == (None, None, None, None)
    return Entry(rule, when, zones[when.zone or document.zone], always)


def _zones_of(document: Document) -> set[str]:
    rules: tuple[Rule | BlackOut, ...] = (*document.allow, *document.deny, *document.black_out)
    return {document.zone, *(rule.when.zone for rule in rules if rule.when.zone is not None)}


def _taken(entries: Sequence[Entry], bits: int) -> Iterator[Entry]:
    while bits:
        lowest = bits & -bits
        yield entries[lowest.bit_length() - 1]
        bits ^= lowest
