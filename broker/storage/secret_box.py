"""How secrets lie in the database. What must be read again (TOTP secrets) is sealed: AES-256-GCM with a key in a file
beside, not in, the database. What is only compared (tokens) is hashed.
"""

from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.private_files import create_private, read_private

_NONCE = 12
_KEY = 32


class SecretBox:
    """Seals short secrets under one key. `about` binds a sealed value to its row: it opens nowhere else."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> "SecretBox":
        """The box of this key file, which is made if there is none. Raises FileExposed if others can read it, OSError."""
        return cls(key_from_file(path))

    def seal(self, secret: bytes, about: str) -> bytes:
        """nonce 12 | ciphertext | tag 16"""
        nonce = token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Inverse of `seal`. Raises cryptography's InvalidTag for anything else."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())


def key_from_file(path: Path) -> bytes:
    """The key of this file, which is made if there is none. Raises FileExposed if others can read it, OSError."""
    if not path.exists():
        create_private(path, token_bytes(_KEY))
    return read_private(path)


def token_hash(token: bytes) -> bytes:
    """How tokens are stored. They are 32 random bytes, so a plain hash is enough."""
    return sha256(token).digest()
