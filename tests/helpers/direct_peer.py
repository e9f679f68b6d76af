"""A technician's end of a channel, without a browser: aiortc as the answerer, told nothing but what a console is told."""

import asyncio
from dataclasses import dataclass, field

from aiortc import (
    RTCCertificate,
    RTCDataChannel,
    RTCDataChannelParameters,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    RTCIceCandidate,
    RTCIceGatherer,
    RTCIceParameters,
    RTCIceTransport,
)
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from host_client.core.events import DirectEnd
from wire.limits import DIRECT_CHANNEL, DIRECT_PORT


class LoopbackGatherer(RTCIceGatherer):
    """Gathers on one address that is given; the library leaves loopback out."""

    def __init__(self, address: str) -> None:
        super().__init__(iceServers=[])
        bind, here = self._connection.get_component_candidates, [address]
        self._connection.get_component_candidates = lambda component, addresses, timeout=5: bind(component, here, timeout)  # type: ignore[method-assign]


@dataclass
class Peer:
    """The other end. `heard` is what arrived, in order."""

    address: str = "127.0.0.1"
    heard: list[bytes] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    begun: bool = False

    async def begin(self) -> DirectEnd:
        """Ready to join; how it is known."""
        self.begun = True
        self.gatherer = LoopbackGatherer(self.address)
        self.ice = RTCIceTransport(self.gatherer)
        self.dtls = RTCDtlsTransport(self.ice, [RTCCertificate.generateCertificate()])
        self.sctp = RTCSctpTransport(self.dtls, DIRECT_PORT)
        await self.gatherer.gather()
        told = next(each.value for each in self.dtls.getLocalParameters().fingerprints if each.algorithm == "sha-256")
        here = self.gatherer.getLocalParameters()
        assert here.usernameFragment is not None
        assert here.password is not None
        return DirectEnd(bytes.fromhex(told.replace(":", "")), here.usernameFragment, here.password, ())

    async def join(self, there: DirectEnd) -> None:
        """Reach the host."""
        for each in there.candidates:
            await self.ice.addRemoteCandidate(RTCIceCandidate(1, "1", each.address, each.port, each.priority, "udp", "host"))
        await self.ice.start(RTCIceParameters(there.ufrag, there.pwd))
        fingerprint = RTCDtlsFingerprint("sha-256", there.fingerprint.hex(":").upper())
        await self.dtls.start(RTCDtlsParameters([fingerprint], role="server"))
        await self.sctp.start(RTCSctpCapabilities(maxMessageSize=262_144), DIRECT_PORT)
        self.channel = RTCDataChannel(self.sctp, RTCDataChannelParameters(negotiated=True, id=DIRECT_CHANNEL))
        self.channel.on("message", self._hear)
        opened = asyncio.Event()
        self.channel.on("open", opened.set)
        if self.channel.readyState != "open":
            await opened.wait()

    def _hear(self, data: bytes) -> None:
        self.heard.append(data)
        self.more.set()

    async def close(self) -> None:
        """Let go of everything there is."""
        if not self.begun:
            return
        await self.sctp.stop()
        await self.dtls.stop()
        await self.ice.stop()
