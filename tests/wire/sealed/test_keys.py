"""The key schedule: every record key its own, and no way back."""

from hashlib import sha256
from hmac import digest
from itertools import product

from policy.permissions import Direction, Lane
from wire.sealed.keys import epoch_key, hkdf, lane_secret, next_secret, session_secret

SECRET = bytes(range(32))


def plain_hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 in two lines, for one block of output."""
    return digest(digest(salt or bytes(32), secret, sha256), info + b"\x01", sha256)


def test_each_secret_is_made_as_documented() -> None:
    assert session_secret(b"isk", b"transcript") == plain_hkdf(b"isk", b"transcript", b"chaperone session v1")
    info = b"chaperone lane\0" + bytes((2, 0, 0, 1, 0, 0))
    assert lane_secret(SECRET, Lane.INPUT, 256, Direction.TO_HOST) == plain_hkdf(SECRET, b"", info)
    assert lane_secret(SECRET, Lane.INPUT, 256, Direction.TO_TECHNICIAN) == plain_hkdf(SECRET, b"", info[:-1] + b"\x01")
    assert epoch_key(SECRET) == plain_hkdf(SECRET, b"", b"key")
    assert next_secret(SECRET) == plain_hkdf(SECRET, b"", b"next")
    assert len(hkdf(SECRET, salt=b"", info=b"", length=42)) == 42


def test_no_two_lanes_grants_directions_or_epochs_share_a_key() -> None:
    keys = set()
    places = list(product(Lane, range(4), Direction))
    for lane, grant, direction in places:
        secret = lane_secret(SECRET, lane, grant, direction)
        keys |= {epoch_key(secret), epoch_key(next_secret(secret)), secret, next_secret(secret)}
    assert len(keys) == 4 * len(places)
