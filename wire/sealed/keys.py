"""From the agreed secret to the key of every record (docs/protocol.md, section 4). One HKDF, three uses.

    session secret   HKDF(ISK, salt = transcript, info = "chaperone session v1")
    secret 0         HKDF(session secret, info = "chaperone lane" NUL lane u8 | grant u32 | direction u8)
    key e            HKDF(secret e, info = "key")
    secret e + 1     HKDF(secret e, info = "next")

A secret leads forward only: who takes the key of one epoch, lane, grant or direction has no other.
"""

from struct import pack

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from policy.permissions import Direction, Lane

SECRET_BYTES = 32
DIRECTION_BYTE: dict[Direction, int] = {Direction.TO_HOST: 0, Direction.TO_TECHNICIAN: 1}


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int = SECRET_BYTES) -> bytes:
    """HKDF-SHA-256 (RFC 5869). Raises ValueError beyond 8160 bytes."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


def session_secret(isk: bytes, transcript: bytes) -> bytes:
    """The 32 bytes from which all lanes spring."""
    return hkdf(isk, salt=transcript, info=b"chaperone session v1")


def lane_secret(session: bytes, lane: Lane, grant: int, direction: Direction) -> bytes:
    """The secret of epoch 0 of one lane, under one grant, in one direction."""
    where = pack(">BIB", lane, grant, DIRECTION_BYTE[direction])
    return hkdf(session, salt=b"", info=b"chaperone lane\0" + where)


def epoch_key(secret: bytes) -> bytes:
    """The AES-256-GCM key of this epoch."""
    return hkdf(secret, salt=b"", info=b"key")


def next_secret(secret: bytes) -> bytes:
    """The secret of the epoch after this one."""
    return hkdf(secret, salt=b"", info=b"next")
