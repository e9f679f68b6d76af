"""Strict messages: one way to write a value, and everything else is malformed, whatever it is."""

import json
from enum import IntEnum, StrEnum
from typing import Annotated, Any, NewType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.entry import At
from tests.helpers.strategies import values_of
from tests.vector_sets.messages import shaped_classes
from wire.messages.presence import EndRole, Hello, Refused, Welcome
from wire.messages.ticket import TicketOver
from wire.schema import (
    MESSAGES,
    Count,
    MalformedMessage,
    Number,
    Octets,
    Shape,
    Text,
    base64url,
    canonical,
    decode,
    encode,
    encode_part,
    from_base64url,
    message,
    name_of,
    part,
    part_of,
    read_part,
    shape_of,
)

HELLO = Hello(1, EndRole.HOST, "h-1", bytes(16), (), ())
Tag = NewType("Tag", str)


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    ONE = 1


@part
class Box:
    """One of everything."""

    flag: bool
    count: Annotated[int, Number(0, 9)]
    text: Annotated[str, Text(3, 1)]
    data: Annotated[bytes, Octets(3, 1)]
    colour: Colour
    many: Annotated[tuple[Annotated[int, Number(0, 9)], ...], Count(2)]
    hello: Hello
    absent: int | None


BOX: dict[str, Any] = {
    "flag": True,
    "count": 1,
    "text": "é",
    "data": "AQ",
    "colour": "red",
    "many": [1, 2],
    "hello": {"version": 1, "role": "host", "subject": "h-1", "nonce": base64url(bytes(16)), "vendor_holds": [], "site_holds": []},
    "absent": None,
}


def boxed(**changed: object) -> Box:
    return read_part(Box, canonical({**BOX, **changed}))


def why_not(**changed: object) -> str:
    with pytest.raises(MalformedMessage) as caught:
        boxed(**changed)
    return f"{caught.value.path} {caught.value.why}"


def test_what_was_written_is_what_is_read() -> None:
    assert boxed() == Box(True, 1, "é", b"\x01", Colour.RED, (1, 2), HELLO, None)
    assert boxed(absent=3).absent == 3
    assert encode_part(boxed()) == canonical(BOX)
    assert encode(HELLO).startswith(b'{"nonce":"')


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"flag": 1}, "Box.flag is not true or false"),
        ({"count": "1"}, "Box.count is not an integer"),
        ({"count": True}, "Box.count is not an integer"),
        ({"count": 1.5}, "Box.count is not an integer"),
        ({"count": 10}, "Box.count is out of range"),
        ({"count": -1}, "Box.count is out of range"),
        ({"text": 1}, "Box.text is not a string"),
        ({"text": ""}, "Box.text has a wrong length"),
        ({"text": "four"}, "Box.text has a wrong length"),
        ({"data": 1}, "Box.data is not a string"),
        ({"data": ""}, "Box.data has a wrong length"),
        ({"data": "AQEBAQ"}, "Box.data has a wrong length"),
        ({"data": "AR"}, "Box.data is not canonical base64url"),
        ({"data": "AQ=="}, "Box.data is not canonical base64url"),
        ({"data": "A"}, "Box.data is not base64url"),
        ({"data": "é"}, "Box.data is not base64url"),
        ({"colour": "blue"}, "Box.colour is an unknown word"),
        ({"colour": [1]}, "Box.colour is an unknown word"),
        ({"many": "12"}, "Box.many is not a list"),
        ({"many": [1, 2, 3]}, "Box.many has too many items"),
        ({"many": [1, None]}, "Box.many[1] is null"),
        ({"hello": 1}, "Box.hello is not an object"),
        ({"hello": {**BOX["hello"], "type": "hello"}}, "Box.hello has an unknown field"),
        ({"flag": None}, "Box.flag is null"),
        ({"zebra": 1}, "Box has an unknown field"),
    ],
)
def test_a_wrong_field_is_named_with_the_rule_it_breaks(changed: dict[str, object], why: str) -> None:
    assert why_not(**changed) == why


def test_a_field_left_out_is_not_the_same_as_null() -> None:
    with pytest.raises(MalformedMessage, match="Box has a missing field"):
        read_part(Box, canonical({name: value for name, value in BOX.items() if name != "absent"}))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff", "is not JSON"),
        (b"{", "is not JSON"),
        (b"[" * 5000 + b"]" * 5000, "is not JSON"),
        (b"1e999", "is not JSON"),
        (b'"\\ud800"', "is not an object"),
        (b"[]", "is not an object"),
        (b'{"a":1,"a":1}', "holds a key twice"),
        (b'{"a":NaN}', "holds NaN"),
        (b'{"a": 1}', "is not written plainly"),
        (b'{"a":"\\u0041"}', "is not written plainly"),
        (b'{"a":1.0}', "is not expected here"),
        (b'{"a":1e0}', "is not written plainly"),
        (b'{"a":-0}', "is not written plainly"),
    ],
)
def test_json_that_two_readers_might_read_differently_is_refused(text: bytes, why: str) -> None:
    with pytest.raises(MalformedMessage) as caught:
        decode(text, Hello)
    assert caught.value.why == why


