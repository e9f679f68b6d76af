"""One data channel straight to the technician's browser: ICE, DTLS and SCTP, all of them aiortc's (docs/adr/0012).

    ports        UDP, one at each address that the caller names, and none when the channel is closed
    servers      none: nobody outside is asked where this PC is
    this end     offers, is the server of DTLS, and controls ICE; the browser hides its addresses and is learnt from its first check
    who is heard checks from addresses that the caller allows, with the password of this channel; nothing else gets an answer
    the other    is whoever has the certificate of this fingerprint, or there is no channel

No description in text is read or written: what the ends tell each other are fields with bounds (wire/sealed/direct.py). Importing this
file costs 30 MB and most of a second, so only a visit that may use it does.
"""

import asyncio
from collections.abc import Callable, Sequence

from aioice import Connection
from aioice.ice import StunProtocol, get_host_addresses
from aioice.stun import Message
from aiortc import (
    RTCCertificate,
    RTCDataChannel,
    RTCDataChannelParameters,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceGatherer,
    RTCIceParameters,
    RTCIceTransport,
)
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport
from typing_extensions import override

from host_client.core.events import DirectEnd
from wire.limits import DIRECT_CHANNEL, DIRECT_PORT
from wire.sealed.direct import DirectCandidate

CANDIDATES_MAX = 8
"""Of this PC."""
STRANGERS_MAX = 16
"""Addresses from which a check with the right password may come; a browser has a few."""
DATAGRAMS_MAX = 2048
"""That wait to be read; beyond, they are lost as on any line."""
MESSAGE_MAX = 262_144
_SHA256 = "sha-256"


def own_addresses() -> list[str]:
    """Where this PC could be reached, but for itself."""
    return get_host_addresses(use_ipv4=True, use_ipv6=True)


class ChannelFailed(Exception):
    """There is no channel, and none will come of this try. `foreign`: the other end is not the one that was agreed."""

    def __init__(self, what: str, *, foreign: bool = False) -> None:
        super().__init__(what)
        self.foreign = foreign


class _Ice(Connection):
    """ICE at these addresses, with nobody but whom the caller allows."""

    def __init__(self, addresses: Sequence[str], allowed: Callable[[str], bool]) -> None:
        super().__init__(ice_controlling=True)
        self._addresses, self._allowed = tuple(addresses), allowed

    @override
    async def get_component_candidates(self, component: int, addresses: list[str], timeout: int = 5) -> list[object]:  # type: ignore[override]
        return await super().get_component_candidates(component, list(self._addresses), timeout)  # type: ignore[return-value]

    @override
    def request_received(self, message: Message, addr: tuple[str, int], protocol: StunProtocol) -> None:
        if self._allowed(addr[0]):
            super().request_received(message, addr, protocol)

    @override
    def check_incoming(self, message: Message, addr: tuple[str, int], protocol: StunProtocol) -> None:
        known = any((each.host, each.port) == addr[:2] for each in self.remote_candidates)
        if known or len(self.remote_candidates) < STRANGERS_MAX:
            super().check_incoming(message, addr, protocol)

    @override
    def data_received(self, data: bytes, component: int) -> None:
        if self._queue.qsize() < DATAGRAMS_MAX:
            super().data_received(data, component)

    def selected(self) -> tuple[str, str]:
        """The two addresses that were settled on. Raises ChannelFailed."""
        pairs = list(self._nominated.values())
        if len(pairs) != 1:
            raise ChannelFailed("no pair of addresses")
        return pairs[0].local_addr[0], pairs[0].remote_addr[0]


class _Gatherer(RTCIceGatherer):
    def __init__(self, ice: _Ice) -> None:
        super().__init__(iceServers=[])
        self._connection = ice


