"""Vectors of JSON messages and outer frames: what is accepted, and a long list of what is not."""

import json
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from typing import cast

from policy.permissions import Lane
from tests.helpers.examples import example
from wire.frames import FRAME_MAX, Frame, FrameKind, RecordHeader
from wire.gen_ts import SHAPED, key_of
from wire.messages.presence import Hello
from wire.schema import MESSAGES, Count, Number, Octets, Shape, Text, base64url, encode, encode_part, fields_of

Json = dict[str, object]


def message_set() -> Json:
    """Every message and part, smallest and fullest, then what must be refused under the same name."""
    shaped = shaped_classes()
    return {
        "good": [_good(cls, full) for cls in shaped for full in (False, True)],
        "bad": [*_bad_writing(), *(case for cls in shaped for case in _bad_fields(cls))],
    }


def shaped_classes() -> list[type]:
    """Every message and part of the wire, in the order of the modules."""
    return [value for module in SHAPED for value in vars(module).values() if _is_own(value, module.__name__)]


def _is_own(value: object, module: str) -> bool:
    return isinstance(value, type) and is_dataclass(value) and value.__module__ == module


def _good(cls: type, full: bool) -> Json:
    value = example(cls, full=full)
    is_message = cls in MESSAGES.values()
    text = (encode(value) if is_message else encode_part(value)).decode()
    return {"name": key_of(cls), "message": is_message, "text": text}


def _bad(name: str, why: str, text: str) -> Json:
    return {"name": name, "message": name in MESSAGES, "why": why, "text": text}


def _bad_writing() -> Iterator[Json]:
    """Things that parse as JSON somewhere, and must not pass as a message anywhere."""
    good = encode(example(Hello, full=False)).decode()
    cases = {
        "nothing": "",
        "white space before": " " + good,
        "white space after": good + "\n",
        "white space inside": good.replace('":', '": ', 1),
        "a byte order mark": "\ufeff" + good,
        "two messages": good + good,
        "a list": f"[{good}]",
        "a number": "1",
        "null": "null",
        "a number with a fraction": good.replace('"version":1', '"version":1.0'),
        "a number with an exponent": good.replace('"version":1', '"version":1e0'),
        "minus zero": good.replace('"version":1', '"version":-0'),
        "a leading zero": good.replace('"version":1', '"version":01'),
        "not a number": good.replace('"version":1', '"version":NaN'),
        "infinity": good.replace('"version":1', '"version":1e999'),
        "a number beyond 2^53": good.replace('"version":1', '"version":9007199254740993'),
        "a number in a string": good.replace('"version":1', '"version":"1"'),
        "true for 1": good.replace('"version":1', '"version":true'),
        "a needless escape": good.replace('"host"', '"\\u0068ost"'),
        "a capital escape": encode(example(Hello, full=True)).decode().replace("\\n", "\\u000A"),
        "half a character": good.replace('"subject":"é"', '"subject":"\\ud800"'),
        "a key twice": good.replace('"role"', '"version":1,"role"', 1),
        "a key of the prototype": good.replace("{", '{"__proto__":{},', 1),
        "no type": good.replace('"type":"hello",', ""),
        "an unknown type": good.replace('"hello"', '"hallo"'),
        "another type": good.replace('"hello"', '"welcome"'),
        "a type that is no string": good.replace('"hello"', "1"),
        "a comma too many": good.replace("}", ",}"),
        "single quotation marks": good.replace('"', "'"),
        "deep nesting": "[" * 5000 + "]" * 5000,
    }
    for why, text in cases.items():
        if text == good:
            raise ValueError(f"the case does not apply: {why}")
        yield _bad("hello", why, text)
    yield {"name": "hello", "message": True, "why": "bytes that are not UTF-8", "hex": good.encode().replace(b"\xc3", b"\xff").hex()}


def _bad_fields(cls: type) -> Iterator[Json]:
    """Each field left out, doubled in meaning, null, of another kind, and one step beyond its bounds."""
    name = key_of(cls)
    value = example(cls, full=True)
    body: Json = json.loads(encode(value) if cls in MESSAGES.values() else encode_part(value))
    yield _bad(name, "an unknown field", _text({**body, "zebra": 1}))
    for field, shape in fields_of(cls).items():
        yield _bad(name, f"{field} left out", _text({key: held for key, held in body.items() if key != field}))
        for why, wrong in _wrong_values(shape, body[field]):
            yield _bad(name, f"{field} {why}", _text({**body, field: wrong}))


def _text(body: Json) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _wrong_values(shape: Shape, right: object) -> Iterator[tuple[str, object]]:
    if not shape.optional:
        yield "null", None
    yield "an object", {"a": 1}
    match shape.bound:
        case Number(low, high):
            yield from (("a fraction", 1.5), ("too small", low - 1), ("too large", high + 1))
        case Text(longest, shortest):
            yield from (("a number", 7), *_wrong_lengths(lambda length: "\U0001f52c" * length, longest, shortest))
        case Octets(longest, shortest):
            yield from (("padded", f"{right}="), ("not base64url", f"+{right}"))
            yield "with a stray last bit", base64url(b"\0" * 16)[:-1] + "B"
            yield from _wrong_lengths(lambda length: base64url(b"\0" * length), longest, shortest)
        case Count(most):
            yield from (("not a list", "a"), ("holding null", [None]))
            yield from _wrong_lengths(lambda length: cast(list[object], right)[:1] * length, most, 0)
        case None:
            yield "a text that is no word of it", "zebra"


LARGEST = 64
"""Longer values would only make the file heavy."""


def _wrong_lengths(made: Callable[[int], object], longest: int, shortest: int) -> Iterator[tuple[str, object]]:
    if longest <= LARGEST:
        yield "too long", made(longest + 1)
    if shortest:
        yield "too short", made(shortest - 1)


def frame_set() -> Json:
    """The kind byte, limits, and the clear header of records."""
    header = RecordHeader(Lane.SCREEN, 1, 0, 5)
    largest = RecordHeader(Lane.RESTART, 2**32 - 1, 2**16 - 1, 2**53 - 1)
    return {
        "frames": [
            *({"hex": Frame(kind, b"{}").encode().hex(), "kind": int(kind), "body": b"{}".hex()} for kind in FrameKind),
            {"hex": "01", "kind": 1, "body": ""},
            *({"hex": bad, "kind": None} for bad in ("", "00", "05aa", "ff")),
        ],
        "longest": [{"kind": int(kind), "bytes": most} for kind, most in FRAME_MAX.items()],
        "records": [
            *(
                {
                    "hex": (each.encode() + bytes(16)).hex(),
                    "header": {"lane": int(each.lane), "grant": each.grant, "epoch": each.epoch, "sequence": str(each.sequence)},
                    "sealed": bytes(16).hex(),
                }
                for each in (header, largest)
            ),
            {"hex": (header.encode() + bytes(15)).hex(), "header": None},
            {"hex": (b"\0" + header.encode()[1:] + bytes(16)).hex(), "header": None},
            {"hex": (b"\x0a" + header.encode()[1:] + bytes(16)).hex(), "header": None},
            {"hex": (header.encode()[:7] + b"\0\x20" + bytes(6 + 16)).hex(), "header": None},
            {"hex": "", "header": None},
        ],
    }
