"""Key files. Signing and checking are in `signatures.py`; what a key may do is in the directory; how a fingerprint is spelled,
in `wire/fingerprint.py`.

private key file    one line, base64url of the 32 seed bytes; mode 0600
public key          base64url, as it stands in configuration: 43 characters for Ed25519
"""

import hmac
import os
from collections.abc import Callable
from pathlib import Path

from runtime.private_files import create_private, read_private
from trust.signatures import Ed25519Signer
from wire.fingerprint import fingerprint as fingerprint  # noqa: PLC0414 - keys and their fingerprints are asked for together
from wire.schema import MalformedMessage, base64url, from_base64url

SEED = 32


class KeyUnreadable(Exception):
    """This file or text holds no key."""


def same_fingerprint(one: str, other: str) -> bool:
    """Are these two the same, however they were spaced and capitalised when they were typed?"""
    return hmac.compare_digest(_bare(one), _bare(other))


def _bare(text: str) -> bytes:
    return "".join(text.split()).lower().encode()


def make_key(path: Path, entropy: Callable[[int], bytes] = os.urandom) -> Ed25519Signer:
    """Make a key and its file, which must not be there yet. Raises FileExistsError, else OSError."""
    seed = entropy(SEED)
    create_private(path, base64url(seed).encode("ascii") + b"\n")
    return Ed25519Signer(seed)


def load_key(path: Path) -> Ed25519Signer:
    """Raises KeyUnreadable, OSError, and FileExposed if others can read the file."""
    content = read_private(path)
    try:
        return Ed25519Signer(from_base64url(content.decode("ascii").strip(), "key"))
    except (MalformedMessage, ValueError):
        raise KeyUnreadable(f"{path} holds no key") from None


def load_or_make_key(path: Path, entropy: Callable[[int], bytes] = os.urandom) -> Ed25519Signer:
    """The key of this file, made on first use. Raises what `load_key` and `make_key` raise."""
    return load_key(path) if path.exists() else make_key(path, entropy)


def public_key_text(key: bytes) -> str:
    """A public key as it stands in configuration."""
    return base64url(key)


def read_public_key(text: str) -> bytes:
    """Inverse of `public_key_text`; white space around it is forgiven. Raises KeyUnreadable."""
    try:
        return from_base64url(text.strip(), "key")
    except MalformedMessage as fault:
        raise KeyUnreadable(f"no public key: {fault}") from None
