"""Cases 53 and 55 for a file from the instrument, on the wire: real broker and guardian, a technician's end that lies about what it
has, and a desk that gives what nobody asked it for. What leaves is what the person picked, as far as it was asked for, while allowed.

Elsewhere: what changes between the picking and the reading, links, pipes and devices (tests/host_client/desk/files/test_picked.py); what a
host that lies can do to the browser (tech_console/tests/core/taking.test.ts); every right beside every lane (case 34).

Mutations that were tried, each of which makes this file fail:
    host_client/abilities/file_from_host.py   an acknowledgement of what was never sent is believed, one that cannot be read is passed over,
                                     more of a piece leaves than was asked for, or one from another place
    host_client/core/files.py, files_from_host.py   a piece of a grant that is over leaves (all three places that look)
    host_client/core/files_from_host.py   it is there because the technician's end says so
    broker/core/bulk.py              a pass is good for two sockets, or any pass is good
    host_client/core/asking.py       an *allow* before anything is picked counts
"""

import pytest
from websockets.exceptions import ConnectionClosed

from audit.events import files as log
from host_client.link import Given, PausePressed, PromptAnswered, ShowPrompt
from host_client.link_files import FileDrop, FileFailed, FileRead, FileStop
from host_client.link_frames import FilePiece, piece_frame
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.broker_process import ORIGIN
from tests.helpers.ends import dial
from tests.helpers.host_leaving import picked
from tests.helpers.host_transfer import words_of
from tests.helpers.scripted_files import Fetching, fetch, offered, read
from tests.helpers.visit_place import Place, after, place
from wire.limits import FILE_WINDOW, PROMPT_ARMED_AFTER
from wire.messages.session import SocketPass
from wire.sealed.files import Ack, Data, encode_ack, encode_data
from wire.sealed.inner import FileOver, Notice

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
CONTENT = bytes(range(256)) * 40
HALF = len(CONTENT) // 2


async def half_way(place: Place) -> Fetching:
    """Half of the file was asked for and has come."""
    fetching = await fetch(place, await place.viewing(), CONTENT)
    await fetching.ack(0, HALF)
    assert (await read(place)).size == HALF
    place.desk.write(fetching.piece(0, HALF))
    await fetching.data()
    assert bytes(fetching.got) == CONTENT[:HALF]
    return fetching


async def nothing_more(fetching: Fetching, place: Place) -> None:
    """What the desk gives from now on reaches nobody, as long as the visit goes on and after it."""
    place.desk.write(fetching.piece(HALF, 100))
    if not fetching.visit.ended:
        place.desk.say(PausePressed())
        while await fetching.visit.notice() is not Notice.PAUSED_BY_PERSON:
            pass
        await fetching.visit.end()
        assert await fetching.visit.over() is EndCause.TECHNICIAN_ENDED
    with pytest.raises(ConnectionClosed):
        await fetching.data()
    assert len(fetching.got) == HALF


@pytest.mark.parametrize(
    "plain",
    [
        encode_ack(Ack(HALF + 1, FILE_WINDOW)),
        encode_ack(Ack(len(CONTENT) + 1, FILE_WINDOW)),
        encode_ack(Ack(0, 1))[:-1],
        encode_data(Data(0, b"theirs")),
    ],
    ids=["what was never sent", "more than there is", "half a word", "a piece the other way"],
)
async def test_a_technicians_end_that_lies_about_what_it_has_ends_the_visit_and_gets_no_more(place: Place, plain: bytes) -> None:
    fetching = await half_way(place)
    await fetching.say(plain)
    assert await fetching.visit.over() is EndCause.PEER_MISBEHAVED
    await place.desk.until(FileDrop)
    await nothing_more(fetching, place)
    stopped = place.host.events(log.FileStopped)[-1]
    assert (stopped.permission, stopped.moved) == (Permission.FILE_FROM_HOST, HALF)


async def test_a_lane_that_nobody_opened_carries_nothing_to_the_desk(place: Place) -> None:
    fetching = await half_way(place)
    await fetching.say(encode_data(Data(0, b"theirs")), Lane.FILE_TO_HOST)
    assert await fetching.visit.over() is EndCause.PEER_MISBEHAVED
    assert not [each for each in place.desk.heard if isinstance(each, FilePiece)]


