"""The stream to a SIEM: every entry arrives in order, once per note of how far it is, and a receiver that is gone loses nothing."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from audit.cli import main
from audit.entry import At
from audit.events import host
from audit.log import Side
from audit.siem import SiemFormat
from audit.siem_stream import StreamFailed, Target, follow
from runtime.catalogues import catalogue
from runtime.log_lines import segments
from runtime.log_opening import open_log

NOON = At(1_777_896_000_000, 5_000, clock_suspect=False)
WORDS, PACE = catalogue("en"), timedelta(seconds=1)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    write(tmp_path / "log", 3)
    return tmp_path / "log"


def write(folder: Path, count: int) -> None:
    with open_log(folder, Side.HOST, NOON) as written:
        written.append([host.HostStopped(host_id=f"h-{number}") for number in range(count)], NOON)


class Receiver:
    """Takes one connection at a time and keeps what came."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.content = b""

    def take(self) -> threading.Thread:
        thread = threading.Thread(target=self._take)
        thread.start()
        return thread

    def _take(self) -> None:
        with self.server.accept()[0] as connection:
            while piece := connection.recv(65536):
                self.content += piece


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.close()


def framed(content: bytes) -> list[bytes]:
    """RFC 6587, octet counting."""
    found = []
    while content:
        size, _, content = content.partition(b" ")
        found.append(content[: int(size)])
        content = content[int(size) :]
    return found


def test_every_entry_arrives_and_the_stream_goes_on_where_it_stopped(log: Path, receiver: Receiver, tmp_path: Path) -> None:
    state, target = tmp_path / "state", Target("tcp", "127.0.0.1", receiver.port)
    taking = receiver.take()
    assert follow(log, target, SiemFormat.RFC5424, state, PACE, WORDS, once=True) == 3
    taking.join()
    assert [b'entry="%d"' % number in each for number, each in enumerate(framed(receiver.content), 1)] == [True] * 3
    assert follow(log, target, SiemFormat.RFC5424, state, PACE, WORDS, once=True) == 0
    write(log, 1)
    receiver.content, taking = b"", receiver.take()
    assert follow(log, target, SiemFormat.CEF, state, PACE, WORDS, once=True) == 1
    taking.join()
    assert b"CEF:0|Chaperone|host|1|host_stopped|" in framed(receiver.content)[0]


def test_a_receiver_that_is_gone_loses_nothing(log: Path, receiver: Receiver, tmp_path: Path) -> None:
    state, waited = tmp_path / "state", []
    port = receiver.port
    receiver.server.close()

    class Done(Exception):
        pass

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise Done

    with pytest.raises(Done):
        follow(log, Target("tcp", "127.0.0.1", port), SiemFormat.RFC5424, state, PACE, WORDS, wait=wait)
    assert (waited, state.exists()) == ([1.0] * 3, False)
    with pytest.raises(StreamFailed, match="does not take it"):
        follow(log, Target("tcp", "127.0.0.1", port), SiemFormat.RFC5424, state, PACE, WORDS, once=True)


def test_datagrams(log: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taking:
        taking.bind(("127.0.0.1", 0))
        taking.settimeout(10)
        with pytest.raises(SystemExit) as ended:
            main(
                ["stream", str(log), "--to", f"syslog+udp://127.0.0.1:{taking.getsockname()[1]}", "--once", "--state", str(tmp_path / "s")]
            )
        assert not ended.value.code
        assert [taking.recv(9000).startswith(b"<109>1 2026-05-04T12:00:00.000Z ") for _ in range(3)] == [True] * 3


def test_a_line_that_is_half_written_just_now_is_taken_with_the_next_look(log: Path, receiver: Receiver, tmp_path: Path) -> None:
    newest = segments(log)[-1]
    whole = newest.read_bytes()
    newest.write_bytes(whole[:-30])
    taking = receiver.take()
    target = Target("tcp", "127.0.0.1", receiver.port)
    assert follow(log, target, SiemFormat.RFC5424, tmp_path / "s", PACE, WORDS, once=True) == 2
    taking.join()
    newest.write_bytes(whole)
    taking = receiver.take()
    assert follow(log, target, SiemFormat.RFC5424, tmp_path / "s", PACE, WORDS, once=True) == 1
    taking.join()


def test_an_entry_that_cannot_be_read_is_told_and_stops_nothing(log: Path, receiver: Receiver) -> None:
    first = segments(log)[0]
    lines = first.read_bytes().splitlines(keepends=True)
    first.write_bytes(b"".join([lines[0], b"nonsense\n", lines[2]]))
    taking = receiver.take()
    assert follow(log, Target("tcp", "127.0.0.1", receiver.port), SiemFormat.CEF, None, PACE, WORDS, once=True) == 3
    taking.join()
    assert b"Entry 2 cannot be read." in framed(receiver.content)[1]


@pytest.mark.parametrize("content", [b"nonsense", b"{}", b'{"entry":1,"log":"l-other"}'])
def test_a_state_file_of_something_else_is_refused(log: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(StreamFailed):
        follow(log, Target("udp", "127.0.0.1", 9), SiemFormat.RFC5424, tmp_path / "s", PACE, WORDS, once=True)


@pytest.mark.parametrize("text", ["http://h:1", "syslog://", "syslog://h:x", "h:514", ""])
def test_what_is_no_receiver_is_refused(log: Path, text: str) -> None:
    assert Target.read(text) is None
    with pytest.raises(SystemExit) as ended:
        main(["stream", str(log), "--to", text])
    assert ended.value.code == 2


def test_addresses_of_receivers() -> None:
    assert Target.read("syslog://siem:6514") == Target("tcp", "siem", 6514)
    assert Target.read("syslog+udp://[::1]") == Target("udp", "::1", 514)
