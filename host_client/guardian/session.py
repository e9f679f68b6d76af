"""The session socket of one visit, and the content of the visit on it or beside it."""

import ssl
from collections.abc import Iterable

from typing_extensions import override

from host_client.core.commands import Carried, OfChannel
from host_client.core.events import SessionClosed, SessionOpened, SessionReceived
from host_client.core.visit import Visit
from host_client.guardian.content import Content
from host_client.guardian.shell import Shell, Tasks
from host_client.guardian.visit_socket import VisitSocket
from host_client.link_frames import Picture
from wire.sealed.direct import moves


class Session(VisitSocket):
    """At most one session socket."""

    path = "/session"

    def __init__(self, shell: Shell, tasks: Tasks, broker_url: str, context: ssl.SSLContext) -> None:
        super().__init__(shell, tasks, broker_url, context)
        self._content = Content(shell, tasks, lambda: self._line)
        self._session_id = ""

    @override
    def open(self, session_id: str, socket_pass: bytes) -> None:
        super().open(session_id, socket_pass)
        self._content.begin(same_visit=session_id == self._session_id)
        self._session_id = session_id

    @override
    def say(self, frame: bytes) -> None:
        if moves(frame):
            self._content.say(frame)
        else:
            super().say(frame)

    @override
    def close(self) -> None:
        self._content.end()
        super().close()

    def channel(self, command: OfChannel) -> bool | Carried | None:
        """Do this with the channel of the direct path."""
        return self._content.channel(command, self._session_id)

    async def show(self, picture: Picture) -> None:
        """Seal and send one screen message, if its grant lives. Raises MalformedMessage if it is none."""
        if await self._content.room():  # what was stopped while it waited for room is dropped, and not sealed
            await self._send(self._frames(picture))

    def _frames(self, picture: Picture) -> tuple[bytes, ...]:
        visit = self._shell.core.visit
        return () if visit is None else visit.picture(picture.grant, picture.parcel, self._shell.clock(), picture.run)

    @override
    async def _send(self, frames: Iterable[bytes]) -> None:
        visit = self._visit
        for frame in frames if visit is not None and self._line is not None else ():
            if visit is None or visit.standing.stopping:
                return
            await self._content.show(frame)

    @override
    async def _opened(self, session_id: str) -> None:
        await self._shell.happened(SessionOpened(session_id))

    @override
    async def _received(self, session_id: str, data: bytes) -> None:
        await self._shell.happened(SessionReceived(session_id, data))

    @override
    async def _closed(self, session_id: str) -> None:
        await self._shell.happened(SessionClosed(session_id))


class SecondSession(Session):
    """The same of somebody who only watches: what waits here is his alone, so that a slow line of his slows nobody else."""

    @override
    def _frames(self, picture: Picture) -> tuple[bytes, ...]:
        return self._shell.core.second.picture(picture.grant, picture.parcel, self._shell.clock(), picture.run)

    @property
    @override
    def _visit(self) -> Visit | None:
        return self._shell.core.second.visit
