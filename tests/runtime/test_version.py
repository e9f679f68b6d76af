"""Every program says which version it is."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

PROGRAMS = ("chaperone-audit", "chaperone-broker", "chaperone-console", "chaperone-host", "chaperone-keys")


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_says_its_version_and_ends(program: str) -> None:
    said = subprocess.run([Path(sys.executable).with_name(program), "--version"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout.strip()) == (0, f"chaperone {version('chaperone')}")
