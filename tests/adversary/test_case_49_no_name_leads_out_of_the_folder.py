"""Cases 49 and 51: whatever a file or folder is called, it arrives in the one folder for files, under a plain and visible name, and over
nothing that is there. Case 52: an archive stays an archive; nothing here unpacks, opens or runs what arrives.

Left until there is a Windows desk: what NTFS makes of these names; here they are refused to be special by their letters.
"""

import unicodedata
from pathlib import Path
from zipfile import ZipFile

import pytest

from host_client.link_files import FileKept
from tests.helpers.file_desk import FileDesk
from wire.schema import MalformedMessage
from wire.sealed.files import FileEntry, decode_manifest, encode_manifest

pytestmark = pytest.mark.adversary
PATHS = (
    "../up", "..\\up", "%2e%2e/up", "..%c0%afup", "/etc/passwd", "C:\\boot.ini", "C:up", "\\\\?\\C:\\x", "\\\\host\\share\\x", "~/x",
    "~root",
    "a/../../up", "a\\..\\..\\up", "/".join(["x"] * 300), "/".join([".."] * 300) + "/up", ".", "..", "...", "....//up", "./up", "//up",
)  # fmt: skip
NAMES = (
    "CON", "nul", "AUX.txt", "COM1.txt", "lpt9.log.gz", "name.", "name ", "a:stream", "a.txt::$DATA", "a\0b", "x" * 255, "é" * 255, "-rf",
    "--help",
    "photo\u202egnp.exe", "a\nb", "\x1b[2Jclear", "\ufeffbom", "a\u200db", ".hidden", "<b>", 'a"b', "a|b", "*", "?", " ", "\u2028",
)  # fmt: skip


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> FileDesk:
    (tmp_path / "up").write_bytes(b"mine")
    return FileDesk(tmp_path / "drop")


@pytest.mark.parametrize("name", [*PATHS, *NAMES])
def test_a_file_arrives_in_the_folder_under_a_plain_name(desk: FileDesk, name: str) -> None:
    kept = desk.file(name[:255], b"theirs")
    assert isinstance(kept, FileKept)
    (only,) = desk.place.iterdir()
    assert only.name == kept.name
    assert only.read_bytes() == b"theirs"
    assert_plain(kept.name)
    assert (desk.place.parent / "up").read_bytes() == b"mine"
    assert {each.name for each in desk.place.parent.iterdir()} == {"up", "drop"}
    desk.end()


def assert_plain(name: str) -> None:
    assert not set(name) & set('/\\:<>"|?*\0\n\r\x1b')
    assert name[0] not in ".-"
    assert name[-1] not in ". "
    assert name.split(".", maxsplit=1)[0].upper() not in {"CON", "NUL", "AUX", "PRN", "COM1", "LPT9"}
    assert len(name.encode()) <= 255
    assert all(unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in name)
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize("path", PATHS)
def test_a_folder_that_leads_elsewhere_is_no_folder(path: str) -> None:
    entries = (FileEntry(path[:1024], 1, bytes(32)),)
    names = path[:1024].split("/")
    if all(name not in {"", ".", ".."} and "\\" not in name for name in names):
        assert decode_manifest(encode_manifest(entries)) == entries
    else:
        with pytest.raises(MalformedMessage):
            decode_manifest(encode_manifest(entries))


@pytest.mark.parametrize("name", [*NAMES, "%2e%2e", "~"])
def test_each_name_of_a_folder_is_made_plain(desk: FileDesk, name: str) -> None:
    inside = name.replace("\0", "").replace("/", "")
    kept = desk.folder("run", {f"{inside}/{inside}": b"theirs"})
    assert isinstance(kept, FileKept)
    (above,) = (desk.place / kept.name).iterdir()
    (below,) = above.iterdir()
    for each in (above.name, below.name):
        assert_plain(each)
    desk.end()


def test_twins_of_any_system_do_not_meet(desk: FileDesk) -> None:
    twins = ("Report.txt", "REPORT.TXT", "report.txt", "caf\u00e9", "cafe\u0301", "CAFE\u0301")
    kept = desk.folder("run", {name: name.encode() for name in twins})
    assert isinstance(kept, FileKept)
    found = list((desk.place / kept.name).iterdir())
    assert len(found) == len(twins)
    assert len({unicodedata.normalize("NFKC", each.name).casefold() for each in found}) == len(twins)
    desk.end()


def test_an_archive_stays_one(desk: FileDesk, tmp_path: Path) -> None:
    made = tmp_path / "made.zip"
    with ZipFile(made, "w") as archive:
        archive.writestr("../../up", "slipped")
    content = made.read_bytes()
    made.unlink()
    assert isinstance(desk.file("made.zip", content), FileKept)
    assert [each.read_bytes() for each in desk.place.iterdir()] == [content]
    assert (tmp_path / "up").read_bytes() == b"mine"
    desk.end()
