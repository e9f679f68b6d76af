"""What crosses the interfaces of this network, seen as `tcpdump` sees it: a raw packet socket, and no counter of anybody's.

Of each packet only its head is read, so nothing of a visit is kept. A capture that lost packets itself proves nothing, and says so.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from struct import unpack_from

EVERYTHING = 0x0003
"""ETH_P_ALL."""
_OUTGOING = 4
"""PACKET_OUTGOING: on the loopback each packet is seen going and coming."""
_STATISTICS = (263, 6)
"""SOL_PACKET, PACKET_STATISTICS."""
_BUFFER = 16 * 1024 * 1024
_HEADS = 14 + 40 + 60
_IPV4, _IPV6 = 0x0800, 0x86DD
TCP, UDP = 6, 17


@dataclass(frozen=True)
class Packet:
    """One packet of TCP or UDP, by its head. `size`: bytes that it carries."""

    device: str
    protocol: int
    source: str
    target: str
    ports: tuple[int, int]
    size: int


def parsed(device: str, head: bytes) -> Packet | None:
    """The packet that begins so; None for one that is neither TCP nor UDP."""
    kind = int.from_bytes(head[12:14], "big")
    if kind == _IPV4:
        inner, whole, protocol = 14 + 4 * (head[14] & 15), unpack_from(">H", head, 16)[0], head[23]
        source, target, rest = head[26:30], head[30:34], whole - 4 * (head[14] & 15)
    elif kind == _IPV6:
        inner, rest, protocol = 54, unpack_from(">H", head, 18)[0], head[20]
        source, target = head[22:38], head[38:54]
    else:
        return None
    if protocol not in {TCP, UDP}:
        return None
    ports = unpack_from(">HH", head, inner)
    own = 8 if protocol == UDP else 4 * (head[inner + 12] >> 4)
    return Packet(device, protocol, str(ip_address(source)), str(ip_address(target)), (ports[0], ports[1]), rest - own)


@dataclass
class Capture:
    """What was seen so far, of every interface of this network."""

    packets: list[Packet] = field(default_factory=list)

    def datagrams(self) -> list[Packet]:
        """Every UDP packet."""
        return [each for each in self.packets if each.protocol == UDP]

    def carried(self, device: str, protocol: int, *ports: int) -> int:
        """Bytes in packets of this kind on this device, of these ports if any are named."""
        seen = (each for each in self.packets if (each.device, each.protocol) == (device, protocol))
        return sum(each.size for each in seen if not ports or set(each.ports) & set(ports))


@contextmanager
def captured() -> Iterator[Capture]:
    """From here on. Raises AssertionError at the end if packets went by unseen. Takes the right to open such a socket (root)."""
    loop, capture = asyncio.get_running_loop(), Capture()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING)) as raw:
        raw.setsockopt(socket.SOL_SOCKET, 33, _BUFFER)  # SO_RCVBUFFORCE
        raw.setblocking(False)

        def look() -> None:
            while True:
                try:
                    head, (device, _, going, *_) = raw.recvfrom(_HEADS)
                except BlockingIOError:
                    return
                packet = None if device == "lo" and going == _OUTGOING else parsed(device, head)
                if packet is not None:
                    capture.packets.append(packet)

        loop.add_reader(raw, look)
        try:
            yield capture
            look()
        finally:
            loop.remove_reader(raw)
        _, dropped = unpack_from("II", raw.getsockopt(*_STATISTICS, 8))
        assert dropped == 0, f"the capture itself lost {dropped} packets"
