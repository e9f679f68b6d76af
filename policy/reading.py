"""From TOML text to a `language.Document`, or to every fault that is in it, each with file, line and rule.

Strict: an unknown key, a wrong type or a contradiction refuses the whole document, because a rule that is read otherwise
than it was meant may let somebody in. The words of a fault are in the catalogues (`policy-fault-<kind>`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, assert_never, cast

from policy import scalars
from policy.carrier import Direct
from policy.language import DOCUMENT_MAX, MASKS_MAX, RANGES_MAX, RULES_MAX, BlackOut, Document, Mask, Party, Rule, When
from policy.scalars import FaultKind, Form, NotSo, Zones, wrong_form
from policy.shape import (
    Choice,
    Edge,
    HoursText,
    Key,
    Kind,
    Line,
    Number,
    Per,
    RangeText,
    Several,
    Table,
    Text,
    ZoneName,
    filled_in,
    keys_of,
)
from policy.toml_lines import Lines, Path, line_of_error

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `rule` is the name of the rule or black-out it is in, empty elsewhere; `key` is dotted.

    `found` and `wanted` are what stands there and what may; which of them a sentence uses depends on its kind.
    """

    file: str
    line: int
    rule: str
    kind: FaultKind
    key: str
    found: str = ""
    wanted: str = ""


