"""What was accepted survives a restart; what was changed on the disk does not pass."""

from pathlib import Path

import pytest

from tests.trust.test_directory import FIRST, OFFICER, SECOND, STRANGER, signed
from trust.directory import DocumentInvalid, DocumentStale
from trust.store import DirectoryStore


def test_a_restart_remembers_the_newest_version(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    store = DirectoryStore(path, OFFICER.public_key)
    assert store.accept(signed(SECOND), 1500) == SECOND
    assert store.accept(signed(SECOND), 1500) == SECOND
    assert path.stat().st_mode & 0o777 == 0o600
    again = DirectoryStore(path, OFFICER.public_key)
    assert again.trusted.in_force(1500) == SECOND
    with pytest.raises(DocumentStale):
        again.accept(signed(FIRST), 1500)


def test_a_kept_file_that_was_changed_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    DirectoryStore(path, OFFICER.public_key).accept(signed(FIRST), 1500)
    with pytest.raises(DocumentInvalid):
        DirectoryStore(path, STRANGER.public_key)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DocumentInvalid):
        DirectoryStore(path, OFFICER.public_key)


def test_a_directory_that_cannot_be_kept_does_not_count(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path / "gone" / "directory.json", OFFICER.public_key)
    with pytest.raises(OSError, match="gone"):
        store.accept(signed(FIRST), 1500)
    assert store.trusted.statement is None
