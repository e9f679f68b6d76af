"""The desk's end of the socket: order kept, dead grants silent, strangers refused, the end told once."""

import os
import queue
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_client.desk.link_socket import Beside, GuardianNotTrusted, Link
from host_client.link import SECOND, EndPressed, GetHelp, StopDesk
from host_client.link_frames import FilePiece, Input, LinkReader, Picture, ToDesk, ToGuardian, input_frame, message_frame, read_to_guardian

DEADLINE = 20.0


class Guardian:
    """A listening socket, the desk's link to it, and what the link heard and lost."""

    def __init__(self, directory: Path) -> None:
        self.heard: queue.SimpleQueue[ToDesk | Input | FilePiece] = queue.SimpleQueue()
        self.lost: queue.SimpleQueue[bool] = queue.SimpleQueue()
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(directory / "link"))
            listener.listen(1)
            self.link = Link(directory / "link", self.heard.put, lambda: self.lost.put(True))
            self.end, _ = listener.accept()
        self.end.settimeout(DEADLINE)

    def all_said(self) -> list[ToGuardian | Picture | FilePiece]:
        """Everything the desk sent, once it has closed."""
        reader, said = LinkReader(), list[ToGuardian | Picture | FilePiece]()
        while data := self.end.recv(65536):
            said += [read_to_guardian(kind, body) for kind, body in reader.feed(data)]
        return said


@pytest.fixture
def guardian(tmp_path: Path) -> Iterator[Guardian]:
    made = Guardian(tmp_path)
    yield made
    made.link.close()
    made.end.close()


def test_pictures_of_the_technician_and_of_somebody_who_watches_follow_a_grant_each(guardian: Guardian) -> None:
    beside = Beside(guardian.link)
    guardian.link.follow(3)
    beside.follow(SECOND + 1)
    for grant in (3, SECOND + 1, 7):
        beside.show(Picture(grant, b"\x03abc"))
    beside.say(GetHelp())
    guardian.link.start()
    guardian.link.close()
    assert guardian.all_said() == [Picture(3, b"\x03abc"), Picture(SECOND + 1, b"\x03abc"), GetHelp()]


def test_what_is_said_arrives_in_its_order(guardian: Guardian) -> None:
    guardian.link.follow(3)
    for said in (GetHelp(), EndPressed()):
        guardian.link.say(said)
        guardian.link.show(Picture(3, b"\x03abc"))
    guardian.link.start()
    guardian.link.close()
    assert guardian.all_said() == [GetHelp(), Picture(3, b"\x03abc"), EndPressed(), Picture(3, b"\x03abc")]


def test_pictures_that_were_captured_with_other_masks_never_leave(guardian: Guardian) -> None:
    guardian.link.follow(3)
    guardian.link.show(Picture(3, b"\x03old"))
    guardian.link.follow(3, 1)
    guardian.link.show(Picture(3, b"\x03new", 1))
    guardian.link.show(Picture(3, b"\x03old"))
    guardian.link.start()
    guardian.link.close()
    assert guardian.all_said() == [Picture(3, b"\x03new", 1)]


def test_pictures_of_a_grant_that_is_over_never_leave(guardian: Guardian) -> None:
    guardian.link.follow(3)
    guardian.link.show(Picture(3, b"\x03abc"))
    guardian.link.follow(None)
    guardian.link.show(Picture(3, b"\x03abc"))
    guardian.link.say(GetHelp())
    guardian.link.start()
    guardian.link.close()
    assert guardian.all_said() == [GetHelp()]


def test_what_the_guardian_says_is_heard(guardian: Guardian) -> None:
    guardian.link.start()
    guardian.end.sendall(message_frame(StopDesk()) + input_frame(Input(9, bytes(64))))
    assert guardian.heard.get(timeout=DEADLINE) == StopDesk()
    assert guardian.heard.get(timeout=DEADLINE) == Input(9, bytes(64))


@pytest.mark.parametrize("last", [b"", b"\x00\x00\x00\x02\x63\x00"])
def test_a_guardian_that_leaves_or_babbles_is_lost_once(guardian: Guardian, last: bytes) -> None:
    guardian.link.start()
    guardian.end.sendall(last)
    guardian.end.shutdown(socket.SHUT_RDWR)
    assert guardian.lost.get(timeout=DEADLINE)
    assert guardian.heard.empty()
    guardian.link.close()
    assert guardian.lost.empty()


def test_a_socket_of_another_account_is_not_spoken_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    with pytest.raises(GuardianNotTrusted, match=str(own)):
        Guardian(tmp_path)


def test_without_a_guardian_there_is_no_link(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Link(tmp_path / "nobody", lambda _said: None, lambda: None)