def test_keys_may_come_in_any_order() -> None:
    body = dict(reversed(json.loads(encode(HELLO)).items()))
    assert decode(json.dumps(body, separators=(",", ":")).encode(), Hello) == HELLO


def test_only_the_expected_types_are_read() -> None:
    assert decode(encode(HELLO), Welcome, Hello) == HELLO
    with pytest.raises(MalformedMessage, match="is not expected here"):
        decode(encode(HELLO), Welcome, Refused)
    with pytest.raises(MalformedMessage, match="is not expected here"):
        decode(encode(HELLO))
    with pytest.raises(MalformedMessage, match="is not expected here"):
        decode(encode_part(boxed()), Box)


def test_what_nobody_could_read_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"not to be sent: hello\.version is out of range"):
        encode(Hello(0, EndRole.HOST, "h-1", bytes(16), (), ()))
    with pytest.raises(ValueError, match=r"not to be signed: Hello\.subject has a wrong length"):
        encode_part(Hello(1, EndRole.HOST, "", bytes(16), (), ()))
    with pytest.raises(ValueError, match="surrogates not allowed"):
        encode(Hello(1, EndRole.HOST, "\ud800", bytes(16), (), ()))
    with pytest.raises(KeyError):
        encode(boxed())


def test_a_name_is_given_once() -> None:
    class Another:
        """Would be mistaken for the first."""

    with pytest.raises(ValueError, match="two messages are called hello"):
        message("hello")(Another)
    assert MESSAGES["hello"] is Hello
    assert name_of(Hello) == "hello"


def test_types_without_a_place_on_the_wire_are_refused() -> None:
    for hint in (float, dict[str, int], tuple[int, int], Level, Any):
        with pytest.raises(TypeError, match="has no place on the wire"):
            shape_of(hint)
    with pytest.raises(TypeError, match="more than one meaning"):
        shape_of(int | str)
    assert shape_of(Tag) == Shape("str", Text())
    assert shape_of(int) == Shape("int", Number())
    assert shape_of(bytes | None) == Shape("bytes", Octets(), optional=True)


def test_base64url_has_one_spelling() -> None:
    assert base64url(b"\xfb\xff") == "-_8"
    assert from_base64url("-_8") == b"\xfb\xff"
    with pytest.raises(MalformedMessage, match="bytes is not canonical"):
        from_base64url("+/8")


def test_a_fault_quotes_no_content() -> None:
    with pytest.raises(MalformedMessage) as caught:
        decode(b'{"type":"my password"}', TicketOver)
    assert "password" not in str(caught.value)


@settings(max_examples=300)
@given(st.sampled_from(sorted(MESSAGES)).flatmap(lambda name: values_of(MESSAGES[name])))
def test_every_message_survives_the_journey(value: object) -> None:
    assert decode(encode(value), type(value)) == value


@settings(max_examples=200)
@given(st.sampled_from(shaped_classes()).flatmap(values_of))
def test_every_part_survives_the_journey(value: Any) -> None:
    assert read_part(type(value), encode_part(value)) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300)
@given(st.binary(max_size=80) | JSON.map(lambda body: json.dumps(body).encode()))
def test_junk_raises_nothing_but_malformed_message(junk: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode(junk, *MESSAGES.values())


@settings(max_examples=300)
@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_a_message_with_any_byte_changed_is_read_strictly_or_not_at_all(name: str, data: st.DataObject) -> None:
    written = encode(data.draw(values_of(MESSAGES[name])))
    at = data.draw(st.integers(0, len(written) - 1))
    changed = written[:at] + bytes((data.draw(st.integers(0, 255)),)) + written[at + 1 :]
    try:
        value: object = decode(changed, MESSAGES[name])
    except MalformedMessage:
        return
    assert sorted(encode(value)) == sorted(changed)


def test_a_part_that_was_parsed_elsewhere_is_read_as_strictly() -> None:
    body = {"utc_ms": 1, "boot_ms": 1, "clock_suspect": True}
    assert part_of(At, body, "at") == At(1, 1, clock_suspect=True)
    with pytest.raises(MalformedMessage, match=r"^at is not an object$"):
        part_of(At, [], "at")
    with pytest.raises(MalformedMessage, match=r"^at\.utc_ms is not an integer$"):
        part_of(At, {**body, "utc_ms": "1"}, "at")
