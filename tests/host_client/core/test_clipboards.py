"""The clipboard lanes at the host: on a word of the technician, on a word of the person, recorded by size before anything goes."""

import pytest

from audit.events import host as log
from audit.events import visit as both
from host_client.core.commands import Record, Tell
from host_client.core.events import Fired, Timer
from host_client.link import (
    CapturePaused,
    CaptureResumed,
    ClipboardGiven,
    ClipboardNotGiven,
    ClipboardPut,
    EndPressed,
    FetchClipboard,
    PutClipboard,
    StartClipboard,
    StopClipboard,
)
from policy.decision import Reason
from policy.permissions import Direction, Lane, Permission
from policy.session import EndCause
from tests.helpers.host_core import Far, Stage
from wire.limits import CLIPBOARD_TEXT_MAX, CLIPBOARD_TEXTS_PER_MINUTE
from wire.sealed.clipboard import (
    ClipboardMissing,
    ClipboardText,
    Missing,
    Parts,
    PutOutcome,
    decode_done,
    decode_given,
    encode_fetch,
    encode_text,
    records_of,
)

INTO, OUT = Lane.CLIPBOARD_TO_HOST, Lane.CLIPBOARD_FROM_HOST
GRANT = 2


def allowed(permission: Permission) -> tuple[Stage, Far]:
    stage = Stage()
    stage.online()
    far = stage.viewing()
    far.ask(permission)
    stage.allow()
    return stage, far


def into() -> tuple[Stage, Far]:
    return allowed(Permission.CLIPBOARD_TO_HOST)


def out() -> tuple[Stage, Far]:
    return allowed(Permission.CLIPBOARD_FROM_HOST)


def put(far: Far, number: int, text: str) -> None:
    for plain in records_of(encode_text(number, text)):
        far.record(INTO, GRANT, plain)


def heard(far: Far) -> list[ClipboardText | Missing]:
    parts = Parts()
    whole = [parts.add(plain) for lane, plain in far.opened() if lane is OUT]
    return [decode_given(each) for each in whole if each is not None]


def cause(stage: Stage) -> EndCause:
    return stage.logged(both.SessionEnded)[-1].cause


@pytest.mark.parametrize("permission", [Permission.CLIPBOARD_TO_HOST, Permission.CLIPBOARD_FROM_HOST])
def test_each_way_begins_and_ends_with_its_grant_and_is_in_the_log_first(permission: Permission) -> None:
    stage, _far = allowed(permission)
    direction = Direction.TO_HOST if permission is Permission.CLIPBOARD_TO_HOST else Direction.TO_TECHNICIAN
    assert stage.told(StartClipboard) == [StartClipboard(GRANT, direction)]
    assert [each.permission for each in stage.logged(log.ClipboardOpened)] == [permission]
    stage.says(EndPressed())
    assert stage.told(StopClipboard) == [StopClipboard(GRANT)]
    assert [each.permission for each in stage.logged(log.ClipboardClosed)] == [permission]


def test_a_text_is_put_once_its_size_is_in_the_log_and_the_technician_hears_when_it_is_there() -> None:
    stage, far = into()
    put(far, 1, "Lot 4711")
    kinds = [type(each.said) if isinstance(each, Tell) else type(each) for each in stage.did]
    assert kinds == [Record, PutClipboard]
    assert stage.told(PutClipboard) == [PutClipboard(GRANT, 1, "Lot 4711")]
    assert [each.size for each in stage.logged(log.ClipboardPassed)] == [8]
    assert "4711" not in repr(stage.log)
    stage.says(ClipboardPut(GRANT, 1, done=True))
    assert [decode_done(plain) for lane, plain in far.opened() if lane is INTO] == [(1, PutOutcome.DONE)]
    stage.says(ClipboardPut(GRANT, 1, done=True))
    assert far.opened() == []


