"""Witnesses: every head at once, appended and never rewritten; one that fails or hangs delays nobody and is tried again."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit.checkpoint import Checkpoint, signed_note
from host_client.guardian.shell import Tasks
from host_client.guardian.witness import (
    WAITING_MAX,
    FolderWitness,
    Line,
    SyslogWitness,
    Witnesses,
    WitnessUnknown,
    read_witness,
)
from runtime.log_notes import stored_notes
from trust.signatures import Ed25519Signer

SIGNER = Ed25519Signer(b"h" * 32)
WITHIN = 10.0
MESSAGE = re.compile(r'<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z h-1 chaperone-host - head - (\{"note": ".*"\})')


def note(size: int, log: str = "host/l-1") -> str:
    return signed_note(Checkpoint(f"chaperone/{log}", size, bytes(32)), SIGNER.public_key, SIGNER.sign_note)


class Slow:
    """A witness that the test holds up or breaks."""

    def __init__(self) -> None:
        self.moving, self.works = threading.Event(), True
        self.moving.set()
        self.given: list[str] = []

    def give(self, given: str) -> None:
        self.moving.wait()
        if not self.works:
            raise OSError(5, "gone")
        self.given.append(given)


class Scene:
    """One line to one witness."""

    def __init__(self, tasks: Tasks) -> None:
        self.slow, self.failures = Slow(), list[str]()
        self.news = asyncio.Condition()
        self.line = Line("/share", self.slow, self.failed, 0.2)
        tasks.go(self.line.keep())

    async def failed(self, name: str, fault: str) -> None:
        async with self.news:
            self.failures.append(f"{name}: {fault}")
            self.news.notify_all()

    async def after_failures(self, count: int) -> None:
        async with asyncio.timeout(WITHIN), self.news:
            await self.news.wait_for(lambda: len(self.failures) >= count)

    async def until_given(self, size: int) -> None:
        """Until the witness has this note; each turn of the loop lets the threads run."""
        async with asyncio.timeout(WITHIN):
            while note(size) not in self.slow.given:
                await asyncio.wait((asyncio.ensure_future(asyncio.to_thread(int)),))


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    faults: list[BaseException] = []
    made = Tasks(faults.append)
    yield made
    await made.stop()
    assert faults == []


async def test_every_head_is_given_in_order(tasks: Tasks) -> None:
    scene = Scene(tasks)
    for size in (1, 2, 3):
        scene.line.offer(note(size))
    await scene.until_given(3)
    assert scene.slow.given == [note(1), note(2), note(3)]


async def test_a_witness_that_fails_is_told_once_and_tried_again_with_the_next_head(tasks: Tasks) -> None:
    scene = Scene(tasks)
    scene.slow.works = False
    for size in (1, 2):
        scene.line.offer(note(size))
    await scene.after_failures(1)
    scene.slow.works = True
    scene.line.offer(note(3))
    await scene.until_given(3)
    assert scene.slow.given == [note(1), note(2), note(3)]
    assert scene.failures == ["/share: gone"]
    scene.slow.works = False
    scene.line.offer(note(4))
    await scene.after_failures(2)


async def test_a_witness_that_hangs_holds_up_nobody_and_no_second_thread_is_begun(tasks: Tasks) -> None:
    scene = Scene(tasks)
    scene.slow.moving.clear()
    threads = threading.active_count()
    scene.line.offer(note(1))
    await scene.after_failures(1)
    for size in range(2, 10):
        scene.line.offer(note(size))
    assert threading.active_count() <= threads + 1
    assert scene.failures == ["/share: it hangs"]
    scene.slow.moving.set()
    await scene.until_given(9)
    assert len(scene.failures) == 1


async def test_what_waits_is_bounded_and_the_oldest_goes(tasks: Tasks) -> None:
    scene = Scene(tasks)
    scene.slow.works = False
    for size in range(1, WAITING_MAX + 5):
        scene.line.offer(note(size))
    await scene.after_failures(1)
    scene.slow.works = True
    scene.line.offer(note(WAITING_MAX + 5))
    await scene.until_given(WAITING_MAX + 5)
    assert scene.slow.given[0] == note(6)


def test_a_folder_keeps_one_file_for_each_log_and_rewrites_nothing(tmp_path: Path) -> None:
    witness = read_witness(str(tmp_path), "h-1")
    for size in (1, 2):
        witness.give(note(size))
    witness.give(note(9, "broker/../l-2"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chaperone-broker----l-2.notes", "chaperone-host-l-1.notes"]
    (tmp_path / "chaperone-host-l-1.notes").rename(tmp_path / "checkpoints")
    assert stored_notes(tmp_path) == [note(1), note(2)]


def test_a_share_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        FolderWitness(tmp_path / "share").give(note(1))
    assert not (tmp_path / "share").exists()


def test_a_full_share_is_a_failure() -> None:
    with pytest.raises(OSError):  # noqa: PT011 - the words differ between systems
        FolderWitness(Path("/proc/self")).give(note(1))


def test_a_syslog_message_is_one_line_that_holds_the_note() -> None:
    line = SyslogWitness("logs", 514, False, "h-1").message(note(7), datetime(2026, 5, 4, 13, 30, tzinfo=UTC)).decode("ascii")
    assert line.startswith("<109>1 2026-05-04T13:30:00.000Z h-1 chaperone-host - head - {")
    form = MESSAGE.fullmatch(line)
    assert form is not None
    assert json.loads(form[1]) == {"note": note(7)}


def test_syslog_over_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(WITHIN)
        read_witness(f"syslog://127.0.0.1:{server.getsockname()[1]}", "h-1").give(note(7))
        assert MESSAGE.fullmatch(server.recv(65536).decode("ascii"))


def test_syslog_over_tcp_says_how_long_each_message_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        read_witness(f"syslog+tcp://127.0.0.1:{server.getsockname()[1]}", "h-1").give(note(7))
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as said:
            length, _, message = said.read().partition(b" ")
    assert int(length) == len(message)
    assert MESSAGE.fullmatch(message.decode("ascii"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/mnt/share", FolderWitness(Path("/mnt/share"))),
        ("file:///mnt/my%20share", FolderWitness(Path("/mnt/my share"))),
        ("syslog://logs.site", SyslogWitness("logs.site", 514, False, "h-1")),
        ("syslog+tcp://logs.site", SyslogWitness("logs.site", 601, True, "h-1")),
        ("syslog+tcp://[::1]:6514", SyslogWitness("::1", 6514, True, "h-1")),
    ],
)
def test_witnesses_are_named_by_where_they_are(name: str, expected: object) -> None:
    assert read_witness(name, "h-1") == expected


@pytest.mark.parametrize("name", ["", "share", "http://logs", "syslog://", "syslog://logs:port", "file://server/share", "syslog://logs/x"])
def test_what_names_no_witness_is_refused(name: str) -> None:
    with pytest.raises(WitnessUnknown):
        read_witness(name, "h-1")


async def test_those_that_the_documents_name_now_are_given_it_too_and_an_unknown_one_is_told_once(tmp_path: Path, tasks: Tasks) -> None:
    names, failures = [str(tmp_path / "one")], list[str]()
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    async def failed(name: str, _fault: str) -> None:
        failures.append(name)

    def go(work: Coroutine[Any, Any, None]) -> None:
        tasks.go(work)

    witnesses = Witnesses(lambda: tuple(names), "h-1", go, failed)
    witnesses.offer(note(1))
    names += [str(tmp_path / "two"), "nowhere"]
    for size in (2, 2, 3):
        witnesses.offer(note(size))
    second = tmp_path / "two" / "chaperone-host-l-1.notes"
    async with asyncio.timeout(WITHIN):
        while not (second.exists() and note(3) in second.read_text()):
            await asyncio.to_thread(int)
    assert second.read_text().count("chaperone/host/l-1\n") == 2
    assert failures == ["nowhere"]
