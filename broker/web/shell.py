"""Carries out what the cores decide: the one loop that turns commands into sockets, log entries and deadlines."""

import asyncio
import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from itertools import count
from secrets import token_bytes
from typing import Any, Protocol, assert_never

from sqlalchemy.exc import SQLAlchemyError

from audit.events.people import GuessingBraked
from audit.events.shape import Event as AuditEvent
from audit.events.visit import FrameRefused
from broker.core.board import Board
from broker.core.commands import (
    AddUnclosed,
    Call,
    Close,
    Command,
    Disagrees,
    Draw,
    FindHead,
    FindHeld,
    FindHost,
    FindReceipt,
    FindSignIn,
    FindUnclosed,
    ForgetCall,
    HoldHead,
    HostRecord,
    KeepCall,
    KeepCopy,
    KeepDoubt,
    KeepReceipt,
    KeepTally,
    MarkClosed,
    Note,
    NoteStranger,
    OfReceipts,
    Record,
    Send,
    Sign,
    SignInFacts,
    SocketId,
    StartTimer,
    Stored,
    Talk,
    WasRaised,
    WasVisit,
)
from broker.core.events import Event, Fired, Timer
from broker.core.heads import doubts_now, kept_doubts
from broker.core.narrowing import sign_ins_now
from broker.core.strangers import Door, Strangers
from broker.storage.log import AuditLog, LogUnavailable
from broker.storage.store import Store
from broker.web.comparing import Comparing
from broker.web.line import Line
from policy.decision import Reason
from policy.instant import Instant
from trust.signatures import Ed25519Signer

_LOG = logging.getLogger(__name__)


class Core(Protocol):
    """What every connection's core looks like to the shell."""

    @property
    def proven(self) -> bool:
        """Does it know who is at the other end?"""
        ...

    def handle(self, event: Event, now: Instant) -> Talk:
        """Answer one event."""
        ...


