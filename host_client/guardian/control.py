"""The control socket: opened, lost, and opened again after a pause that grows and is never the same twice.

Pause: 0.5 s doubling to 60 s, each drawn anew between half and whole, so that a restarted broker meets no herd. A proven
connection resets it (docs/protocol.md, section 1).
"""

import asyncio
import ssl
from collections.abc import Callable

from host_client.carriers.relay import BrokerUnreachable, Line, open_line
from host_client.core.events import ControlClosed, ControlOpened, ControlReceived
from host_client.guardian.shell import Shell, Tasks

FIRST_PAUSE, LAST_PAUSE = 0.5, 60.0


def pauses(fraction: Callable[[], float]) -> "PauseRow":
    """The pauses from the beginning. `fraction` gives numbers between 0 and 1 that nobody foresees."""
    return PauseRow(fraction)


class PauseRow:
    """0.5, 1, 2 ... 60 s, each drawn between its half and its whole."""

    def __init__(self, fraction: Callable[[], float]) -> None:
        self._fraction = fraction
        self._whole = FIRST_PAUSE

    def next(self) -> float:
        """Seconds to wait now."""
        whole, self._whole = self._whole, min(LAST_PAUSE, self._whole * 2)
        return whole * (0.5 + self._fraction() / 2)

    def reset(self) -> None:
        """The connection was good."""
        self._whole = FIRST_PAUSE


class Control:
    """Keeps the control socket."""

    def __init__(self, shell: Shell, tasks: Tasks, broker_url: str, context: ssl.SSLContext, row: PauseRow) -> None:
        self._shell, self._tasks, self._broker_url, self._context, self._row = shell, tasks, broker_url, context, row
        self._line: Line | None = None
        self.opened = asyncio.Event()
        """Set while the control socket is proven."""

    def say(self, frame: bytes) -> None:
        """Send it, if there is a line."""
        if self._line is not None:
            self._line.say(frame)

    def drop(self) -> None:
        """Close the line; `keep` opens another after a pause."""
        if self._line is not None:
            self._line.close()

    async def keep(self) -> None:
        """For ever: open, listen, wait."""
        while True:
            await self._once()
            await asyncio.sleep(self._row.next())

    async def _once(self) -> None:
        try:
            line = await open_line(self._broker_url, "/host", self._context)
        except BrokerUnreachable as fault:
            await self._shell.happened(ControlClosed(certificate=fault.certificate))
            return
        self._line = line
        sending = self._tasks.start(line.run())
        try:
            await self._listen(line)
        finally:
            self._line = None
            self.opened.clear()
            line.close()
        await asyncio.wait((sending,))
        await self._shell.happened(ControlClosed())

    async def _listen(self, line: Line) -> None:
        await self._shell.happened(ControlOpened(line.leaf))
        async for data in line.received():
            await self._shell.happened(ControlReceived(data))
            if self._shell.core.ready:
                self._row.reset()
                self.opened.set()
