"""Values of every message and part, made from its shape alone: a new message is covered before anybody thinks of it."""

from typing import Any

from wire.schema import Count, Number, Octets, Shape, Text, fields_of, shape_of


def example(cls: type, *, full: bool) -> Any:
    """The largest sensible value of a message or part when `full`, else the smallest that is still well-formed."""
    return cls(**{name: _value(shape, name, full) for name, shape in fields_of(cls).items()})


def _value(shape: Shape, name: str, full: bool) -> object:
    if shape.optional and not full:
        return None
    match shape.bound:
        case Number(low, high):
            return high if full else low
        case Text(longest, shortest):
            return _text(name, min(longest, 24) if full else shortest)
        case Octets(longest, shortest):
            return bytes(range(min(longest, max(shortest, 48)))) if full else bytes(shortest)
        case Count(most):
            return tuple(_value(shape_of(shape.inner), name, full) for _ in range(min(most, 2))) if full else ()
        case None:
            return _unbound(shape, full)


def _unbound(shape: Shape, full: bool) -> object:
    match shape.kind:
        case "bool":
            return full
        case "enum":
            return list(shape.inner)[-1 if full else 0]
        case "part":
            return example(shape.inner, full=full)
        case kind:
            raise TypeError(f"no example for {kind}")


def _text(name: str, length: int) -> str:
    """Words with letters of two, three and four bytes, an escape and a quotation mark: a reader must count code points."""
    return (f'é→\U0001f52c"\n{name}' + "x" * length)[:length]
