"""What arrives stands under its name whole or not at all, overwrites nothing, and follows no link."""

import errno
import stat
from pathlib import Path

import pytest

from host_client.desk.files.drop_folder import PARTIAL, DropFolder, FileRefused, usual_place
from policy.decision import Reason


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Path:
    return tmp_path / "Chaperone"


def names(place: Path) -> set[str]:
    return {each.name for each in place.iterdir()}


def test_a_file_is_under_its_name_when_it_is_whole_and_not_before(place: Path) -> None:
    folder = DropFolder(place)
    file = folder.new_file()
    file.write(b"con")
    file.write(b"tent")
    assert all(name.startswith(PARTIAL) for name in names(place))
    assert file.keep("report.txt") == "report.txt"
    assert names(place) == {"report.txt"}
    assert (place / "report.txt").read_bytes() == b"content"
    assert stat.S_IMODE((place / "report.txt").stat().st_mode) == 0o600
    folder.close()


def test_nothing_that_is_there_is_overwritten(place: Path) -> None:
    folder = DropFolder(place)
    (place / "report.txt").write_bytes(b"mine")
    (place / "report (2).txt").symlink_to(place / "nowhere")
    (place / "report (3).txt").mkdir()
    file = folder.new_file()
    file.write(b"theirs")
    assert file.keep("report.txt") == "report (4).txt"
    assert (place / "report.txt").read_bytes() == b"mine"
    assert not (place / "nowhere").exists()


def test_the_same_where_there_are_no_hard_links(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_arguments: object, **_names: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("host_client.desk.files.drop_folder.os.link", no_links)
    folder = DropFolder(place)
    (place / "a").write_bytes(b"mine")
    file = folder.new_file()
    file.write(b"theirs")
    assert file.keep("a") == "a (2)"
    assert (place / "a").read_bytes() == b"mine"
    assert (place / "a (2)").read_bytes() == b"theirs"


def test_what_is_dropped_leaves_nothing(place: Path) -> None:
    folder = DropFolder(place)
    file = folder.new_file()
    file.write(b"x")
    file.drop()
    whole = folder.new_folder()
    inner = whole.new_file(("deep", "deeper", "a"))
    inner.write(b"x")
    inner.close()
    whole.drop()
    assert names(place) == set()


def test_a_folder_stands_under_its_name_with_all_its_files(place: Path) -> None:
    folder = DropFolder(place)
    (place / "run").mkdir()
    (place / "run" / "mine").write_bytes(b"mine")
    (place / "run (2)").write_bytes(b"a file")
    whole = folder.new_folder()
    for path in (("a",), ("sub", "b"), ("sub", "c")):
        inner = whole.new_file(path)
        inner.write(path[-1].encode())
        inner.settle()
    assert whole.keep("run") == "run (3)"
    assert (place / "run (3)" / "sub" / "c").read_bytes() == b"c"
    assert {each.name for each in (place / "run").iterdir()} == {"mine"}
    assert stat.S_IMODE((place / "run (3)" / "sub").stat().st_mode) == 0o700


def test_a_link_in_the_place_of_the_folder_is_not_followed(place: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileRefused) as refused:
        DropFolder(place)
    assert refused.value.reason is Reason.FOLDER_UNUSABLE


def test_a_link_inside_a_folder_on_its_way_is_not_followed(place: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = DropFolder(place)
    whole = folder.new_folder()
    (partial,) = names(place)
    (place / partial / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileRefused):
        whole.new_file(("sub", "a"))
    (place / partial / "file").symlink_to(tmp_path / "elsewhere" / "made")
    with pytest.raises(FileRefused):
        whole.new_file(("file",))
    assert list((tmp_path / "elsewhere").iterdir()) == []
    whole.drop()
    assert (tmp_path / "elsewhere").exists()


def test_a_folder_that_others_may_write_is_not_used(place: Path) -> None:
    place.mkdir()
    place.chmod(0o777)
    with pytest.raises(FileRefused):
        DropFolder(place)


def test_a_full_disk_has_a_name(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DropFolder(place)
    with pytest.raises(FileRefused) as refused:
        folder.room_for(2**60)
    assert refused.value.reason is Reason.DISK_FULL
    file = folder.new_file()

    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("host_client.desk.files.drop_folder.os.write", full)
    with pytest.raises(FileRefused) as at_last:
        file.write(b"x")
    assert at_last.value.reason is Reason.DISK_FULL
    file.drop()
    assert names(place) == set()


def test_what_an_earlier_run_left_is_swept(place: Path) -> None:
    folder = DropFolder(place)
    folder.new_file()
    folder.new_folder().new_file(("a", "b"))
    (place / "kept").write_bytes(b"")
    folder.sweep()
    assert names(place) == {"kept"}


def test_the_usual_place(tmp_path: Path) -> None:
    assert usual_place(tmp_path) == tmp_path / "Chaperone"
    (tmp_path / "Desktop").mkdir()
    assert usual_place(tmp_path) == tmp_path / "Desktop" / "Chaperone"
    (tmp_path / "Downloads").mkdir()
    assert usual_place(tmp_path) == tmp_path / "Downloads" / "Chaperone"


def test_a_race_for_the_name_is_lost_without_harm(place: Path) -> None:
    folder = DropFolder(place)
    for each in range(50):
        first, second = folder.new_file(), folder.new_file()
        first.write(b"first")
        second.write(b"second")
        kept = {first.keep(f"{each}.txt"), second.keep(f"{each}.txt")}
        assert kept == {f"{each}.txt", f"{each} (2).txt"}
    assert len(names(place)) == 100
