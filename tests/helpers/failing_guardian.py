"""A guardian that is cut off as by a power cut when it reaches the n-th of its fail-points. A program for tests:

    python -m tests.helpers.failing_guardian        then, line by line on standard input:  STATE KILL_AT TRACE [careless]

For each line a child is forked that runs the real parts; it says `ready ...` and `online ...`, and when it has ended the program says
`ended STATUS`. Fail-points stand before and after each command of the shell (every await between what is asked, its entry and what it
does), before and after each write to the log's files, and before each frame to the broker. Entries that were acknowledged, and what was
to be durable, are written to TRACE. The first second of a prompt is over at once: its clock jumps. A careless logbook acknowledges
before it wrote, and a hasty shell acts before it recorded: the test that uses this program must notice both.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from typing_extensions import override

from audit.events.shape import Event, name_of
from host_client.carriers import relay
from host_client.config import HostConfig, HostFiles
from host_client.core.commands import Command, Record, Tell
from host_client.guardian import main as program
from host_client.guardian.logbook import Logbook
from host_client.guardian.shell import Reply, Shell
from host_client.link import ShowPrompt
from policy.instant import Instant
from runtime.append_file import AppendFile
from tests.helpers.fail_points import Points
from wire.limits import PROMPT_ARMED_AFTER

CARELESS, HASTY = "careless", "hasty"


class Hurried:
    """The guardian's clock, which jumps over the first second of each prompt."""

    jumped: ClassVar[float] = 0.0

    @classmethod
    def read(cls) -> Instant:
        """Now."""
        now = program.read_clock()
        return Instant(now.utc, now.boot + cls.jumped)


class FailingShell(Shell):
    """Fails before and after every command."""

    @override
    async def _perform(self, command: Command) -> Reply:
        name = " ".join(type(each).__name__ for each in ((command, command.said) if isinstance(command, Tell) else (command,)))
        Points.here.reached(f"before {name}")
        reply = await super()._perform(command)
        if isinstance(command, Tell) and isinstance(command.said, ShowPrompt):
            Hurried.jumped += PROMPT_ARMED_AFTER
        Points.here.reached(f"after {name}")
        return reply


class HastyShell(FailingShell):
    """What the guardian must never have: it goes on, and records when it gets round to it."""

    @override
    async def _perform(self, command: Command) -> Reply:
        if isinstance(command, Record):
            self._tasks.go(self._later(command.events))
            return True
        return await super()._perform(command)

    async def _later(self, events: Sequence[Event]) -> None:
        await self._logbook.record(events)


class FailingLogbook(Logbook):
    """Writes down which entries it acknowledged."""

    @override
    async def record(self, events: Sequence[Event]) -> bool:
        durable = await super().record(events)
        if durable:
            _acknowledged(events)
        return durable


class CarelessLogbook(FailingLogbook):
    """What the guardian must never have: it answers first and writes later."""

    @override
    async def record(self, events: Sequence[Event]) -> bool:
        self._later = asyncio.ensure_future(Logbook.record(self, events))
        _acknowledged(events)
        return True


def _acknowledged(events: Sequence[Event]) -> None:
    for event in events:
        Points.here.write(f"durable {name_of(event)}")
    Points.here.reached(f"acknowledged {name_of(events[0])}")


class FailingSocket:
    """Fails before anything reaches the broker."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    async def send(self, frame: bytes) -> None:
        """As the real one."""
        Points.here.reached("before a frame is sent")
        await self._socket.send(frame)

    def __aiter__(self) -> AsyncIterator[Any]:
        received: AsyncIterator[Any] = aiter(self._socket)
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class FailingLine(relay.Line):
    """Sends over such a socket."""

    def __init__(self, socket: Any) -> None:
        super().__init__(FailingSocket(socket))  # type: ignore[arg-type]


_append = AppendFile.append


def _failing_append(file: AppendFile, content: bytes, *, durable: bool = True) -> None:
    """Fails before and after it wrote."""
    name = file.path.suffix or file.path.name
    Points.here.reached(f"before a write to {name}")
    _append(file, content, durable=durable)
    Points.here.reached(f"after a write to {name}")


def _live(state: str, words: Sequence[str]) -> None:
    """The guardian as it is, except for what stands behind four of its names."""
    shell = HastyShell if HASTY in words else FailingShell
    logbook = CarelessLogbook if CARELESS in words else FailingLogbook
    for place, name, failing in (
        (program, "Shell", shell), (program, "Logbook", logbook), (relay, "Line", FailingLine), (AppendFile, "append", _failing_append),
    ):  # fmt: skip
        setattr(place, name, failing)
    files = HostFiles(Path(state))
    parts = replace(program.open_parts(files), clock=Hurried.read)
    asyncio.run(program.run_guardian(files, HostConfig(), parts, _say))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """The program."""
    for line in sys.stdin:
        state, kill_at, trace, *words = line.split()
        child = os.fork()
        if child == 0:
            Points.here = Points(kill_at, Path(trace))
            _live(state, words)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        _say(f"ended {status}")


if __name__ == "__main__":
    main()
