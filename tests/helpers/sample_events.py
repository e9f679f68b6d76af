"""One sound event of every kind, made from its field types, for tests that walk all events."""

from typing import Any, cast

from audit.events import EVENTS
from audit.events.shape import Event
from wire.schema import Number, Octets, Shape, fields_of


def sample(name: str, *, bare: bool = False, text: str = "x-1") -> Event:
    """An event of this name. `bare` leaves every optional field at None; `text` is what each string begins with."""
    cls = EVENTS[name]
    values = {field: None if bare and shape.optional else _value(shape, text) for field, shape in fields_of(cast(Any, cls)).items()}
    return cast(Event, cast(Any, cls)(**values))


def _value(shape: Shape, text: str) -> object:
    match shape.kind:
        case "str":
            return text
        case "int":
            return max(cast(Number, shape.bound).lowest, 1)
        case "bytes":
            return b"\x01" * max(cast(Octets, shape.bound).shortest, 16)
        case "bool":
            return True
        case "enum":
            return next(iter(shape.inner))
        case "list":
            return (text, text)
        case "part":
            return shape.inner(**{field: _value(each, text) for field, each in fields_of(shape.inner).items()})
        case kind:
            raise AssertionError(f"no sample of {kind}")
