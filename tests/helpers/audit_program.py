"""`chaperone-audit` as typed, in this process.

A file imports `audit`, and pytest hands it to its tests: `said = audit("verify", log, "--key", KEY)`. Elsewhere: `real("verify", log)`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from audit.cli import main


@dataclass(frozen=True, slots=True)
class Said:
    """Exit code, and what went to either stream."""

    code: int
    out: str
    err: str


Audit = Callable[..., Said]


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Audit:
    """The program with its answers."""

    def run(*arguments: object) -> Said:
        code = real(*arguments)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


def real(*arguments: object) -> int:
    """The program; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)
