"""A file or folder that arrives: pieces of any size, names that clash, and an end that keeps all or nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_client.desk.files.arriving import DEEPEST, Arriving
from host_client.desk.files.drop_folder import DropFolder, FileRefused
from wire.limits import FILE_TELL_EVERY


@given(st.lists(st.binary(min_size=1, max_size=5000), max_size=8), st.text(min_size=1, max_size=300))
def test_any_name_and_any_cut_give_the_whole_file(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], name: str) -> None:
    place = tmp_path_factory.mktemp("drop") / "Chaperone"
    folder = DropFolder(place)
    size = sum(map(len, pieces))
    arriving = Arriving(folder, name, size, is_folder=False)
    told = [arriving.write(piece) for piece in pieces]
    assert not pieces or told[-1]
    kept = arriving.keep()
    assert (place / kept).read_bytes() == b"".join(pieces)
    assert len(list(place.iterdir())) == 1
    folder.close()


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    arriving = Arriving(DropFolder(tmp_path / "d"), "a", 4 * FILE_TELL_EVERY, is_folder=False)
    assert [arriving.write(bytes(FILE_TELL_EVERY // 2)) for _ in range(4)] == [False, True, False, True]


def test_twins_of_a_folder_get_numbers(tmp_path: Path) -> None:
    place = tmp_path / "d"
    arriving = Arriving(DropFolder(place), "run", 6, is_folder=True)
    for path in ("A.txt", "a.TXT", "sub/x", "SUB/x", "sub/\u00e9", "sub/e\u0301"):
        arriving.entry(path)
        arriving.write(path.encode())
    assert arriving.keep() == "run"
    found = {str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()}
    assert found == {"run/A.txt", "run/a (2).TXT", "run/sub/x", "run/SUB (2)/x", "run/sub/\u00e9", "run/sub/\u00e9 (2)"}


def test_an_empty_file_of_a_folder_is_there(tmp_path: Path) -> None:
    arriving = Arriving(DropFolder(tmp_path / "d"), "run", 0, is_folder=True)
    arriving.entry("empty")
    arriving.keep()
    assert (tmp_path / "d" / "run" / "empty").read_bytes() == b""


def test_what_the_guardian_would_not_say_is_refused(tmp_path: Path) -> None:
    folder = DropFolder(tmp_path / "d")
    with pytest.raises(FileRefused):
        Arriving(folder, "a", 1, is_folder=False).entry("b")
    whole = Arriving(folder, "a", 1, is_folder=True)
    with pytest.raises(FileRefused):
        whole.write(b"x")
    with pytest.raises(FileRefused):
        whole.entry("/".join("d" * (DEEPEST + 1)))
    whole.entry("b")
    whole.drop()
