"""The host of a benchmark on Xvfb, where X shares its memory with whoever copies the screen, as an instrument's own X does.

Nobody can press a window there, so the desk runs in a terminal and the person types the word that allows.
"""

import asyncio
import os
import pty
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from typing_extensions import override

from tests.helpers.desktop import Desktop, Person, Seen
from tests.helpers.house import House
from tests.helpers.pty_program import TerminalProgram
from tests.helpers.x_server import xvfb
from wire.limits import PROMPT_ARMED_AFTER

CODE = re.compile(r"\b\d{3}-\d{3} \w{4}-\w{4}\b")
PROMPT, ALLOWED = "Type “allow”", "You allowed it"


@dataclass(frozen=True, slots=True)
class AtTerminal(Person):
    """Somebody who reads a terminal and types. Knows as much of it as a benchmark needs."""

    terminal: TerminalProgram

    @override
    async def press(self, name: str, role: str = "push button", seconds: float = 20.0) -> Seen:
        if name == "Get help":
            self.terminal.write("h")
        else:
            await self._allow(self.terminal.text.count(ALLOWED) + 1)
        return Seen(name, role, 0, 0, 0, 0, focused=True, enabled=True)

    async def _allow(self, number: int) -> None:
        await self.terminal.says(f"(?s)(?:{PROMPT}.*){{{number}}}")
        await asyncio.sleep(PROMPT_ARMED_AFTER + 0.2)
        self.terminal.write("allow")
        await self.terminal.says(f"(?s)(?:{ALLOWED}.*){{{number}}}")

    @override
    async def texts(self) -> list[str]:
        return CODE.findall(self.terminal.text)


@asynccontextmanager
async def on_xvfb(home: House) -> AsyncIterator[House]:
    """The same installation with its host on an Xvfb of its own."""
    for name in ("desk", "guardian"):
        await home.stop(name)
    window = home.desktop
    ours, theirs = pty.openpty()
    with xvfb(window.screen.width, window.screen.height) as screen:
        environment = {**window.environment, "DISPLAY": screen.display}
        desk = await home.demo.start_host(environment, theirs, ("--ui", "terminal", "--language", "en"))
        os.close(theirs)
        terminal = TerminalProgram(desk.process, ours)
        asyncio.get_running_loop().add_reader(ours, terminal.read)
        person = AtTerminal(window.person.eyes, window.person.hand, terminal)
        try:
            yield replace(home, desktop=Desktop(screen, environment, person))
        finally:
            for name in ("desk", "guardian"):
                await home.stop(name)
            asyncio.get_running_loop().remove_reader(ours)
            os.close(ours)
