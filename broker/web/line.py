"""One accepted WebSocket: what waits to be sent on it, its deadlines, and its end.

Nothing that is sent waits for a slow reader, except the relay: it asks for `room()` before it reads on, which is how a
technician's slow network slows the host down. At most HELD_MOST bytes wait here, and twice the transport's own mark.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from broker.core.commands import SocketId, Unhurried
from broker.core.events import Timer
from policy.decision import Reason
from policy.permissions import Lane
from wire.frames import FrameKind

ROOM = 256 * 1024
"""Above this the relay waits."""
HELD_MOST = 768 * 1024
"""Above this the peer is not reading at all, and is cut off."""
CLOSE_SECONDS = 3.0
_POLICY_VIOLATION = 1008
_SEALED = bytes((FrameKind.SEALED,))
_WORDS = bytes((FrameKind.SEALED, Lane.CONTROL))
"""How a sealed record of the control lane begins: what the ends say to each other, not what they show."""
_LOG = logging.getLogger(__name__)


def _counted(frame: bytes) -> int:
    return 0 if isinstance(frame, Unhurried) else len(frame)


class Line:
    """A live socket. `abort` cuts the connection at once, whatever waits in it."""

    def __init__(self, socket: SocketId, websocket: WebSocket, abort: Callable[[], None]) -> None:
        self.id = socket
        self.turn = asyncio.Lock()
        """One event of a connection is answered at a time."""
        self._websocket = websocket
        self._abort = abort
        self._waiting: deque[bytes] = deque()
        self._held = 0
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closing: Reason | None = None
        self._timers: dict[Timer, asyncio.TimerHandle] = {}
        self._writer = asyncio.create_task(self._write())

    # ---- sending

    def put(self, frame: bytes) -> None:
        """Send soon. After `close` nothing is taken any more."""
        if self._closing is not None or self._writer.done():
            return
        self._waiting.append(frame)
        self._held += _counted(frame)
        self._work.set()
        if self._held > ROOM:
            self._room.clear()
        if self._held > HELD_MOST:
            _LOG.warning("a peer does not read; cutting it off")
            self.cut()

    async def room(self) -> None:
        """Wait until what waits is little enough for more, or the line is over."""
        await self._room.wait()

    def close(self, reason: Reason) -> None:
        """Send what must still be heard, then close. Of the sealed records that wait only the ends' own words are: the visit is over."""
        if self._closing is not None:
            return
        self._closing = reason
        self._waiting = deque(frame for frame in self._waiting if not frame.startswith(_SEALED) or frame.startswith(_WORDS))
        self._work.set()
        self._room.set()
        asyncio.get_running_loop().call_later(CLOSE_SECONDS, self.cut)

    def cut(self) -> None:
        """End the connection now."""
        self._room.set()
        self._abort()

    async def _write(self) -> None:
        try:
            while self._closing is None or self._waiting:
                await self._send_waiting()
            await self._websocket.close(_POLICY_VIOLATION, self._closing.value)
        except (WebSocketDisconnect, RuntimeError, OSError):
            # The peer is gone; its reader finds out and says so to the core.
            _LOG.debug("a line went away while it was written to")
        finally:
            self._room.set()

    async def _send_waiting(self) -> None:
        await self._work.wait()
        while self._waiting:
            frame = self._waiting.popleft()
            await self._websocket.send_bytes(frame)
            self._held -= _counted(frame)
            if self._held <= ROOM:
                self._room.set()
        if self._closing is None:
            self._work.clear()

    # ---- deadlines and the end

    def start(self, timer: Timer, seconds: float, fire: Callable[[], None]) -> None:
        """Call `fire` after so many seconds, and not at any earlier deadline of the same name."""
        self.stop_timer(timer)
        self._timers[timer] = asyncio.get_running_loop().call_later(max(0.0, seconds), fire)

    def stop_timer(self, timer: Timer) -> None:
        """Forget a deadline."""
        held = self._timers.pop(timer, None)
        if held is not None:
            held.cancel()

    async def over(self) -> None:
        """The reader has seen the end: forget every deadline and let the writer finish or give up."""
        for timer in list(self._timers):
            self.stop_timer(timer)
        if self._closing is None:
            self._writer.cancel()
        await asyncio.wait({self._writer}, timeout=CLOSE_SECONDS)
        self._writer.cancel()
