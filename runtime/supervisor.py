"""Starts programs, keeps their last words, waits for them to say that they are ready, and stops them newest first.

It knows nothing of Chaperone: which programs, in which order and with which words is the business of `demo.py`.
"""

import asyncio
import os
import re
import shutil
import signal
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from runtime.private_files import private_folder

READY_SECONDS = 60.0
STOP_SECONDS = 8.0
LAST_LINES = 20
LINE_MAX = 64 * 1024


class ProgramFailed(Exception):
    """A program ended, or did not become ready, or a command did not succeed. `str()` is for the person at the terminal."""

    def __init__(self, name: str, what: str, last_lines: Sequence[str]) -> None:
        super().__init__("\n".join((f"{name} {what}", *(f"    {line}" for line in last_lines))))
        self.name = name


@dataclass(frozen=True, slots=True)
class Program:
    """One program to keep running. It is ready when it writes a line in which `ready` is found (None: as soon as it runs).

    With `terminal` it gets this as standard input, output and error instead of /dev/null and a log.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: str | None
    terminal: int | None = None


@dataclass(slots=True)
class Running:
    """A program that was started."""

    program: Program
    process: asyncio.subprocess.Process
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    said_ready: asyncio.Event = field(default_factory=asyncio.Event)
    ready_line: str = ""
    reading: asyncio.Task[None] | None = None
    stopping: bool = False

    async def ended(self) -> int:
        """Wait for the end, and for everything it still had to say; its exit code, negative for a signal."""
        code = await self.process.wait()
        if self.reading is not None:
            await self.reading
        return code


class Supervisor:
    """Holds the programs of one run, in the order in which they were started."""

    def __init__(self, logs: Path) -> None:
        self._logs = private_folder(logs)
        self._running: list[Running] = []

    @property
    def running(self) -> tuple[Running, ...]:
        """Oldest first."""
        return tuple(self._running)

    async def start(self, program: Program, seconds: float = READY_SECONDS) -> Running:
        """Start a program and wait for its ready line. Raises ProgramFailed if it ends first or stays silent."""
        running = await self._spawn(program)
        self._running.append(running)
        if program.ready is None:
            return running
        ready = asyncio.create_task(running.said_ready.wait())
        ended = asyncio.create_task(running.ended())
        try:
            await asyncio.wait((ready, ended), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
            ended.cancel()
        if running.said_ready.is_set():
            return running
        if running.process.returncode is not None:
            raise self._failed(running)
        raise ProgramFailed(program.name, f"did not become ready in {seconds:.0f} s. Its last lines:", running.last_lines)

    async def first_end(self) -> ProgramFailed:
        """Wait until any program ends that nobody stopped, and say how."""
        waits = {asyncio.create_task(each.ended()): each for each in self._running}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return self._failed(waits[done.pop()])
        finally:
            for each in waits:
                each.cancel()

    async def stop(self, running: Running, seconds: float = STOP_SECONDS) -> int:
        """Ask one program to end, and after `seconds` end it. Returns its exit code."""
        running.stopping = True
        if running.process.returncode is None:
            _signal_group(running.process, signal.SIGTERM)
        try:
            code = await asyncio.wait_for(running.ended(), seconds)
        except TimeoutError:
            _signal_group(running.process, signal.SIGKILL)
            code = await running.ended()
        if running in self._running:
            self._running.remove(running)
        return code

    async def stop_all(self) -> None:
        """Stop every program, newest first, one after the other."""
        while self._running:
            await self.stop(self._running[-1])

    async def _spawn(self, program: Program) -> Running:
        given = program.terminal
        process = await asyncio.create_subprocess_exec(
            *_dies_with_us(program.command),
            stdin=asyncio.subprocess.DEVNULL if given is None else given,
            stdout=asyncio.subprocess.PIPE if given is None else given,
            stderr=asyncio.subprocess.STDOUT if given is None else given,
            env={**program.environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            limit=LINE_MAX,
        )
        running = Running(program, process)
        if process.stdout is not None:
            running.reading = asyncio.create_task(self._read(running, process.stdout))
        return running

    async def _read(self, running: Running, lines: asyncio.StreamReader) -> None:
        pattern = re.compile(running.program.ready or r"(?!)")
        descriptor = os.open(self._logs / f"{running.program.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab", buffering=0) as log:
            while line := await _next_line(lines):
                self._take(running, line, pattern, log)

    @staticmethod
    def _take(running: Running, line: bytes, pattern: "re.Pattern[str]", log: IO[bytes]) -> None:
        log.write(line)
        text = line.decode(errors="replace").rstrip()
        running.last_lines.append(text)
        if not running.said_ready.is_set() and pattern.search(text):
            running.ready_line = text
            running.said_ready.set()

    def _failed(self, running: Running) -> ProgramFailed:
        code = running.process.returncode
        how = f"ended with exit code {code}" if code is not None and code >= 0 else f"was ended by {_signal_name(code)}"
        return ProgramFailed(running.program.name, f"{how}. Its last lines ({self._logs / running.program.name}.log):", running.last_lines)


async def _next_line(lines: asyncio.StreamReader) -> bytes:
    """One line, cut at LINE_MAX; empty at the end of the stream."""
    try:
        return await lines.readuntil(b"\n")
    except asyncio.IncompleteReadError as rest:
        return rest.partial
    except asyncio.LimitOverrunError as long:
        return await lines.readexactly(long.consumed)


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """To the program and what it started: each has a session of its own, so the group is its process id."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # it ended while we were about to say so


def _signal_name(code: int | None) -> str:
    return "nobody knows what" if code is None else signal.Signals(-code).name


def _dies_with_us(command: Sequence[str]) -> tuple[str, ...]:
    """Nothing stays behind when the supervisor itself is killed: the kernel then ends its children (Linux)."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--", *command) if setpriv else tuple(command)


async def run_command(name: str, command: Sequence[str], environment: Mapping[str, str], given: bytes = b"") -> str:
    """Run a command to its end and return what it wrote. Raises ProgramFailed with its words if it did not succeed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(environment),
    )
    said, errors = await process.communicate(given)
    if process.returncode != 0:
        words = [line for line in (said + errors).decode(errors="replace").splitlines() if line.strip()]
        raise ProgramFailed(name, f"did not succeed (exit code {process.returncode}): {' '.join(command)}", words[-LAST_LINES:])
    return said.decode()