def test_the_longest_text_comes_in_more_than_one_record() -> None:
    stage, far = into()
    put(far, 1, "x" * CLIPBOARD_TEXT_MAX)
    assert len(stage.told(PutClipboard)[0].text) == CLIPBOARD_TEXT_MAX
    stage.says(ClipboardPut(GRANT, 1, done=False))
    assert [decode_done(plain) for _, plain in far.opened()] == [(1, PutOutcome.REFUSED)]


def test_where_the_entry_cannot_be_written_nothing_goes_either_way() -> None:
    stage, far = into()
    stage.disk = False
    put(far, 1, "a")
    assert not stage.told(PutClipboard)
    assert [decode_done(plain) for _, plain in far.opened()] == [(1, PutOutcome.REFUSED)]
    stage, far = out()
    far.record(OUT, GRANT, encode_fetch(1))
    stage.disk = False
    stage.says(ClipboardGiven(GRANT, 1, "a"))
    assert heard(far) == [Missing(1, ClipboardMissing.NOT_SENT)]


def test_while_the_visit_is_suspended_nothing_goes_either_way() -> None:
    stage, far = into()
    stage.give(Fired(Timer.LEASE))
    assert stage.told(StopClipboard) == [StopClipboard(GRANT)]
    put(far, 1, "a")
    assert [decode_done(plain) for _, plain in far.opened()] == [(1, PutOutcome.REFUSED)]
    stage, far = out()
    far.record(OUT, GRANT, encode_fetch(1))
    stage.give(Fired(Timer.LEASE))
    stage.says(ClipboardGiven(GRANT, 1, "a"))
    assert far.opened() == []
    far.record(OUT, GRANT, encode_fetch(2))
    assert heard(far) == [Missing(2, ClipboardMissing.NOT_SENT)]


def test_while_the_screen_is_away_nothing_goes_either_way() -> None:
    stage, far = into()
    stage.says(CapturePaused(1, Reason.SCREEN_LOCKED))
    put(far, 1, "a")
    assert not stage.told(PutClipboard)
    assert not stage.logged(log.ClipboardPassed)
    assert [decode_done(plain) for _, plain in far.opened()] == [(1, PutOutcome.REFUSED)]
    stage.says(CaptureResumed(1))
    put(far, 2, "a")
    assert stage.told(PutClipboard)
    stage, far = out()
    far.record(OUT, GRANT, encode_fetch(1))
    stage.says(CapturePaused(1, Reason.MASK_NOT_PLACED))
    stage.says(ClipboardGiven(GRANT, 1, "a"))
    assert heard(far) == []
    far.record(OUT, GRANT, encode_fetch(2))
    assert heard(far) == [Missing(2, ClipboardMissing.NOT_SENT)]


def test_no_more_goes_within_a_minute_than_a_hand_can_ask_for() -> None:
    stage, far = into()
    for number in range(CLIPBOARD_TEXTS_PER_MINUTE):
        put(far, number, "a")
        assert stage.told(PutClipboard)
    put(far, 90, "a")
    assert [decode_done(plain) for _, plain in far.opened()] == [(90, PutOutcome.REFUSED)]
    assert len(stage.logged(log.ClipboardPassed)) == CLIPBOARD_TEXTS_PER_MINUTE
    stage.wait(60)
    put(far, 91, "a")
    assert stage.told(PutClipboard)
    stage, far = out()
    for number in range(CLIPBOARD_TEXTS_PER_MINUTE):
        far.record(OUT, GRANT, encode_fetch(number))
        assert stage.told(FetchClipboard)
    far.record(OUT, GRANT, encode_fetch(90))
    assert heard(far) == [Missing(90, ClipboardMissing.NOT_SENT)]


def ends_while_it_writes(stage: Stage) -> None:
    """The person presses *End* while the next entry is on its way to the disk."""
    keep = stage._record

    def press(command: object) -> object:
        stage.core.narrow_now()
        return keep(command)  # type: ignore[arg-type]

    stage._record = press  # type: ignore[method-assign]


