"""Single values of a policy document: what a text, number, date or list has to look like. Tables are in `reading.py`.

Every function takes what `tomllib` gave and returns the value, or raises NotSo, which says what is wrong and not where.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum, StrEnum

from policy.networks import Network, is_closed, network_of
from policy.shape import Edge, Hours, Number, Text

Zones = Callable[[str], tzinfo]
"""The time zone of a name. Raises KeyError, ValueError or OSError for a name it does not know, as `zoneinfo.ZoneInfo`."""

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")
_DAY = 24 * 60
_SHOWN = 60
_FIRST_YEAR = 1970
_LAST_YEAR = 9998


class FaultKind(StrEnum):
    """What can be wrong with a document; `policy-fault-<value>` in the catalogues."""

    NOT_TOML = "not_toml"
    TOO_LONG = "too_long"
    UNKNOWN_KEY = "unknown_key"
    KEY_MISSING = "key_missing"
    WRONG_TYPE = "wrong_type"
    OUT_OF_BOUNDS = "out_of_bounds"
    NOT_PLAIN = "not_plain"
    NOT_IN_LIST = "not_in_list"
    NAMES_NOTHING = "names_nothing"
    SAID_TWICE = "said_twice"
    NAME_TAKEN = "name_taken"
    NOT_HOURS = "not_hours"
    HOURS_BACKWARDS = "hours_backwards"
    NOT_A_MINUTE = "not_a_minute"
    DATES_BACKWARDS = "dates_backwards"
    ZONE_UNKNOWN = "zone_unknown"
    MASK_UNCLEAR = "mask_unclear"
    NOT_A_RANGE = "not_a_range"
    RANGE_CLOSED = "range_closed"
    SITE_ALONE = "site_alone"


class Form(StrEnum):
    """What a value should have been; words of `policy-fault-wrong_type`."""

    TABLE = "table"
    TABLES = "tables"
    LIST = "list"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


class NotSo(Exception):
    """A value is not what it has to be. `found` and `wanted` are for the sentence of `kind`."""

    def __init__(self, kind: FaultKind, found: str = "", wanted: str = "") -> None:
        super().__init__(kind.value)
        self.kind, self.found, self.wanted = kind, found, wanted


def wrong_form(found: object, wanted: Form) -> NotSo:
    """It is something else altogether."""
    return NotSo(FaultKind.WRONG_TYPE, shown(str(found)), wanted.value)


def shown(text: str) -> str:
    """What stands in the document, short and harmless on a terminal."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def plain_text(found: object) -> str:
    """Any text."""
    if not isinstance(found, str):
        raise wrong_form(found, Form.TEXT)
    return found


def text(kind: Text, found: object) -> str:
    """A text that people read: it must not move the cursor, hide or turn around."""
    told = plain_text(found)
    if not told.isprintable() or told != told.strip():
        raise NotSo(FaultKind.NOT_PLAIN, shown(told))
    if not kind.shortest <= len(told) <= kind.longest:
        raise NotSo(FaultKind.OUT_OF_BOUNDS, str(len(told)), f"{kind.shortest}-{kind.longest}")
    return told


def number(kind: Number, found: object) -> int:
    """A whole number within its bounds. `true` is none."""
    if not isinstance(found, int) or isinstance(found, bool):
        raise wrong_form(found, Form.NUMBER)
    if not kind.low <= found <= kind.high:
        raise NotSo(FaultKind.OUT_OF_BOUNDS, shown(str(found)), f"{kind.low}-{kind.high}")
    return found


def choice(of: type[Enum], found: object) -> Enum:
    """The member of this value."""
    known = {str(member.value): member for member in of}
    told = plain_text(found)
    if told not in known:
        raise NotSo(FaultKind.NOT_IN_LIST, shown(told), ", ".join(known))
    return known[told]


def zone_name(zone: Zones, found: object) -> str:
    """The name of a zone that is known here."""
    told = plain_text(found)
    try:
        zone(told)
    except (KeyError, ValueError, OSError):
        raise NotSo(FaultKind.ZONE_UNKNOWN, shown(told)) from None
    return told


def hours(found: object) -> Hours:
    """`08:00-18:00`. A night is two of them: `22:00-24:00` and `00:00-06:00`."""
    told = plain_text(found)
    parts = _HOURS.fullmatch(told)
    if parts is None:
        raise NotSo(FaultKind.NOT_HOURS, shown(told))
    begin_hour, begin_minute, end_hour, end_minute = parts.groups()
    end = _DAY if end_hour is None else int(end_hour) * 60 + int(end_minute)
    read = Hours(int(begin_hour) * 60 + int(begin_minute), end)
    if read.begin >= read.end:
        raise NotSo(FaultKind.HOURS_BACKWARDS, told)
    return read


def address_range(found: object) -> Network:
    """`10.0.0.0/8`: the first address of a network and its length, and none of the addresses that no direct path may use."""
    told = plain_text(found)
    read = network_of(told)
    if read is None:
        raise NotSo(FaultKind.NOT_A_RANGE, shown(told))
    if is_closed(read):
        raise NotSo(FaultKind.RANGE_CLOSED, told)
    return read


def edge(kind: Edge, found: object) -> datetime:
    """A moment of the wall clock, to the minute; of a bare date its first minute, or the first after it."""
    if not isinstance(found, date):
        raise wrong_form(found, Form.DATE)
    if isinstance(found, datetime):
        if found.tzinfo is not None or found.second or found.microsecond:
            raise NotSo(FaultKind.NOT_A_MINUTE, found.isoformat())
        moment = found
    else:
        moment = datetime(found.year, found.month, found.day)  # noqa: DTZ001 - by the wall; the zone stands elsewhere
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise NotSo(FaultKind.OUT_OF_BOUNDS, found.isoformat(), f"{_FIRST_YEAR}-{_LAST_YEAR}")
    return moment + timedelta(days=kind.last and not isinstance(found, datetime))


def toml(text_of_document: str) -> dict[str, object]:
    """The tables of a TOML text. Raises NotSo with `tomllib`'s own words, which name line and column."""
    try:
        return tomllib.loads(text_of_document)
    except tomllib.TOMLDecodeError as fault:
        raise NotSo(FaultKind.NOT_TOML, str(fault)) from None
    except RecursionError:
        raise NotSo(FaultKind.NOT_TOML, "nested too deeply") from None
