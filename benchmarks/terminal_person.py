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

from host_client.config import HostFiles, read_enrolment, write_enrolment
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
    codes: list[str]
    """The codes that were read out. The terminal still shows the old ones."""

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
        new = [code for code in CODE.findall(self.terminal.text) if code not in self.codes]
        self.codes.extend(new)
        return new


@asynccontextmanager
async def on_xvfb(home: House, size: tuple[int, int] | None = None, broker_port: int | None = None) -> AsyncIterator[House]:
    """The same installation with its host on an Xvfb of its own, of this size, and its broker at this port."""
    for name in ("desk", "guardian"):
        await home.stop(name)
    if broker_port is not None:
        enrolment = HostFiles(home.demo.layout.host).enrolment
        write_enrolment(enrolment, replace(read_enrolment(enrolment), broker_url=f"https://localhost:{broker_port}"))
    window = home.desktop
    ours, theirs = pty.openpty()
    with xvfb(*(size or (window.screen.width, window.screen.height))) as screen:
        environment = {**window.environment, "DISPLAY": screen.display}
        desk = await home.demo.start_host(environment, theirs, ("--ui", "terminal", "--language", "en"))
        os.close(theirs)
        terminal = TerminalProgram(desk.process, ours)
        asyncio.get_running_loop().add_reader(ours, terminal.read)
        person = AtTerminal(window.person.eyes, window.person.hand, terminal, [])
        try:
            yield replace(home, desktop=Desktop(screen, environment, person))
        finally:
            for name in ("desk", "guardian"):
                await home.stop(name)
            asyncio.get_running_loop().remove_reader(ours)
            os.close(ours)
