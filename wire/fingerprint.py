"""What people compare instead of a key, spelled the same wherever it is shown.

fingerprint   first 16 bytes of SHA-256(type | 0x00 | key), lower-case hex in groups of four, one space between:
              "3f2a 9c01 ..." (eight groups); `type` is `ed25519` or `p256` in ASCII. The console shows the same.
"""

from enum import StrEnum
from hashlib import sha256

_SHOWN = 16
_GROUP = 4


def fingerprint(kind: StrEnum, key: bytes) -> str:
    """What people compare. `kind` is an Algorithm or an AuthenticatorType; both spell the same types alike."""
    shown = sha256(kind.value.encode("ascii") + b"\0" + key).digest()[:_SHOWN].hex()
    return " ".join(shown[start : start + _GROUP] for start in range(0, len(shown), _GROUP))
