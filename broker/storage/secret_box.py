"""Seals what must be stored and read again (TOTP secrets): AES-256-GCM with a key in a file beside, not in, the database."""

import os
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class KeyFileExposed(Exception):
    """A key file can be read by others; the program must not go on with it."""


def make_key_file(path: Path, content: bytes) -> None:
    """Write a new key file, readable by its owner alone. Raises FileExistsError: a key is never overwritten."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def read_key_file(path: Path) -> bytes:
    """The content of a key file. Raises KeyFileExposed if anybody but its owner can read it, OSError if it is missing."""
    if path.stat().st_mode & 0o077:
        raise KeyFileExposed(f"{path} can be read by others; its mode must be 0600")
    return path.read_bytes()


class SecretBox:
    """Seals short secrets under one key. `about` binds a sealed value to its row: it opens nowhere else."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> "SecretBox":
        """The box of this key file, which is made if there is none. Raises KeyFileExposed."""
        if not path.exists():
            make_key_file(path, token_bytes(32))
        return cls(read_key_file(path))

    def seal(self, secret: bytes, about: str) -> bytes:
        """nonce 12 | ciphertext | tag 16"""
        nonce = token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Inverse of `seal`. Raises cryptography's InvalidTag for anything else."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
