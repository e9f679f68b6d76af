"""The thread that reads what the person picked: it tells its hash, gives what is asked for, and lets go at once."""

import queue
from hashlib import sha256
from pathlib import Path

import pytest

from host_client.desk.files.leaving import LeavingThread, Pick
from host_client.link_files import FileDrop, FileFailed, FilePicked, FileRead
from host_client.link_frames import FilePiece
from host_client.ports import Reading, Unreadable
from policy.decision import Reason

DEADLINE = 20.0


class Told:
    """A thread, and everything it says."""

    def __init__(self) -> None:
        self.heard: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.thread = LeavingThread(self.heard.put, self.heard.put, self.heard.put)

    def next(self) -> object:
        """What it says next; how far it has read is passed over."""
        said = self.heard.get(timeout=DEADLINE)
        return self.next() if isinstance(said, Reading) else said


@pytest.fixture
def told() -> Told:
    return Told()


def test_what_is_picked_is_told_with_its_hash_and_read_as_it_is_asked_for(told: Told, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"content")
    told.thread.take(Pick(3, tmp_path / "a.csv"))
    assert told.heard.get(timeout=DEADLINE) == Reading(3, 100)
    assert told.next() == FilePicked(3, "a.csv", False, 1, 7, 0, sha256(b"content").digest(), 0)
    told.thread.take(FileRead(3, 3, 100))
    assert told.next() == FilePiece(3, 3, b"tent")
    told.thread.end()


def test_what_cannot_be_sent_is_said_and_another_may_be_picked(told: Told, tmp_path: Path) -> None:
    told.thread.take(Pick(3, tmp_path / "nothing"))
    assert told.next() == Unreadable(3, Reason.FILE_UNREADABLE)
    (tmp_path / "a").write_bytes(b"a")
    told.thread.take(Pick(3, tmp_path / "a"))
    assert isinstance(told.next(), FilePicked)
    told.thread.end()


def test_after_it_is_dropped_nothing_of_it_is_read(told: Told, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"content")
    told.thread.take(Pick(3, tmp_path / "a"))
    assert isinstance(told.next(), FilePicked)
    told.thread.take(FileDrop(3))
    told.thread.take(FileRead(3, 0, 7))
    told.thread.take(Pick(4, tmp_path / "b"))
    assert isinstance(told.next(), FilePicked), "of the other: the first says nothing more"
    told.thread.end()


def test_a_question_that_is_over_stops_the_reading(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(bytes(50_000_000))
    heard: queue.SimpleQueue[object] = queue.SimpleQueue()

    def show(said: object) -> None:
        if isinstance(said, Reading):
            thread.take(FileDrop(3))
        heard.put(said)

    thread = LeavingThread(heard.put, heard.put, show)
    thread.take(Pick(3, tmp_path / "long"))
    thread.end()
    assert isinstance(heard.get(timeout=DEADLINE), Reading)
    assert heard.empty()


def test_a_file_that_changed_is_over(told: Told, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    told.thread.take(Pick(3, tmp_path / "a"))
    assert isinstance(told.next(), FilePicked)
    (tmp_path / "a").write_bytes(b"another")
    told.thread.take(FileRead(3, 0, 7))
    assert told.next() == FileFailed(3, Reason.FILE_CHANGED)
    told.thread.end()


def test_a_thread_that_never_began_ends(told: Told) -> None:
    told.thread.end()
    assert told.heard.empty()
