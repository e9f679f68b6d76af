"""One terminal for two, on a real pseudo-terminal."""

import asyncio
import io
import os
import pty
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import pytest

from runtime.terminal import Terminal, confirmed


class Desk:
    """A person's keyboard and screen."""

    def __init__(self) -> None:
        self.fingers, slave = pty.openpty()
        self.keyboard: IO[str] = os.fdopen(slave, "r")
        self.out = io.StringIO()
        self.terminal = Terminal(self.keyboard, self.out)

    def write(self, line: str) -> None:
        os.write(self.fingers, line.encode())


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    made.terminal.open()
    yield made
    made.terminal.close()
    made.keyboard.close()
    os.close(made.fingers)


@pytest.mark.parametrize(("line", "expected"), [("\n", True), ("y\n", True), ("Yes\n", True), ("n\n", False), ("what?\n", False)])
async def test_a_question_is_answered_by_the_next_line(desk: Desk, line: str, expected: bool) -> None:
    asking = asyncio.create_task(confirmed(desk.terminal, "Sign?", print))
    desk.write(line)
    assert await asyncio.wait_for(asking, 5) is expected
    assert desk.out.getvalue() == "Sign? [Y/n] "


async def test_lines_go_to_the_program_unless_a_question_is_open(desk: Desk) -> None:
    theirs = desk.terminal.lend()
    assert theirs is not None
    source = "import sys\nassert sys.stdin.isatty()\nprint('got', input(), flush=True)\nprint('then', input(), flush=True)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", source, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    asking = asyncio.create_task(desk.terminal.ask("first? "))
    desk.write("for the question\n")
    assert await asyncio.wait_for(asking, 5) == "for the question"
    desk.write("one\n")
    desk.write("two\n")
    assert await asyncio.wait_for(process.wait(), 10) == 0
    await asyncio.wait_for(_until(lambda: "then two" in desk.out.getvalue()), 5)
    assert "got one" in desk.out.getvalue()


async def _until(fits: "object") -> None:
    """Give the loop its turns until the program's words have come through."""
    assert callable(fits)
    turn = asyncio.get_running_loop()
    while not fits():
        passed = turn.create_future()
        turn.call_later(0.01, passed.set_result, None)
        await passed


async def test_when_the_keyboard_goes_away_open_questions_are_not_answered(desk: Desk) -> None:
    asking = asyncio.create_task(desk.terminal.ask("Sign? "))
    desk.write("\x04")
    assert await asyncio.wait_for(asking, 5) is None


async def test_without_a_terminal_there_is_nobody_to_ask(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    said: list[str] = []
    with empty.open() as keyboard:
        terminal = Terminal(keyboard, io.StringIO())
        terminal.open()
        assert terminal.lend() is None
        assert not await confirmed(terminal, "Sign?", said.append)
    assert "Nobody can answer here" in said[0]
