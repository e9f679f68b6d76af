"""Signed statements, made and checked: the one verifier of broker, host, audit and key ceremony.

Formats are in wire/statements.py. Where keys are kept, and which key a person or host has, is decided elsewhere.

What is accepted, the same as in the browser (docs/protocol.md, section 2):
    Ed25519   RFC 8032 without cofactor. Keys and nonce points of small order, and points written in a second way
              (y >= p), are refused here before the library sees them: libraries differ on exactly these.
    P-256     ECDSA over SHA-256, r || s, 64 bytes; the key is an uncompressed point of 65 bytes on the curve.
"""

from typing import assert_never

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from wire.schema import encode_part
from wire.statements import Algorithm, Label, Statement, signed_bytes

_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})
"""The y of all eight points whose order divides 8; their x has no say."""
_POINT = 32
_HALF = 32
_UNCOMPRESSED = 65


class SignatureInvalid(Exception):
    """This statement was not made, for this purpose, with this key. Nothing of its payload may be believed."""


def verify(statement: Statement, label: Label, key: bytes, alg: Algorithm) -> bytes:
    """The payload, now that it is known to come from `key` under `label`. Raises SignatureInvalid.

    `key` and `alg` come from a place that is trusted already, never from the statement itself.
    """
    if statement.label is not label:
        raise SignatureInvalid(f"made for another purpose than {label.value}")
    if statement.alg is not alg:
        raise SignatureInvalid("made with another algorithm than this key's")
    verify_bytes(alg, key, statement.sig, signed_bytes(label, statement.payload))
    return statement.payload


def verify_bytes(alg: Algorithm, key: bytes, signature: bytes, message: bytes) -> None:
    """The bare check under a statement. Raises SignatureInvalid."""
    match alg:
        case Algorithm.ED25519:
            _verify_ed25519(key, signature, message)
        case Algorithm.P256:
            _verify_p256(key, signature, message)
        case _:
            assert_never(alg)


def _verify_ed25519(key: bytes, signature: bytes, message: bytes) -> None:
    if len(key) != _POINT or len(signature) != _POINT + _HALF:
        raise SignatureInvalid("wrong length")
    if not (sound_point(key) and sound_point(signature[:_POINT])):
        raise SignatureInvalid("a point of small order, or one written in a second way")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        raise SignatureInvalid("wrong signature") from None


def verifies(alg: Algorithm, key: bytes, signature: bytes, message: bytes) -> bool:
    """The same as an answer, for rooms that are given it as an argument: `audit/receipt.py`."""
    try:
        verify_bytes(alg, key, signature, message)
    except SignatureInvalid:
        return False
    return True


def ed25519_verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    """The same check for what is no statement: the notes of `audit/checkpoint.py`."""
    return verifies(Algorithm.ED25519, key, signature, message)


def sound_point(encoded: bytes) -> bool:
    """Is this an Ed25519 point that every library reads alike? `encoded` is 32 bytes."""
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < _P and y not in _SMALL_ORDER


def _verify_p256(key: bytes, signature: bytes, message: bytes) -> None:
    if len(key) != _UNCOMPRESSED or len(signature) != 2 * _HALF:
        raise SignatureInvalid("wrong length")
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    try:
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)
        point.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        raise SignatureInvalid("wrong signature or no key") from None


class Ed25519Signer:
    """Signs statements with one Ed25519 key. `seed` is the 32 secret bytes; where they come from is the caller's care."""

    alg = Algorithm.ED25519

    def __init__(self, seed: bytes) -> None:
        """Raises ValueError unless the seed has 32 bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which others check."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, label: Label, part: object) -> Statement:
        """A statement of this @part. Raises ValueError for a part out of bounds."""
        return self.sign_payload(label, encode_part(part))

    def sign_payload(self, label: Label, payload: bytes) -> Statement:
        """A statement of bytes that are canonical already."""
        return Statement(label, self.alg, payload, self._key.sign(signed_bytes(label, payload)))

    def sign_note(self, text: bytes) -> bytes:
        """The signature of a note's text (`audit/checkpoint.py`). Raises ValueError for bytes that could be a statement's."""
        if b"\0" in text:
            raise ValueError("the text of a note holds no NUL")
        return self._key.sign(text)
