"""A program on a test's screen that says what it received, one JSON line for each event (`typed_text.py`, `typed_text_tk.py`)."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.helpers.x_server import XScreen, stop

DEADLINE = 20.0
Said = dict[str, Any]


class Program:
    """The program that receives, and what it says it received."""

    def __init__(self, screen: XScreen, module: ModuleType) -> None:
        self.module = module
        command = [sys.executable, str(Path(str(module.__file__)))]
        self.process = subprocess.Popen(command, env=screen.environment(), stdout=subprocess.PIPE, text=True)
        self._said: queue.Queue[Said] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:  # closed by its reader: closing it elsewhere would wait for the reader's next line
            for line in lines:
                self._said.put(json.loads(line))

    def until(self, fits: Callable[[Said], bool]) -> Said:
        """What it says first that fits."""
        while not fits(said := self._said.get(timeout=DEADLINE)):
            pass
        return said

    def until_text(self, text: str) -> None:
        """Wait until exactly this stands in the field. Raises AssertionError saying what stood there last."""
        last: str | None = None
        try:
            while last != text:
                last = str(self.until(lambda said: said["kind"] == "Text")["text"])
        except queue.Empty:
            raise AssertionError(f"the field holds {last!r}, not {text!r}") from None


@contextmanager
def typing_program(screen: XScreen, module: ModuleType) -> Iterator[Program]:
    """The program, once it has the focus."""
    started = Program(screen, module)
    try:
        started.until(lambda said: said["kind"] == "Focus" and bool(said["focused"]))
        yield started
    finally:
        stop(started.process)  # type: ignore[arg-type]
        started.reader.join(DEADLINE)
    assert not started.reader.is_alive()
