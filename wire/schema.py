"""Strict JSON messages: one dataclass each, no unknown field, no second way to write the same thing.

`@message("name")` makes a frozen dataclass and enters it in MESSAGES, the only list of messages; `@part` makes a nested
value without a name of its own. `encode` writes canonical JSON (sorted keys, no spaces), `decode` accepts exactly
what `encode` could have written, apart from key order. Field types: str, int, bool, bytes (base64url, no padding),
StrEnum, a @part, tuple of these, and `X | None`. Bounds are given by Annotated with Text, Number, Octets or Count.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, dataclass_transform, get_args, get_origin, get_type_hints

from wire.limits import LIST_MAX, TEXT_MAX

T = TypeVar("T")
SAFE_INTEGER = 2**53 - 1
"""The largest integer that JavaScript holds exactly."""


class MalformedMessage(Exception):
    """The peer sent something that is not a message. `path` names the place, `why` the rule; neither quotes content."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} {why}")
        self.path = path
        self.why = why


@dataclass(frozen=True, slots=True)
class Text:
    """Bound of a string, in characters."""

    longest: int = TEXT_MAX
    shortest: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """Bounds of an integer, both included."""

    lowest: int = 0
    highest: int = SAFE_INTEGER


@dataclass(frozen=True, slots=True)
class Octets:
    """Bounds of a byte string, in bytes."""

    longest: int = TEXT_MAX
    shortest: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """Bound of a list, in items."""

    most: int = LIST_MAX


Bound = Text | Number | Octets | Count

U32 = Annotated[int, Number(0, 2**32 - 1)]
Seconds = Annotated[int, Number()]
Key32 = Annotated[bytes, Octets(32, 32)]
Nonce = Annotated[bytes, Octets(32, 16)]
Hash = Annotated[bytes, Octets(32, 32)]
Identity = Annotated[str, Text(64, 1)]
"""An id: `t-...` technician, `h-...` host, `b-...` broker, `s-...` session."""

MESSAGES: dict[str, type] = {}
"""Every message by its `type`. Walked by the generator, the vectors and the tests."""


@dataclass_transform(frozen_default=True, kw_only_default=False)
def message(name: str) -> Callable[[type[T]], type[T]]:
    """Make a frozen dataclass and register it under `name`, which is never used again for anything else."""

    def register(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, slots=True)(cls)
        if name in MESSAGES:
            raise ValueError(f"two messages are called {name}")
        MESSAGES[name] = made
        _NAMES[made] = name
        return made

    return register


@dataclass_transform(frozen_default=True, kw_only_default=False)
def part(cls: type[T]) -> type[T]:
    """Make a frozen dataclass that stands inside messages and has no `type` of its own."""
    return dataclass(frozen=True, slots=True)(cls)


_NAMES: dict[type, str] = {}


def name_of(cls: type) -> str:
    """The `type` under which a message class is registered. Raises KeyError for anything else."""
    return _NAMES[cls]


@dataclass(frozen=True, slots=True)
class Shape:
    """One field type, taken apart: what kind it is, its bound, and what it holds."""

    kind: str
    bound: Bound | None = None
    inner: Any = None
    optional: bool = False


@cache
def shape_of(hint: Any) -> Shape:
    """Take a type hint apart. Raises TypeError for a type that has no place on the wire."""
    if get_origin(hint) is Annotated:
        base, bound = get_args(hint)[0], get_args(hint)[1]
        plain = shape_of(base)
        return Shape(plain.kind, bound, plain.inner, plain.optional)
    if get_origin(hint) in (Union, UnionType):
        held = [arm for arm in get_args(hint) if arm is not NoneType]
        if len(held) != 1:
            raise TypeError(f"{hint} has more than one meaning")
        only = shape_of(held[0])
        return Shape(only.kind, only.bound, only.inner, optional=True)
    if get_origin(hint) is tuple and get_args(hint)[1:] == (Ellipsis,):
        return Shape("list", Count(), get_args(hint)[0])
    return _plain_shape(getattr(hint, "__supertype__", hint))


def _plain_shape(cls: Any) -> Shape:
    if cls is bool:
        return Shape("bool")
    if cls is str:
        return Shape("str", Text())
    if cls is int:
        return Shape("int", Number())
    if cls is bytes:
        return Shape("bytes", Octets())
    if isinstance(cls, type) and issubclass(cls, StrEnum):
        return Shape("enum", None, cls)
    if isinstance(cls, type) and is_dataclass(cls):
        return Shape("part", None, cls)
    raise TypeError(f"{cls!r} has no place on the wire")


@cache
def fields_of(cls: type) -> Mapping[str, Shape]:
    """Field names and shapes of a message or part, in the order of the class."""
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: shape_of(hints[field.name]) for field in fields(cls)}


def base64url(data: bytes) -> str:
    """RFC 4648 section 5, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str, path: str = "bytes") -> bytes:
    """Inverse of `base64url`; refuses padding, white space and non-canonical last characters."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise MalformedMessage(path, "is not base64url") from None
    if base64url(data) != text:
        raise MalformedMessage(path, "is not canonical base64url")
    return data


def encode(value: object) -> bytes:
    """Canonical bytes of a message. Raises KeyError for an unregistered class, ValueError for a value out of bounds."""
    data = canonical({"type": name_of(type(value)), **plain_part(value)})
    try:
        decode(data, type(value))  # what we write, we must be able to read
    except MalformedMessage as fault:
        raise ValueError(f"not to be sent: {fault}") from None
    return data


