"""Our own programs as processes, without the second that each takes to import what it needs.

    process = await started("broker", "serve", "--config", path, errors=file)

Each test process keeps one Python for each module, in which what the module needs is imported, and lets it fork (`warm_server.py`).
What starts that way is the program itself. How it starts by itself is for the tests of the command lines, the image and `make run`.
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import BinaryIO

from runtime.supervisor import ProgramFailed, run_command

_ROOT = Path(__file__).resolve().parents[2]
_LATE = ("pydantic.type_adapter", "rich.table")
"""What every command line imports while it runs."""
_DATABASE = ("sqlite3", "aiosqlite", "alembic.command", "alembic.config", "alembic.ddl.sqlite", "alembic.autogenerate", "mako.template")
_NEEDS = {
    "broker": ("broker.cli", "broker.administration", "broker.log_administration", "broker.serving", *_DATABASE, *_LATE),
    "host_client.cli": ("host_client.cli", *_LATE),
    "audit.cli": ("audit.cli", "sqlite3", *_LATE),
}
"""What is imported beforehand, by the module that is run."""
_MODULES = {"chaperone-broker": "broker", "chaperone-audit": "audit.cli"}
"""Installed commands, by the module that each of them is."""


class _Pipe(asyncio.StreamReaderProtocol):
    """What a process writes. Its descriptor is closed at the end of that, and then `closed` is done."""

    def __init__(self) -> None:
        self.text = asyncio.StreamReader()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        super().__init__(self.text)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if not self.closed.done():
            self.closed.set_result(None)


class WarmProcess:
    """What tests use of `asyncio.subprocess.Process`."""

    def __init__(self, pid: int, news: _Pipe, out: _Pipe, errors: _Pipe | None) -> None:
        self.pid, self.stdout = pid, out.text
        self.returncode: int | None = None
        self._pipes = (news, out) if errors is None else (news, out, errors)
        self._end = asyncio.ensure_future(self._ended())

    async def _ended(self) -> int:
        self.returncode = code = os.waitstatus_to_exitcode(int(await self._pipes[0].text.readline()))
        await asyncio.gather(*(each.closed for each in self._pipes))
        return code

    async def wait(self) -> int:
        """The exit code, or the negative number of the signal that ended it."""
        return await asyncio.shield(self._end)

    async def communicate(self) -> tuple[bytes, bytes]:
        """All that it writes until its end, on either stream."""
        out, *errors = await asyncio.gather(*(each.text.read() for each in self._pipes[1:]))
        await self.wait()
        return out, b"".join(errors)

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing happens to a process that has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)


async def started(
    module: str, *words: str, errors: BinaryIO | None = None, merged: bool = False, environment: Mapping[str, str] | None = None
) -> WarmProcess:
    """`python -m MODULE WORDS...` with empty standard input. Its errors go into this file, into its output where they are `merged`, else
    `communicate` gives them.
    """
    with ExitStack() as ours:
        news, news_end = _pipe(ours)
        out, out_end = _pipe(ours)
        err = None
        if errors is not None:
            err_end = errors.fileno()
        elif merged:
            err_end = out_end
        else:
            err, err_end = _pipe(ours)
        ours.callback(os.close, nothing := os.open(os.devnull, os.O_RDONLY))
        given = dict(os.environ if environment is None else environment)
        asked = {"words": [module, *words], "environment": given, "folder": str(Path.cwd())}
        socket.send_fds(_asking(module), [json.dumps(asked).encode()], [news_end, nothing, out_end, err_end])
    told, said = await _opened(news), await _opened(out)
    complaints = None if err is None else await _opened(err)
    line = await told.text.readline()
    assert line, f"nothing can be forked to run {module}"
    return WarmProcess(int(line), told, said, complaints)


async def perform(name: str, command: Sequence[str], environment: Mapping[str, str]) -> str:
    """`runtime.supervisor.run_command` for our own commands: what it wrote. Raises ProgramFailed if it did not succeed."""
    module = _MODULES.get(Path(command[0]).name)
    if module is None:
        return await run_command(name, command, environment)
    process = await started(module, *command[1:], environment=environment)
    said, errors = await process.communicate()
    if process.returncode != 0:
        raise ProgramFailed(name, f"did not succeed (exit code {process.returncode})", (said + errors).decode().splitlines())
    return said.decode()


@cache
def _asking(module: str) -> socket.socket:
    """The way to the Python that runs this module. It ends when nobody can ask it any more."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    words = (sys.executable, "-m", "tests.helpers.warm_server", str(theirs.fileno()), *_NEEDS[module])
    process = subprocess.Popen(words, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, cwd=_ROOT)
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _pipe(theirs: ExitStack) -> tuple[int, int]:
    """Our end, and theirs, which is closed with the stack once it was handed over."""
    reading, writing = os.pipe()
    theirs.callback(os.close, writing)
    return reading, writing


async def _opened(descriptor: int) -> _Pipe:
    _, pipe = await asyncio.get_running_loop().connect_read_pipe(_Pipe, os.fdopen(descriptor, "rb", 0))
    return pipe
