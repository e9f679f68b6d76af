"""Case 50: links, and whatever is swapped between a look and a write, lead a file nowhere but into the folder for files, over nothing.

A program of the same account that is faster than we are can spoil a file on its way; it could write to the person's files without us
as well. What it cannot do is have Chaperone write through a link.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from host_client.desk.files.drop_folder import DropFolder, FileRefused
from host_client.link_files import FileFailed, FileKept
from policy.decision import Reason
from tests.helpers.file_desk import FileDesk

pytestmark = pytest.mark.adversary


def victim(tmp_path: Path) -> Path:
    """A folder of somebody else's, with a file."""
    made = tmp_path / "victim"
    made.mkdir()
    (made / "mine").write_bytes(b"mine")
    return made


def untouched(folder: Path) -> bool:
    return {each.name: each.read_bytes() for each in folder.iterdir()} == {"mine": b"mine"}


@pytest.mark.parametrize("kind", ["link", "file", "pipe", "open to all"])
def test_what_stands_in_the_place_of_the_folder_is_not_used(tmp_path: Path, kind: str) -> None:
    target, place = victim(tmp_path), tmp_path / "drop"
    if kind == "link":
        place.symlink_to(target)
    elif kind == "file":
        place.write_bytes(b"")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
        place.chmod(0o777)
    desk = FileDesk(place)
    assert desk.file("a", b"x") == FileFailed(1, Reason.FOLDER_UNUSABLE)
    assert untouched(target)
    desk.end()


@pytest.mark.parametrize("kind", ["link to a file", "link to nothing", "hard link", "folder", "pipe"])
def test_what_stands_under_the_name_is_left_alone(tmp_path: Path, kind: str) -> None:
    target, desk = victim(tmp_path), FileDesk(tmp_path / "drop")
    desk.place.mkdir(mode=0o700)
    name = desk.place / "a"
    if kind == "link to a file":
        name.symlink_to(target / "mine")
    elif kind == "link to nothing":
        name.symlink_to(target / "new")
    elif kind == "hard link":
        name.hardlink_to(target / "mine")
    elif kind == "folder":
        name.mkdir()
    else:
        os.mkfifo(name)
    assert desk.file("a", b"theirs") == FileKept(1, "a (2)")
    assert desk.folder("a", {"b": b"theirs"}) == FileKept(2, "a (3)")
    assert untouched(target)
    desk.end()


def race(tmp_path: Path, rounds: int) -> None:
    """Somebody swaps folders and partials for links, as fast as can be, while files arrive."""
    target, place = victim(tmp_path), tmp_path / "drop"
    folder, over = DropFolder(place), threading.Event()

    def swap() -> None:
        aside = tmp_path / "aside"
        while not over.is_set():
            place.rename(aside)
            place.symlink_to(target)
            place.unlink()
            aside.rename(place)
            for each in place.glob(".chaperone-*"):
                with suppress(OSError):
                    (each / "sub").symlink_to(target)

    rival = threading.Thread(target=swap)
    rival.start()
    try:
        for _ in range(rounds):
            whole = folder.new_folder()
            try:
                inner = whole.new_file(("sub", "mine"))
                inner.write(b"theirs")
                inner.close()
                whole.keep("run")
            except FileRefused:
                whole.drop()
            file = folder.new_file()
            file.write(b"theirs")
            file.keep("mine")
    finally:
        over.set()
        rival.join()
    assert untouched(target)


def test_a_race_leads_nowhere(tmp_path: Path) -> None:
    race(tmp_path, 100)


@pytest.mark.long
def test_ten_thousand_races_lead_nowhere(tmp_path: Path) -> None:
    race(tmp_path, 900)  # numbers end at a thousand names
