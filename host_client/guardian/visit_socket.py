"""One socket of a visit, at most one at a time: opened in the background with a pass, in the place of any other.

What is long goes out part by part, each sealed only when the line has room for it: nothing sealed is ever thrown away by a line that is
slow, this process holds no more than a few records, and nothing at all is sealed once the grant is gone.
"""

import asyncio
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from host_client.carriers.relay import BrokerUnreachable, Line, open_line
from host_client.core.visit import Visit
from host_client.guardian.shell import Shell, Tasks
from wire.frames import Frame, FrameKind
from wire.messages.session import SocketPass
from wire.schema import encode


class VisitSocket(ABC):
    """What session and bulk socket share; what each tells the core is its own."""

    path: ClassVar[str]

    def __init__(self, shell: Shell, tasks: Tasks, broker_url: str, context: ssl.SSLContext) -> None:
        self._shell, self._tasks, self._broker_url, self._context = shell, tasks, broker_url, context
        self._line: Line | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self, session_id: str, socket_pass: bytes) -> None:
        """Open it in the background; the core hears of it."""
        self.close()
        self._task = self._tasks.start(self._live(session_id, socket_pass))

    def say(self, frame: bytes) -> None:
        """Send it ahead of what waits for room, if there is a line."""
        if self._line is not None:
            self._line.say(frame)

    async def all_sent(self) -> None:
        """Wait until everything that was said has left, if there is a line."""
        if self._line is not None:
            await self._line.all_sent()

    def close(self) -> None:
        """Close it after what was said; one that is still being opened is given up. The core hears nothing of it any more."""
        line, task, self._line, self._task = self._line, self._task, None, None
        if line is not None:
            line.close()
        elif task is not None:
            task.cancel()

    @abstractmethod
    async def _opened(self, session_id: str) -> None:
        """The line is there, and its pass is on the way."""

    @abstractmethod
    async def _received(self, session_id: str, data: bytes) -> None:
        """One whole message."""

    @abstractmethod
    async def _closed(self, session_id: str) -> None:
        """It is gone, or could not be opened."""

    @property
    def _visit(self) -> Visit | None:
        """Whose socket this is."""
        return self._shell.core.visit

    async def _send(self, frames: Iterable[bytes]) -> None:
        """Send these in their order as there is room, as long as the visit goes on."""
        visit, line = self._visit, self._line
        if visit is None or line is None:
            return
        for frame in frames:
            if visit.standing.stopping:
                return
            await line.show(frame)

    async def _live(self, session_id: str, socket_pass: bytes) -> None:
        try:
            line = await open_line(self._broker_url, self.path, self._context)
        except BrokerUnreachable:
            self._let_go()
            await self._closed(session_id)
            return
        self._line = line
        line.say(Frame(FrameKind.CONTROL, encode(SocketPass(session_id, socket_pass))).encode())
        sending = self._tasks.start(line.run())
        try:
            await self._opened(session_id)
            async for data in line.received():
                if self._line is not line:
                    break  # it was closed from here; another may have taken its place
                await self._received(session_id, data)
        finally:
            line.close()
            ours = self._line is line
            if ours:
                self._line = None
                self._let_go()
        await asyncio.wait((sending,))
        if ours:  # one that the core closed itself may have a successor, which must not be taken for it
            await self._closed(session_id)

    def _let_go(self) -> None:
        """This task tells the core of its end; the answer, which closes the socket, must not cancel it meanwhile."""
        if self._task is asyncio.current_task():
            self._task = None
