"""The bytes of one entry. This format stays: what was written once is read for ever.

    {"at":{"boot_ms":..,"clock_suspect":..,"utc_ms":..},"event":{..},"type":"signed_in","v":1}

Canonical JSON as in `wire.schema`, and besides every character outside printable ASCII is written as \\uXXXX: an entry is
one line of text whatever stands in it, and shows nothing strange on a terminal (docs/protocol.md, section 8).
"""

import json
from dataclasses import dataclass
from typing import Any, cast

from audit.events import EVENTS
from audit.events.shape import Event, bounded, name_of
from policy.instant import Instant
from wire.schema import MalformedMessage, canonical, encode_part, part, read_part

VERSION = 1


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


def at(now: Instant, *, clock_suspect: bool = False) -> At:
    """The time of an entry. A calendar before 1970 is written as 1970 and suspect."""
    utc = round(now.utc * 1000)
    return At(max(utc, 0), max(round(now.boot * 1000), 0), clock_suspect or utc < 0)


def encode_entry(happened: Event, when: At) -> bytes:
    """The entry's bytes, ASCII without line breaks. Raises ValueError for a number out of bounds, KeyError for no event."""
    body = {
        "v": VERSION,
        "type": name_of(happened),
        "at": json.loads(encode_part(when)),
        "event": json.loads(encode_part(bounded(happened))),
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii").replace(b"\x7f", b"\\u007f")


def decode_entry(data: bytes) -> Entry:
    """Inverse of `encode_entry`; accepts exactly what it could have written. Raises MalformedMessage."""
    body = _parse(data)
    if body.keys() != {"v", "type", "at", "event"} or body["v"] != VERSION:
        raise MalformedMessage("entry", "is not of this version")
    cls = EVENTS.get(str(body["type"]))
    if cls is None:
        raise MalformedMessage("entry.type", "is an unknown word")
    entry = Entry(read_part(At, _again(body["at"])), read_part(cls, _again(body["event"])))
    if encode_entry(entry.event, entry.at) != data:
        raise MalformedMessage("entry", "is not written plainly")
    return entry


def _parse(data: bytes) -> dict[str, object]:
    try:
        body = json.loads(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise MalformedMessage("entry", "is not JSON") from None
    if not isinstance(body, dict):
        raise MalformedMessage("entry", "is not an object")
    return cast(dict[str, object], body)


def _again(body: Any) -> bytes:  # noqa: ANN401 - plain JSON, on its way to being typed
    try:
        return canonical(body)
    except ValueError:
        raise MalformedMessage("entry", "holds half a character") from None
