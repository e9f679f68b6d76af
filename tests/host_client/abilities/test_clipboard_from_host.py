"""What was copied on its way to the technician: asked for by number, answered once, text alone, and never too long."""

import pytest

from audit.events import host as log
from host_client.abilities import ClipboardFromHost
from host_client.core.ports import Seat
from host_client.link import ClipboardGiven, ClipboardNotGiven, FetchClipboard, StartClipboard, StopClipboard
from policy.permissions import Direction, Permission
from wire.errors import PeerMisbehaved
from wire.limits import CLIPBOARD_TEXT_MAX
from wire.sealed.clipboard import ClipboardMissing, encode_fetch, encode_missing, encode_text, records_of

SEAT = Seat("en", "lab", "c1", 640, 480)
OUT = Permission.CLIPBOARD_FROM_HOST


def asked(*numbers: int) -> ClipboardFromHost:
    lane = ClipboardFromHost()
    lane.begin(3)
    for number in numbers:
        lane.fetch(encode_fetch(number))
    return lane


def test_it_begins_pauses_goes_on_and_ends_with_its_grant() -> None:
    lane = ClipboardFromHost()
    assert lane.begun("s-1", 3, SEAT) == log.ClipboardOpened(session_id="s-1", ask=3, permission=OUT)
    assert lane.begin(3) == lane.again() == (StartClipboard(3, Direction.TO_TECHNICIAN),)
    assert lane.paused() == (StopClipboard(3),)
    assert lane.ended("s-1", 3, None) == log.ClipboardClosed(session_id="s-1", ask=3, permission=OUT, reason=None)
    assert lane.end() == (StopClipboard(3),)
    assert lane.grant == 0


def test_what_was_asked_is_answered_once() -> None:
    lane = asked()
    assert lane.given(ClipboardGiven(3, 1, "nobody asked")) is None
    assert lane.fetch(encode_fetch(1)) == FetchClipboard(3, 1)
    assert lane.given(ClipboardGiven(3, 1, "Fehler \u202e14\r\n")) == (encode_text(1, "Fehler 14\n"), 10)
    assert lane.given(ClipboardGiven(3, 1, "again")) is None


def test_a_newer_request_takes_the_place_of_an_older() -> None:
    lane = asked(1, 2)
    assert lane.given(ClipboardGiven(3, 1, "a")) is None
    assert lane.given(ClipboardGiven(3, 2, "\u00e9")) == (encode_text(2, "\u00e9"), 2)


def test_an_answer_of_another_grant_or_after_the_end_is_none() -> None:
    lane = asked(1)
    assert lane.given(ClipboardGiven(2, 1, "a")) is None
    lane.end()
    assert lane.given(ClipboardGiven(0, 1, "a")) is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (ClipboardNotGiven(3, 1, 1), ClipboardMissing.NOTHING_COPIED),
        (ClipboardNotGiven(3, 1, 4), ClipboardMissing.NOT_SENT),
        (ClipboardGiven(3, 1, "\u200b\ufeff"), ClipboardMissing.NOT_TEXT),
        (ClipboardGiven(3, 1, "x" * CLIPBOARD_TEXT_MAX + "x"), ClipboardMissing.TOO_LONG),
        (ClipboardGiven(3, 1, "\u20ac" * (CLIPBOARD_TEXT_MAX // 3 + 1)), ClipboardMissing.TOO_LONG),
    ],
    ids=["nothing", "not sent", "nothing to be seen", "too long", "too long in bytes"],
)
def test_what_does_not_go_is_said_and_weighs_nothing(said: ClipboardGiven | ClipboardNotGiven, why: ClipboardMissing) -> None:
    assert asked(1).given(said) == (encode_missing(1, why), 0)


@pytest.mark.parametrize("plain", [b"", encode_fetch(1)[:-1], encode_fetch(1) + b"\0", b"\x02\0\0\0\x01"], ids=repr)
def test_what_is_no_request_is_nobodys_accident(plain: bytes) -> None:
    with pytest.raises(PeerMisbehaved, match="cannot be read"):
        asked().fetch(plain)


def test_numbers_rise_and_begin_anew_with_a_new_grant() -> None:
    lane = asked(5)
    with pytest.raises(PeerMisbehaved, match="old number"):
        lane.fetch(encode_fetch(5))
    lane.begin(4)
    assert lane.given(ClipboardGiven(4, 5, "a")) is None
    assert lane.fetch(encode_fetch(0)) == FetchClipboard(4, 0)


def test_the_longest_text_is_cut_into_records() -> None:
    message = encode_text(1, "x" * CLIPBOARD_TEXT_MAX)
    assert list(asked().outgoing(message)) == list(records_of(message))
