"""The shell carries out commands on real storage: what it answers to a core, and what it does when the log or a line is gone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest_asyncio
from sqlalchemy import text

from audit.entry import at, decode_entry
from audit.events.broker import BrokerStarted, BrokerStopped, HostConnectRefused, PeersRefused
from audit.events.evidence import LogFailed
from audit.events.visit import FrameRefused
from broker.core.board import Board
from broker.core.commands import (
    Close,
    Draw,
    FindHost,
    FindSignIn,
    KeepTally,
    Note,
    NoteStranger,
    Record,
    Send,
    Sign,
    SignInId,
    SocketId,
    StartTimer,
    Talk,
)
from broker.core.events import Closed, Event, Fired, Timer
from broker.core.strangers import ROWS_PER_MINUTE
from broker.storage.log import AuditLog
from broker.storage.store import Store
from broker.web.line import Line
from broker.web.shell import Shell
from policy.decision import Reason
from policy.instant import Instant
from policy.throttle import SIGN_IN_BRAKE
from tests.helpers.playbook import NOON
from trust.signatures import Ed25519Signer
from wire.statements import Label, Statement

STARTED, STOPPED = BrokerStarted(broker_id="b-one", version="1"), BrokerStopped(broker_id="b-one")
WITHIN = 5.0


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: Instant = NOON

    def __call__(self) -> Instant:
        return self.now


@dataclass
class Heard:
    """A line that notes what it is told."""

    id: SocketId
    told: list[object] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    fire: Any = None
    was_cut: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, frame: bytes) -> None:
        """Note it."""
        self.told.append(frame)

    def close(self, reason: Reason) -> None:
        """Note it."""
        self.told.append(reason)

    def start(self, timer: Timer, seconds: float, fire: Any) -> None:
        """Note it, and keep what would fire."""
        self.told.append((timer, seconds))
        self.fire = fire

    def cut(self) -> None:
        """Note it."""
        self.was_cut.set()


@dataclass
class Script:
    """A core that yields these commands at every event, keeps the answers, and then fails if it is told to."""

    commands: tuple[Any, ...] = ()
    fails: bool = False
    proven: bool = False
    answers: list[object] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def handle(self, event: Event, _now: Instant) -> Talk:
        """Answer one event."""
        self.events.append(event)
        for command in self.commands:
            answered = yield command
            self.answers.append(answered)
        if self.fails:
            raise LookupError("a fault of our own")


@dataclass
class Place:
    """A shell on an empty database."""

    shell: Shell
    clock: Clock

    async def run(self, *commands: Any) -> list[object]:
        """What a core is answered."""
        script = Script(commands)
        await self.shell.perform(script.handle(Closed(), self.clock()))
        return script.answers

    def line(self, core: Script) -> Heard:
        """A line that stands, with its core."""
        heard = Heard(self.shell.number())
        self.shell.add(cast(Line, heard), core)
        return heard

    async def logged(self) -> list[object]:
        """Every event of the log."""
        return [decode_entry(row.entry).event for row in await self.shell.log.rows()]

    async def break_log(self) -> None:
        """From now on nothing can be recorded."""
        async with self.shell.store.database.writing() as connection:
            await connection.execute(text("ALTER TABLE audit_log RENAME TO away"))

    async def mend_log(self) -> None:
        """And now it can."""
        async with self.shell.store.database.writing() as connection:
            await connection.execute(text("ALTER TABLE away RENAME TO audit_log"))


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Opened and closed for each test."""
    store, clock = await Store.open_file(tmp_path / "broker.sqlite3"), Clock()
    board = Board("b-one", (), lambda _kind, key: key.hex())
    key = Ed25519Signer(bytes(32))
    yield Place(Shell(board, store, AuditLog(store.database, lambda: at(clock()), key), key, clock), clock)
    await store.close()


async def test_each_command_is_answered_as_the_list_of_commands_says(place: Place) -> None:
    drawn, signed, recorded, noted, sign_in, host = await place.run(
        Draw(8), Sign(Label.BROKER_HELLO, b"{}"), Record((STARTED,)), Note(STOPPED), FindSignIn(SignInId(bytes(16))), FindHost("h-nobody")
    )
    assert isinstance(drawn, bytes)
    assert len(drawn) == 8
    assert isinstance(signed, Statement)
    assert (recorded, noted, sign_in, host) == (True, None, None, None)
    assert await place.logged() == [STARTED, STOPPED]


