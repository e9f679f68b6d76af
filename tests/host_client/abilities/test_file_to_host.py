"""A file to this PC: one grant, one file, in order, within its window, and an entry about how it ended."""

from collections import deque
from pathlib import Path

import pytest

from audit.events import files as log
from host_client.abilities.file_to_host import FileRuined, FileToHost
from host_client.core.ports import Seat
from host_client.desk.files.arriving import Arriving
from host_client.desk.files.drop_folder import DropFolder
from host_client.link_files import FileBegin, FileDrop, FileEntryBegin
from host_client.link_frames import FilePiece
from policy.decision import Reason
from tests.helpers.host_transfer import folder_of, words_of
from tests.helpers.playbook import NOON
from wire.errors import PeerMisbehaved
from wire.limits import FILE_ACK_EVERY, FILE_WINDOW, FILE_WINDOW_LEAST
from wire.sealed.files import DATA_MAX, Data, encode_data
from wire.sealed.inner import FileWords

SEAT = Seat("en", "lab", "c1", 640, 480)
CONTENT = b"content"


def begun(words: FileWords | None = None) -> FileToHost:
    ability = FileToHost()
    ability.words = words or words_of(CONTENT)
    assert isinstance(ability.begun("s-1", 3, SEAT), log.FileBegun)
    ability.begin(3)
    return ability


def carried(words: FileWords | None = None) -> FileToHost:
    ability = begun(words)
    ability.carried(NOON)
    return ability


def data(offset: int, content: bytes) -> bytes:
    return encode_data(Data(offset, content))


def give(ability: FileToHost, begin: int, end: int) -> None:
    """Zeros from here to there."""
    for at in range(begin, end, DATA_MAX):
        list(ability.data(data(at, bytes(min(DATA_MAX, end - at)))))


def test_the_desk_begins_with_the_grant_and_drops_at_its_end() -> None:
    ability = FileToHost()
    ability.words = words_of(CONTENT)
    assert ability.begin(3) == (FileBegin(3, "method.bin", False, 7),)
    assert ability.paused() == ability.again() == ()
    assert ability.end() == (FileDrop(3),)
    assert ability.grant == 0
    done = carried()
    done.done, done.kept_as = True, "method.bin"
    assert isinstance(done.ended("s-1", 3, None), log.FileDone)
    assert done.end() == ()


def test_the_entry_says_how_far_it_came_and_why_it_ended() -> None:
    ability = carried()
    list(ability.data(data(0, b"con")))
    stopped = ability.ended("s-1", 3, Reason.DISK_FULL)
    assert isinstance(stopped, log.FileStopped)
    assert (stopped.moved, stopped.reason) == (3, Reason.DISK_FULL)
    ability.end()
    over = ability.ended("s-1", 3, None)
    assert isinstance(over, log.FileStopped)
    assert (over.moved, over.reason) == (0, Reason.SESSION_OVER)


def test_pieces_come_in_order_and_within_the_window() -> None:
    ability = carried()
    assert list(ability.data(data(0, b"con"))) == [FilePiece(3, 0, b"con")]
    for wrong in (data(0, b"con"), data(4, b"ent"), b"\x09"):
        with pytest.raises(PeerMisbehaved):
            list(ability.data(wrong))
    early = begun()
    with pytest.raises(PeerMisbehaved):
        list(early.data(data(0, b"con")))


def test_what_is_written_is_acknowledged_and_no_more() -> None:
    ability = carried()
    list(ability.data(data(0, CONTENT)))
    ack = ability.written(7, NOON.after(1))
    assert ack is not None
    assert ack.offset == 7
    assert ability.progress() == (7, 0)
    with pytest.raises(FileRuined):
        ability.written(8, NOON.after(2))
    assert ability.whole
    ability.end()
    assert ability.written(7, NOON) is None
    assert not FileToHost().whole
    assert begun().progress() == (0, 0)
    assert begun().written(0, NOON) is None


@pytest.mark.parametrize("rate", [1000, 60_000, 300_000, 600_000, 10**8])
def test_a_line_of_any_speed_brings_the_whole_file(tmp_path: Path, rate: int) -> None:
    content = bytes(2**20 + 1)
    ability, now = begun(words_of(content)), NOON
    desk = Arriving(DropFolder(tmp_path / "drop"), "a", len(content), is_folder=False)
    until, sent, acks = ability.carried(now).window, 0, 1
    way: deque[bytes] = deque()
    while not ability.whole:
        while sent < min(until, len(content)):
            way.append(data(sent, content[sent : min(until, sent + DATA_MAX)]))
            sent = min(until, sent + DATA_MAX, len(content))
        assert way, f"the line stands still at {sent}"
        now = now.after(len(way[0]) / rate)
        (piece,) = ability.data(way.popleft())
        assert isinstance(piece, FilePiece)
        ack = ability.written(desk.written, now) if desk.write(piece.content) else None
        if ack is not None:
            until, acks = max(until, ack.offset + ack.window), acks + 1
    assert acks <= 2 + len(content) // min(FILE_ACK_EVERY, max(FILE_WINDOW_LEAST, rate // 2) // 2)


def test_a_smaller_window_takes_nothing_back_and_another_socket_begins_anew() -> None:
    ability = begun(words_of(bytes(FILE_WINDOW)))
    first = ability.carried(NOON).window
    give(ability, 0, first // 2)
    slow = ability.written(first // 2, NOON.after(60))
    assert slow is not None
    assert slow.offset + slow.window < first
    give(ability, first // 2, first)
    with pytest.raises(PeerMisbehaved):
        give(ability, first, first + 1)
    ability.carried(NOON.after(180))
    give(ability, first, 2 * first)
    with pytest.raises(PeerMisbehaved):
        give(ability, 2 * first, 2 * first + 1)


def test_another_socket_goes_on_from_what_came() -> None:
    ability = carried()
    list(ability.data(data(0, b"con")))
    assert ability.carried(NOON).offset == 3


def test_a_manifest_is_acknowledged_without_the_desk() -> None:
    words, stream = folder_of({f"{each:04}-{'n' * 240}": b"x" for each in range(1200)})
    ability = carried(words)
    list(ability.data(data(0, stream[:1000])))
    assert ability.listed() is None
    acks = []
    for at in range(1000, words.manifest, 50_000):
        list(ability.data(data(at, stream[at : min(words.manifest, at + 50_000)])))
        acks.append(ability.listed())
    found = [each.offset for each in acks if each is not None]
    assert found[0] >= FILE_ACK_EVERY
    assert found[-1] == words.manifest
    parts = list(ability.data(data(words.manifest, stream[words.manifest :])))
    assert ability.listed() is None
    assert len([each for each in parts if isinstance(each, FileEntryBegin)]) == 1199
