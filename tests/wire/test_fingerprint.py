"""Everybody computes the same fingerprint."""

from hashlib import sha256

from wire.fingerprint import fingerprint
from wire.messages.documents import AuthenticatorType
from wire.statements import Algorithm


def test_a_fingerprint_is_the_documented_hash_in_groups_of_four() -> None:
    shown = fingerprint(Algorithm.P256, b"k" * 65)
    assert shown.replace(" ", "") == sha256(b"p256\0" + b"k" * 65).hexdigest()[:32]
    assert [len(group) for group in shown.split(" ")] == [4] * 8
    assert shown == fingerprint(AuthenticatorType.P256, b"k" * 65) != fingerprint(Algorithm.ED25519, b"k" * 65)
