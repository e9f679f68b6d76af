"""Runs published test vectors against the product's Python and its browser code: `python -m tests.vectors_run DIR`.

Every case is put to both languages. It passes when Python's answer is right and the browser code's is the same. One line
for each set; the exit code is 1 if anything failed or differed. Nothing of DIR is copied.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from runtime.setup import node
from tests.published import python_side
from tests.published.cases import SETS, Case, read

VECTORS_TS = node.CONSOLE / "vectors"
ANSWER_SECONDS = 120

Answerer = Callable[[Case], str]


@contextmanager
def browser_code() -> Iterator[Answerer]:
    """The console's code, bundled into a folder of its own and running in Node until the block is left."""
    found = node.find()
    program = str(found.folder / "node")
    vite = str(node.CONSOLE / "node_modules" / "vite" / "bin" / "vite.js")
    with tempfile.TemporaryDirectory() as folder:
        build = [program, vite, "build", "--config", str(VECTORS_TS / "vite.config.ts"), "--outDir", folder, "--logLevel", "warn"]
        subprocess.run(build, check=True, cwd=node.CONSOLE, env=node.environment(found, os.environ), timeout=ANSWER_SECONDS)
        # Node reads modules as such only with this ending.
        bundle = (Path(folder) / "vectors.js").rename(Path(folder) / "vectors.mjs")
        running = subprocess.Popen([program, str(bundle)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield lambda case: _asked(running, case)
        finally:
            running.kill()
            running.communicate()


def _asked(running: "subprocess.Popen[str]", case: Case) -> str:
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(json.dumps(case.given) + "\n")
    running.stdin.flush()
    line = running.stdout.readline()
    if not line:
        raise RuntimeError(f"the browser code stopped at {case.name}")
    return str(json.loads(line))


def judged(case: Case, python: str, browser: str) -> str | None:
    """What is wrong with two answers, or None."""
    if python not in case.right:
        return f"{case.name}: Python says {python[:40]}"
    if browser != python:
        return f"{case.name}: Python says {python[:40]}, the browser code {browser[:40]}"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all sets; 0 when every case passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.vectors_run", description="Run published test vectors in both languages.")
    parser.add_argument("folder", type=Path, help="where the sets stand")
    folder: Path = parser.parse_args(arguments).folder
    console = Console(highlight=False, soft_wrap=True)
    failed = 0
    with browser_code() as browser:
        for published in SETS:
            cases = read(folder, published)
            faults = [fault for case in cases if (fault := judged(case, python_side.answer(case.given), browser(case)))]
            without = f" (without {published.left_out})" if published.left_out else ""
            console.print(f"{published.title}: {len(cases) - len(faults)} passed, {len(faults)} failed{without}", markup=False)
            for fault in faults:
                console.print(f"    {fault}", markup=False)
            failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
