"""The Unix socket where the desk comes: one desk, of our own account, and alive.

The folder is 0700 and the socket 0600; the kernel says whose process connects (SO_PEERCRED). A desk that says something
a desk does not say, that is silent for DESK_SILENT_SECONDS, or that does not read, is lost, and the visit ends with it.
"""

import asyncio
import logging
import os
from collections import deque
from contextlib import suppress
from pathlib import Path

from host_client.core.events import DeskSaid
from host_client.guardian.session import Session
from host_client.guardian.shell import Shell, Tasks
from host_client.link import EndPressed, Heartbeat
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
from wire.schema import MalformedMessage

DESK_SILENT_SECONDS = 5.0
UNREAD_MAX = 4 * 1024 * 1024
PICTURES_MAX = 96 * 1024 * 1024
"""Two frames in flight of any screen fit; more is not a desk that keeps to its credit."""
_CHUNK = 256 * 1024
_LOG = logging.getLogger(__name__)


class DeskServer:
    """Listens, and speaks with the one desk."""

    def __init__(self, path: Path, shell: Shell, session: Session, tasks: Tasks) -> None:
        self._path, self._shell, self._session, self._tasks = path, shell, session, tasks
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
        desk = self._desk = _DeskLink(reader, writer, self._shell, self._session)
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


class _DeskLink:
    """One connected desk. Messages and pictures wait in rows of their own, so that *End* never waits for a picture."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, shell: Shell, session: Session) -> None:
        self._reader, self._writer, self._shell, self._session = reader, writer, shell, session
        self._said: asyncio.Queue[ToGuardian] = asyncio.Queue()
        self._pictures: deque[Picture] = deque()
        self._picture_bytes = 0
        self._drawn = asyncio.Event()
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
        working = (tasks.start(self._answer()), tasks.start(self._show()))
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

    def _take(self, said: ToGuardian | Picture) -> None:
        match said:
            case Picture():
                self._pictures.append(said)
                self._picture_bytes += len(said.message)
                if self._picture_bytes > PICTURES_MAX:
                    raise MalformedMessage("link.picture", "comes without credit")
                self._drawn.set()
            case Heartbeat():
                self._beat = self._shell.clock()
            case _:
                if isinstance(said, EndPressed):
                    self._shell.narrow()  # before it waits for its turn
                self._said.put_nowait(said)

    async def _answer(self) -> None:
        while True:
            await self._shell.happened(DeskSaid(await self._said.get()))

    async def _show(self) -> None:
        while True:
            while self._pictures:
                picture = self._pictures.popleft()
                self._picture_bytes -= len(picture.message)
                try:
                    await self._session.show(picture)
                except MalformedMessage:
                    self._writer.transport.abort()
                    return
            self._drawn.clear()
            await self._drawn.wait()