class PolicyRefused(Exception):
    """This text is no policy. `faults` are all that were found, by line; at least one."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{faults[0].file}, line {faults[0].line}: {faults[0].kind.value}")
        self.faults = faults


def read_policy(text: str, file: str, zone: Zones) -> Document:
    """The document of this text. `file` is its name for errors and explanations. Raises PolicyRefused."""
    if len(text) > DOCUMENT_MAX:
        raise PolicyRefused((Fault(file, 1, "", FaultKind.TOO_LONG, "", str(len(text)), str(DOCUMENT_MAX)),))
    try:
        tables = scalars.toml(text)
    except NotSo as fault:
        at = line_of_error(fault.found, text)
        raise PolicyRefused((Fault(file, at, "", fault.kind, "", fault.found),)) from None
    reader = _Reader(tables, Lines(text), file, zone)
    document = reader.document()
    if document is None:
        raise PolicyRefused(tuple(sorted(reader.faults, key=lambda fault: fault.line)))
    return document


class _Reader:
    """Collects faults, and goes on after each. What could not be read is None."""

    def __init__(self, tables: Mapping[str, object], lines: Lines, file: str, zone: Zones) -> None:
        self._tables, self._lines, self._file, self._zone = tables, lines, file, zone
        self.faults: list[Fault] = []

    def document(self) -> Document | None:
        """The whole document, None if there is a fault."""
        read = self._value(Table(Document), self._tables, ())
        if isinstance(read, Document):
            self._contradictions(read)
            return None if self.faults else read
        return None

    def _value(self, kind: Kind, found: object, path: Path) -> object:
        """The value, or None, and then there is a fault more."""
        try:
            return self._read(kind, found, path)
        except NotSo as fault:
            self._note(fault, path)
            return None

    def _read(self, kind: Kind, found: object, path: Path) -> object:
        match kind:
            case Text():
                return scalars.text(kind, found)
            case Number():
                return scalars.number(kind, found)
            case Choice(of):
                return scalars.choice(of, found)
            case ZoneName():
                return scalars.zone_name(self._zone, found)
            case RangeText():
                return scalars.address_range(found)
            case Edge():
                return scalars.edge(kind, found)
            case HoursText():
                return scalars.hours(found)
            case _:
                return self._gathered(kind, found, path)

    def _gathered(self, kind: Several | Per | Table, found: object, path: Path) -> object:
        match kind:
            case Several(item):
                return self._several(item, found, path)
            case Per():
                return self._per(kind, found, path)
            case Table(cls, tables=True):
                return self._tables_of(cls, found, path)
            case Table(cls):
                return self._table(cls, found, path)
            case _:
                assert_never(kind)

    def _table(self, cls: type[T], found: object, path: Path) -> T | None:
        before, table, shape = len(self.faults), _as_table(found), cast(type, cls)
        keys = {key.name: key for key in keys_of(shape)}
        for name in table.keys() - keys.keys():
            self._note(NotSo(FaultKind.UNKNOWN_KEY, scalars.shown(name), ", ".join(keys)), (*path, name))
        values = {name: self._key(key, table, path) for name, key in keys.items() if name in table or key.required}
        if len(self.faults) > before:
            return None
        own = {name: self._lines.of(path) if hint is Line else self._file for name, hint in filled_in(shape).items()}
        return cast(Callable[..., T], cls)(**values, **own)

    def _key(self, key: Key, table: Mapping[str, object], path: Path) -> object:
        if key.name in table:
            return self._value(key.kind, table[key.name], (*path, key.name))
        self._note(NotSo(FaultKind.KEY_MISSING, key.name), path)
        return None

    def _tables_of(self, cls: type[T], found: object, path: Path) -> tuple[T | None, ...]:
        if not isinstance(found, list):
            raise wrong_form(found, Form.TABLES)
        kind = Table(cls)
        return tuple(cast(T | None, self._value(kind, each, (*path, place))) for place, each in enumerate(found))

    def _several(self, item: Kind, found: object, path: Path) -> frozenset[object]:
        if not isinstance(found, list):
            raise wrong_form(found, Form.LIST)
        if not found:
            raise NotSo(FaultKind.NAMES_NOTHING)
        read: set[object] = set()
        for place, each in enumerate(found):
            value = self._value(item, each, (*path, place))
            if value in read:
                self._note(NotSo(FaultKind.SAID_TWICE, scalars.shown(str(each))), (*path, place))
            read |= set() if value is None else {value}
        return frozenset(read)

    def _per(self, kind: Per, found: object, path: Path) -> Mapping[object, object]:
        each = _as_table(found).items()
        return {self._value(Choice(kind.of), name, (*path, name)): self._value(kind.number, value, (*path, name)) for name, value in each}

    def _contradictions(self, document: Document) -> None:
        """What only shows when the whole document is there."""
        lines: dict[str, int] = {}
        for path, rule in rules_of(document):
            if rule.name in lines:
                self._note(NotSo(FaultKind.NAME_TAKEN, str(lines[rule.name])), (*path, "name"))
            lines.setdefault(rule.name, rule.line)
            if isinstance(rule, Mask):
                self._mask(rule, path)
            elif _backwards(rule.when):
                self._note(NotSo(FaultKind.DATES_BACKWARDS), (*path, "when"))
        if len(document.mask) > MASKS_MAX:
            self._note(NotSo(FaultKind.TOO_LONG, str(len(document.mask)), str(MASKS_MAX)), ("mask",))
        if len(lines) > RULES_MAX:
            self._note(NotSo(FaultKind.TOO_LONG, str(len(lines)), str(RULES_MAX)), ())
        self._direct(document)

    def _direct(self, document: Document) -> None:
        """Whether content may stay inside a site is the site's to say; a vendor's word on it would be read and mean nothing."""
        said, ranges = document.direct, document.direct_ranges or ()
        if document.party is Party.VENDOR and (said is not Direct.NEVER or ranges):
            self._note(NotSo(FaultKind.SITE_ALONE), ("direct" if said is not Direct.NEVER else "direct_ranges",))
        if len(ranges) > RANGES_MAX:
            self._note(NotSo(FaultKind.OUT_OF_BOUNDS, str(len(ranges)), f"1-{RANGES_MAX}"), ("direct_ranges",))

    def _mask(self, mask: Mask, path: Path) -> None:
        """One for nothing would hide nothing, and one for both could be meant in two ways."""
        of_windows = bool(mask.title or mask.window_class or mask.program)
        if of_windows == (mask.region is not None):
            self._note(NotSo(FaultKind.MASK_UNCLEAR), path)

    def _note(self, fault: NotSo, path: Path) -> None:
        key = ".".join(scalars.shown(each) for each in path if isinstance(each, str))
        self.faults.append(Fault(self._file, self._lines.of(path), self._rule(path), fault.kind, key, fault.found, fault.wanted))

    def _rule(self, path: Path) -> str:
        """The name of the rule that this path is in, as far as it has one."""
        tables = self._tables.get(str(path[0])) if path else None
        rule = tables[path[1]] if isinstance(tables, list) and len(path) > 1 and isinstance(path[1], int) else None
        name = rule.get("name") if isinstance(rule, dict) else None
        return scalars.shown(name) if isinstance(name, str) else ""


def _as_table(found: object) -> Mapping[str, object]:
    """A table that says something: an empty one is a rule somebody forgot to finish."""
    if not isinstance(found, dict):
        raise wrong_form(found, Form.TABLE)
    if not found:
        raise NotSo(FaultKind.NAMES_NOTHING)
    return found


def rules_of(document: Document) -> Iterator[tuple[Path, Rule | BlackOut | Mask]]:
    """Every rule, black-out and mask, with the path it stands under."""
    for place, rule in enumerate(document.allow):
        yield ("allow", place), rule
    for place, rule in enumerate(document.deny):
        yield ("deny", place), rule
    for place, black_out in enumerate(document.black_out):
        yield ("black_out", place), black_out
    for place, mask in enumerate(document.mask):
        yield ("mask", place), mask


def _backwards(when: When) -> bool:
    return when.begins is not None and when.ends is not None and when.begins >= when.ends
