"""The desk's socket: one desk, of our own account, alive, and of few words. Whatever else comes ends the visit."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from host_client.core.commands import Talk
from host_client.core.events import DeskLost, DeskSaid, Event
from host_client.core.guardian import Guardian
from host_client.guardian import desk_server
from host_client.guardian.bulk import Bulk
from host_client.guardian.comparing import Comparing
from host_client.guardian.desk_server import DeskServer
from host_client.guardian.documents import HostDocuments
from host_client.guardian.evidence import read_evidence
from host_client.guardian.logbook import Logbook
from host_client.guardian.receipts import Receipts
from host_client.guardian.restarting import CommandRestarter, ReturnFile
from host_client.guardian.session import SecondSession, Session
from host_client.guardian.shell import Shell, Tasks, Wires
from host_client.link import SECOND, EndPressed, GetHelp, Heartbeat, ShowIdle, ShowSummary
from host_client.link_frames import Picture, ToDesk
from policy.instant import Instant
from runtime.file_log import FileLog
from tests.helpers.documents import VendorSigners
from tests.helpers.host_core import Stage
from tests.helpers.host_process import READY, WITHIN, meet
from tests.helpers.plain_log import PlainLog


class Watched(Guardian):
    """A core that tells what happened to it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.trusted, stage.ports)
        self.seen: asyncio.Queue[Event] = asyncio.Queue()
        self.narrowed = asyncio.Event()

    def handle(self, event: Event, now: Instant) -> Talk:
        """As it is, and noted."""
        self.seen.put_nowait(event)
        yield from super().handle(event, now)

    def narrow_now(self) -> tuple[ToDesk, ...]:
        """As it is, and noted."""
        self.narrowed.set()
        return super().narrow_now()

    async def next(self) -> Event:
        """The next thing that happened."""
        return await asyncio.wait_for(self.seen.get(), WITHIN)


class Shelf:
    """A control socket that goes nowhere."""

    def say(self, frame: bytes) -> None:
        """Lost, as on a line that is gone."""
        assert frame

    def drop(self) -> None:
        """There is no line."""


class Room:
    """A desk's socket with the real shell behind it. `now` is the shell's clock."""

    def __init__(self, folder: Path) -> None:
        stage, shelf = Stage(), Shelf()
        self.now, self.path, self.faults = stage.now, folder / "run" / "desk.sock", list[BaseException]()
        self.tasks = Tasks(self.faults.append)
        self.core = Watched(stage)
        documents = HostDocuments(folder / "documents", "Site", "b-1", VendorSigners("Acme").root, b"", lambda: self.now)
        logbook = Logbook(PlainLog(), lambda: self.now)
        comparing = Comparing(logbook, read_evidence(folder / "evidence.json"), lambda: self.now)
        receipts = Receipts(folder / "receipts", cast(FileLog, None), folder / "log", "Site", stage.key, lambda: self.now)
        self.shell = Shell(self.core, logbook, comparing, receipts, lambda: self.now, folder / "mark", documents, self.tasks)
        session = Session(self.shell, self.tasks, "https://localhost:1", ssl.create_default_context())
        bulk = Bulk(self.shell, self.tasks, "https://localhost:1", ssl.create_default_context())
        self.second = SecondSession(self.shell, self.tasks, "https://localhost:1", ssl.create_default_context())
        self.session = session
        self.server = DeskServer(self.path, self.shell, (session, self.second), bulk, self.tasks)
        returning = ReturnFile(folder / "return.json")
        self.shell.attach(Wires(self.server, shelf, session, bulk, CommandRestarter(()), returning, self.second))


@pytest_asyncio.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(tmp_path)
    await made.server.listen()
    yield made
    await made.server.close()
    await made.tasks.stop()
    assert made.faults == []


async def test_only_the_owner_can_reach_the_socket(room: Room) -> None:
    assert room.path.stat().st_mode & 0o777 == 0o600
    assert room.path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_desk_is_heard_and_answered_and_its_end_is_noticed(room: Room) -> None:
    desk = await meet(room.path)
    desk.say(READY)
    assert await room.core.next() == DeskSaid(READY)
    assert (await desk.until(ShowIdle)).host_name == "PC 1"
    await desk.leave()
    assert await room.core.next() == DeskLost()


