"""The bulk socket of one visit: files alone, so that they never stand before a keystroke or a picture.

What comes in waits until the desk has room for it, and the desk reads no more of what goes out than the technician's end has asked for.
"""

from typing_extensions import override

from host_client.core.events import BulkClosed, BulkReceived
from host_client.guardian.visit_socket import VisitSocket
from host_client.link_frames import FilePiece


class Bulk(VisitSocket):
    """At most one bulk socket."""

    path = "/bulk"

    async def show(self, piece: FilePiece) -> None:
        """Seal and send what the desk read, if its grant lives. Raises MalformedMessage if it is no piece."""
        visit = self._shell.core.visit
        if visit is not None and self._line is not None:
            await self._send(visit.piece(piece, self._shell.clock()))

    @override
    async def _opened(self, session_id: str) -> None:
        """Nothing may be said before the broker has named the grants."""

    @override
    async def _received(self, session_id: str, data: bytes) -> None:
        await self._shell.happened(BulkReceived(session_id, data))
        await self._shell.desk_has_room()

    @override
    async def _closed(self, session_id: str) -> None:
        await self._shell.happened(BulkClosed(session_id))
