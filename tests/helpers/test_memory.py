"""The canary hunter finds what is there, and only that."""

import secrets
import subprocess
import sys

from tests.helpers.memory import holds

KEEPER = "import sys; kept = bytes.fromhex(sys.stdin.readline())[::-1]; print('kept', flush=True); sys.stdin.readline()"


def test_a_canary_is_found_in_the_process_that_holds_it_and_in_no_other() -> None:
    canary = secrets.token_bytes(32)
    with subprocess.Popen([sys.executable, "-c", KEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        keeper.stdin.write(canary[::-1].hex() + "\n")
        keeper.stdin.flush()
        assert keeper.stdout.readline() == "kept\n"
        assert holds(keeper.pid, canary)
        assert not holds(keeper.pid, secrets.token_bytes(32))
        keeper.stdin.write("\n")
