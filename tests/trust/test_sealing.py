"""A copy for the auditor opens with the auditor's key, for its visit, and in no other way.

HPKE is the library's; that it is RFC 9180's is shown by a second reading of the RFC below, which is itself held against the
vector of its appendix A.1.1.
"""

import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from runtime.private_files import FileExposed
from trust.keys import KeyUnreadable
from trust.sealing import SUITE, SealBroken, load_auditor_key, make_auditor_key, public_of, seal, unseal

PRIVATE = X25519PrivateKey.from_private_bytes(b"a" * 32)
RECEIPT = b'{"receipt":' + b"x" * 5000 + b"}"
SEALED = seal(RECEIPT, "s-1", public_of(PRIVATE))
AES_128, AES_256 = (1, 16), (2, 32)
"""RFC 9180, section 7.3: number and key length."""

# ---- RFC 9180 once more, sections 4.1 and 5.1


def _extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return HKDF.extract(SHA256(), salt or bytes(32), b"HPKE-v1" + suite + label + secret)


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(SHA256(), length, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info).derive(key)


def scheduled(private: X25519PrivateKey, enc: bytes, info: bytes, aead: tuple[int, int]) -> tuple[bytes, bytes]:
    """Key and first nonce of the receiver, in base mode."""
    kem = b"KEM" + (0x20).to_bytes(2, "big")
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    prk = _extract(kem, b"", b"eae_prk", shared)
    secret = _expand(kem, prk, b"shared_secret", enc + public_of(private), 32)
    suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (0x20, 1, aead[0]))
    context = b"\0" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    key = _extract(suite, secret, b"secret", b"")
    return _expand(suite, key, b"key", context, aead[1]), _expand(suite, key, b"base_nonce", context, 12)


def test_the_second_reading_is_that_of_the_vector() -> None:
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"))
    enc = bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
    key, nonce = scheduled(private, enc, bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"), AES_128)
    assert (key.hex(), nonce.hex()) == ("4531685d41d65f03dc48f6b8302c05b0", "56d890e5accaaf011cff4b7d")
    sealed = bytes.fromhex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a")
    assert AESGCM(key).decrypt(nonce, sealed, b"Count-0") == b"Beauty is truth, truth beauty"


def test_a_sealed_copy_is_what_the_rfc_says() -> None:
    key, nonce = scheduled(PRIVATE, SEALED[:32], b"chaperone receipt copy\0s-1", AES_256)
    assert zlib.decompress(AESGCM(key).decrypt(nonce, SEALED[32:], b"")) == RECEIPT


# ---- what is sealed and opened


def test_it_opens_for_the_auditor_and_for_its_visit() -> None:
    assert unseal(SEALED, "s-1", PRIVATE, 10_000) == RECEIPT
    assert seal(RECEIPT, "s-1", public_of(PRIVATE)) != SEALED, "each has a key of its own"
    assert RECEIPT[:100] not in SEALED


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(SEALED[:32], id="the key alone"),
        pytest.param(SEALED[:-1], id="cut"),
        pytest.param(SEALED + b"x", id="longer"),
        pytest.param(SEALED[:40] + bytes([SEALED[40] ^ 1]) + SEALED[41:], id="a bit flipped"),
    ],
)
def test_whatever_was_changed_opens_for_nobody(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed, "s-1", PRIVATE, 10_000)


def test_another_key_and_another_visit_open_nothing() -> None:
    for session_id, private in (("s-2", PRIVATE), ("s-1", X25519PrivateKey.from_private_bytes(b"b" * 32))):
        with pytest.raises(SealBroken):
            unseal(SEALED, session_id, private, 10_000)


def test_what_unpacks_without_end_is_no_receipt() -> None:
    bomb = seal(bytes(10_000_000), "s-1", public_of(PRIVATE))
    assert len(bomb) < 20_000
    with pytest.raises(SealBroken, match="more than"):
        unseal(bomb, "s-1", PRIVATE, 10_000)


@pytest.mark.parametrize("plain", [b"no zlib", zlib.compress(b"x") + b"tail", zlib.compress(b"x" * 100)[:-3]])
def test_what_was_sealed_in_another_form_is_refused(plain: bytes) -> None:
    sealed = SUITE.encrypt(plain, PRIVATE.public_key(), info=b"chaperone receipt copy\0s-1")
    with pytest.raises(SealBroken):
        unseal(sealed, "s-1", PRIVATE, 10_000)


def test_a_key_that_is_none_seals_nothing() -> None:
    with pytest.raises(ValueError, match="32"):
        seal(RECEIPT, "s-1", b"short")


def test_the_auditors_key_lies_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "auditor.key"
    public = make_auditor_key(path)
    assert public == public_of(load_auditor_key(path))
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_auditor_key(path)
    path.chmod(0o644)
    with pytest.raises(FileExposed):
        load_auditor_key(path)
    path.chmod(0o600)
    path.write_text("nonsense")
    with pytest.raises(KeyUnreadable):
        load_auditor_key(path)
