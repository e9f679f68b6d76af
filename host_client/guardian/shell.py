"""The one loop that performs the core's commands: one event at a time, one command after another.

`narrow` is the exception: it stops capture, input and prompt at once, also while a command waits for the disk.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, assert_never

from host_client.core.commands import (
    AddUnclosed,
    Carried,
    CloseBulk,
    CloseControl,
    CloseDirect,
    CloseSession,
    Command,
    FindHead,
    FindHeld,
    FindRestart,
    FindUnclosed,
    FinishReceipt,
    ForgetReturn,
    HoldContent,
    HoldHead,
    Inject,
    JoinDirect,
    KeepCountersigned,
    KeepDocuments,
    KeepDoubt,
    KeepReturn,
    LookAgain,
    MakeReceipt,
    MarkClosed,
    MarkCode,
    NextReceipt,
    Note,
    OfChannel,
    OpenBulk,
    OpenDirect,
    OpenSession,
    Record,
    RelayContent,
    RestartPc,
    SealReceipt,
    SendBulk,
    SendControl,
    SendSession,
    StartTimer,
    StopTimer,
    TakeDirect,
    Tell,
    TurnDirect,
    WasTold,
)
from host_client.core.events import DeskLost, Event, Fired
from host_client.core.guardian import Guardian
from host_client.core.in_force import InForce, Taken
from host_client.guardian.comparing import Answer, Comparing
from host_client.guardian.documents import HostDocuments
from host_client.guardian.logbook import Logbook
from host_client.guardian.receipts import Answer as OfReceipt
from host_client.guardian.receipts import Receipts
from host_client.guardian.restarting import ReturnFile
from host_client.link_frames import FilePiece, Input, ToDesk
from policy.decision import Reason
from policy.instant import Instant
from runtime.private_files import write_private

_LAST_WORDS_SECONDS = 2.0
Reply = bool | Carried | Taken | InForce | Reason | Answer | OfReceipt
"""What a command answers."""


class DeskPort(Protocol):
    """The desk, if there is one."""

    def tell(self, said: ToDesk | Input | FilePiece) -> None:
        """Say it. Never waits."""

    async def room(self) -> None:
        """Wait until it has read most of what was said."""


class ControlPort(Protocol):
    """The control socket, if there is one."""

    def say(self, frame: bytes) -> None:
        """Send it. Never waits."""

    def drop(self) -> None:
        """Close it, and begin again after a pause."""


class SessionPort(Protocol):
    """The session socket, if there is one."""

    def open(self, session_id: str, socket_pass: bytes) -> None:
        """Open it. Never waits."""

    def say(self, frame: bytes) -> None:
        """Send it ahead of pictures. Never waits."""

    async def all_sent(self) -> None:
        """Wait until everything that was said has left."""

    def close(self) -> None:
        """Close it after what was said."""

    def channel(self, command: OfChannel) -> "bool | Carried | None":
        """Do this with the channel of the direct path."""


class BulkPort(Protocol):
    """The bulk socket, if there is one."""

    def open(self, session_id: str, bulk_pass: bytes) -> None:
        """Open it in the place of any other. Never waits."""

    def say(self, frame: bytes) -> None:
        """Send it. Never waits."""

    def close(self) -> None:
        """Close it."""


class Restarter(Protocol):
    """How this PC is restarted."""

    async def possible(self) -> Reason | None:
        """Why it would not, as far as the system says."""

    async def restart(self) -> Reason | None:
        """Tell the system; why it does not, if so."""


@dataclass(slots=True)
class Wires:
    """What the shell speaks through. Set once everything exists."""

    desk: DeskPort
    control: ControlPort
    session: SessionPort
    bulk: BulkPort
    restarter: Restarter
    returning: ReturnFile
    second: SessionPort
    """Of the person who only watches."""


class Tasks:
    """Tasks that end with the program. One that fails stops the program: nothing fails silently here."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._running: set[asyncio.Task[None]] = set()

    def go(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it in the background; nobody waits for it."""
        self._running.add(self.start(work))

    def start(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run it in the background; the caller waits for it or cancels it."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            self._failed(fault)

    async def stop(self) -> None:
        """Cancel all and wait for them."""
        while self._running:
            running = tuple(self._running)
            for task in running:
                task.cancel()
            await asyncio.wait(running)


class Shell:
    """Owns the core, the timers, and the turn of each event."""

    def __init__(
        self,
        core: Guardian,
        logbook: Logbook,
        comparing: Comparing,
        receipts: Receipts,
        clock: Callable[[], Instant],
        mark: Path,
        documents: HostDocuments,
        tasks: Tasks,
    ) -> None:
        self.core, self.clock = core, clock
        self._logbook, self._comparing, self._mark, self._documents, self._tasks = logbook, comparing, mark, documents, tasks
        self._receipts = receipts
        self._turn = asyncio.Lock()
        self._timers: dict[Fired, tuple[object, asyncio.TimerHandle]] = {}
        self._wires: Wires | None = None

    def attach(self, wires: Wires) -> None:
        """Say what to speak through; before this nothing may happen."""
        self._wires = wires

    @property
    def _out(self) -> Wires:
        assert self._wires is not None, "the shell is attached before anything happens"
        return self._wires

    async def happened(self, event: Event) -> None:
        """Let the core answer this event, after those before it."""
        async with self._turn:
            await self._answer(event)

    async def happened_if(self, still: Callable[[], bool], event: Event) -> None:
        """The same, unless it means nothing any more when its turn comes."""
        async with self._turn:
            if still():
                await self._answer(event)

    async def desk_lost(self) -> None:
        """The desk is gone: nothing is shown, so nothing may go on."""
        self.narrow()
        await self.happened(DeskLost())

    async def desk_has_room(self) -> None:
        """Wait until the desk has read most of what it was told."""
        await self._out.desk.room()

    def narrow(self) -> None:
        """Stop capture, input and prompt now."""
        for said in self.core.narrow_now():
            self._out.desk.tell(said)

    async def _answer(self, event: Event) -> None:
        talk = self.core.handle(event, self.clock())
        reply: Reply = None
        while True:
            try:
                command = talk.send(reply)
            except StopIteration:
                return
            reply = await self._perform(command)

    async def _perform(self, command: Command) -> Reply:  # noqa: C901, PLR0911, PLR0912 - a table of one line each
        match command:
            case Record(events):
                return await self._logbook.record(events)
            case Note(event):
                await self._logbook.note(event)
            case Tell(said):
                self._out.desk.tell(said)
            case Inject(grant, batch):
                self._out.desk.tell(Input(grant, batch))
            case SendControl(frame):
                self._out.control.say(frame)
            case CloseControl():
                self._out.control.drop()
            case OpenSession(session_id, socket_pass, second):
                self._session(second).open(session_id, socket_pass)
            case SendSession(frame, second):
                self._session(second).say(frame)
            case CloseSession(second):
                self._session(second).close()
            case OpenDirect() | JoinDirect() | HoldContent() | TurnDirect() | TakeDirect() | CloseDirect() | RelayContent():
                return self._out.session.channel(command)
            case OpenBulk(session_id, bulk_pass):
                self._out.bulk.open(session_id, bulk_pass)
            case SendBulk(frame):
                self._out.bulk.say(frame)
            case CloseBulk():
                self._out.bulk.close()
            case StartTimer(timer, seconds, second):
                self._start_timer(Fired(timer, second), seconds)
            case StopTimer(timer, second):
                self._stop_timer(Fired(timer, second))
            case KeepDocuments(bundle):
                return await asyncio.to_thread(self._documents.take, bundle)
            case LookAgain():
                return await asyncio.to_thread(self._documents.look)
            case MarkCode(ticket):
                await asyncio.to_thread(mark_code, self._mark, ticket)
            case KeepReturn(ticket):
                return await asyncio.to_thread(self._out.returning.keep, ticket)
            case ForgetReturn():
                await asyncio.to_thread(self._out.returning.forget)
            case FindRestart() | RestartPc():
                return await self._restart(command)
            case FindHead() | FindHeld() | HoldHead() | FindUnclosed() | AddUnclosed() | MarkClosed() | KeepDoubt() | WasTold():
                return await self._comparing.perform(command)
            case MakeReceipt() | NextReceipt() | KeepCountersigned() | SealReceipt() | FinishReceipt():
                return await self._receipts.perform(command)
            case _:
                assert_never(command)
        return None

    async def _restart(self, command: FindRestart | RestartPc) -> Reason | None:
        """The technician has what was said last before the system takes this process away."""
        if isinstance(command, FindRestart):
            return await self._out.restarter.possible()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._out.session.all_sent(), _LAST_WORDS_SECONDS)
        return await self._out.restarter.restart()

    # ---- timers

    def _session(self, second: bool) -> SessionPort:
        return self._out.second if second else self._out.session

    def _start_timer(self, timer: Fired, seconds: float) -> None:
        self._stop_timer(timer)
        due = object()
        handle = asyncio.get_running_loop().call_later(max(0.0, seconds), self._due, timer, due)
        self._timers[timer] = (due, handle)

    def _stop_timer(self, timer: Fired) -> None:
        _, handle = self._timers.pop(timer, (None, None))
        if handle is not None:
            handle.cancel()

    def _due(self, timer: Fired, due: object) -> None:
        self._tasks.go(self._fire(timer, due))

    async def _fire(self, timer: Fired, due: object) -> None:
        async with self._turn:
            if self._timers.get(timer, (None, None))[0] is due:  # it may have been stopped or moved while this waited for its turn
                del self._timers[timer]
                await self._answer(timer)

    def stop_timers(self) -> None:
        """Nothing fires any more."""
        for timer in tuple(self._timers):
            self._stop_timer(timer)


def mark_code(path: Path, ticket: str | None) -> None:
    """Leave or take away the mark of a code. One that cannot be left costs an entry after a crash, and nothing else."""
    with contextlib.suppress(OSError):
        if ticket is None:
            path.unlink(missing_ok=True)
        else:
            write_private(path, ticket.encode("ascii"))
