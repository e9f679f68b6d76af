"""The Unix socket where the desk comes: one desk, of our own account, and alive.

The folder is 0700 and the socket 0600; the kernel says whose process connects (SO_PEERCRED). A desk that says something
a desk does not say, that is silent for DESK_SILENT_SECONDS, or that does not read, is lost, and the visit ends with it.
"""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from host_client.core.events import DeskSaid
from host_client.guardian.bulk import Bulk
from host_client.guardian.session import Session
from host_client.guardian.shell import Shell, Tasks
from host_client.link import SECOND, EndPressed, Heartbeat
from host_client.link_frames import (
    FilePiece,
    Input,
    LinkReader,
    Picture,
    ToDesk,
    ToGuardian,
    input_frame,
    message_frame,
    piece_frame,
    read_to_guardian,
)
from runtime.peers import owner_of
from runtime.private_files import private_folder
from wire.limits import FILE_WINDOW
from wire.schema import MalformedMessage

DESK_SILENT_SECONDS = 5.0
UNREAD_MAX = 4 * 1024 * 1024
PICTURES_MAX = 96 * 1024 * 1024
"""Two frames in flight of any screen fit; more is not a desk that keeps to its credit."""
PIECES_MAX = 3 * FILE_WINDOW
"""What was asked of a file and asked again after a cut, both on their way."""
Sessions = tuple[Session, Session]
"""The technician's, and that of somebody who only watches."""
_CHUNK = 256 * 1024
_LOG = logging.getLogger(__name__)


class DeskServer:
    """Listens, and speaks with the one desk."""

    def __init__(self, path: Path, shell: Shell, sessions: Sessions, bulk: Bulk, tasks: Tasks) -> None:
        self._path, self._shell, self._sessions, self._bulk, self._tasks = path, shell, sessions, bulk, tasks
        self._server: asyncio.Server | None = None
        self._desk: _DeskLink | None = None

    async def listen(self) -> None:
        """Make the socket. Raises OSError."""
        private_folder(self._path.parent)
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._met, str(self._path))
        finally:
            os.umask(before)

    def tell(self, said: ToDesk | Input | FilePiece) -> None:
        """Say it to the desk, if there is one."""
        if self._desk is not None:
            self._desk.tell(said)

    async def room(self) -> None:
        """Wait until the desk has read most of what it was told; not at all where there is none."""
        if self._desk is not None:
            await self._desk.room()

    async def close(self) -> None:
        """Send what was said, then take the socket away."""
        if self._server is not None:
            self._server.close()
        if self._desk is not None:
            await self._desk.finish()
        self._path.unlink(missing_ok=True)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._desk is not None or owner_of(writer) != os.getuid():
            writer.close()
            return
        desk = self._desk = _DeskLink(reader, writer, self._shell, self._sessions, self._bulk)
        try:
            await desk.live(self._tasks)
        finally:
            self._desk = None
            writer.close()
            await self._shell.desk_lost()


def _frame_of(said: ToDesk | Input | FilePiece) -> bytes:
    if isinstance(said, FilePiece):
        return piece_frame(said)
    return input_frame(said) if isinstance(said, Input) else message_frame(said)


T = TypeVar("T")


class _Row(Generic[T]):
    """What waits for room on a line: pictures, or pieces of a file."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._waiting: deque[tuple[T, int]] = deque()
        self._came = asyncio.Event()

    def put(self, each: T, size: int) -> None:
        """Raises MalformedMessage for more than anybody asked for."""
        self._waiting.append((each, size))
        self._bytes += size
        if self._bytes > self._most:
            raise MalformedMessage("link", "more than was asked for")
        self._came.set()

    async def next(self) -> T:
        """The first, once there is one."""
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        each, size = self._waiting.popleft()
        self._bytes -= size
        return each


class _DeskLink:
    """One connected desk. Messages, pictures and files wait in rows of their own, so that *End* never waits for a picture."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, shell: Shell, sessions: Sessions, bulk: Bulk) -> None:
        self._reader, self._writer, self._shell, self._sessions, self._bulk = reader, writer, shell, sessions, bulk
        self._said: asyncio.Queue[ToGuardian] = asyncio.Queue()
        self._pictures: _Row[Picture] = _Row(PICTURES_MAX)
        self._beside: _Row[Picture] = _Row(PICTURES_MAX)
        """Pictures for somebody who only watches: a row of their own, so that the technician's never wait for him."""
        self._pieces: _Row[FilePiece] = _Row(PIECES_MAX)
        self._beat = shell.clock()

    def tell(self, said: ToDesk | Input | FilePiece) -> None:
        if self._writer.is_closing():
            return
        self._writer.write(_frame_of(said))
        if self._writer.transport.get_write_buffer_size() > UNREAD_MAX:
            self._writer.transport.abort()

    async def room(self) -> None:
        with suppress(OSError):  # whoever reads finds out that the desk is gone
            await self._writer.drain()

    async def finish(self) -> None:
        try:
            await asyncio.wait_for(self._writer.drain(), 1.0)
        except (OSError, TimeoutError):
            self._writer.transport.abort()
        self._writer.close()

    async def live(self, tasks: Tasks) -> None:
        """Until the desk is lost."""
        rows = zip((self._pictures, self._beside), self._sessions, strict=True)
        pictures = [tasks.start(self._move(row, session.show)) for row, session in rows]
        working = (tasks.start(self._answer()), *pictures, tasks.start(self._move(self._pieces, self._bulk.show)))
        try:
            _LOG.warning("the desk is gone: %s", await self._read())
        finally:
            for task in working:
                task.cancel()

    async def _read(self) -> str:
        """Take what the desk says; why it is no desk any more, for this PC's own log of faults."""
        link = LinkReader()
        try:
            while True:
                data = await asyncio.wait_for(self._reader.read(_CHUNK), DESK_SILENT_SECONDS)
                if not data:
                    return "its end of the link is closed"
                for kind, body in link.feed(data):
                    self._take(read_to_guardian(kind, body))
                if self._shell.clock().elapsed_since(self._beat) > DESK_SILENT_SECONDS:
                    return "its windows hang"  # pictures may still come
        except TimeoutError:
            return f"it said nothing for {DESK_SILENT_SECONDS:.0f} s"
        except (OSError, MalformedMessage) as fault:
            return f"{type(fault).__name__}: {fault}"

    def _take(self, said: ToGuardian | Picture | FilePiece) -> None:
        match said:
            case Picture():
                (self._beside if said.grant >= SECOND else self._pictures).put(said, len(said.parcel))
            case FilePiece():
                self._pieces.put(said, len(said.content))
            case Heartbeat():
                self._beat = self._shell.clock()
            case _:
                if isinstance(said, EndPressed):
                    self._shell.narrow()  # before it waits for its turn
                self._said.put_nowait(said)

    async def _answer(self) -> None:
        while True:
            await self._shell.happened(DeskSaid(await self._said.get()))

    async def _move(self, row: _Row[T], show: Callable[[T], Awaitable[None]]) -> None:
        while True:
            each = await row.next()
            try:
                await show(each)
            except MalformedMessage:
                self._writer.transport.abort()
                return