def test_what_is_taken_back_while_its_entry_is_written_does_not_go() -> None:
    stage, far = into()
    ends_while_it_writes(stage)
    put(far, 1, "a")
    assert [type(each) for each in stage.did] == [Record]
    stage, far = out()
    far.record(OUT, GRANT, encode_fetch(1))
    ends_while_it_writes(stage)
    stage.says(ClipboardGiven(GRANT, 1, "a"))
    assert [type(each) for each in stage.did] == [Record]


def test_a_text_of_which_a_record_is_missing_does_nothing_yet() -> None:
    stage, far = into()
    far.record(INTO, GRANT, next(iter(records_of(encode_text(1, "x" * CLIPBOARD_TEXT_MAX)))))
    assert stage.did == []


def test_what_was_copied_goes_when_it_was_asked_for_and_the_person_sent_it() -> None:
    stage, far = out()
    stage.says(ClipboardGiven(GRANT, 1, "nobody asked"))
    assert far.opened() == []
    far.record(OUT, GRANT, encode_fetch(1))
    assert stage.told(FetchClipboard) == [FetchClipboard(GRANT, 1)]
    stage.says(ClipboardGiven(GRANT, 1, "E14 \u202eat 9\r\nE15"))
    assert heard(far) == [ClipboardText(1, "E14 at 9\nE15")]
    assert [(each.permission, each.size) for each in stage.logged(log.ClipboardPassed)] == [(Permission.CLIPBOARD_FROM_HOST, 12)]
    assert "E14" not in repr(stage.log)
    stage.says(ClipboardGiven(GRANT, 1, "again"))
    assert far.opened() == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (ClipboardNotGiven(GRANT, 1, 1), ClipboardMissing.NOTHING_COPIED),
        (ClipboardGiven(GRANT, 1, "\u200b"), ClipboardMissing.NOT_TEXT),
        (ClipboardGiven(GRANT, 1, "\u20ac" * CLIPBOARD_TEXT_MAX), ClipboardMissing.TOO_LONG),
    ],
    ids=["nothing", "nothing to be seen", "too long"],
)
def test_what_does_not_go_is_said(said: ClipboardGiven | ClipboardNotGiven, why: ClipboardMissing) -> None:
    stage, far = out()
    far.record(OUT, GRANT, encode_fetch(1))
    stage.says(said)
    assert heard(far) == [Missing(1, why)]
    assert not stage.logged(log.ClipboardPassed)


def test_an_answer_of_another_grant_or_after_the_end_is_nothing() -> None:
    stage, far = out()
    far.record(OUT, GRANT, encode_fetch(1))
    for grant in (0, 1, 9):
        stage.says(ClipboardGiven(grant, 1, "a"))
        stage.says(ClipboardPut(grant, 1, done=True))
        assert far.opened() == []
    stage.says(EndPressed())
    stage.says(ClipboardGiven(GRANT, 1, "a"))
    assert stage.did == []


@pytest.mark.parametrize("plain", [b"", b"\x02a", b"\x00\x01\x00\x00\x00\x01a\x00", b"\x00\x03\x00\x00\x00\x01a"], ids=repr)
def test_what_is_no_text_ends_the_visit(plain: bytes) -> None:
    stage, far = into()
    far.record(INTO, GRANT, plain or b"\x00")
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    assert not stage.told(PutClipboard)


def test_old_numbers_and_requests_that_are_none_end_the_visit() -> None:
    stage, far = into()
    put(far, 5, "a")
    put(far, 5, "a")
    assert cause(stage) is EndCause.PEER_MISBEHAVED
    for plain in (encode_fetch(1)[:-1], encode_fetch(0)):
        stage, far = out()
        far.record(OUT, GRANT, encode_fetch(0))
        far.record(OUT, GRANT, plain)
        assert cause(stage) is EndCause.PEER_MISBEHAVED


def test_a_clipboard_lane_carries_nothing_of_the_other() -> None:
    stage, far = into()
    far.record(OUT, GRANT, encode_fetch(1))
    assert not stage.told(FetchClipboard)
    stage = Stage(phi=True)
    stage.online()
    far = stage.viewing()
    far.ask(Permission.CLIPBOARD_TO_HOST)
    assert far.answers()[0].reason is Reason.PHI_POLICY
