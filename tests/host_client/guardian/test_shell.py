"""What the shell keeps on the disk: the directory before it counts, and the mark of a code that is out."""

from pathlib import Path

from host_client.guardian.shell import keep_directory, mark_code
from tests.helpers.host_core import Stage
from trust.store import DirectoryStore


def test_a_directory_is_on_the_disk_when_it_counts(tmp_path: Path) -> None:
    stage, path = Stage(), tmp_path / "directory.json"
    store = DirectoryStore(path, stage.officer.public_key)
    newest = stage.directory()
    assert keep_directory(store, newest, stage.now.utc)
    assert store.trusted.statement == newest
    assert DirectoryStore(path, stage.officer.public_key).trusted.statement == newest


def test_a_directory_that_cannot_be_kept_does_not_count(tmp_path: Path) -> None:
    stage, folder = Stage(), tmp_path / "documents"
    folder.mkdir()
    store = DirectoryStore(folder / "directory.json", stage.officer.public_key)
    first = stage.directory()
    assert keep_directory(store, first, stage.now.utc)
    folder.rename(tmp_path / "gone")
    assert not keep_directory(store, stage.directory(), stage.now.utc)
    assert store.trusted.statement == first


def test_the_mark_of_a_code_comes_and_goes_and_a_disk_that_fails_stops_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "code.out"
    mark_code(mark, "482913")
    assert mark.read_text() == "482913"
    mark_code(mark, None)
    mark_code(mark, None)
    assert not mark.exists()
    mark_code(tmp_path / "nowhere" / "code.out", "482913")
    assert not (tmp_path / "nowhere").exists()
