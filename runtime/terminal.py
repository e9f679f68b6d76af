"""One terminal for two: the supervisor's questions and the host's terminal interface.

    keyboard -> Terminal -> an open question, if there is one, gets the line
                         -> otherwise the program behind the pseudo-terminal gets it
    pseudo-terminal -> screen, as it comes

The program sees a terminal of its own, so it knows that a person may answer. Ctrl-C stays with the supervisor. When
standard input is no terminal there is nobody to ask: questions are answered by None, and the program gets no input.
"""

import asyncio
import fcntl
import os
import pty
import sys
import termios
from collections import deque
from collections.abc import Callable
from typing import IO

CHUNK = 4096


class Terminal:
    """Reads the keyboard line by line for whoever's turn it is. Call `open` inside a running loop, `close` at the end."""

    def __init__(self, keyboard: IO[str] | None = None, out: IO[str] | None = None) -> None:
        self._keyboard = (keyboard or sys.stdin).fileno()
        self._out = out or sys.stdout
        self._questions: deque[asyncio.Future[str | None]] = deque()
        self._program: int | None = None
        self.has_person = os.isatty(self._keyboard)

    def open(self) -> None:
        """Begin to listen, if there is a person."""
        if self.has_person:
            asyncio.get_running_loop().add_reader(self._keyboard, self._typed)

    def close(self) -> None:
        """Stop listening; open questions stay unanswered (None)."""
        loop = asyncio.get_running_loop()
        if self.has_person:
            loop.remove_reader(self._keyboard)
            self.has_person = False
        self._give_up()
        if self._program is not None:
            loop.remove_reader(self._program)
            os.close(self._program)
            self._program = None

    async def ask(self, question: str) -> str | None:
        """Print a question and wait for one line; None when nobody can answer."""
        self._out.write(question)
        self._out.flush()
        if not self.has_person:
            self._out.write("\n")
            return None
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._questions.append(answer)
        try:
            return await answer
        finally:
            if answer in self._questions:
                self._questions.remove(answer)

    def lend(self) -> int | None:
        """A terminal for one program, to be closed by the caller once the program runs; None when there is no person."""
        if not self.has_person:
            return None
        ours, theirs = pty.openpty()
        _without_echo(theirs)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, fcntl.ioctl(self._keyboard, termios.TIOCGWINSZ, b"\0" * 8))
        self._program = ours
        asyncio.get_running_loop().add_reader(ours, self._said)
        return theirs

    def _typed(self) -> None:
        line = os.read(self._keyboard, CHUNK)
        if not line:
            self.has_person = False
            asyncio.get_running_loop().remove_reader(self._keyboard)
            self._give_up()
        elif self._questions:
            self._questions.popleft().set_result(line.decode(errors="replace").strip())
        elif self._program is not None:
            os.write(self._program, line)

    def _said(self) -> None:
        assert self._program is not None
        try:
            words = os.read(self._program, CHUNK)
        except OSError:  # the program closed its side: Linux reports EIO instead of an end
            words = b""
        if words:
            self._out.write(words.decode(errors="replace"))
            self._out.flush()
        else:
            asyncio.get_running_loop().remove_reader(self._program)

    def _give_up(self) -> None:
        while self._questions:
            self._questions.popleft().set_result(None)


def _without_echo(descriptor: int) -> None:
    """The person's own terminal has shown what was typed already."""
    modes = termios.tcgetattr(descriptor)
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSANOW, modes)


async def confirmed(terminal: Terminal, question: str, say: Callable[[str], None]) -> bool:
    """Whether the person said yes: `y`, `yes` or Enter alone. Nobody there is a no, and is said."""
    answer = await terminal.ask(f"{question} [Y/n] ")
    if answer is None:
        say("Nobody can answer here (standard input is no terminal), so the answer is no.")
        return False
    return answer.lower() in {"", "y", "yes"}
