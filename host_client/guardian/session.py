"""The session socket of one visit, and the pictures on it."""

from typing_extensions import override

from host_client.core.events import SessionClosed, SessionOpened, SessionReceived
from host_client.core.visit import Visit
from host_client.guardian.visit_socket import VisitSocket
from host_client.link_frames import Picture


class Session(VisitSocket):
    """At most one session socket."""

    path = "/session"

    async def show(self, picture: Picture) -> None:
        """Seal and send one screen message, if its grant lives. Raises MalformedMessage if it is none."""
        visit = self._shell.core.visit
        if visit is not None:
            await self._send(visit.picture(picture.grant, picture.message, self._shell.clock()))

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
    async def show(self, picture: Picture) -> None:
        await self._send(self._shell.core.second.picture(picture.grant, picture.message, self._shell.clock()))

    @property
    @override
    def _visit(self) -> Visit | None:
        return self._shell.core.second.visit
