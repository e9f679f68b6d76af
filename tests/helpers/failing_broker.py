"""A broker that is cut off as by a power cut when it reaches the n-th of its fail-points. A program for tests:

    python -m tests.helpers.failing_broker        then, line by line on standard input:  CONFIG KILL_AT TRACE [careless]

For each line a child is forked that serves with the real parts; it says `ready https://...`, and when it has ended the
program says `ended STATUS`. Imports are paid once for all children. Around the ports of the broker (transactions, log,
lines) stand fail-points: each is written to TRACE before it is passed, and so is every entry that was acknowledged.
The trace begins with `pid N`. KILL_AT is a number, or the name of a point such as `after:host_connected`, since the
same number is not the same point in every run. A careless log acknowledges entries before it wrote them, which the
test that uses this program must notice.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvloop
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.websockets import WebSocket
from typing_extensions import override

from audit.events.shape import Event, name_of
from broker import serving
from broker.config import read_config
from broker.storage import store
from broker.storage.engine import Database
from broker.storage.log import AuditLog
from broker.web import sockets
from broker.web.line import Line
from policy.decision import Reason
from tests.helpers.fail_points import Points

T = TypeVar("T")
CARELESS = "careless"


class FailingDatabase(Database):
    """Fails within a transaction. Before and after one, the log's own points stand."""

    @override
    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        async with super().writing() as connection:
            Points.here.reached("in a transaction")
            yield connection
            Points.here.reached("before a commit")

    @override
    async def write(self, work: Callable[[Connection], T]) -> T:
        def failing(connection: Connection) -> T:
            Points.here.reached("in a transaction")
            done = work(connection)
            Points.here.reached("before a commit")
            return done

        return await super().write(failing)


class FailingLog(AuditLog):
    """Fails before it was asked and after it answered."""

    @override
    async def record(self, *events: Event) -> None:
        Points.here.reached(f"before {name_of(events[0])}")
        await super().record(*events)
        self._acknowledged(*events)

    def _acknowledged(self, *events: Event) -> None:
        for event in events:
            Points.here.write(f"durable {name_of(event)}")
        Points.here.reached(f"after {name_of(events[0])}")

    @override
    async def note(self, event: Event) -> None:
        Points.here.reached(f"before the note {name_of(event)}")
        await super().note(event)
        Points.here.reached(f"after the note {name_of(event)}")


class CarelessLog(FailingLog):
    """What the broker must never have: it answers first and writes later."""

    @override
    async def record(self, *events: Event) -> None:
        self._later = asyncio.create_task(AuditLog.record(self, *events))
        self._acknowledged(*events)


class FailingSocket:
    """Fails before anything reaches a peer."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def send_bytes(self, frame: bytes) -> None:
        """As the real one."""
        Points.here.reached("before a frame is sent")
        await self._websocket.send_bytes(frame)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._websocket, name)


class FailingLine(Line):
    """Sends over such a socket, and fails before it closes."""

    def __init__(self, socket: Any, websocket: Any, abort: Any) -> None:
        super().__init__(socket, FailingSocket(websocket), abort)  # type: ignore[arg-type]

    @override
    def close(self, reason: Reason) -> None:
        Points.here.reached("before a socket is closed")
        super().close(reason)


def _serve(config: str, *, careless: bool) -> None:
    """The broker as it is, except for what stands behind three of its names."""
    log = CarelessLog if careless else FailingLog
    for place, name, failing in ((store, "Database", FailingDatabase), (serving, "AuditLog", log), (sockets, "Line", FailingLine)):
        setattr(place, name, failing)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving.serve(read_config(Path(config))))


def main() -> None:
    """The program."""
    for line in sys.stdin:
        config, kill_at, trace, *words = line.split()
        child = os.fork()
        if child == 0:
            Points.here = Points(kill_at, Path(trace))
            _serve(config, careless=CARELESS in words)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"ended {status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
