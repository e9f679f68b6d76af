"""The technician's text on its way into this PC's clipboard: whole, once, in order, and answered once."""

import pytest

from audit.events import host as log
from host_client.abilities import ClipboardToHost
from host_client.core.ports import Seat
from host_client.link import ClipboardPut, StartClipboard, StopClipboard
from policy.decision import Reason
from policy.permissions import Direction, Permission
from wire.errors import PeerMisbehaved
from wire.sealed.clipboard import ClipboardText, PutOutcome, encode_done, encode_text, records_of

SEAT = Seat("en", "lab", "c1", 640, 480)
INTO = Permission.CLIPBOARD_TO_HOST


def begun() -> ClipboardToHost:
    lane = ClipboardToHost()
    lane.begin(3)
    return lane


def one(number: int, text: str = "a") -> bytes:
    (only,) = records_of(encode_text(number, text))
    return only


def test_it_begins_pauses_goes_on_and_ends_with_its_grant() -> None:
    lane = ClipboardToHost()
    assert lane.begun("s-1", 3, SEAT) == log.ClipboardOpened(session_id="s-1", ask=3, permission=INTO)
    assert lane.begin(3) == (StartClipboard(3, Direction.TO_HOST),)
    assert lane.paused() == (StopClipboard(3),)
    assert lane.again() == (StartClipboard(3, Direction.TO_HOST),)
    ended = log.ClipboardClosed(session_id="s-1", ask=3, permission=INTO, reason=Reason.WRONG_MOMENT)
    assert lane.ended("s-1", 3, Reason.WRONG_MOMENT) == ended
    assert lane.end() == (StopClipboard(3),)
    assert lane.grant == 0


def test_a_text_is_whole_with_its_last_record() -> None:
    lane, text = begun(), "x" * 90_000
    first, last = records_of(encode_text(1, text))
    assert lane.take(first) is None
    assert lane.take(last) == ClipboardText(1, text)


def test_what_a_cut_line_left_of_a_text_does_not_go_on() -> None:
    lane = begun()
    first, last = records_of(encode_text(1, "x" * 90_000))
    lane.take(first)
    lane.again()
    with pytest.raises(PeerMisbehaved):
        lane.take(last)
    assert lane.take(one(2)) == ClipboardText(2, "a")


@pytest.mark.parametrize("number", [0, 4, 5])
def test_numbers_rise(number: int) -> None:
    lane = begun()
    lane.take(one(5))
    with pytest.raises(PeerMisbehaved, match="old number"):
        lane.take(one(number))


@pytest.mark.parametrize("plain", [b"", b"\x00", b"\x02a", b"\x00\x07", b"\x00\x01\x00\x00\x00\x01\x00"], ids=repr)
def test_what_is_no_text_is_nobodys_accident(plain: bytes) -> None:
    with pytest.raises(PeerMisbehaved, match="cannot be read"):
        begun().take(plain)


def test_each_text_is_answered_once() -> None:
    lane = begun()
    for number in (1, 2, 3):
        lane.take(one(number))
    assert lane.answer(ClipboardPut(3, 1, done=True)) == encode_done(1, PutOutcome.DONE)
    assert lane.answer(ClipboardPut(3, 2, done=False)) == encode_done(2, PutOutcome.REFUSED)
    assert lane.refused(3) == encode_done(3, PutOutcome.REFUSED)
    for number in (1, 2, 3, 4):
        assert lane.answer(ClipboardPut(3, number, done=True)) is None


def test_a_word_about_another_grant_answers_nothing() -> None:
    lane = begun()
    lane.take(one(1))
    assert lane.answer(ClipboardPut(2, 1, done=True)) is None
    lane.begin(4)
    assert lane.answer(ClipboardPut(4, 1, done=True)) is None
    assert lane.take(one(1)) == ClipboardText(1, "a")
