"""Content of a visit on its way to the technician, over the relay or a channel of its own; and what arrives over that channel.

What may be sent when is `core/carriage.py`, how fast is `core/pacing.py`, whether at all is the core's. This file moves the bytes.
"""

import asyncio
import importlib
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, assert_never

from host_client.carriers.relay import SAID_MAX, Line
from host_client.core.carriage import Incoming, Outgoing, Phase
from host_client.core.commands import (
    Carried,
    CloseDirect,
    HoldContent,
    JoinDirect,
    OfChannel,
    OpenDirect,
    RelayContent,
    TakeDirect,
    TurnDirect,
)
from host_client.core.events import (
    DirectEmptied,
    DirectEnd,
    DirectLost,
    DirectOpened,
    DirectWaits,
    OfDirect,
    SessionReceived,
)
from host_client.core.pacing import Pacer, Rivals
from host_client.guardian.shell import Shell, Tasks
from policy.carrier import DirectCause
from wire.schema import MalformedMessage
from wire.sealed.direct import encode_taken, read_channel

if TYPE_CHECKING:
    from host_client.carriers import direct

WATCH_SECONDS = 0.25
ACK_EVERY = 16
INBOX_MAX = 2 * 1024 * 1024
"""Bytes that wait to be handled here; an honest end has half of it under way."""


class Try:
    """One channel, from its first port to its last record."""

    def __init__(self, content: "Content", session_id: str, attempt: int, channel: "direct.Channel") -> None:
        self.session_id, self.attempt, self.channel = session_id, attempt, channel
        self.incoming = Incoming()
        self.pacer = Pacer(time.monotonic())
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue()
        self.inbox_bytes = 0
        self.over = self.handling = False
        self._content = content

    def lose(self, cause: DirectCause) -> None:
        """Say once that it is gone."""
        if not self.over:
            self.over = True
            self._content.tell(self, DirectLost(self.session_id, self.attempt, cause))


