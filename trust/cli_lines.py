"""`chaperone-keys` for a program that has many steps to do: one process does them all, because starting one costs more than a step.

    in    ["--keys", "DIR", "person", "add", ...]        a command line, as a JSON list on one line
    out   {"code": 0, "said": "...", "errors": "..."}    its exit code and what it wrote

Commands that would ask find nobody to answer. What is no refusal of a command ends this process, as it would have ended its own.
"""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import IO

from trust.cli import main as keys


def answer(words: list[str]) -> dict[str, int | str]:
    """Do one step."""
    said, errors = StringIO(), StringIO()
    with redirect_stdout(said), redirect_stderr(errors):
        try:
            keys(words)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return {"code": code, "said": said.getvalue(), "errors": errors.getvalue()}


def main(given: IO[str] | None = None) -> None:
    """Answer each line until there are no more."""
    lines = given or sys.stdin
    sys.stdin = StringIO()
    for line in lines:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
