"""One outbound WebSocket over TLS to the broker, through a proxy where the environment names one.

    compression    off: what is sealed does not shrink, and lengths would tell more than they must
    redirects      refused: the host talks to one name, whatever that name answers
    certificate    checked by TLS against the given authority or the system's, and then by us against the broker's
                   signed hello: `leaf` is what TLS was given (docs/protocol.md, section 1)

`Line` sends in two classes: what is said goes ahead of pictures, and only pictures wait for room.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from hashlib import sha256

from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from wire.limits import CONTROL_FRAME_MAX

OPEN_SECONDS = 10.0
CLOSE_SECONDS = 2.0
SAID_MAX = 4 * 1024 * 1024
"""What may wait to be said on a line that does not move; beyond it the line is given up."""
AGENT = "chaperone-host"


class BrokerUnreachable(Exception):
    """No WebSocket to the broker could be opened. `certificate`: TLS refused the certificate that was shown."""

    def __init__(self, what: str, *, certificate: bool) -> None:
        super().__init__(what)
        self.certificate = certificate


class _OneTarget(connect):
    @override
    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


def tls_context(ca: str) -> ssl.SSLContext:
    """TLS 1.2 or better with names checked. `ca` is PEM; empty means the system's authorities. Raises ssl.SSLError."""
    context = ssl.create_default_context(cadata=ca or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def open_line(broker_url: str, path: str, context: ssl.SSLContext) -> "Line":
    """Open a WebSocket at this path of the broker. Raises BrokerUnreachable."""
    address = f"wss{broker_url.removeprefix('https')}{path}"
    try:
        socket = await _OneTarget(
            address,
            ssl=context,
            compression=None,
            max_size=CONTROL_FRAME_MAX,
            max_queue=4,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            user_agent_header=AGENT,
        )
    except ssl.SSLCertVerificationError as fault:
        raise BrokerUnreachable(f"certificate refused: {fault.verify_message}", certificate=True) from None
    except (OSError, WebSocketException, TimeoutError, EOFError, ValueError) as fault:
        raise BrokerUnreachable(f"{type(fault).__name__}: {fault}", certificate=False) from None
    return Line(socket)


class Line:
    """An open WebSocket. `run` moves what is to be sent; it must be running for anything to leave."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._said: deque[bytes] = deque()
        self._said_bytes = 0
        self._picture: bytes | None = None
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._sent = asyncio.Event()
        """Nothing that was said waits any more."""
        self._sent.set()
        self._closing = False

    @property
    def leaf(self) -> bytes:
        """SHA-256 of the certificate that TLS was given."""
        tls = self._socket.transport.get_extra_info("ssl_object")
        certificate: bytes | None = tls.getpeercert(binary_form=True) if tls is not None else None
        return sha256(certificate or b"").digest()

    def say(self, frame: bytes) -> None:
        """Send this ahead of any picture. Never waits; a line that is closing loses it."""
        if self._closing:
            return
        self._said.append(frame)
        self._said_bytes += len(frame)
        self._closing = self._said_bytes > SAID_MAX
        self._sent.clear()
        self._wake.set()

    async def all_sent(self) -> None:
        """Wait until everything that was said has gone to the system, or never will."""
        await self._sent.wait()

    async def emptied(self) -> None:
        """Wait until everything has gone there, the picture too."""
        while not (self._sent.is_set() and self._room.is_set()):
            await self._sent.wait()
            await self._room.wait()

    @property
    def has_room(self) -> bool:
        """May a picture be sent without waiting?"""
        return self._room.is_set()

    async def room(self) -> None:
        """Wait until a picture may be sent, or the line closes."""
        await self._room.wait()

    async def show(self, frame: bytes) -> None:
        """Send one record of a picture as soon as there is room. Returns when it may be followed by another."""
        await self._room.wait()
        if not self._closing:
            self._room.clear()
            self._picture = frame
            self._wake.set()

    def close(self) -> None:
        """Close after what was said before. Pictures that wait are dropped. Never waits."""
        self._closing = True
        self._picture = None
        self._room.set()
        self._wake.set()

    async def received(self) -> AsyncIterator[bytes]:
        """Every message until the line is closed by either side. A text message ends it: nobody here speaks text."""
        try:
            async for data in self._socket:
                if not isinstance(data, bytes):
                    return
                yield data
        except ConnectionClosed:
            return

    async def run(self) -> None:
        """Send until the line closes; then close it for good."""
        try:
            while await self._send_next():
                pass
        except ConnectionClosed:
            pass  # the reading side tells that the line is gone
        finally:
            self._closing = True
            self._room.set()
            self._sent.set()
            await self._socket.close()

    async def _send_next(self) -> bool:
        if self._said:
            frame = self._said.popleft()
            self._said_bytes -= len(frame)
            await self._socket.send(frame)
            if not self._said:
                self._sent.set()
        elif self._picture is not None:
            frame, self._picture = self._picture, None
            await self._socket.send(frame)
            self._room.set()
        elif self._closing:
            return False
        else:
            self._wake.clear()
            await self._wake.wait()
        return True
