"""What the person picked: whole, as it was when its hash was computed, or nothing of it; and nothing but plain files."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_client.desk.files import picked as module
from host_client.desk.files.drop_folder import FileRefused
from host_client.desk.files.picked import BLOCK, NoLongerWanted, Picked
from policy.decision import Reason
from wire.limits import FILE_SIZE_MAX
from wire.sealed.files import DATA_MAX, decode_manifest


def wanted(_done: int, _size: int) -> bool:
    return True


def stream(picked: Picked, step: int = 10**9) -> bytes:
    total, got = len(picked.manifest) + picked.size, b""
    for at in range(0, total, step):
        for offset, content in picked.pieces(at, min(step, total - at)):
            assert offset == len(got)
            assert len(content) <= DATA_MAX
            got += content
    return got


def refused(place: Path) -> Reason:
    with pytest.raises(FileRefused) as fault:
        Picked(place, wanted)
    return fault.value.reason


@pytest.mark.parametrize("size", [0, 1, DATA_MAX, BLOCK - 1, BLOCK, 2 * BLOCK + 5])
def test_a_file_is_its_content_by_any_pieces(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "a.bin").write_bytes(content)
    picked = Picked(tmp_path / "a.bin", wanted)
    assert (picked.name, picked.folder, picked.files, picked.size, picked.manifest) == ("a.bin", False, 1, size, b"")
    assert picked.digest == sha256(content).digest()
    assert stream(picked) == content
    assert stream(picked, 40_001) == content
    picked.close()


def test_a_folder_is_its_manifest_and_its_files_in_that_order(tmp_path: Path) -> None:
    files = {"b/c.txt": b"gamma", "b/a": b"", "z": b"zeta", "a": b"alpha"}
    for path, content in files.items():
        (tmp_path / "run" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / path).write_bytes(content)
    picked = Picked(tmp_path / "run", wanted)
    entries = decode_manifest(picked.manifest)
    assert [each.path for each in entries] == sorted(files)
    assert [each.digest for each in entries] == [sha256(files[each.path]).digest() for each in entries]
    assert (picked.folder, picked.files, picked.size, picked.left_out) == (True, 4, 14, 0)
    assert picked.digest == sha256(picked.manifest).digest()
    assert stream(picked, 7) == picked.manifest + b"".join(files[each.path] for each in entries)
    picked.close()


@settings(max_examples=25, deadline=None)
@given(
    st.text(min_size=1, max_size=60).filter(lambda name: name not in {".", ".."} and "/" not in name and "\0" not in name),
    st.binary(max_size=200),
)
def test_any_name_and_any_content_can_be_told(tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes) -> None:
    place = tmp_path_factory.mktemp("picked")
    try:
        (place / name).write_bytes(content)
    except (OSError, UnicodeEncodeError):
        return  # no name on this system
    single, folder = Picked(place / name, wanted), Picked(place, wanted) if "\\" not in name else None
    assert single.name.encode()
    assert stream(single) == content
    single.close()
    if folder is not None:
        assert stream(folder).endswith(content)
        folder.close()


def test_what_is_no_plain_file_is_counted_and_left_out_of_a_folder(tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    (place / "a").write_bytes(b"alpha")
    (place / "link").symlink_to("/etc/passwd")
    (place / "up").symlink_to(tmp_path)
    os.mkfifo(place / "pipe")
    (place / "back\\slash").write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(place) + b"/\xff")).write_bytes(b"x")
    picked = Picked(place, wanted)
    assert (picked.files, picked.left_out) == (1, 5)
    picked.close()


@pytest.mark.parametrize("kind", ["link", "pipe", "device", "empty folder", "folder of links", "nothing"])
def test_what_is_no_plain_file_is_not_sent(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "a"
    if kind == "link":
        place.symlink_to("/etc/passwd")
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/zero")
    elif kind in {"empty folder", "folder of links"}:
        place.mkdir()
        if kind == "folder of links":
            (place / "b").symlink_to("/etc/passwd")
    assert refused(place) is (Reason.FILE_UNREADABLE if kind == "nothing" else Reason.FILE_NOT_PLAIN)


def test_a_file_beyond_every_bound_is_refused_before_it_is_read(tmp_path: Path) -> None:
    place = tmp_path / "sparse"
    with place.open("wb") as file:
        file.truncate(FILE_SIZE_MAX + 1)
    assert refused(place) is Reason.FILES_TOO_LARGE
    (tmp_path / "many").mkdir()
    for number in range(3):
        (tmp_path / "many" / str(number)).touch()


def test_more_files_than_a_manifest_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILES_MAX", 2)
    for number in range(3):
        (tmp_path / str(number)).touch()
    assert refused(tmp_path) is Reason.FILES_TOO_LARGE


def test_a_manifest_that_would_be_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wire.sealed.files.MANIFEST_MAX", 10)
    (tmp_path / "a").touch()
    assert refused(tmp_path) is Reason.FILES_TOO_LARGE


def test_nobody_reads_on_for_a_question_that_is_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(3 * BLOCK))
    seen: list[int] = []

    def once(done: int, _size: int) -> bool:
        seen.append(done)
        return False

    with pytest.raises(NoLongerWanted):
        Picked(tmp_path / "a", once)
    assert seen == [BLOCK]


@pytest.mark.parametrize("how", ["another content", "another file", "shorter", "gone from the folder", "a link in its place"])
def test_what_changed_since_it_was_allowed_does_not_leave(tmp_path: Path, how: str) -> None:
    place = tmp_path / "run"
    place.mkdir()
    file, other = place / "a", tmp_path / "other"
    file.write_bytes(bytes(100))
    other.write_bytes(b"secret" + bytes(94))
    whole = how in {"another content", "shorter"}
    picked = Picked(file if whole else place, wanted)
    if how == "another content":
        file.write_bytes(b"secret" + bytes(94))
    elif how == "another file":
        other.replace(file)
    elif how == "shorter":
        os.truncate(file, 50)
    else:
        file.unlink()
        if how == "a link in its place":
            file.symlink_to(other)
    leaving = picked.pieces(len(picked.manifest), picked.size)
    with pytest.raises(FileRefused) as fault:
        next(leaving)
    assert fault.value.reason is Reason.FILE_CHANGED
    picked.close()


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "a"
    place.write_bytes(bytes(100))

    def grow(_done: int, _size: int) -> bool:
        with place.open("ab") as file:
            file.write(b"more")
        return True

    with pytest.raises(FileRefused) as fault:
        Picked(place, grow)
    assert fault.value.reason is Reason.FILE_CHANGED


def test_beyond_the_stream_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    picked = Picked(tmp_path / "a", wanted)
    assert list(picked.pieces(2, 100)) == [(2, b"c")]
    assert list(picked.pieces(9, 100)) == []
    picked.close()