def encode_part(value: object) -> bytes:
    """Canonical bytes of a @part without a `type`, as statements sign it. Raises ValueError for a value out of bounds."""
    data = canonical(plain_part(value))
    try:
        read_part(cast(Any, type(value)), data)
    except MalformedMessage as fault:
        raise ValueError(f"not to be signed: {fault}") from None
    return data


def canonical(body: object) -> bytes:
    """Sorted keys, no spaces, UTF-8 as is. Raises ValueError for half a character."""
    return _written(body, sort_keys=True).encode()


def _written(body: object, *, sort_keys: bool) -> str:
    return json.dumps(body, sort_keys=sort_keys, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def plain_part(value: object) -> dict[str, object]:
    """A @part as what JSON holds of it. Nothing is checked: `part_of` does."""
    return {name: _plain(getattr(value, name)) for name in fields_of(cast(Any, type(value)))}


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64url(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return plain_part(value)
    return value


def decode(data: bytes, *allowed: type[T]) -> T:
    """Read one message, which must be one of `allowed`. Raises MalformedMessage, and nothing else, on bad input."""
    body = _parse(data)
    name = body.pop("type", None)
    for cls in allowed:
        if name is not None and _NAMES.get(cls) == name:
            return _read_part(cls, body, str(name))
    raise MalformedMessage("type", "is not expected here")


def read_part(cls: type[T], data: bytes) -> T:
    """Read JSON that holds one @part and no `type`. Raises MalformedMessage."""
    return _read_part(cls, _parse(data), cls.__name__)


def part_of(cls: type[T], body: object, path: str) -> T:
    """The same of JSON that was parsed already, and is known to be written plainly. Raises MalformedMessage."""
    if not isinstance(body, dict):
        raise MalformedMessage(path, "is not an object")
    return _read_part(cls, body, path)


def _parse(data: bytes) -> dict[str, object]:
    try:
        text = data.decode()
        body = json.loads(text, object_pairs_hook=_no_twins, parse_constant=_no_constants)
        plain = _written(body, sort_keys=False)
    except (ValueError, RecursionError):
        raise MalformedMessage("message", "is not JSON") from None
    if not isinstance(body, dict):
        raise MalformedMessage("message", "is not an object")
    if plain != text:  # white space, 1.0 for 1, \u0041 for A: two readers might not agree on these (section 2)
        raise MalformedMessage("message", "is not written plainly")
    return cast(dict[str, object], body)


def _no_twins(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise MalformedMessage("message", "holds a key twice")
    return body


def _no_constants(name: str) -> object:
    raise MalformedMessage("message", f"holds {name}")


def _read_part(cls: type[T], body: dict[str, object], path: str) -> T:
    shapes = fields_of(cast(Any, cls))
    if body.keys() != shapes.keys():
        strange = "an unknown" if body.keys() - shapes.keys() else "a missing"
        raise MalformedMessage(path, f"has {strange} field")
    values = {}
    for name, shape in shapes.items():
        try:
            values[name] = _read(shape, body[name], name)
        except MalformedMessage as fault:  # the whole path is put together where it is needed: millions of entries are read without
            raise MalformedMessage(f"{path}.{fault.path}", fault.why) from None
    return cls(**values)


def _read(shape: Shape, value: object, path: str) -> object:
    if value is None:
        if shape.optional:
            return None
        raise MalformedMessage(path, "is null")
    return _READERS[shape.kind](shape, value, path)


def _read_bool(_shape: Shape, value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise MalformedMessage(path, "is not true or false")
    return value


def _read_int(shape: Shape, value: object, path: str) -> int:
    bound = cast(Number, shape.bound)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedMessage(path, "is not an integer")
    if not bound.lowest <= value <= bound.highest:
        raise MalformedMessage(path, "is out of range")
    return value


def _read_str(shape: Shape, value: object, path: str) -> str:
    bound = cast(Text, shape.bound)
    if not isinstance(value, str):
        raise MalformedMessage(path, "is not a string")
    if not bound.shortest <= len(value) <= bound.longest:
        raise MalformedMessage(path, "has a wrong length")
    return value


def _read_bytes(shape: Shape, value: object, path: str) -> bytes:
    bound = cast(Octets, shape.bound)
    if not isinstance(value, str):
        raise MalformedMessage(path, "is not a string")
    data = from_base64url(value, path)
    if not bound.shortest <= len(data) <= bound.longest:
        raise MalformedMessage(path, "has a wrong length")
    return data


def _read_enum(shape: Shape, value: object, path: str) -> StrEnum:
    try:
        return cast(StrEnum, shape.inner(value))
    except ValueError:
        raise MalformedMessage(path, "is an unknown word") from None


def _read_list(shape: Shape, value: object, path: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise MalformedMessage(path, "is not a list")
    if len(value) > cast(Count, shape.bound).most:
        raise MalformedMessage(path, "has too many items")
    item = shape_of(shape.inner)
    return tuple(_read(item, each, f"{path}[{index}]") for index, each in enumerate(value))


def _read_nested(shape: Shape, value: object, path: str) -> object:
    if not isinstance(value, dict):
        raise MalformedMessage(path, "is not an object")
    return _read_part(shape.inner, value, path)


_READERS: dict[str, Callable[[Shape, Any, str], object]] = {
    "bool": _read_bool,
    "int": _read_int,
    "str": _read_str,
    "bytes": _read_bytes,
    "enum": _read_enum,
    "list": _read_list,
    "part": _read_nested,
}
