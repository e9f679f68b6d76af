"""A program on a terminal of its own, with a person who reads and types lines."""

import asyncio
import os
import pty
import re
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

_STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class TerminalProgram:
    """The running program. `text` is everything it wrote, without colours."""

    def __init__(self, process: asyncio.subprocess.Process, descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        self._wrote = asyncio.Event()
        self._raw = ""
        self._silent = False

    @property
    def text(self) -> str:
        """What stood on the terminal, line by line."""
        return _STYLE.sub("", self._raw).replace("\r", "\n")

    def read(self) -> None:
        """Take what the program wrote."""
        try:
            words = os.read(self._descriptor, 65536)
        except OSError:  # it closed its terminal
            words = b""
        if words:
            self._raw += words.decode(errors="replace")
        else:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._silent = True
        self._wrote.set()

    def write(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self._descriptor, f"{line}\n".encode())

    async def says(self, pattern: str, seconds: float = 120) -> "re.Match[str]":
        """Wait until the terminal shows this. Raises AssertionError with what it shows instead."""
        try:
            async with asyncio.timeout(seconds):
                while (found := re.search(pattern, self.text)) is None:
                    assert not self._silent, f"the program ended before it showed {pattern!r}:\n{self.text}"
                    self._wrote.clear()
                    await self._wrote.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"the terminal never showed {pattern!r} but:\n{self.text}") from None

    async def interrupt(self, seconds: float = 60) -> int:
        """Press Ctrl-C and wait for the end. Its exit code."""
        os.write(self._descriptor, b"\x03")
        return await asyncio.wait_for(self.process.wait(), seconds)


@asynccontextmanager
async def terminal_program(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[TerminalProgram]:
    """Start a program on a terminal; it is ended with the block."""
    ours, theirs = pty.openpty()
    # `setsid --ctty` makes it the terminal's own program, so that Ctrl-C reaches it as it would a person's.
    process = await asyncio.create_subprocess_exec(
        "setsid", "--ctty", "--wait", *command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(environment), start_new_session=True
    )
    os.close(theirs)
    program = TerminalProgram(process, ours)
    asyncio.get_running_loop().add_reader(ours, program.read)
    try:
        yield program
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 60)
        os.close(ours)