@pytest.mark.parametrize("who", ["the person", "the technician", "a file that changed"])
async def test_what_is_stopped_leaves_no_piece_more_and_the_visit_goes_on(place: Place, who: str) -> None:
    fetching = await half_way(place)
    await fetching.ack(HALF, HALF)
    await read(place)
    if who == "the person":
        place.desk.say(FileStop(fetching.ask))
    elif who == "the technician":
        await fetching.visit.whisper(FileOver(fetching.ask, Reason.FILE_STOPPED_BY_TECHNICIAN))
    else:
        place.desk.say(FileFailed(fetching.ask, Reason.FILE_CHANGED))
    while not fetching.visit.files_over:
        await fetching.visit.turn()
    await nothing_more(fetching, place)
    stopped = place.host.events(log.FileStopped)[-1]
    assert (stopped.ask, stopped.moved) == (fetching.ask, HALF)


async def test_a_desk_gives_no_more_than_was_asked_for_and_nothing_of_another_place(place: Place) -> None:
    fetching = await half_way(place)
    for offset, size in ((HALF, len(CONTENT) - HALF), (HALF + 100, 100), (0, HALF)):
        place.desk.write(fetching.piece(offset, size))
    place.desk.write(piece_frame(FilePiece(fetching.ask + 1, HALF, b"of another grant")))
    await fetching.ack(HALF, 100)
    wanted = await read(place)
    assert (wanted.offset, wanted.size) == (HALF, 100)
    place.desk.write(fetching.piece(HALF + 50, 50))
    place.desk.write(fetching.piece(HALF, 200))
    data = await fetching.data()
    assert (data.offset, data.content) == (HALF, CONTENT[HALF : HALF + 100])
    await fetching.visit.end()
    await fetching.visit.over()


async def test_it_is_not_there_before_it_was_sent(place: Place) -> None:
    fetching = await half_way(place)
    await fetching.visit.whisper(FileOver(fetching.ask, None))
    assert await fetching.visit.over() is EndCause.PEER_MISBEHAVED
    assert not place.host.events(log.FileDone)


async def test_a_pass_opens_one_socket_with_the_right_cookie(place: Place) -> None:
    visit = await place.viewing()
    ask = await visit.request(Permission.FILE_FROM_HOST)
    await place.desk.until(ShowPrompt)
    place.desk.say(picked(words_of(CONTENT, "run.csv"), ask))
    await place.allow()
    socket_pass = await offered(visit)
    for cookie, offer in (("", socket_pass), (visit.console.cookie, bytes(32))):
        stranger = await dial(place.broker, "/bulk", origin=ORIGIN if cookie else None, cookie=cookie)
        await stranger.say(SocketPass(visit.about.session_id, offer))
        assert await stranger.closed() == Reason.PASS_INVALID.value
    own = await dial(place.broker, "/bulk", origin=ORIGIN, cookie=visit.console.cookie)
    await own.say(SocketPass(visit.about.session_id, socket_pass))
    again = await dial(place.broker, "/bulk", origin=ORIGIN, cookie=visit.console.cookie)
    await again.say(SocketPass(visit.about.session_id, socket_pass))
    assert await again.closed() == Reason.PASS_INVALID.value
    await visit.end()
    await visit.over()


async def test_nothing_is_allowed_before_it_is_picked_and_the_broker_learns_no_name(place: Place) -> None:
    before, visit = len(place.desk.heard), await place.viewing()
    ask = await visit.request(Permission.FILE_FROM_HOST, "the table of the last run")
    prompt = await place.desk.until(ShowPrompt)
    await after(PROMPT_ARMED_AFTER + 0.1)
    place.desk.say(PromptAnswered(prompt.ask, Given.ALLOW))
    place.desk.say(picked(words_of(CONTENT, "run.csv"), ask))
    second = await place.desk.until(ShowPrompt)
    assert any(words_of(CONTENT).digest.hex() in line for line in second.lines)
    assert not [each for each in place.desk.heard[before:] if isinstance(each, FileRead)]
    place.desk.say(PromptAnswered(ask, Given.REFUSE))
    answered, _ = await visit.answer()
    assert answered.reason is Reason.REFUSED_BY_PERSON
    assert not visit.offers
    await visit.end()
    await visit.over()
    kept = b"".join(each.read_bytes() for each in place.broker.folder.rglob("*") if each.is_file())
    assert b"run.csv" not in kept
    assert words_of(CONTENT).digest not in kept
