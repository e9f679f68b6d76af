"""Receipts for the vendor's auditor alone: sealed with HPKE (RFC 9180), so that whoever carries or keeps them reads nothing.

    sealed = enc (32 bytes) | AES-256-GCM ciphertext        base mode, X25519, HKDF-SHA-256
    info   = "chaperone receipt copy" NUL session id        a copy cannot be passed off as that of another visit
    plain  = zlib of the receipt's bytes                    its proofs repeat each other

Who sealed a copy is not said by the seal: the receipt inside is signed, and proves itself (`audit/receipt.py`).
"""

import os
import zlib
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from runtime.private_files import create_private, read_private
from trust.keys import KeyUnreadable
from wire.schema import MalformedMessage, base64url, from_base64url

AUDITOR_KEY = 32
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SealBroken(Exception):
    """This was not sealed to this key, or not for this visit, or was changed."""


def _info(session_id: str) -> bytes:
    return b"chaperone receipt copy\0" + session_id.encode()


def seal(receipt: bytes, session_id: str, auditor_key: bytes) -> bytes:
    """The sealed copy. Raises ValueError for a key that is none."""
    public_key = X25519PublicKey.from_public_bytes(auditor_key)
    return SUITE.encrypt(zlib.compress(receipt, 9), public_key, info=_info(session_id))


def unseal(sealed: bytes, session_id: str, private_key: X25519PrivateKey, longest: int) -> bytes:
    """The receipt, of at most `longest` bytes. Raises SealBroken."""
    try:
        packed = SUITE.decrypt(sealed, private_key, info=_info(session_id))
        unpacking = zlib.decompressobj()
        receipt = unpacking.decompress(packed, longest)
    except (InvalidTag, ValueError, zlib.error):
        raise SealBroken("this copy was not sealed to this key for this visit") from None
    if not unpacking.eof or unpacking.unused_data:
        raise SealBroken("this copy holds more than a receipt")
    return receipt


# ---- the auditor's key


def make_auditor_key(path: Path, entropy: Callable[[int], bytes] = os.urandom) -> bytes:
    """Make the private key and its file, which must not be there yet; the public key. Raises FileExistsError, else OSError."""
    private = X25519PrivateKey.from_private_bytes(entropy(AUDITOR_KEY))
    create_private(path, base64url(private.private_bytes_raw()).encode("ascii") + b"\n")
    return public_of(private)


def load_auditor_key(path: Path) -> X25519PrivateKey:
    """Raises KeyUnreadable, OSError, and FileExposed if others can read the file."""
    content = read_private(path)
    try:
        return X25519PrivateKey.from_private_bytes(from_base64url(content.decode("ascii").strip(), "key"))
    except (MalformedMessage, ValueError):
        raise KeyUnreadable(f"{path} holds no key") from None


def public_of(private: X25519PrivateKey) -> bytes:
    """The 32 bytes that stand in the vendor's documents."""
    return private.public_key().public_bytes_raw()
