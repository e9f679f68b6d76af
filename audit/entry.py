"""The bytes of one entry. This format stays: what was written once is read for ever.

    {"at":{"boot_ms":..,"clock_suspect":..,"utc_ms":..},"event":{..},"type":"signed_in","v":1}

Canonical JSON as in `wire.schema`, and besides every character outside printable ASCII is written as \\uXXXX: an entry is
one line of text whatever stands in it, and shows nothing strange on a terminal (docs/protocol.md, section 8).
"""

import json
from dataclasses import dataclass
from typing import cast

from audit.events import EVENTS
from audit.events.evidence import EventUnfit
from audit.events.shape import Event, bounded, name_of
from policy.instant import Instant
from wire.schema import SAFE_INTEGER, MalformedMessage, canonical, part, part_of, plain_part

VERSION = 1
_KEYS = {"v", "type", "at", "event"}
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
_SURROGATE = b"\\ud"
"""How half a character begins, and every character beyond the first plane."""


class Unfit(ValueError):
    """This cannot be written down: a value lies outside its bounds. Names the field and the rule, and never quotes the value."""


@part
class At:
    """When, on both clocks, in milliseconds. `clock_suspect`: the calendar was set since, or is not plausible."""

    utc_ms: int
    boot_ms: int
    clock_suspect: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, read back."""

    at: At
    event: Event


@dataclass(frozen=True, slots=True)
class Written:
    """What happened, inside its bounds, and its entry's bytes: nothing can be wrong with it any more but the disk."""

    event: Event
    at: At
    data: bytes


def at(now: Instant, *, clock_suspect: bool = False) -> At:
    """The time of an entry. A calendar before 1970 is written as 1970 and suspect, one of hundreds of thousands of years from now too."""
    utc = round(now.utc * 1000)
    return At(min(max(utc, 0), SAFE_INTEGER), max(round(now.boot * 1000), 0), clock_suspect or not 0 <= utc <= SAFE_INTEGER)


def encode_entry(happened: Event, when: At) -> bytes:
    """The entry's bytes, ASCII without line breaks. Raises Unfit for a number out of bounds, KeyError for no event."""
    return written(happened, when).data


def _fit(value: object) -> dict[str, object]:
    body = plain_part(value)
    try:
        part_of(type(value), body, type(value).__name__)  # what we write, we must be able to read
    except MalformedMessage as fault:
        raise Unfit(str(fault)) from None
    return body


def written(happened: Event, when: At) -> Written:
    """Encode it now, so that nobody else has to wait for what cannot be. Raises as `encode_entry`."""
    event = bounded(happened)
    return Written(event, when, _plainly({"v": VERSION, "type": name_of(event), "at": _fit(when), "event": _fit(event)}))


def written_or_said(happened: Event, when: At) -> Written:
    """The same of what has happened already: where it cannot be encoded, that it cannot, and why, stands in its place. Raises KeyError
    for no event.
    """
    try:
        return written(happened, when)
    except (ValueError, TypeError, AttributeError) as fault:
        why = str(fault) if isinstance(fault, Unfit) else type(fault).__name__
        return written(EventUnfit(kind=name_of(happened), why=why), when)


def decode_entry(data: bytes) -> Entry:
    """Inverse of `encode_entry`; accepts exactly what it could have written. Raises MalformedMessage."""
    body = _parse(data)
    if body.keys() != _KEYS or type(body["v"]) is not int or body["v"] != VERSION:
        raise MalformedMessage("entry", "is not of this version")
    cls = EVENTS.get(str(body["type"]))
    if cls is None:
        raise MalformedMessage("entry.type", "is an unknown word")
    return Entry(part_of(At, body["at"], "entry.at"), part_of(cls, body["event"], "entry.event"))


def _parse(data: bytes) -> dict[str, object]:
    try:
        body = json.loads(data.decode("ascii"))
        plain = _plainly(body)
    except (ValueError, RecursionError):
        raise MalformedMessage("entry", "is not JSON") from None
    if not isinstance(body, dict):
        raise MalformedMessage("entry", "is not an object")
    # A key twice, another order, white space, 1.0 for 1, \u0041 for A: written back, none of these is what it was.
    if plain != data:
        raise MalformedMessage("entry", "is not written plainly")
    if _SURROGATE in data and not _whole(body):
        raise MalformedMessage("entry", "holds half a character")
    return cast(dict[str, object], body)


def _plainly(body: object) -> bytes:
    return _WRITER.encode(body).encode("ascii")


def _whole(body: object) -> bool:
    try:
        canonical(body)
    except ValueError:
        return False
    return True
