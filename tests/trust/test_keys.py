"""Keys lie where only their owner reads them, and everybody computes the same fingerprint."""

from hashlib import sha256
from pathlib import Path

import pytest

from runtime.private_files import FileExposed
from trust.keys import (
    KeyUnreadable,
    fingerprint,
    load_key,
    load_or_make_key,
    make_key,
    public_key_text,
    read_public_key,
    same_fingerprint,
)
from wire.messages.documents import AuthenticatorType
from wire.statements import Algorithm


def test_a_fingerprint_is_the_documented_hash_in_groups_of_four() -> None:
    shown = fingerprint(Algorithm.ED25519, b"k" * 32)
    assert shown.replace(" ", "") == sha256(b"ed25519\0" + b"k" * 32).hexdigest()[:32]
    assert [len(group) for group in shown.split(" ")] == [4] * 8
    assert shown == fingerprint(AuthenticatorType.ED25519, b"k" * 32)
    assert shown != fingerprint(AuthenticatorType.P256, b"k" * 32)


def test_a_fingerprint_may_be_typed_in_any_spacing() -> None:
    shown = fingerprint(Algorithm.P256, b"k" * 65)
    assert same_fingerprint(shown, shown.replace(" ", "").upper())
    assert not same_fingerprint(shown, shown[:-1])


def test_a_key_is_made_once_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "host.key"
    made = make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path).public_key == load_or_make_key(path).public_key == made.public_key
    with pytest.raises(FileExistsError):
        make_key(path)
    assert load_key(path).public_key == made.public_key
    assert load_or_make_key(tmp_path / "other.key").public_key != made.public_key


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    make_key(tmp_path / "host.key")
    (tmp_path / "host.key").chmod(0o644)
    with pytest.raises(FileExposed, match="chmod 600"):
        load_key(tmp_path / "host.key")


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe", b"A" * 43 + b"==\n"])
def test_a_file_without_a_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "host.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyUnreadable, match=r"host\.key holds no key"):
        load_key(path)


def test_a_public_key_is_read_as_it_was_written() -> None:
    assert read_public_key(f" {public_key_text(b'k' * 32)}\n") == b"k" * 32
    with pytest.raises(KeyUnreadable):
        read_public_key("not a key!")
