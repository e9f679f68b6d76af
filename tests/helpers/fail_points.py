"""Points at which a program for tests is cut off as by a power cut. Each is written down before it is passed."""

import os
import signal
from pathlib import Path
from typing import ClassVar

KILLED = "killed"
"""The last line of a trace, if the process was."""


class Points:
    """Counts, writes down, and at the chosen number ends the process without a chance to tidy up."""

    here: ClassVar["Points"]
    """Those of this process."""

    def __init__(self, kill_at: str, trace: Path) -> None:
        self._kill_at = kill_at
        self._file = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._count = 0
        self.write(f"pid {os.getpid()}")

    def reached(self, name: str) -> None:
        """Pass a fail-point, or do not."""
        self._count += 1
        self.write(f"point {name}")
        if self._kill_at in {str(self._count), name.replace(" ", ":")}:
            self.write(KILLED)
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, line: str) -> None:
        """One line of the trace, which outlives the process."""
        os.write(self._file, f"{line}\n".encode())
