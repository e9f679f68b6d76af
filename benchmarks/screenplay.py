"""The workload process as the benchmarks hold it: commands in, what it drew out."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from benchmarks.timing import Flip, Step

Said = Mapping[str, object]
PATIENCE = 10.0


class Screenplay:
    """The running workload."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def line(self) -> Said:
        """The next thing it says."""
        if self._process.stdout is None:
            raise RuntimeError("the workload has no output")
        said: Said = json.loads(await asyncio.wait_for(self._process.stdout.readline(), 3600))
        return said

    async def press(self) -> Said | None:
        """The next press that it saw; None when none comes."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.line()
        except TimeoutError:
            return None

    async def play(self, command: str) -> list[Said]:
        """Run one command to its end; every change it drew, and at last that it is done."""
        self.tell(command)
        drawn = []
        while (said := await self.line())["what"] != "done":
            drawn.append(said)
        return drawn

    def tell(self, command: str) -> None:
        """Give a command."""
        if self._process.stdin is None:
            raise RuntimeError("the workload has no input")
        self._process.stdin.write(f"{command}\n".encode())


@asynccontextmanager
async def screenplay(environment: Mapping[str, str]) -> AsyncIterator[Screenplay]:
    """The workload on this display."""
    command = (sys.executable, "-m", "benchmarks.workload")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=dict(environment))
    play = Screenplay(process)
    try:
        await play.line()
        yield play
    finally:
        play.tell("quit")
        await process.wait()


def flips(said: list[Said], name: str) -> list[Flip]:
    """The changes of one square."""
    return [Flip(bool(each["lit"]), float(str(each["at"]))) for each in said if each["what"] == name]


def steps(said: list[Said]) -> list[Step]:
    """The steps of what moves."""
    return [Step(int(str(each["number"])), float(str(each["at"]))) for each in said if each["what"] == "step"]
