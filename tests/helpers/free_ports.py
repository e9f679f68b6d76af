"""Ports for programs that take theirs by name, and may stop and come back to it.

They lie below those that the kernel gives to connections (ip_local_port_range begins at 32768): one of these could be anybody's
between two looks. Each is held for the life of this process by an abstract Unix socket of its number, which every test of the
machine sees, so that nobody is given one twice.
"""

import atexit
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice

from runtime.demo_layout import is_free

FIRST, LAST = 20_000, 32_767
_held = ExitStack()
atexit.register(_held.close)


def free_ports(count: int) -> tuple[int, ...]:
    """Different ports of this machine that nobody listens on, and no other test will be given."""
    found = tuple(islice(_unheld(), count))
    assert len(found) == count, "no ports are left"
    return found


def _unheld() -> Iterator[int]:
    for port in range(FIRST, LAST + 1):
        if _hold(port) and is_free(port):
            yield port


def _hold(port: int) -> bool:
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind(f"\0chaperone-test-port-{port}")
    except OSError:
        held.close()
        return False
    _held.enter_context(held)
    return True
