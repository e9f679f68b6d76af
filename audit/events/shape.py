"""How an event is declared, bounded and put into a sentence. The events themselves stand in the modules beside this one.

Field types are those of `wire.schema`. A string that is too long is cut with a mark and never refused: whoever sends
a long name must not be able to stop the log. Names of events are never used again for anything else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Protocol, TypeVar, cast, dataclass_transform

from audit.sentence import Argument, Message, Sentence
from policy.carrier import DirectCause
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.roles import Role
from policy.session import EndCause
from wire.messages.documents import AuthenticatorType, Repository
from wire.messages.evidence import Doubt
from wire.messages.ledger import Answer, FileScope
from wire.schema import Count, Number, Octets, Shape, Text, fields_of, shape_of

CUT = "…"
"""Last character of a string that was longer than its bound."""

Id = Annotated[str, Text(64)]
"""An id, or what somebody gave as one."""
TicketText = Annotated[str, Text(16)]
Name = Annotated[str, Text(120)]
Address = Annotated[str, Text(64)]
"""Network address without port."""
Fingerprint = Annotated[str, Text(64)]
"""As `trust.keys.fingerprint` writes it."""
Words = Annotated[str, Text(500)]
"""Free words. They stand in the host's log alone."""
FileName = Annotated[str, Text(255)]
"""A file's name, as the technician's end or the person gave it. It stands in the host's log alone."""
Lines = Annotated[tuple[Annotated[str, Text(1000)], ...], Count(20)]
"""A prompt, line by line, as it was shown."""
Small = Annotated[int, Number(0, 2**32 - 1)]
Counted = Annotated[int, Number()]
"""Bytes, or anything else that is counted without a bound of its own."""
AddressRange = Annotated[str, Text(43)]
"""A range of addresses, as a site's policy writes it. Never an address."""
Signature = Annotated[bytes, Octets(64)]
Salt = Annotated[bytes, Octets(64)]


class Outcome(StrEnum):
    """How an event went: for filters and colours."""

    DONE = "done"
    REFUSED = "refused"
    ENDED = "ended"
    """Something was narrowed or closed."""


class Event(Protocol):
    """Any audit event: a frozen dataclass made by `@event`."""

    @property
    def __dataclass_fields__(self) -> Mapping[str, Any]: ...


T = TypeVar("T")
EVENTS: dict[str, type[Event]] = {}
"""Every event by its name. Walked by the catalogue tests."""
_NAMES: dict[type, str] = {}
_OUTCOMES: dict[type, Outcome] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, outcome: Outcome = Outcome.DONE) -> Callable[[type[T]], type[T]]:
    """Make a frozen dataclass with keyword fields and register it under `name`. Raises ValueError if the name is taken."""

    def register(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        if name in EVENTS:
            raise ValueError(f"two events are called {name}")
        fields_of(cast(Any, made))  # a field type that has no place in an entry is found at import, not at the first event
        EVENTS[name] = cast(type[Event], made)
        _NAMES[made], _OUTCOMES[made] = name, outcome
        return made

    return register


def name_of(happened: Event) -> str:
    """The name an event is registered under. Raises KeyError for anything that is no event."""
    return _NAMES[type(happened)]


def outcome_of(happened: Event) -> Outcome:
    """How it went. An event that carries a reason was refused, whatever its kind."""
    declared = _OUTCOMES[type(happened)]
    refused = declared is Outcome.DONE and getattr(happened, "reason", None) is not None
    return Outcome.REFUSED if refused else declared


def bounded(happened: Event) -> Event:
    """The same event with every string inside its bound and free of half characters."""
    shapes = fields_of(cast(Any, type(happened)))
    given = {name: getattr(happened, name) for name in shapes}
    inside = {name: _bounded(shape, given[name]) for name, shape in shapes.items()}
    # Nearly every event is inside its bounds: then it is not made a second time.
    return happened if inside == given else cast(Event, replace(cast(Any, happened), **inside))


def _bounded(shape: Shape, value: object) -> object:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return _cut(value, cast(Text, shape.bound).longest)
    if isinstance(value, tuple):
        item = shape_of(shape.inner)
        return tuple(_bounded(item, each) for each in value[: cast(Count, shape.bound).most])
    return value


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest and text.isascii():
        return text
    whole = text[: longest + 1].encode(errors="replace").decode()
    return whole if len(whole) <= longest else whole[: longest - 1] + CUT


_PREFIXES: dict[type[StrEnum], str] = {
    Permission: "permission",
    Reason: "reason",
    EndCause: "end",
    Purpose: "purpose",
    Answer: "answer",
    FileScope: "scope",
    AuthenticatorType: "authenticator",
    Role: "role",
    Repository: "repository",
    Doubt: "doubt",
    DirectCause: "direct-over",
}


def sentence(happened: Event) -> Sentence:
    """What happened, for `runtime.catalogues`. Each field is an argument of its own name.

    For an enum the argument is the message of its member, for a truth value that of yes or no; bytes are hexadecimal, a list
    is joined by ` / `. `<field>_is` is there to select by: an enum's bare value, `none` for None or an empty list, else `some`.
    """
    arguments: dict[str, Argument] = {}
    for name, shape in fields_of(cast(Any, type(happened))).items():
        value = getattr(happened, name)
        arguments[name] = _argument(value)
        if shape.kind == "part":
            arguments[name] = ""
        if shape.optional or shape.kind in {"enum", "list"}:
            arguments[f"{name}_is"] = _selector(value)
    return Sentence(f"event-{name_of(happened)}", arguments)


def _selector(value: object) -> str:
    if value is None or value == ():
        return "none"
    return str(value.value) if isinstance(value, StrEnum) else "some"


def _argument(value: object) -> Argument:
    if isinstance(value, StrEnum):
        return Message(f"{_PREFIXES[type(value)]}-{value.value}")
    if isinstance(value, bool):
        return Message("word-yes" if value else "word-no")
    if isinstance(value, int):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return " / ".join(str(each) for each in value)
    return "none" if value is None else str(value)
