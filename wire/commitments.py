"""Commitments: the clear ledger holds a fingerprint of words that only the two ends may read (docs/protocol.md, section 5).

commitment = HMAC-SHA-256(key, words as UTF-8); the key is drawn anew for each entry, travels only inside the seals, and
is kept with the words in the host's log. Who holds both can show that these were the words; nobody else can guess them.
"""

from hashlib import sha256
from hmac import compare_digest, digest

KEY_BYTES = 32


def commitment(key: bytes, words: str) -> bytes:
    """32 bytes. Raises ValueError for a key that is not 32 bytes: a short one could be searched."""
    if len(key) != KEY_BYTES:
        raise ValueError("the key of a commitment has 32 bytes")
    return digest(key, words.encode(), sha256)


def matches(committed: bytes, key: bytes, words: str) -> bool:
    """Were these the words? False also for a key of a wrong length, because keys come from the other end."""
    return len(key) == KEY_BYTES and compare_digest(committed, commitment(key, words))