@dataclass(slots=True)
class Shell:
    """Everything the cores need from outside, and the lines that stand."""

    board: Board
    store: Store
    log: AuditLog
    signer: Ed25519Signer
    clock: Callable[[], Instant]
    lines: dict[SocketId, Line] = field(default_factory=dict)
    cores: dict[SocketId, Core] = field(default_factory=dict)
    strangers: Strangers = field(default_factory=Strangers)
    door: Door = field(default_factory=Door)
    _empty: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def add(self, line: Line, core: Core) -> None:
        """A socket was accepted."""
        self.lines[line.id], self.cores[line.id] = line, core
        self._empty.clear()

    def drop(self, line: Line) -> None:
        """A socket is gone, and its core was told."""
        del self.lines[line.id], self.cores[line.id]
        if not self.lines:
            self._empty.set()

    async def until_empty(self) -> None:
        """Wait until no socket is left. Only meaningful when none can be added any more."""
        if self.lines:
            await self._empty.wait()

    def number(self) -> SocketId:
        """A name for a new socket, never used before in this process."""
        return SocketId(next(self._numbers))

    async def happened(self, line: Line, core: Core, event: Event) -> None:
        """Let a core answer one event to the end, before it gets the next."""
        async with line.turn:
            await self.perform(core.handle(event, self.clock()))

    async def perform(self, talk: Generator[Command, Any, None]) -> None:
        """Run one conversation."""
        reply: object = None
        while True:
            try:
                command = talk.send(reply)
            except StopIteration:
                return
            reply = await self._carry_out(command)

    async def _carry_out(self, command: Command) -> object:
        match command:
            case Send(to, frame):
                self._with_line(to, lambda line: line.put(frame))
            case Close(socket, reason):
                self._with_line(socket, lambda line: line.close(reason))
            case StartTimer(socket, timer, seconds):
                self._with_line(socket, lambda line: self._start(line, timer, seconds))
            case Draw(count):
                return token_bytes(count)
            case Sign(label, payload):
                return self.signer.sign_payload(label, payload)
            case Record() | Note() | NoteStranger():
                return await self._remember(command)
            case FindSignIn() | FindHost() | KeepTally() | KeepCall() | ForgetCall():
                return await self._ask_store(command)
            case (
                FindHead()
                | FindHeld()
                | HoldHead()
                | FindUnclosed()
                | AddUnclosed()
                | MarkClosed()
                | KeepDoubt()
                | WasRaised()
                | Disagrees()
            ):
                return await self.comparing.perform(command)
            case WasVisit() | FindReceipt() | KeepReceipt() | KeepCopy():
                return await self._of_receipts(command)
        return None

    async def _of_receipts(self, command: OfReceipts) -> object:
        receipts = self.store.receipts
        try:
            match command:
                case WasVisit(session_id, host_id):
                    return await receipts.was_visit(session_id, host_id)
                case FindReceipt(session_id):
                    return await receipts.find(session_id)
                case KeepReceipt(session_id, host_id, digest):
                    await receipts.keep(session_id, host_id, digest, self.clock().utc)
                case KeepCopy(session_id, content):
                    await receipts.keep_copy(session_id, content)
                case _:
                    assert_never(command)
        except SQLAlchemyError as fault:
            if isinstance(command, WasVisit | FindReceipt):
                raise
            _LOG.error("a receipt could not be kept (%s)", type(fault).__name__)
            return False
        return True

    @property
    def comparing(self) -> Comparing:
        """What is asked of logs."""
        return Comparing(self.store.evidence, self.log, self.board.broker_id, self.signer.public_key, self.clock)

    def _with_line(self, socket: SocketId, act: Callable[[Line], None]) -> None:
        line = self.lines.get(socket)
        if line is not None:
            act(line)

    # ---- the log

    async def _remember(self, command: Record | Note | NoteStranger) -> bool | None:
        match command:
            case Record(events):
                return await self.record(*events)
            case Note(event):
                if isinstance(event, GuessingBraked):
                    _LOG.warning("guessing at support codes from %s: braked for %d seconds", event.address or "everywhere", event.seconds)
                await self.log.note(event)
            case NoteStranger(address, event):
                await self.stranger(address, event)
        return None

    async def stranger(self, address: str, event: AuditEvent) -> None:
        """Record that an unproven peer was refused, or only count it."""
        await self.count_strangers()
        if self.strangers.row_of_its_own(address):
            await self.log.note(event)

    async def refused_at_door(self, address: str, reason: Reason, what: str) -> None:
        """The same, for a peer that was not even let in."""
        await self.stranger(address, FrameRefused(subject=address, reason=reason, what=what))

    async def record(self, *events: AuditEvent) -> bool:
        """Make entries durable. False, and the cause on this process's own log, if that cannot be done."""
        try:
            await self.log.record(*events)
        except LogUnavailable as fault:
            _LOG.error("the log cannot be written (%s): nothing new is allowed", fault)
            return False
        return True

    async def count_strangers(self) -> None:
        """Write down what was only counted in a minute that is over."""
        for summary in list(self.strangers.minute_over(self.clock())):
            await self.log.note(summary)

    # ---- the store

    async def look_at_sign_ins(self) -> None:
        """Sign-ins idle out while a screen streams, and other processes suspend accounts and end sign-ins."""
        here = tuple(self.board.consoles)  # before the question: who comes in meanwhile was not asked for
        if not here:
            return
        now = self.clock()
        try:
            standing = await self.store.sign_ins.standing(now.utc)
        except SQLAlchemyError as fault:
            _LOG.error("sign-ins could not be looked at (%s)", type(fault).__name__)
            return
        await self.perform(sign_ins_now(self.board, {each: standing.get(each) for each in here}, now))

    async def look_at_doubts(self) -> None:
        """Another process acknowledges: a command of the person who has seen them."""
        before = kept_doubts(self.board)  # before the question: what is raised meanwhile was not asked for
        try:
            standing = frozenset(row.subject for row in await self.store.evidence.doubts())
        except SQLAlchemyError as fault:
            _LOG.error("doubts could not be looked at (%s)", type(fault).__name__)
            return
        if standing != before:
            await self.perform(doubts_now(self.board, before, standing, self.clock()))

    async def forget_old_tallies(self) -> None:
        """Drop counts that slow nobody down any more, here and in the database: strangers make up names without end."""
        old = self.board.forget_old_tallies(self.clock())
        try:
            await self.store.tallies.forget(old)
        except SQLAlchemyError as fault:
            _LOG.error("old tallies could not be forgotten (%s)", type(fault).__name__)

    async def _ask_store(self, command: Stored) -> object:
        match command:
            case FindSignIn(sign_in):
                return await self._sign_in(sign_in)
            case FindHost(host_id):
                host = await self.store.registry.host(host_id)
                return HostRecord(host.key, host.site, host.phi) if host else None
            case KeepTally():
                await self.keep_tally(command)
            case KeepCall(call) | ForgetCall(call):
                await self._store_call(call, kept=isinstance(command, KeepCall))
        return None

    async def _store_call(self, call: Call, *, kept: bool) -> None:
        """Store or forget a request to be called. It stands in memory already; only a restart would tell the difference."""
        try:
            await (self.store.calls.keep(call) if kept else self.store.calls.forget(call))
        except SQLAlchemyError as fault:
            _LOG.error("a request to be called could not be stored (%s)", type(fault).__name__)

    async def keep_tally(self, command: KeepTally) -> None:
        """Store a tally. It is in force in memory already; only a restart would forget it."""
        try:
            await self.store.tallies.keep(command.subject, command.tally)
        except SQLAlchemyError as fault:
            _LOG.error("a tally could not be stored (%s)", type(fault).__name__)

    async def _sign_in(self, sign_in: bytes) -> SignInFacts | None:
        utc = self.clock().utc
        row = await self.store.sign_ins.by_id(sign_in, utc)
        return SignInFacts(row.technician_id, max(0.0, utc - row.factor)) if row else None

    # ---- deadlines

    def _start(self, line: Line, timer: Timer, seconds: float) -> None:
        line.start(timer, seconds, lambda: self._fire(line, timer))

    def _fire(self, line: Line, timer: Timer) -> None:
        core = self.cores.get(line.id)
        if core is None:
            return
        task = asyncio.create_task(self.happened(line, core, Fired(timer)))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._fired(line, done))

    def _fired(self, line: Line, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("a deadline could not be kept; cutting the connection", exc_info=task.exception())
            line.cut()
