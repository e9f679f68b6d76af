"""An entry is one line of printable ASCII whatever stands in it, and reads back as what it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.entry import At, Unfit, at, decode_entry, encode_entry, written, written_or_said
from audit.events import EVENTS, broker, evidence, host
from audit.events.shape import Event, name_of
from policy.decision import Reason
from policy.instant import Instant
from tests.helpers.sample_events import sample
from wire.schema import MalformedMessage

AT = At(1_700_000_000_000, 1_000, clock_suspect=False)
WHOLE = encode_entry(sample("signed_in"), AT)


def test_an_entry_is_written_as_documented() -> None:
    event = broker.SignInRefused(name_given='a"\n\x1b\u2028', address="::1", reason=Reason.SIGN_IN_FAILED)
    assert encode_entry(event, AT) == (
        b'{"at":{"boot_ms":1000,"clock_suspect":false,"utc_ms":1700000000000},'
        b'"event":{"address":"::1","name_given":"a\\"\\n\\u001b\\u2028","reason":"sign_in_failed"},"type":"sign_in_refused","v":1}'
    )


@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize("name", EVENTS)
def test_every_event_reads_back(name: str, bare: bool) -> None:
    happened = sample(name, bare=bare)
    entry = decode_entry(encode_entry(happened, AT))
    assert (entry.event, entry.at) == (happened, AT)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_becomes_one_line_that_reads_back(text: str) -> None:
    data = encode_entry(host.HelpPressed(account=text, login_session=""), AT)
    assert all(0x20 <= byte < 0x7F for byte in data)
    again = decode_entry(data)
    assert encode_entry(again.event, again.at) == data


@pytest.mark.parametrize("text", ["\x7f", "\U0001f600", "\\ud800", "\\", '"'])
def test_what_looks_like_half_a_character_and_is_none_reads_back(text: str) -> None:
    data = encode_entry(host.HelpPressed(account=text, login_session=""), AT)
    assert decode_entry(data).event == host.HelpPressed(account=text, login_session="")


def test_a_moment_is_kept_on_both_clocks_and_a_mad_calendar_is_suspect() -> None:
    assert at(Instant(1.0015, 2.5)) == At(1002, 2500, clock_suspect=False)
    assert at(Instant(1, 2), clock_suspect=True).clock_suspect
    assert at(Instant(-5, 2)) == At(0, 2000, clock_suspect=True)
    assert at(Instant(1e15, 2)) == At(2**53 - 1, 2000, clock_suspect=True)


def test_a_number_out_of_bounds_is_a_mistake_of_ours() -> None:
    with pytest.raises(Unfit, match=r"LateEntries\.count is out of range"):
        encode_entry(host.LateEntries(count=-1), AT)
    with pytest.raises(Unfit, match=r"At\.boot_ms is out of range"):
        encode_entry(host.LateEntries(count=1), At(0, -1, clock_suspect=False))


def test_what_is_fit_is_written_as_it_is() -> None:
    event = sample("signed_in")
    assert written_or_said(event, AT) == written(event, AT)
    assert (written(event, AT).event, written(event, AT).at, written(event, AT).data) == (event, AT, WHOLE)


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        (host.LateEntries(count=-1), "LateEntries.count is out of range"),
        (host.LateEntries(count=2**99), "LateEntries.count is out of range"),
        (host.LateEntries(count="a secret"), "AttributeError"),  # type: ignore[arg-type]
        (broker.BrokerStarted(broker_id=("a secret",), version="1"), "TypeError"),  # type: ignore[arg-type]
        (
            evidence.HeadHeld(subject="h-1", log_id="l", size=1, root=b"a secret", signature=b"", session_id=""),
            "HeadHeld.root has a wrong length",
        ),
    ],
    ids=["negative", "huge", "a word", "a list", "short"],
)
def test_of_what_cannot_be_written_down_its_name_and_why_are_and_nothing_of_it(unfit: Event, why: str) -> None:
    said = written_or_said(unfit, AT)
    assert said.event == evidence.EventUnfit(kind=name_of(unfit), why=why)
    assert decode_entry(said.data).event == said.event
    assert b"secret" not in said.data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        WHOLE.replace(b'"v":1', b'"v":2'),
        WHOLE.replace(b'"v":1', b'"v":true'),
        WHOLE.replace(b'"v":1', b'"v":1.0'),
        WHOLE.replace(b'"type":"signed_in"', b'"type":null'),
        WHOLE.replace(b'"boot_ms":1000', b'"boot_ms":1000.0'),
        WHOLE.replace(b'"boot_ms":1000', b'"boot_ms":NaN'),
        WHOLE.replace(b'"boot_ms":1000', b'"boot_ms":true'),
        WHOLE.replace(b'"boot_ms":1000', b'"boot_ms":' + b"1" * 5000),
        WHOLE.replace(b'"boot_ms":1000', b'"boot_ms":1000,"boot_ms":1000'),
        WHOLE.replace(b"x-1", b"x\x7f1", 1),
        WHOLE.replace(b'"clock_suspect"', b'"clock_suspect" '),
        WHOLE.replace(b'"at":{', b'"at":[{').replace(b'},"event"', b'}],"event"'),
        b'{"v":1,' + WHOLE[1:].replace(b',"v":1', b""),
        WHOLE.replace(b"signed_in", b"signed_up"),
        WHOLE.replace(b"x-1", b"\\u0078-1", 1),
        WHOLE.replace(b"x-1", b"\\ud800", 1),
        WHOLE.replace(b"x-1", b"x" * 65, 1),
        WHOLE + b"\n",
        WHOLE[:-1] + b',"x":1}',
        json.dumps(json.loads(WHOLE)).encode(),
    ],
)
def test_what_could_not_have_been_written_is_not_read(data: bytes) -> None:
    assert decode_entry(WHOLE).event == sample("signed_in")
    with pytest.raises(MalformedMessage):
        decode_entry(data)