class Channel:
    """One try. `heard` is called with each message, `lost` once if an open channel breaks."""

    def __init__(self, heard: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        self._heard, self._lost = heard, lost
        self._closed = False
        self._ice: _Ice | None = None
        self._parts: tuple[RTCIceTransport, RTCDtlsTransport, RTCSctpTransport] | None = None
        self._channel: RTCDataChannel | None = None

    async def wait(self, addresses: Sequence[str], allowed: Callable[[str], bool]) -> DirectEnd:
        """Open UDP ports at these addresses and say how they are reached. Raises ChannelFailed if none could be opened."""
        certificate = RTCCertificate.generateCertificate()
        self._ice = _Ice(addresses[:CANDIDATES_MAX], allowed)
        gatherer = _Gatherer(self._ice)
        transport = RTCIceTransport(gatherer)
        dtls = RTCDtlsTransport(transport, [certificate])
        self._parts = (transport, dtls, RTCSctpTransport(dtls, DIRECT_PORT))
        await gatherer.gather()
        found = gatherer.getLocalCandidates()[:CANDIDATES_MAX]
        if not found or self._closed:
            await self.close()
            raise ChannelFailed("no port could be opened")
        candidates = tuple(DirectCandidate(each.ip, each.port, each.priority) for each in found)
        told = next(each.value for each in dtls.getLocalParameters().fingerprints if each.algorithm == _SHA256)
        here = gatherer.getLocalParameters()
        return DirectEnd(bytes.fromhex(told.replace(":", "")), here.usernameFragment or "", here.password or "", candidates)

    async def join(self, there: DirectEnd) -> tuple[str, str]:
        """Reach the other end. Returns both addresses. Raises ChannelFailed; who waits no longer closes."""
        assert self._parts is not None, "it waits before it joins"
        assert self._ice is not None
        transport, dtls, sctp = self._parts
        await transport.start(RTCIceParameters(there.ufrag, there.pwd))
        if transport.state != "completed":
            raise ChannelFailed("the ends do not reach each other")
        addresses = self._ice.selected()
        fingerprint = RTCDtlsFingerprint(_SHA256, there.fingerprint.hex(":").upper())
        await dtls.start(RTCDtlsParameters([fingerprint], role="client"))
        if dtls.state != "connected":
            raise ChannelFailed("the other end has another certificate", foreign=True)
        await sctp.start(RTCSctpCapabilities(maxMessageSize=MESSAGE_MAX), DIRECT_PORT)
        await self._opened(sctp)
        dtls.on("statechange", self._broken)
        transport.on("statechange", self._broken)
        return addresses

    async def _opened(self, sctp: RTCSctpTransport) -> None:
        channel = RTCDataChannel(sctp, RTCDataChannelParameters(label="chaperone", negotiated=True, id=DIRECT_CHANNEL))
        self._channel = channel
        settled = asyncio.Event()
        for what in ("open", "close"):
            channel.on(what, settled.set)
        channel.on("message", self._message)
        if channel.readyState == "connecting":
            await settled.wait()
        if channel.readyState != "open":
            raise ChannelFailed("the channel closed at once")
        channel.on("close", self._broken)

    @property
    def buffered(self) -> int:
        """Bytes that wait to leave this process."""
        return self._channel.bufferedAmount if self._channel is not None else 0

    def send(self, data: bytes) -> None:
        """One message. A channel that is not open any more loses it."""
        if self._channel is not None and not self._closed and self._channel.readyState == "open":
            self._channel.send(data)

    async def close(self) -> None:
        """Close every port. Nothing is heard or lost any more."""
        self._closed = True
        if self._parts is not None:
            transport, dtls, sctp = self._parts
            self._parts = None
            await sctp.stop()
            await dtls.stop()
            await transport.stop()
            if self._ice is not None:
                await self._ice.close()

    def _message(self, data: bytes | str) -> None:
        if not self._closed:
            self._heard(data if isinstance(data, bytes) else b"")

    def _broken(self) -> None:
        if self._closed or self._parts is None:
            return
        transport, dtls, _ = self._parts
        dead = transport.state in {"failed", "closed"} or dtls.state in {"failed", "closed"}
        if dead or (self._channel is not None and self._channel.readyState == "closed"):
            self._closed = True
            self._lost()