async def test_a_process_of_another_account_is_sent_away(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.getuid()
    monkeypatch.setattr("host_client.guardian.desk_server.os.getuid", lambda: own + 1)
    stranger = await meet(room.path)
    await stranger.until_closed()
    assert (stranger.heard, room.core.seen.qsize()) == ([], 0)
    await stranger.leave()


async def test_a_second_desk_is_sent_away_and_the_first_stays(room: Room) -> None:
    first = await meet(room.path)
    first.say(READY)
    await room.core.next()
    second = await meet(room.path)
    await second.until_closed()
    await second.leave()
    first.say(GetHelp())
    assert await room.core.next() == DeskSaid(GetHelp())
    await first.leave()


async def test_a_desk_that_falls_silent_is_lost(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_server, "DESK_SILENT_SECONDS", 0.1)
    desk = await meet(room.path)
    desk.hang()
    assert await room.core.next() == DeskLost()
    assert room.core.narrowed.is_set()
    await desk.until_closed()
    await desk.leave()


async def test_a_desk_whose_windows_hang_is_lost_though_its_pictures_still_come(room: Room) -> None:
    desk = await meet(room.path)
    desk.say(READY)
    await room.core.next()
    desk.hang()
    room.now = room.now.after(desk_server.DESK_SILENT_SECONDS + 0.1)
    desk.show(1, b"\x03" + bytes(12))
    assert await room.core.next() == DeskLost()
    await desk.leave()


@pytest.mark.parametrize("data", [b"\0\0\0\2\x01{", b"\xff\xff\xff\xff", b"\0\0\0\x02\x03\0"])
async def test_a_desk_that_says_what_no_desk_says_is_lost(room: Room, data: bytes) -> None:
    desk = await meet(room.path)
    desk.write(data)
    assert await room.core.next() == DeskLost()
    await desk.until_closed()
    await desk.leave()


async def test_a_desk_that_sends_pictures_without_credit_is_lost(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_server, "PICTURES_MAX", 150)
    desk = await meet(room.path)
    desk.show(1, bytes(100))
    desk.show(1, bytes(100))
    assert await room.core.next() == DeskLost()
    await desk.leave()


async def test_pictures_for_somebody_who_watches_hold_up_none_of_the_technicians(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, shown = asyncio.Event(), asyncio.Queue[Picture]()

    async def never(_picture: Picture) -> None:
        stuck.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(room.second, "show", never)
    monkeypatch.setattr(room.session, "show", shown.put)
    desk = await meet(room.path)
    desk.show(SECOND + 1, b"\x03" + bytes(12))
    await asyncio.wait_for(stuck.wait(), WITHIN)
    desk.show(SECOND + 1, b"\x03" + bytes(12))
    desk.show(1, b"\x03" + bytes(12))
    assert (await asyncio.wait_for(shown.get(), WITHIN)).grant == 1
    assert shown.empty()
    await desk.leave()


async def test_nothing_is_sealed_for_somebody_who_is_not_there(room: Room) -> None:
    await room.second.show(Picture(SECOND + 1, b"\x03" + bytes(12)))
    assert room.second._visit is None


async def test_a_desk_that_does_not_read_is_lost(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_server, "UNREAD_MAX", 1000)
    _, writer = await asyncio.open_unix_connection(str(room.path))
    desk = await meet(room.path)  # refused, but then the first one is served
    await desk.until_closed()
    await desk.leave()
    for _ in range(200):
        room.server.tell(ShowSummary(("x" * 1000,) * 40))
    assert await room.core.next() == DeskLost()
    writer.close()


async def test_end_stops_everything_before_it_waits_for_its_turn(room: Room) -> None:
    desk = await meet(room.path)
    desk.say(READY)
    await room.core.next()
    async with room.shell._turn:
        desk.say(EndPressed())
        await asyncio.wait_for(room.core.narrowed.wait(), WITHIN)
        assert room.core.seen.empty()
    assert await room.core.next() == DeskSaid(EndPressed())
    await desk.leave()


async def test_heartbeats_are_nothing_that_happens(room: Room) -> None:
    desk = await meet(room.path)
    desk.say(Heartbeat())
    desk.say(READY)
    assert await room.core.next() == DeskSaid(READY)
    await desk.leave()


async def test_what_was_said_last_still_arrives_and_then_the_socket_is_gone(room: Room) -> None:
    desk = await meet(room.path)
    desk.say(READY)
    await desk.until(ShowIdle)
    room.server.tell(ShowSummary(("goodbye",)))
    await room.server.close()
    assert (await desk.until(ShowSummary)).lines == ("goodbye",)
    await desk.until_closed()
    await desk.leave()
    assert not room.path.exists()
