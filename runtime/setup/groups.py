"""`make test`: the groups of checks in their order, each with its time, stopping at the first that is red.

A group is one target of the Makefile, so that what failed can be run again by its name alone.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from runtime.setup.python_packages import TREE
from runtime.setup.voice import say


def by_make(target: str) -> int:
    """Run one target and return its status. The set-up has been done by the caller; make sees that at once."""
    return subprocess.run(["make", "--no-print-directory", target], check=False, cwd=TREE).returncode


def run(targets: Sequence[str], perform: Callable[[str], int] = by_make, clock: Callable[[], float] = time.monotonic) -> int:
    """Perform the targets in order until one fails. Prints each one's seconds; returns 0, or the status of the red one."""
    times: list[str] = []
    status = 0
    for number, target in enumerate(targets, 1):
        say(f"\n=== {target} ({number}/{len(targets)}) ...")
        begun = clock()
        status = perform(target)
        times.append(f"  {target:<14}{clock() - begun:8.1f} s  {'green' if status == 0 else 'RED'}")
        if status != 0:
            break
    say("\n".join(("", "Time of each group:", *times)))
    if status != 0:
        left = " ".join(targets[number:]) or "none"
        say(f"\nRED: `make {target}` failed with status {status}. Not run after it: {left}.")
    else:
        say("\nEvery group is green.")
    return status


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
