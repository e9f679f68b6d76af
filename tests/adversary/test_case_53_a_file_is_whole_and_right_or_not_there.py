"""Case 53: sizes and hashes that lie, pieces twice, out of order or missing, a place to go on from that was made up, a full disk at the
last byte, a desk that dies: the file is there whole with the hash that was allowed, or nothing of it is.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from audit.events import files as log
from host_client.link_files import FileBegin, FileDrop, FileEntryBegin, FileFailed, FileKeep
from host_client.link_frames import FilePiece
from policy.decision import Reason
from policy.session import EndCause
from tests.helpers.file_desk import FileDesk
from tests.helpers.host_transfer import Transfer, folder_of, words_of
from tests.helpers.host_visit import cause
from tests.helpers.small_disk import small_disk

pytestmark = pytest.mark.adversary
CONTENT = bytes(range(256)) * 16


def no_name_was_given(moving: Transfer) -> bool:
    """Neither the desk nor the log knows of a whole file."""
    return not moving.stage.told(FileKeep) and not moving.stage.logged(log.FileWhole)


@pytest.mark.parametrize("said", [len(CONTENT) - 1, len(CONTENT) + 1, 2**31])
def test_a_size_that_is_not_the_size_gives_nothing(said: int) -> None:
    moving = Transfer.begun(CONTENT, replace(words_of(CONTENT), size=said))
    moving.send_all()
    assert no_name_was_given(moving)


def test_another_content_of_the_same_size_gives_nothing() -> None:
    moving = Transfer.begun(CONTENT[:-1] + b"!", words_of(CONTENT))
    moving.send_all()
    assert no_name_was_given(moving)
    assert moving.stage.told(FileDrop)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_folder_of_which_one_file_differs_gives_none(at: int) -> None:
    files = {"a": b"alpha", "b": b"beta", "c": b"gamma"}
    words, stream = folder_of(files)
    place = words.manifest + sum(map(len, list(files.values())[:at]))
    moving = Transfer.begun(stream[:place] + b"!" + stream[place + 1 :], words)
    moving.send_all()
    assert no_name_was_given(moving)


@pytest.mark.parametrize(
    "pieces",
    [
        ((0, 100), (0, 100)),
        ((0, 100), (200, 100)),
        ((100, 100),),
        ((0, 100), (50, 100)),
        ((2**36, 1),),
    ],
)
def test_pieces_twice_missing_overlapping_or_made_up_end_the_visit(pieces: tuple[tuple[int, int], ...]) -> None:
    moving = Transfer.begun(CONTENT)
    for offset, length in pieces:
        moving.piece(offset, CONTENT[offset % len(CONTENT) :][:length] or b"x")
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED
    assert no_name_was_given(moving)


def test_after_a_cut_the_host_alone_says_from_where_it_goes_on() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:100])
    moving.cut()
    assert moving.carried().offset == 100
    moving.piece(0, CONTENT[:100])
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_file_goes_on_with_no_other_grants_records() -> None:
    moving = Transfer.begun(CONTENT)
    moving.send(CONTENT[:100])
    moving.ask += 1
    moving.piece(100, CONTENT[100:])
    assert cause(moving.stage) is EndCause.PEER_MISBEHAVED


def test_a_disk_that_is_full_is_found_before_the_first_byte_and_at_the_last(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    with small_disk(place, 80) as ballast:
        desk = FileDesk(place / "drop")
        desk.tell(FileBegin(1, "large", False, 2**30))
        assert desk.outcome() == FileFailed(1, Reason.DISK_FULL)
        half = bytes(2 * 2**20)
        desk.tell(FileBegin(2, "large", False, 2 * len(half)), FilePiece(2, 0, half), FileEntryBegin(9, "marks that the half is written"))
        desk.heard.get(timeout=20)
        ballast.leave(0)
        desk.tell(FilePiece(2, 0, half), FileKeep(2))
        assert desk.outcome() == FileFailed(2, Reason.DISK_FULL)
        desk.end()
        assert list((place / "drop").iterdir()) == []


def test_a_desk_that_ends_leaves_no_part(tmp_path: Path) -> None:
    desk = FileDesk(tmp_path / "drop")
    desk.tell(FileBegin(1, "a", False, 100), FilePiece(1, 0, b"part"))
    desk.end()
    assert list(desk.place.iterdir()) == []


def test_a_desk_that_was_killed_leaves_a_part_under_no_name_until_the_next_begins(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir(mode=0o700)
    (tmp_path / "drop" / ".chaperone-0123456789abcdef.part").write_bytes(b"part")
    desk = FileDesk(tmp_path / "drop")
    desk.file("a", b"x")
    assert [each.name for each in desk.place.iterdir()] == ["a"]
    desk.end()
