"""How the demo runs `chaperone-keys`: each step a process of its own, or, inside `together`, all of them in one (trust/cli_lines.py)."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from runtime.supervisor import LAST_LINES, ProgramFailed, run_command

NAME = "chaperone-keys"
LONGEST_ANSWER = 2**24


class KeysProgram:
    """The signers' program. One step at a time: two in one signing folder would each make the next version."""

    def __init__(self, program: str, environment: Mapping[str, str]) -> None:
        self._program, self._environment = program, environment
        self._turn = asyncio.Lock()
        self._inside = 0
        self.process: asyncio.subprocess.Process | None = None

    async def run(self, folder: Path, *words: str) -> str:
        """Do one step in a signing folder, and return what it wrote. Raises ProgramFailed with its words if it did not succeed."""
        command = ("--keys", str(folder), *words)
        async with self._turn:
            if self.process is None:
                return await run_command(f"{NAME} {words[0]}", (self._program, *command), self._environment)
            return await self._told(self.process, command, f"{NAME} {words[0]}")

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Inside, one process does every step. It holds keys no longer than this lasts."""
        await self._enter()
        try:
            yield
        finally:
            await self._leave()

    async def _enter(self) -> None:
        async with self._turn:
            self._inside += 1
            if self.process is None:
                pipe = asyncio.subprocess.PIPE
                self.process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "trust.cli_lines", stdin=pipe, stdout=pipe, limit=LONGEST_ANSWER, env=dict(self._environment)
                )

    async def _leave(self) -> None:
        async with self._turn:
            self._inside -= 1
            if self.process is None or self._inside:
                return
            process, self.process = self.process, None
            await process.communicate(b"")  # nothing more to do: it ends

    async def _told(self, process: asyncio.subprocess.Process, command: Sequence[str], name: str) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(command).encode() + b"\n")
        line = await process.stdout.readline()
        if not line:
            raise ProgramFailed(name, f"stopped in the middle of: {' '.join(command)}", ())
        answer = json.loads(line)
        if answer["code"] != 0:
            words = [each for each in (answer["said"] + answer["errors"]).splitlines() if each.strip()]
            raise ProgramFailed(name, f"did not succeed (exit code {answer['code']}): {' '.join(command)}", words[-LAST_LINES:])
        return str(answer["said"])
