"""Case 42, at the host: a disk that is full, read-only or out of inodes allows nothing new, ends a live visit and is recovered from.

A real file system of 512 KiB in a mount namespace of its own, and the host's real log, logbook and watch on it. EIO from the
device itself, and a quota: `test_case_42_a_device_that_fails.py`.

Mutations that were tried and turn it red: `record` answering yes for a log that raised; no end after the grace; late entries dropped;
no warning under 20 percent.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from audit.log import verify
from runtime.log_lines import stored_log

pytestmark = pytest.mark.adversary
SCRIPT = """
set -e
mount -t tmpfs -o size=512k,nr_inodes=60 tmpfs "$1"
"$2" -m tests.helpers.full_disk "$1"
cp -r "$1/log" "$3"
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def saw(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What happened, in the words of `tests.helpers.full_disk`, and the log as it lay on that disk."""
    folder = tmp_path_factory.mktemp("case42")
    (folder / "disk").mkdir()
    within = ("unshare", "--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh")
    given = (str(folder / "disk"), sys.executable, str(folder / "log"))
    said = subprocess.run([*within, *given], cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert said.returncode == 0, said.stderr.decode()
    return {**json.loads(said.stdout), "log": str(folder / "log")}


@pytest.mark.parametrize("how", ["full", "no inode"])
def test_nothing_new_is_allowed_a_visit_ends_after_the_grace_and_it_resumes_by_itself(saw: dict[str, object], how: str) -> None:
    assert saw[f"{how}: widened"] is False
    assert saw[f"{how}: ended early"] == 0
    assert saw[f"{how}: ended"] == 1
    assert saw[f"{how}: late"] == 1
    assert saw[f"{how}: failing after"] is False
    assert saw[f"{how}: widened after"] is True


def test_a_log_that_cannot_be_written_is_not_opened(saw: dict[str, object]) -> None:
    assert "Read-only file system" in str(saw["read-only"])


def test_the_disk_was_really_full(saw: dict[str, object]) -> None:
    assert saw["fault"] == saw["no inode: fault"] == "No space left on device"


def test_what_could_not_be_recorded_comes_late_and_a_warning_came_before(saw: dict[str, object]) -> None:
    entries = saw["entries"]
    assert isinstance(entries, list)
    assert entries[:2] == ["help_pressed", "disk_low"]
    failed = entries.index("log_failed")
    assert entries[failed : failed + 4] == ["log_failed", "late_entries", "frame_refused", "help_pressed"]
    assert entries.count("log_failed") == entries.count("late_entries") == entries.count("frame_refused") == 2
    assert entries.count("disk_low") == 1


def test_the_log_is_whole_afterwards(saw: dict[str, object]) -> None:
    assert saw["doubt"] is None
    stored = stored_log(Path(str(saw["log"])))
    assert verify(stored.rows(), stored.meta.log_id, stored.meta.side).findings == ()