async def test_a_log_that_cannot_be_written_refuses_a_record_and_keeps_a_note_for_later(place: Place) -> None:
    await place.break_log()
    assert await place.run(Record((STARTED,)), Note(STOPPED)) == [False, None]
    await place.mend_log()
    assert await place.run(Record((STARTED,))) == [True]
    assert await place.logged() == [LogFailed(seconds=0, late=1, lost=0), STOPPED, STARTED]


async def test_what_is_for_a_line_reaches_it_and_what_is_for_none_is_lost(place: Place) -> None:
    heard = place.line(Script())
    gone = SocketId(999)
    await place.run(
        Send(heard.id, b"frame"), Send(gone, b"frame"), StartTimer(heard.id, Timer.LEASE, 3.0), StartTimer(gone, Timer.LEASE, 3.0),
        Close(heard.id, Reason.SESSION_OVER), Close(gone, Reason.SESSION_OVER),
    )  # fmt: skip
    assert heard.told == [b"frame", (Timer.LEASE, 3.0), Reason.SESSION_OVER]


async def test_a_deadline_reaches_the_core_and_a_core_that_fails_at_it_loses_its_line(place: Place) -> None:
    core = Script((), fails=True)
    heard = place.line(core)
    await place.run(StartTimer(heard.id, Timer.JOIN, 1.0))
    heard.fire()
    await asyncio.wait_for(heard.was_cut.wait(), WITHIN)
    assert core.events == [Fired(Timer.JOIN)]
    place.shell.drop(cast(Line, heard))
    heard.fire()
    await asyncio.wait_for(place.shell.until_empty(), WITHIN)
    assert core.events == [Fired(Timer.JOIN)], "a deadline of a line that is gone is nobody's"


async def test_strangers_beyond_ten_a_minute_are_counted_and_the_count_is_written_when_the_minute_is_over(place: Place) -> None:
    refused = HostConnectRefused(host_given="", address="192.0.2.1", reason=Reason.IDENTITY_NOT_PROVEN)
    await place.run(*(NoteStranger("192.0.2.1", refused) for _ in range(ROWS_PER_MINUTE + 5)))
    place.clock.now = NOON.after(60)
    await place.shell.refused_at_door("192.0.2.2", Reason.ORIGIN_REFUSED, "/host")
    logged = await place.logged()
    assert logged[: ROWS_PER_MINUTE + 1] == [refused] * ROWS_PER_MINUTE + [
        PeersRefused(address="192.0.2.1", minute=int(NOON.utc // 60), count=5)
    ]
    assert logged[ROWS_PER_MINUTE + 1 :] == [FrameRefused(subject="192.0.2.2", reason=Reason.ORIGIN_REFUSED, what="/host")]


async def test_counts_are_stored_and_forgotten_when_nobody_is_slowed_by_them_any_more(place: Place) -> None:
    tally = place.shell.board.count_failure("sign-in nobody 192.0.2.1", SIGN_IN_BRAKE, NOON)
    await place.run(KeepTally("sign-in nobody 192.0.2.1", tally))
    assert await place.shell.store.tallies.load(NOON) == {"sign-in nobody 192.0.2.1": tally}
    place.clock.now = NOON.after(2 * SIGN_IN_BRAKE.window)
    await place.shell.forget_old_tallies()
    assert await place.shell.store.tallies.load(NOON) == {}


async def test_a_database_that_fails_loses_no_count_of_the_running_process(place: Place) -> None:
    tally = place.shell.board.count_failure("sign-in nobody 192.0.2.1", SIGN_IN_BRAKE, NOON)
    async with place.shell.store.database.writing() as connection:
        await connection.execute(text("DROP TABLE tallies"))
    assert await place.run(KeepTally("sign-in nobody 192.0.2.1", tally)) == [None]
    assert place.shell.board.tallies == {"sign-in nobody 192.0.2.1": tally}
    place.clock.now = NOON.after(2 * SIGN_IN_BRAKE.window)
    await place.shell.forget_old_tallies()
    assert place.shell.board.tallies == {}
