"""Case 36, chat and clipboard (in the console: tests/journeys/test_words.py): what somebody writes is text at the host's desk, whatever it
looks like, never reaches past its bounds, and passes only where and while it may.

File names: cases 49 and 51. What else is asked of the clipboard: case 38.

Mutations that were tried, each of which makes this file or the ones it names fail:
    wire/sealed/plain_text.py     `read_text` does not look for what steers (here; tests/wire/sealed/test_plain_text.py)
    broker/core/lanes.py          `_on_chat` forwards before `open_chat`; does not count bytes (here)
    host_client/core/chat.py      `heard` does not look at `_ever`, or at its budget (tests/host_client/core/test_chat.py)
    host_client/desk/qt/chat.py   the transcript takes `insertHtml` (tests/host_client/desk/qt/test_chat.py)
    host_client/desk/qt/touches.py  `keyPressEvent` does not ask who pressed (the same, and tests/host_client/desk/test_chat.py)
"""

import pytest

from host_client.link import (
    ChatLine,
    ChatOpened,
    ChatSaid,
    ClipboardGiven,
    ClipboardPut,
    FetchClipboard,
    PutClipboard,
    ShowSummary,
    StartClipboard,
)
from policy.permissions import TERMS, Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.hostile_texts import LETTERS, MARKUP, UNSEEN
from tests.helpers.memory import holds
from tests.helpers.scripted_console import ScriptedVisit
from tests.helpers.visit_place import Place, place
from wire.frames import FrameKind
from wire.limits import CHAT_TEXT_MAX, CONTROL_LANE_BYTES_PER_MINUTE
from wire.sealed.clipboard import ClipboardText, Parts, PutOutcome, decode_done, decode_given, encode_fetch, encode_text, records_of
from wire.sealed.plain_text import cleaned

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
CANARY = "what nobody else may read 7c1f0a"
PUT_CANARY, GIVEN_CANARY = "put by nobody else 5e0b81", "given to nobody else 5e0b82"
INTO, OUT = Permission.CLIPBOARD_TO_HOST, Permission.CLIPBOARD_FROM_HOST


def kept(place: Place) -> list[bytes]:
    """Every file of broker and host."""
    folders = (place.broker.folder, place.host.files.enrolment.parent.parent)
    left = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert left
    return left


async def test_hostile_texts_arrive_as_they_were_written_and_leave_no_trace(place: Place) -> None:
    """Case 48 too: they are in no log, and not in the broker's memory."""
    visit = await place.viewing()
    for text in (*MARKUP, *LETTERS, CANARY):
        await visit.write(text)
        assert (await place.desk.until(ChatLine, lambda line: not line.mine)).text == text
        place.desk.say(ChatSaid(text))
        assert await visit.message() == text
    for text in UNSEEN:
        place.desk.say(ChatSaid(text))
        assert await visit.message() == cleaned(text)
    assert not holds(place.broker.process.pid, CANARY.encode())
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED
    await place.desk.until(ShowSummary)
    assert not any(CANARY.encode() in each for each in kept(place))


@pytest.mark.parametrize("text", [text for text in UNSEEN if cleaned(text) != text], ids=repr)
async def test_a_text_that_steers_ends_the_visit_and_is_never_shown(place: Place, text: str) -> None:
    visit = await place.sealed()
    await visit.request(Permission.VIEW)
    await place.desk.until(ChatOpened)
    before = len(place.desk.heard)
    await visit.wire.send(FrameKind.SEALED, visit.seal(Lane.CHAT, 0, b"\x01" + text.encode()))
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    await place.desk.until(ShowSummary)
    assert not [each for each in place.desk.heard[before:] if isinstance(each, ChatLine)]


async def test_a_message_before_both_are_proven_to_the_broker_or_beyond_a_minutes_bound_ends_the_visit(place: Place) -> None:
    visit = await place.viewing()
    for _ in range(CONTROL_LANE_BYTES_PER_MINUTE // (CHAT_TEXT_MAX + 33)):
        await visit.write("x" * CHAT_TEXT_MAX)
    await visit.write("x" * CHAT_TEXT_MAX)
    assert await visit.over() is EndCause.PEER_MISBEHAVED
    await place.desk.until(ShowSummary)


async def say(visit: ScriptedVisit, way: Permission, *records: bytes) -> None:
    for record in records:
        await visit.wire.send(FrameKind.SEALED, visit.seal(TERMS[way].lane, visit.grants[way], record))


async def test_texts_of_clipboards_go_on_a_word_of_both_and_leave_no_trace(place: Place) -> None:
    """Cases 38 and 48 too: they are in no log, and not in the broker's memory."""
    visit = await place.viewing()
    for way in (INTO, OUT):
        await place.granted(visit, way)
        await place.desk.until(StartClipboard)
    for number, text in enumerate((*MARKUP[:4], *LETTERS[:4], PUT_CANARY), start=1):
        await say(visit, INTO, *records_of(encode_text(number, text)))
        assert await place.desk.until(PutClipboard) == PutClipboard(visit.grants[INTO], number, text)
        place.desk.say(ClipboardPut(visit.grants[INTO], number, done=True))
        assert decode_done(await visit.copied()) == (number, PutOutcome.DONE)
    for number, text in enumerate((*[each for each in UNSEEN if cleaned(each)][:8], GIVEN_CANARY), start=1):
        place.desk.say(ClipboardGiven(visit.grants[OUT], 1000 + number, "what nobody asked for"))
        await say(visit, OUT, encode_fetch(number))
        assert await place.desk.until(FetchClipboard) == FetchClipboard(visit.grants[OUT], number)
        place.desk.say(ClipboardGiven(visit.grants[OUT], number, text))
        whole = Parts().add(await visit.copied())
        assert whole is not None
        assert decode_given(whole) == ClipboardText(number, cleaned(text))
    canaries = [each.encode() for each in (PUT_CANARY, GIVEN_CANARY)]
    assert not [each for each in canaries if holds(place.broker.process.pid, each)]
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED
    await place.desk.until(ShowSummary)
    assert not [each for each in kept(place) if any(canary in each for canary in canaries)]
