"""Passwords and second factors: slow hashes on a few threads, and the same work for a name that does not exist."""

import asyncio
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hmac import compare_digest

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from policy.decision import Allow
from policy.one_time import may_use_step

THREADS = 2
STEP_SECONDS = 30
ISSUER = "Chaperone"


class Passwords:
    """argon2id (RFC 9106, the library's defaults) on a pool of its own, so that a flood of sign-ins slows only sign-ins."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self.nobodys = _nobodys_hash(self._hasher)

    async def hash(self, password: str) -> str:
        """The encoded hash of a new password."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hasher.hash, password)

    async def right(self, encoded: str | None, password: str) -> bool:
        """Is it this password? Without a hash it takes as long, and is wrong."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._right, encoded, password)

    def _right(self, encoded: str | None, password: str) -> bool:
        try:
            self._hasher.verify(encoded or self.nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return encoded is not None

    def close(self) -> None:
        """Wait for what runs, and take nothing more."""
        self._pool.shutdown()


def _nobodys_hash(hasher: PasswordHasher) -> str:
    """A hash that no password has, of the same cost as everybody's. Written, not computed: that would delay every start."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (b64encode(bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len))
    return f"$argon2id$v=19${cost}${salt}${digest}"


def new_totp_secret() -> str:
    """A fresh base-32 secret of 160 bits (RFC 4226, section 4)."""
    return pyotp.random_base32()


def totp_address(secret: str, sign_in_name: str) -> str:
    """The otpauth address for the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=sign_in_name, issuer_name=ISSUER)


def step_of(secret: str, code: str, newest: int | None, utc: float) -> int | None:
    """The time step this code belongs to, if it may still be used; None for a wrong or used one. Server time only."""
    current = int(utc) // STEP_SECONDS
    made = pyotp.HOTP(secret)
    found = None
    for step in (current - 1, current, current + 1):
        right = compare_digest(made.at(step).encode(), code.encode())
        if right and isinstance(may_use_step(step, newest, current), Allow):
            found = step
    return found
