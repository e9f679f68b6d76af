"""Case 53 where the line of the visit itself is cut in the middle of a file: real broker and guardian, a technician's end that comes back.

It goes on, either way, from where the receiver has it and under other keys, and is whole; or nothing of it is left.

Mutations that were tried, each of which makes this file fail:
    host_client/core/files.py        a line that is cut ends the file
    host_client/core/own_lanes.py    a visit that goes on leaves its files where they were
    host_client/core/reconnecting.py what was said of a file meanwhile is lost
    broker/core/bulk.py              an end whose pass is unused waits until it is over
"""

import asyncio
from contextlib import suppress
from hashlib import sha256

import pytest
from websockets.exceptions import ConnectionClosed

from audit.events import files as log
from host_client.link_files import FileBegin, FileDrop, FileKeep, FileKept, FileShown, FileStop, FileWritten
from host_client.link_frames import FilePiece
from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.session import EndCause
from tests.helpers.broker_fixture import ON_ONE_LOOP, broker
from tests.helpers.host_process import logged_at_host
from tests.helpers.host_transfer import words_of
from tests.helpers.scripted_files import bulk_socket, fetch, offered, read
from tests.helpers.scripted_return import break_line, come_back
from tests.helpers.visit_place import Place, place
from wire.frames import FrameKind
from wire.limits import FILE_WINDOW, PASS_SECONDS
from wire.messages.session import BulkWanted
from wire.sealed.files import Data, decode_ack, encode_data
from wire.sealed.inner import FileOver

__all__ = ["broker", "place"]
pytestmark = [pytest.mark.adversary, ON_ONE_LOOP]
CONTENT = bytes(range(256)) * 40
HALF = len(CONTENT) // 2


async def test_a_file_from_the_instrument_goes_on_where_the_technicians_end_has_it(place: Place) -> None:
    fetching = await fetch(place, await place.viewing(), CONTENT)
    await fetching.ack(0, FILE_WINDOW)
    assert (await read(place)).size == len(CONTENT)
    place.desk.write(fetching.piece(0, HALF))
    await fetching.data()
    await break_line(fetching.visit)
    assert (await place.desk.until(FileShown, lambda shown: shown.waits)).grant == fetching.ask
    place.desk.write(fetching.piece(HALF, 100))
    with pytest.raises(ConnectionClosed):
        await fetching.data()
    assert fetching.ask in await come_back(fetching.visit)
    place.desk.write(fetching.piece(HALF, 100))
    await fetching.carried()
    await fetching.ack(HALF, FILE_WINDOW)
    wanted = await read(place)
    assert (wanted.offset, wanted.size) == (HALF, HALF)
    place.desk.write(fetching.piece(HALF, HALF))
    assert (await fetching.data()).offset == HALF
    assert sha256(fetching.got).digest() == words_of(CONTENT).digest
    await fetching.visit.whisper(FileOver(fetching.ask, None))
    await place.desk.until(FileDrop, lambda drop: drop.grant == fetching.ask)
    await fetching.visit.end()
    assert await fetching.visit.over() is EndCause.TECHNICIAN_ENDED
    await logged_at_host(place.host, log.FileDone, lambda done: done.session_id == fetching.visit.about.session_id)


async def test_a_file_to_the_instrument_goes_on_where_the_host_has_it_and_then_gets_its_name(place: Place) -> None:
    before, visit = len(place.desk.heard), await place.viewing()
    ask = await visit.request(Permission.FILE_TO_HOST, file=words_of(CONTENT))
    await place.allow()
    await place.desk.until(FileBegin)
    wire = await bulk_socket(visit, await offered(visit))
    assert decode_ack(visit.open((await wire.frame()).body)[1]).offset == 0
    await wire.send(FrameKind.SEALED, visit.seal(Lane.FILE_TO_HOST, ask, encode_data(Data(0, CONTENT[:HALF]))))
    assert (await place.desk.until(FilePiece)).content == CONTENT[:HALF]
    await break_line(visit)
    assert (await place.desk.until(FileShown, lambda shown: shown.waits)).done == HALF
    place.desk.say(FileWritten(ask, HALF))
    assert ask in await come_back(visit)
    wire = await bulk_socket(visit, await offered(visit))
    assert decode_ack(visit.open((await wire.frame()).body)[1]).offset == HALF
    await wire.send(FrameKind.SEALED, visit.seal(Lane.FILE_TO_HOST, ask, encode_data(Data(HALF, CONTENT[HALF:]))))
    assert (await place.desk.until(FileKeep)).grant == ask
    place.desk.say(FileKept(ask, "method.bin"))
    while not visit.files_over:
        await visit.turn()
    assert visit.files_over == [FileOver(ask, None)]
    assert not [each for each in place.desk.heard[before:] if isinstance(each, FileDrop) and each.grant == ask]
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED


async def test_a_file_that_the_person_cancels_while_it_waits_leaves_nothing_and_the_technician_hears_who_did(place: Place) -> None:
    fetching = await fetch(place, await place.viewing(), CONTENT)
    await fetching.ack(0, HALF)
    await read(place)
    await break_line(fetching.visit)
    await place.desk.until(FileShown, lambda shown: shown.waits)
    place.desk.say(FileStop(fetching.ask))
    await place.desk.until(FileDrop, lambda drop: drop.grant == fetching.ask)
    assert fetching.ask not in await come_back(fetching.visit)
    assert fetching.visit.files_over == [FileOver(fetching.ask, Reason.FILE_STOPPED_AT_HOST)]
    place.desk.write(fetching.piece(0, HALF))
    await fetching.visit.end()
    assert await fetching.visit.over() is EndCause.TECHNICIAN_ENDED
    assert not fetching.got


async def test_an_end_that_could_not_open_its_socket_is_offered_another_long_before_its_pass_is_over(place: Place) -> None:
    fetching = await fetch(place, await place.viewing(), CONTENT)
    visit = fetching.visit
    fetching.wire.socket.transport.abort()
    unused = await offered(visit)
    async with asyncio.timeout(PASS_SECONDS / 2):
        while not visit.offers:
            await visit.wire.say(BulkWanted(visit.about.session_id))
            with suppress(TimeoutError):
                await asyncio.wait_for(visit.turn(), 0.5)
    assert visit.offers[-1].bulk_pass != unused
    await fetching.carried()
    await fetching.ack(0, FILE_WINDOW)
    assert (await read(place)).size == len(CONTENT)
    await visit.end()
    assert await visit.over() is EndCause.TECHNICIAN_ENDED
