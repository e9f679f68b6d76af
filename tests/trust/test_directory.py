"""The one directory that is brought over: only what its officer signed, and what speaks with one voice."""

from dataclasses import replace
from pathlib import Path

import pytest

from trust.directory import contradictions, read_directory
from trust.keys import public_key_text
from trust.refused import DocumentInvalid
from trust.signatures import Ed25519Signer
from wire.messages.documents import Authenticator, AuthenticatorType, Directory, ListedBroker, ListedHost, Person, Profile
from wire.schema import encode
from wire.statements import Label

OFFICER, STRANGER = Ed25519Signer(b"o" * 32), Ed25519Signer(b"s" * 32)
DEVICE = Authenticator(AuthenticatorType.P256, b"\4" + b"d" * 64, "laptop")
ANA = Person("t-ana", "Ana Ruiz", "Acme", True, ("north",), (DEVICE,))
LAB = ListedHost("h-lab", "Analyser 3", b"h" * 32, "Lyon", "north", Profile("AU-680", "eu", phi=False))
FIRST = Directory(1, 1000, 2000, "Acme", ListedBroker("b-1", b"b" * 32), "", (ANA,), (LAB,))


def folder_of(folder: Path, directory: Directory, key: Ed25519Signer = OFFICER, label: Label = Label.DIRECTORY) -> Path:
    (folder / "directory.pub").write_text(public_key_text(OFFICER.public_key))
    (folder / "directory.json").write_bytes(encode(key.sign(label, directory)) + b"\n")
    return folder


def test_what_its_officer_signed_is_read_although_it_has_expired(tmp_path: Path) -> None:
    assert read_directory(folder_of(tmp_path, FIRST)) == FIRST
    assert contradictions(FIRST) == []


def test_another_key_another_label_and_no_statement_are_refused(tmp_path: Path) -> None:
    for folder in (folder_of(tmp_path, FIRST, STRANGER), folder_of(tmp_path, FIRST, label=Label.HOST_HELLO)):
        with pytest.raises(DocumentInvalid):
            read_directory(folder)
    (tmp_path / "directory.json").write_bytes(b"{}")
    with pytest.raises(DocumentInvalid, match="no signed directory"):
        read_directory(tmp_path)


@pytest.mark.parametrize(
    ("fault", "unsound"),
    [
        ("person", replace(FIRST, persons=(ANA, replace(ANA, authenticators=())))),
        ("device key", replace(FIRST, persons=(ANA, replace(ANA, id="t-bob")))),
        ("host stands", replace(FIRST, hosts=(LAB, replace(LAB, key=b"x" * 32)))),
        ("host key", replace(FIRST, hosts=(LAB, replace(LAB, id="h-2")))),
        ("64 bytes", replace(FIRST, persons=(replace(ANA, authenticators=(replace(DEVICE, key=b"d" * 64),)),))),
    ],
)
def test_a_directory_with_two_voices_is_refused(tmp_path: Path, fault: str, unsound: Directory) -> None:
    with pytest.raises(DocumentInvalid, match=fault):
        read_directory(folder_of(tmp_path, unsound))
