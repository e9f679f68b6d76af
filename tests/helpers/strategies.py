"""Hypothesis strategies for every message and part, from its shape."""

from typing import Any

from hypothesis import strategies as st

from wire.schema import Count, Number, Octets, Shape, Text, fields_of, shape_of

LETTERS = st.characters(exclude_categories=["Cs"])


def values_of(cls: type) -> st.SearchStrategy[Any]:
    """Well-formed values of a message or part."""
    return st.builds(cls, **{name: _values(shape) for name, shape in fields_of(cls).items()})


def _values(shape: Shape) -> st.SearchStrategy[Any]:
    plain = _plain(shape)
    return st.none() | plain if shape.optional else plain


def _plain(shape: Shape) -> st.SearchStrategy[Any]:
    match shape.bound:
        case Number(low, high):
            return st.integers(low, high)
        case Text(longest, shortest):
            return st.text(LETTERS, min_size=shortest, max_size=min(longest, shortest + 12))
        case Octets(longest, shortest):
            return st.binary(min_size=shortest, max_size=min(longest, shortest + 12))
        case Count(most):
            return st.lists(_values(shape_of(shape.inner)), max_size=min(most, 2)).map(tuple)
        case None:
            return _unbound(shape)


def _unbound(shape: Shape) -> st.SearchStrategy[Any]:
    match shape.kind:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(list(shape.inner))
        case _:
            return values_of(shape.inner)