class Content:
    """The content of the visit whose session socket this belongs to. `line`: the relay's, if there is one."""

    def __init__(self, shell: Shell, tasks: Tasks, line: Callable[[], Line | None]) -> None:
        self._shell, self._tasks, self._line = shell, tasks, line
        self._outgoing = Outgoing(only=False)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._changed = asyncio.Event()
        self._rivals = Rivals()
        self._wanting = False
        """A picture waits for room."""
        self._waited = False
        """The picture that is next waited for room at the relay."""
        self._generation = 0
        self._opening: OpenDirect | None = None
        """What is being opened; nothing any more once it was closed meanwhile."""
        self._try: Try | None = None

    # ---- what this end sends

    def begin(self, *, same_visit: bool) -> None:
        """A new session socket: nothing of an earlier one is left, but that content of a visit may not go over the relay."""
        self.end()
        self._outgoing = Outgoing(only=same_visit and self._outgoing.only)

    def end(self) -> None:
        """Nothing goes anywhere any more, and every port is closed."""
        self._close()
        self._generation += 1
        self._waiting.clear()
        self._waiting_bytes = 0
        self._rivals = Rivals()
        self._stir()

    def say(self, frame: bytes) -> None:
        """Send it when and where content goes. Never waits."""
        line = self._line()
        if line is None:
            return
        if self._outgoing.phase is Phase.RELAY and not self._waiting:
            line.say(frame)
            return
        self._waiting.append(frame)
        self._waiting_bytes += len(frame)
        if self._waiting_bytes > SAID_MAX:
            line.close()
        self._flush()

    async def room(self) -> bool:
        """Wait until a record of a picture may go where content goes; False where the visit's line is gone meanwhile."""
        generation = self._generation
        while generation == self._generation:
            line = self._line()
            if line is None:
                break
            relayed = self._outgoing.phase is Phase.RELAY and not self._waiting
            pause = None if relayed else self._pause()
            if pause == 0.0 or (relayed and line.has_room):
                self._wanting = False
                return True
            if relayed:
                self._waited = True
                await line.room()
            else:
                self._wanting = True
                await self._stirred(pause)
        self._wanting = False
        return False

    async def show(self, frame: bytes) -> None:
        """Send one record of a picture as soon as there is room where content goes; a visit that ends meanwhile loses it."""
        generation = self._generation
        while generation == self._generation:
            line = self._line()
            if line is None:
                return
            if self._outgoing.phase is Phase.RELAY and not self._waiting:
                await self._relay(line, frame)
                return
            pause = self._pause()
            if pause == 0.0:
                self._send(frame)
                return
            self._wanting = True
            await self._stirred(pause)
        self._wanting = False

    async def _relay(self, line: Line, frame: bytes) -> None:
        waited, self._waited = self._waited or not line.has_room, False
        await line.show(frame)
        if waited:
            self._rivals.moved(len(frame), time.monotonic(), direct=False)
        else:
            self._rivals.idle()

    def _pause(self) -> float | None:
        """Seconds until a record may go over the channel; None until something changes."""
        if self._try is None or not self._outgoing.room or self._waiting:
            return None
        return self._try.pacer.delay(time.monotonic())

    async def _stirred(self, seconds: float | None) -> None:
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def _stir(self) -> None:
        self._changed.set()

    def _send(self, frame: bytes) -> None:
        assert self._try is not None
        now = time.monotonic()
        self._wanting = False
        self._outgoing.sent(frame, now)
        self._try.pacer.spend(len(frame))
        self._try.channel.send(frame)

    def _flush(self) -> None:
        """What was said goes as soon as there is a carrier; it is little, and waits for no token."""
        line = self._line()
        while self._waiting and line is not None:
            relayed = self._outgoing.phase is Phase.RELAY
            if not relayed and (self._try is None or not self._outgoing.room):
                return
            frame = self._waiting.popleft()
            self._waiting_bytes -= len(frame)
            if relayed:
                line.say(frame)
            else:
                self._send(frame)

    # ---- what the core wants

    def channel(self, command: OfChannel, session_id: str) -> bool | Carried | None:
        """Do this with the channel."""
        match command:
            case OpenDirect():
                self._open(command, session_id)
            case JoinDirect(there):
                self._with(lambda live: self._tasks.go(self._join(live, there)))
            case HoldContent():
                self._outgoing.hold()
                self._with(lambda live: self._tasks.go(self._empty(live)))
            case TurnDirect():
                self._turn()
            case TakeDirect():
                self._with(lambda live: self._enqueue(live, live.incoming.turned()))
            case CloseDirect():
                return self._close()
            case RelayContent(received, only):
                return self._back(received, only)
            case _:
                assert_never(command)
        return None

    def _with(self, do: Callable[[Try], None]) -> None:
        if self._try is not None:
            do(self._try)

    def tell(self, live: Try, event: OfDirect) -> None:
        """The core hears of it, unless another try has taken this one's place."""
        self._tasks.go(self._shell.happened_if(lambda: self._try is live, event))

    def _open(self, command: OpenDirect, session_id: str) -> None:
        self._close()
        if command.only:
            self._outgoing.only = True
            self._outgoing.hold()
        self._opening = command
        self._tasks.go(self._wait(command, session_id))

    async def _wait(self, command: OpenDirect, session_id: str) -> None:
        """The library is big, and read only here: most hosts never need it."""
        carrier = await asyncio.to_thread(importlib.import_module, "host_client.carriers.direct")
        if self._opening is not command:
            return
        ranges = [ip_network(each) for each in command.ranges]

        def allowed(address: str) -> bool:
            return any(ip_address(address) in each for each in ranges)

        live: Try

        def heard(data: bytes) -> None:
            self._heard(live, data)

        def lost() -> None:
            live.lose(DirectCause.FAILED)

        live = self._try = Try(self, session_id, command.attempt, carrier.Channel(heard, lost))
        here: DirectEnd | None
        try:
            here = await live.channel.wait([each for each in carrier.own_addresses() if allowed(each)], allowed)
        except (carrier.ChannelFailed, OSError):
            here = None
        self.tell(live, DirectWaits(session_id, command.attempt, here))

    async def _join(self, live: Try, there: DirectEnd) -> None:
        failed = importlib.import_module("host_client.carriers.direct").ChannelFailed
        try:
            near, far = await live.channel.join(there)
        except failed as fault:
            live.lose(DirectCause.NOT_AS_AGREED if fault.foreign else DirectCause.FAILED)
            return
        except (ConnectionError, OSError):
            live.lose(DirectCause.FAILED)
            return
        self.tell(live, DirectOpened(live.session_id, live.attempt, near, far))

    async def _empty(self, live: Try) -> None:
        line = self._line()
        if line is not None:
            await line.emptied()
        self.tell(live, DirectEmptied(live.session_id, live.attempt))

    def _turn(self) -> None:
        if self._try is None:
            return
        self._rivals.idle()
        for frame in self._outgoing.turn(time.monotonic()):
            self._try.channel.send(frame)
        self._tasks.go(self._watch(self._try))
        self._flush()
        self._stir()

    def _close(self) -> Carried:
        live, self._try, self._opening = self._try, None, None
        self._outgoing.over()
        if live is None:
            return Carried()
        live.over = True
        received = live.incoming.over()
        self._tasks.go(live.channel.close())
        return Carried(received, self._outgoing.bytes, live.incoming.bytes)

    def _back(self, received: int, only: bool) -> bool:
        line = self._line()
        self._outgoing.only = only
        try:
            again = self._outgoing.back(received)
        except MalformedMessage:
            return False
        if line is not None:
            for frame in again:
                line.say(frame)
        self._rivals.idle()
        self._flush()
        self._stir()
        return True

    # ---- what arrives

    def _heard(self, live: Try, data: bytes) -> None:
        if live is not self._try:
            return
        try:
            count = read_channel(data)
            if count is None:
                self._enqueue(live, live.incoming.arrived(data))
            else:
                self._taken(live, count)
        except MalformedMessage:
            live.lose(DirectCause.NOT_AS_AGREED)

    def _taken(self, live: Try, count: int) -> None:
        now = time.monotonic()
        size = self._outgoing.taken(count, now)
        live.pacer.taken(size, now, busy=self._wanting)
        if not self._wanting:
            self._rivals.idle()
        elif self._rivals.moved(size, now, direct=True) and not self._outgoing.only:
            live.lose(DirectCause.SLOWER)
        self._flush()
        self._stir()

    def _enqueue(self, live: Try, frames: tuple[bytes, ...]) -> None:
        for frame in frames:
            live.inbox.put_nowait(frame)
            live.inbox_bytes += len(frame)
        if live.inbox_bytes > INBOX_MAX:
            raise MalformedMessage("channel", "is more than may be under way")
        if frames and not live.handling:
            live.handling = True
            self._tasks.go(self._handle(live))

    async def _handle(self, live: Try) -> None:
        """Records take their turn like everything else; one whose turn comes after the end comes again over the relay."""
        handled = 0
        while not live.inbox.empty():
            frame = live.inbox.get_nowait()
            live.inbox_bytes -= len(frame)
            await self._shell.happened_if(partial(live.incoming.take, frame), SessionReceived(live.session_id, frame))
            handled += 1
            if handled % ACK_EVERY == 0 or live.inbox.empty():
                live.channel.send(encode_taken(live.incoming.received))
        live.handling = False

    async def _watch(self, live: Try) -> None:
        """A channel over which nothing moves is given up, though the library still believes in it."""
        while self._try is live:
            if self._outgoing.stalled(time.monotonic()):
                live.lose(DirectCause.STALLED)
            await asyncio.sleep(WATCH_SECONDS)
