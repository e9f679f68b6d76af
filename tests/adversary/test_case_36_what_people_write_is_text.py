"""Case 36, chat (in the console: tests/journeys/test_words.py): what somebody writes is text at the host's desk, whatever it looks like,
never reaches past its bounds, and passes only where and while the chat is open.

Left until they exist: file names, clipboard.

Mutations that were tried, each of which makes this file or the ones it names fail:
    wire/sealed/plain_text.py     `read_text` does not look for what steers (here; tests/wire/sealed/test_plain_text.py)
    broker/core/lanes.py          `_on_chat` forwards before `open_chat`; does not count bytes (here)
    host_client/core/chat.py      `heard` does not look at `_ever`, or at its budget (tests/host_client/core/test_chat.py)
    host_client/desk/qt/chat.py   the transcript takes `insertHtml` (tests/host_client/desk/qt/test_chat.py)
    host_client/desk/qt/touches.py  `keyPressEvent` does not ask who pressed (the same, and tests/host_client/desk/test_chat.py)
"""

import pytest

from host_client.link import ChatLine, ChatOpened, ChatSaid, ShowSummary
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.hostile_texts import LETTERS, MARKUP, UNSEEN
from tests.helpers.memory import holds
from tests.helpers.visit_place import Place, place
from wire.frames import FrameKind
from wire.limits import CHAT_TEXT_MAX, CONTROL_LANE_BYTES_PER_MINUTE
from wire.sealed.plain_text import cleaned

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
CANARY = "what nobody else may read 7c1f0a"


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
    left = [
        path.read_bytes()
        for folder in (place.broker.folder, place.host.files.enrolment.parent.parent)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    assert left
    assert not any(CANARY.encode() in each for each in left)


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
