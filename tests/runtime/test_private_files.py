"""A private file is whole, private, and never half replaced."""

import os
from pathlib import Path

import pytest

from runtime.private_files import FileExposed, create_private, private_folder, read_private, write_private


def test_a_file_is_replaced_whole_and_stays_private(tmp_path: Path) -> None:
    write_private(tmp_path / "a", b"one")
    write_private(tmp_path / "a", b"two")
    assert read_private(tmp_path / "a") == b"two"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_write_that_fails_leaves_the_old_content_and_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(tmp_path / "a", b"one")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_private(tmp_path / "a", b"two")
    assert read_private(tmp_path / "a") == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_file_is_created_only_once(tmp_path: Path) -> None:
    create_private(tmp_path / "a", b"one")
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "a", b"two")
    assert read_private(tmp_path / "a") == b"one"


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_private(tmp_path / "a", b"one")
    (tmp_path / "a").chmod(0o640)
    with pytest.raises(FileExposed, match="chmod 600"):
        read_private(tmp_path / "a")


def test_a_folder_is_closed_to_others_even_if_it_was_open(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir(mode=0o755)
    assert private_folder(tmp_path / "f").stat().st_mode & 0o777 == 0o700
    assert private_folder(tmp_path / "g" / "h").stat().st_mode & 0o777 == 0o700
