"""What a dataclass says about the TOML tables it is read from: one description, read by `reading.py` and `json_schema.py`.

Markers stand in `Annotated` beside a field's type; what the type says already is not said twice. Nothing here knows
the policy language itself, which is `language.py`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, NewType, Union, cast, get_args, get_origin, get_type_hints

Line = NewType("Line", int)
"""The line on which a table begins, from 1. Filled in by the reader; no key of the document."""
File = NewType("File", str)
"""The file a document was read from, as errors and explanations name it. Filled in by the reader."""


@dataclass(frozen=True, slots=True)
class Says:
    """What a key means, in one English sentence for the JSON Schema."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of printable characters on one line; lengths in characters."""

    longest: int = 120
    shortest: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within these, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ZoneName:
    """The name of a time zone, such as `Europe/Paris`."""


@dataclass(frozen=True, slots=True)
class RangeText:
    """A range of addresses, such as `10.0.0.0/8`."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A date, or a date with a wall-clock time to the minute. `last`: a bare date means the end of that day."""

    last: bool


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A part of a day by the wall clock, in minutes since midnight; `end` is the first minute outside, at most 1440."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a closed list."""

    of: type[Enum]


@dataclass(frozen=True, slots=True)
class Several:
    """A list with at least one item and none twice."""

    item: "Kind"


@dataclass(frozen=True, slots=True)
class Per:
    """A table with one number for some members of a closed list."""

    of: type[Enum]
    number: Number


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `tables` if there may be several, each under the same `[[name]]`."""

    cls: type
    tables: bool = False


@dataclass(frozen=True, slots=True)
class HoursText:
    """A text such as `08:00-18:00`."""


Kind = Text | Number | ZoneName | RangeText | Edge | HoursText | Choice | Several | Per | Table


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    name: str
    kind: Kind
    required: bool
    says: str


@cache
def keys_of(cls: type) -> tuple[Key, ...]:
    """The keys of the table that `cls` is read from. Raises TypeError for a field that no table can hold."""
    hints = get_type_hints(cls, include_extras=True)
    required = {each.name: each.default is MISSING and each.default_factory is MISSING for each in fields(cls)}
    named = ((name, hint) for name, hint in hints.items() if hint not in (Line, File))
    return tuple(Key(name, _kind(hint), required[name], _says(hint)) for name, hint in named)


@cache
def filled_in(cls: type) -> dict[str, type[object]]:
    """Fields that the reader fills in by itself, with what: Line or File."""
    return {name: hint for name, hint in get_type_hints(cls).items() if hint in (Line, File)}


def _says(hint: object) -> str:
    return next((mark.sentence for mark in get_args(hint)[1:] if isinstance(mark, Says)), "")


def _kind(hint: object) -> Kind:
    if get_origin(hint) is Annotated:
        base, *marks = get_args(hint)
        own = next((mark for mark in marks if isinstance(mark, Text | Number | ZoneName | RangeText | Edge)), None)
        return own or _kind(base)
    if get_origin(hint) in (Union, UnionType):
        (held,) = (arm for arm in get_args(hint) if arm is not NoneType)
        return _kind(held)
    if get_origin(hint) in (frozenset, tuple):
        return _list(_kind(get_args(hint)[0]))
    if get_origin(hint) is Mapping:
        of, number = get_args(hint)
        return Per(of, cast(Number, _kind(number)))
    return _plain(hint)


def _list(item: Kind) -> Kind:
    return Table(item.cls, tables=True) if isinstance(item, Table) else Several(item)


def _plain(hint: object) -> Kind:
    if hint is Hours:
        return HoursText()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Choice(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return Table(hint)
    raise TypeError(f"no table holds {hint}")
