"""uvicorn's WebSocket protocol with the bounds that it leaves open: what one connection may make this process hold."""

from asyncio.transports import BaseTransport, Transport
from typing import cast

from typing_extensions import override
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

WRITE_HIGH = 128 * 1024
"""Bytes in a transport before its writer waits; the kernel's own buffers come on top."""
FRAGMENTS_MOST = 64
"""Pieces of one message. Empty pieces weigh nothing in the size limit and would come for ever."""
ABORT = "chaperone.abort"
"""Key in the connection's extensions: a function that cuts it at once, whatever waits to be sent."""


class BoundedWebSockets(WebSocketsSansIOProtocol):
    """Adds three bounds, and a way to cut a connection whose peer does not read."""

    @override
    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        cast(Transport, transport).set_write_buffer_limits(high=WRITE_HIGH)

    @override
    async def run_asgi(self) -> None:
        extensions = cast(dict[str, object], self.scope["extensions"])
        extensions[ABORT] = self.transport.abort
        await super().run_asgi()

    @override
    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= FRAGMENTS_MOST:
            self.transport.abort()
            return
        super().handle_cont(event)

    @override
    def handle_ping(self) -> None:
        # Each ping makes a pong. A peer that pings and does not read would have us hold pongs without end.
        if not self.writable.is_set():
            self.transport.abort()
            return
        super().handle_ping()
