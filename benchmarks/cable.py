"""A cable between two network namespaces, with a length and a fault: `python -m benchmarks.cable A B --delay 0.02 --loss 0.01`.

A TUN device in each, called `cable`, and this process between them: every packet waits for so long, one in so many is lost. For kernels
without `netem`. It takes the right to enter namespaces (root).
"""

import ctypes
import fcntl
import os
import random
import select
import struct
import sys
import time
from collections import deque
from pathlib import Path
from typing import Annotated

import typer

from tests.helpers.namespaces import CONSOLE_ADDRESS, HOST_ADDRESS, run

MTU = 1500
QUEUE = 4096
"""Packets under way, each way; beyond, they are lost as on any line."""
_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000


def end_in(name: str, address: str) -> int:
    """The device of one namespace, up and with its address. A file descriptor that carries its packets."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/run/netns/{name}").open("rb") as namespace:
        if libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {name}")
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22s", b"cable", _IFF_TUN | _IFF_NO_PI, bytes(22)))
    run("ip", "address", "add", f"{address}/24", "dev", "cable")
    run("ip", "link", "set", "cable", "up", "mtu", str(MTU))
    return device


def carry(ends: tuple[int, int], delay: float, loss: float) -> None:
    """Move packets both ways until ended."""
    chance = random.Random(7)  # noqa: S311 - which packets are lost must be the same in each run
    waiting: dict[int, deque[tuple[float, bytes]]] = {end: deque() for end in ends}
    other = {ends[0]: ends[1], ends[1]: ends[0]}
    while True:
        due = min((queue[0][0] for queue in waiting.values() if queue), default=None)
        pause = None if due is None else max(0.0, due - time.monotonic())
        readable, _, _ = select.select(ends, (), (), pause)
        now = time.monotonic()
        for end in readable:
            packet = os.read(end, MTU + 100)
            if chance.random() >= loss and len(waiting[other[end]]) < QUEUE:
                waiting[other[end]].append((now + delay, packet))
        for end, queue in waiting.items():
            while queue and queue[0][0] <= now:
                os.write(end, queue.popleft()[1])


def main(
    host: Annotated[str, typer.Argument(help="Namespace of the host.")],
    console: Annotated[str, typer.Argument(help="Namespace of the console.")],
    delay: Annotated[float, typer.Option(help="Seconds one way.")] = 0.0,
    loss: Annotated[float, typer.Option(help="Share of the packets that is lost.")] = 0.0,
) -> None:
    """Lay the cable, say so, and carry until ended."""
    ends = (end_in(host, HOST_ADDRESS), end_in(console, CONSOLE_ADDRESS))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    carry(ends, delay, loss)


if __name__ == "__main__":
    typer.run(main)
