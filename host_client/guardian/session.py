"""The session socket of one visit, and the pictures on it.

A picture is sealed only when there is room for it, part by part, so that nothing sealed is ever thrown away by a line
that is slow, and nothing at all is sealed once the grant is gone.
"""

import asyncio
import ssl

from host_client.carriers.relay import BrokerUnreachable, Line, open_line
from host_client.core.events import SessionClosed, SessionOpened, SessionReceived
from host_client.guardian.shell import Shell, Tasks
from host_client.link_frames import Picture
from wire.frames import Frame, FrameKind
from wire.messages.session import SocketPass
from wire.schema import encode


class Session:
    """At most one session socket."""

    def __init__(self, shell: Shell, tasks: Tasks, broker_url: str, context: ssl.SSLContext) -> None:
        self._shell, self._tasks, self._broker_url, self._context = shell, tasks, broker_url, context
        self._line: Line | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self, session_id: str, socket_pass: bytes) -> None:
        """Open it in the background; the core hears of it."""
        self.close()
        self._task = self._tasks.start(self._live(session_id, socket_pass))

    def say(self, frame: bytes) -> None:
        """Send it ahead of pictures, if there is a line."""
        if self._line is not None:
            self._line.say(frame)

    def close(self) -> None:
        """Close it after what was said; one that is still being opened is given up."""
        line, task, self._line, self._task = self._line, self._task, None, None
        if line is not None:
            line.close()
        elif task is not None:
            task.cancel()

    async def show(self, picture: Picture) -> None:
        """Seal and send one screen message, if its grant lives. Raises MalformedMessage if it is none."""
        visit, line = self._shell.core.visit, self._line
        if visit is None or line is None:
            return
        for frame in visit.picture(picture.grant, picture.message, self._shell.clock()):
            if visit.standing.stopping:
                return
            await line.show(frame)

    async def _live(self, session_id: str, socket_pass: bytes) -> None:
        try:
            line = await open_line(self._broker_url, "/session", self._context)
        except BrokerUnreachable:
            self._let_go()
            await self._shell.happened(SessionClosed(session_id))
            return
        self._line = line
        line.say(Frame(FrameKind.CONTROL, encode(SocketPass(session_id, socket_pass))).encode())
        sending = self._tasks.start(line.run())
        try:
            await self._shell.happened(SessionOpened(session_id))
            async for data in line.received():
                await self._shell.happened(SessionReceived(session_id, data))
        finally:
            line.close()
            ours = self._line is line
            if ours:
                self._line = None
                self._let_go()
        await asyncio.wait((sending,))
        if ours:  # one that the core closed itself may have a successor, which must not be taken for it
            await self._shell.happened(SessionClosed(session_id))

    def _let_go(self) -> None:
        """This task tells the core of its end; the answer, which closes the session, must not cancel it meanwhile."""
        if self._task is asyncio.current_task():
            self._task = None
