"""The dialogue with a sans-I/O core, written as it runs: events go in with `>>`, commands come out with `<<`.

    book = Playbook(core.handle, now)
    book >> Received(frame)                   an event begins; whatever ran before must be over
    book << Send(answer)                      the next command is exactly this one
    book << Record(event) >> Reply(True)      a command, and what the shell gives back for it (None if nothing is said)
    book << Send                              any command of this class; `book.last` holds it
    book << Matching(Send, lambda send: ...)  one that fits
    book.end()                                nothing more comes

Both cores (broker and guardian) speak this way: `handle(event, now) -> Generator[command, reply, None]`.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from policy.instant import Instant

NOON = Instant(utc=1_800_000_000.0, boot=1_000.0)
"""Where the fixed clock of tests stands at first."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the shell answers to the command that came last."""

    value: object


@dataclass(frozen=True, slots=True)
class Matching:
    """Any command of a class for which `fits` is true."""

    cls: type[object]
    fits: Callable[[Any], bool]


class Playbook:
    """Runs one core through a dialogue and fails where the dialogue differs."""

    def __init__(self, handle: Callable[[Any, Instant], Generator[object, Any, None]], now: Instant = NOON) -> None:
        self._handle = handle
        self._running: Generator[object, Any, None] | None = None
        self._reply: object = None
        self.now = now
        self.last: Any = None
        """The command that came last."""

    def wait(self, seconds: float) -> "Playbook":
        """Let both clocks run on before the next event."""
        self.now = self.now.after(seconds)
        return self

    def __rshift__(self, given: object) -> "Playbook":
        if isinstance(given, Reply):
            assert self._running is not None, "there is no command to reply to"
            self._reply = given.value
            return self
        self.end()
        self._running, self._reply = self._handle(given, self.now), None
        return self

    def __lshift__(self, expected: object) -> "Playbook":
        command = self._next()
        assert command is not None, f"expected {expected!r}, and nothing more came"
        self.last = command
        assert _fits(command, expected), f"expected {expected!r}\n     got {command!r}"
        return self

    def end(self) -> "Playbook":
        """Nothing more comes out of the event that runs."""
        command = self._next()
        assert command is None, f"expected nothing more, got {command!r}"
        return self

    def drain(self, answer: Callable[[Any], object] = lambda _command: None) -> list[Any]:
        """Run the event to its end, replying by `answer`, and return every command that came."""
        commands = []
        while (command := self._next()) is not None:
            commands.append(command)
            self._reply = answer(command)
        return commands

    def _next(self) -> object:
        if self._running is None:
            return None
        reply, self._reply = self._reply, None
        try:
            return self._running.send(reply)
        except StopIteration:
            self._running = None
            return None


def _fits(command: object, expected: object) -> bool:
    if isinstance(expected, Matching):
        return isinstance(command, expected.cls) and expected.fits(command)
    if isinstance(expected, type):
        return isinstance(command, expected)
    return command == expected
