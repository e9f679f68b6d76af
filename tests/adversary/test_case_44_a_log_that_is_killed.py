"""Case 44, the host's log by itself: `kill -9` of its writer before, in the middle of and after every call that touches the disk.

Whoever opens it next finds rows, tree and checkpoints that fit, and every entry that was acknowledged; nothing is in doubt.

Mutations that were tried and turn it red: an entry acknowledged before its line is written; half a line or half a checkpoint left
where it is; the tree not brought to what the rows say; a checkpoint written before its rows.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.checkpoint import open_note
from audit.entry import At, decode_entry
from audit.events import host
from audit.log import Side, verify
from audit.merkle import grown, root_of
from runtime.file_log import Notary
from runtime.log_expiry import expire
from runtime.log_lines import stored_log
from runtime.log_notes import stored_notes
from runtime.log_opening import open_log
from runtime.log_tree import TREE
from trust.signatures import Ed25519Signer, ed25519_verifies

pytestmark = pytest.mark.adversary
OLD, WHEN = At(1_500_000_000_000, 5_000, clock_suspect=False), At(1_700_000_000_000, 9_000, clock_suspect=False)
SIGNER = Ed25519Signer(b"h" * 32)
NOTARY = Notary(SIGNER.public_key, SIGNER.sign_note, ed25519_verifies)
OLD_ENTRIES = 8
TOUCHING = ("write", "fsync", "ftruncate", "pwrite", "open", "replace", "unlink")


def one(number: int) -> host.HelpPressed:
    return host.HelpPressed(account=f"a-{number}", login_session="")


def life(folder: Path, acknowledged: Callable[[int], None]) -> None:
    """What a guardian does with its log: begin it, append, sign, show, begin new files, let go, and open it again."""
    number = 0
    for when in (OLD, OLD, WHEN):
        with open_log(folder, Side.HOST, when, NOTARY, segment_bytes=700) as log:
            for _ in range(2):
                log.append((one(number), one(number + 1)), when)
                number += 2
                acknowledged(number)
                log.checkpoint()
            if when is WHEN:
                expire(log, 30, "Ada", when)
            log.head(0)


def doomed(folder: Path, calls: int, *, half: bool) -> None:
    """Live, and be killed in the `calls`-th call that touches the disk: before it, or with half of what it writes."""
    left = [calls]

    def deadly(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            if left[0] == 0:
                if half and name in {"write", "pwrite"}:
                    real(given[0], bytes(given[1])[: len(given[1]) // 2], *given[2:])
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return real(*given, **named)

        return call

    for name in TOUCHING:
        setattr(os, name, deadly(getattr(os, name), name))
    life(folder, lambda number: void(Path(f"{folder}.ack").write_text(str(number), encoding="ascii")))
    Path(f"{folder}.calls").write_text(str(calls - left[0]), encoding="ascii")


def void(_written: int) -> None:
    """A number that nobody wants."""


def killed(folder: Path, calls: int, *, half: bool) -> bool:
    """Live in a process of its own. True if it was killed."""
    process = os.fork()
    if process == 0:
        try:
            doomed(folder, calls, half=half)
        finally:
            os._exit(0)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def is_whole(folder: Path) -> None:
    with open_log(folder, Side.HOST, WHEN, NOTARY, segment_bytes=700) as log:
        assert log.doubt is None
        log.checkpoint()
    stored = stored_log(folder)
    rows = list(stored.rows())
    with_body = [row for row in rows if row.entry]
    bare = [row.index for row in rows if not row.entry]
    findings = verify(rows, stored.meta.log_id, stored.meta.side).findings
    assert [each.index for each in findings] == bare
    kept = list(grown(row.leaf for row in rows))
    assert (folder / TREE).read_bytes() == b"".join(kept)
    for note in stored_notes(folder):
        said = open_note(note, SIGNER.public_key, ed25519_verifies)
        assert root_of(said.size, lambda positions: [kept[each] for each in positions]) == said.root
    recorded = {decode_entry(row.entry).event for row in with_body}
    acknowledged = Path(f"{folder}.ack")
    for number in range(int(acknowledged.read_text()) if acknowledged.exists() else 0):
        assert one(number) in recorded or (bare and number < OLD_ENTRIES)


@pytest.mark.parametrize("half", [False, True])
def test_killed_at_every_call_that_touches_the_disk_the_log_is_whole(tmp_path: Path, half: bool) -> None:
    assert not killed(tmp_path / "whole", 100_000, half=half)
    calls = int((tmp_path / "whole.calls").read_text())
    assert calls >= 80
    for number in range(calls):
        assert killed(tmp_path / str(number), number, half=half)
        is_whole(tmp_path / str(number))
