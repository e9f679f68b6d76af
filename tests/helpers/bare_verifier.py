"""The stand-alone verifier on a machine that has nothing: no package but `cryptography`, nothing of this project, and no network.

The network is taken away by a namespace of its own where this account may make one (`unshare`), and by refusing sockets everywhere.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cryptography

from audit.standalone import chaperone_verify

PROGRAM = Path(chaperone_verify.__file__)
_NO_SOCKETS = """
def forbidden(event, arguments):
    if event.startswith("socket.") or event in {"subprocess.Popen", "os.system", "os.exec"}:
        raise RuntimeError(event)
sys.addaudithook(forbidden)
"""


class Answer(NamedTuple):
    """Exit code, and everything it printed."""

    code: int
    out: str


def bare(key: str, place: Path, *paths: Path | str) -> Answer:
    """What it says of these. `place` is a folder for what little is within its reach."""
    argv = ["chaperone_verify.py", "--key", key, *map(str, paths)]
    return alone(f"sys.argv = {argv!r}; import runpy; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')", place)


def alone(code: str, place: Path) -> Answer:
    """What a program says there."""
    packages = place / "packages"
    if not packages.exists():
        packages.mkdir()
        home = Path(cryptography.__file__).parent.parent
        for name in ("cryptography", "cffi", "pycparser", *(each.name for each in home.glob("_cffi_backend*"))):
            (packages / name).symlink_to(home / name)
    begin = f"import sys; sys.path.insert(0, {str(packages)!r}){_NO_SOCKETS}"
    command = [*no_network(), sys.executable, "-I", "-S", "-c", begin + code]
    made = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=place, check=False)
    return Answer(made.returncode, made.stdout + made.stderr)


@cache
def no_network() -> tuple[str, ...]:
    """What begins a program without any network, where that may be done."""
    wanted = ("unshare", "--net", "--map-root-user", "--")
    try:
        tried = subprocess.run([*wanted, "true"], capture_output=True, timeout=60, check=False)
    except OSError:
        return ()
    return wanted if tried.returncode == 0 else ()
