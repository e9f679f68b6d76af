"""A small application on the host's screen with one field for text, which says on standard output what stands in it.

Run as a program (`python -m tests.helpers.notebook`); tests start it with `notebook` and read what arrived.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.helpers.desktop import SEE_SECONDS, Desktop, ended

FIELD = "Note on the sample"
ROOT = Path(__file__).resolve().parents[2]


class Notebook:
    """The running application, from outside."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.text = ""

    async def next(self, seconds: float = SEE_SECONDS) -> str:
        """Wait until the text changes and return it. Raises TimeoutError."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), seconds)
        assert line, "the notebook ended"
        self.text = str(json.loads(line))
        return self.text

    async def reads(self, expected: str, seconds: float = SEE_SECONDS) -> None:
        """Wait until exactly this stands in the field. Raises AssertionError saying what stood there instead."""
        try:
            async with asyncio.timeout(seconds):
                while self.text != expected:
                    await self.next(seconds)
        except TimeoutError:
            raise AssertionError(f"the field holds {self.text!r}, not {expected!r}") from None


@asynccontextmanager
async def notebook(place: Desktop) -> AsyncIterator[Notebook]:
    """The application on a desktop, its field focused and empty."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.helpers.notebook",
        cwd=ROOT, env=dict(place.environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await place.person.see(FIELD)
        yield Notebook(process)
    finally:
        await ended(process)


def main() -> None:
    """Show the field until the window is closed."""
    from PySide6.QtWidgets import QApplication, QLineEdit

    application = QApplication([])
    field = QLineEdit()
    field.setAccessibleName(FIELD)
    field.setWindowTitle("Notebook")
    field.setGeometry(60, 420, 500, 60)
    field.textChanged.connect(_say)
    field.show()
    application.exec()


def _say(text: str) -> None:
    sys.stdout.write(json.dumps(text) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
