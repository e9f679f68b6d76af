"""The bulk socket of one visit: files alone, so that they never stand before a keystroke or a picture.

What comes in waits until the desk has room for it, and what goes out is sealed only when the line has room: neither end of a file can
make this process hold more than a few records.
"""

import asyncio
import ssl

from host_client.carriers.relay import BrokerUnreachable, Line, open_line
from host_client.core.events import BulkClosed, BulkReceived
from host_client.guardian.shell import Shell, Tasks
from wire.frames import Frame, FrameKind
from wire.messages.session import SocketPass
from wire.schema import encode


class Bulk:
    """At most one bulk socket."""

    def __init__(self, shell: Shell, tasks: Tasks, broker_url: str, context: ssl.SSLContext) -> None:
        self._shell, self._tasks, self._broker_url, self._context = shell, tasks, broker_url, context
        self._line: Line | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self, session_id: str, bulk_pass: bytes) -> None:
        """Open it in the background, in the place of any other; the core hears when it is gone."""
        self.close()
        self._task = self._tasks.start(self._live(session_id, bulk_pass))

    def say(self, frame: bytes) -> None:
        """Send it, if there is a line."""
        if self._line is not None:
            self._line.say(frame)

    def close(self) -> None:
        """Close it; one that is still being opened is given up, and the core hears nothing of it any more."""
        line, task, self._line, self._task = self._line, self._task, None, None
        if line is not None:
            line.close()
        elif task is not None:
            task.cancel()

    async def _live(self, session_id: str, bulk_pass: bytes) -> None:
        try:
            line = await open_line(self._broker_url, "/bulk", self._context)
        except BrokerUnreachable:
            await self._gone(session_id)
            return
        self._line = line
        line.say(Frame(FrameKind.CONTROL, encode(SocketPass(session_id, bulk_pass))).encode())
        sending = self._tasks.start(line.run())
        try:
            async for data in line.received():
                if self._line is not line:
                    break  # another has taken its place: what is still on its way here is lost, and comes again there
                await self._shell.happened(BulkReceived(session_id, data))
                await self._shell.desk_has_room()
        finally:
            line.close()
        await asyncio.wait((sending,))
        if self._line is line:
            self._line = None
            await self._gone(session_id)

    async def _gone(self, session_id: str) -> None:
        """This task tells the core of its end; the answer must not cancel it meanwhile."""
        if self._task is asyncio.current_task():
            self._task = None
            await self._shell.happened(BulkClosed(session_id))
