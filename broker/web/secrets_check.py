"""Passwords and second factors: slow hashes on a few threads, and the same work for a name that does not exist.

A password is keyed with the pepper (HMAC-SHA-256, a file beside the database) and then hashed with argon2id. Hashes from before the
pepper are read, and written anew at the next right sign-in. Who is known already, by a recognised device or a live sign-in, has a
thread of its own; strangers share another, wait in a line that has an end, and yield the processor to everything else.
"""

import asyncio
import os
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, digest
from typing import TypeVar

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from policy.decision import Allow
from policy.one_time import TOTP_STEP_SECONDS, may_use_step
from policy.passwords import plain

MEMORY_KIB = 32 * 1024
PASSES = 2
WAITING_MOST = 32
"""Strangers' passwords that wait for a hash. It bounds how long one waits and how much memory they take."""
WAITING_OF_ADDRESS = 4
"""Of these, from one address: one flood does not fill the line."""
_STRANGERS_NICE = 19
STEP_SECONDS = TOTP_STEP_SECONDS
ISSUER = "Chaperone"
_PEPPERED = "p1"
_PEPPER_USE = b"chaperone password\0"
_RECOVERY_USE = b"chaperone recovery code\0"
T = TypeVar("T")


class TooBusy(Exception):
    """The line of passwords that wait is full. Nothing was looked at, and nothing counts as a failure."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Was it the password, and the hash to store instead if the stored one is of an older kind."""

    right: bool
    newer: str | None = None


class Passwords:
    """argon2id (RFC 9106) in one lane, so that a hash takes one core and no more."""

    def __init__(self, pepper: bytes, hasher: PasswordHasher | None = None) -> None:
        self._pepper = pepper
        self._hasher = hasher or PasswordHasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=1)
        self._known = ThreadPoolExecutor(1, thread_name_prefix="password-known")
        self._strangers = ThreadPoolExecutor(1, thread_name_prefix="password-stranger", initializer=_yield_to_others)
        self._waiting: Counter[str] = Counter()
        self.nobodys = _nobodys_hash(self._hasher)
        self.hashed = 0
        """Hashes computed since the start; what a try costs can be counted with it."""

    async def hash(self, password: str) -> str:
        """The encoded hash of a new password, for a person who is known."""
        return await self._run(self._known, self._hash, password)

    async def on_thread(self, work: Callable[[], T]) -> T:
        """Other slow work for a person who is known, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._known, work)

    async def right(self, encoded: str | None, password: str, stranger: str | None = None) -> Verdict:
        """Is it this password? Without a hash it takes as long, and is wrong. `stranger` is the address of somebody not known yet.

        Raises TooBusy, at once, when too many strangers wait.
        """
        if stranger is None:
            return await self._run(self._known, self._right, encoded, password)
        self.room_for(stranger)
        self._waiting[stranger] += 1
        try:
            return await self._run(self._strangers, self._right, encoded, password)
        finally:
            self._waiting[stranger] -= 1
            if not self._waiting[stranger]:
                del self._waiting[stranger]

    def room_for(self, stranger: str) -> None:
        """Raises TooBusy when a stranger from this address would not be looked at. Asked before any work is done for him."""
        if self._waiting.total() >= WAITING_MOST or self._waiting[stranger] >= WAITING_OF_ADDRESS:
            raise TooBusy

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)

    def _hash(self, password: str) -> str:
        self.hashed += 1
        return _PEPPERED + self._hasher.hash(self._keyed(password))

    def _right(self, encoded: str | None, password: str) -> Verdict:
        stored = encoded or self.nobodys
        peppered = stored.startswith(_PEPPERED)
        said = self._keyed(password) if peppered else password.encode()
        inner = stored.removeprefix(_PEPPERED)
        self.hashed += 1
        try:
            self._hasher.verify(inner, said)
        except (VerificationError, InvalidHashError):
            return Verdict(False)
        if encoded is None:
            return Verdict(False)
        stale = not peppered or self._hasher.check_needs_rehash(inner)
        return Verdict(True, self._hash(password) if stale else None)

    def _keyed(self, password: str) -> bytes:
        return digest(self._pepper, _PEPPER_USE + plain(password).encode(), sha256)

    def recovery_hash(self, technician_id: str, code: str) -> bytes:
        """How recovery codes are stored. They are 80 random bits, so a keyed hash is enough; it is bound to its owner."""
        return digest(self._pepper, _RECOVERY_USE + technician_id.encode() + b"\0" + code.encode(), sha256)

    def close(self) -> None:
        """Wait for what runs, and take nothing more."""
        self._known.shutdown()
        self._strangers.shutdown(cancel_futures=True)


def _yield_to_others() -> None:
    # On Linux a thread has a priority of its own; elsewhere this would slow the whole process, so it is left.
    if hasattr(os, "sched_getscheduler"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _STRANGERS_NICE)


def _nobodys_hash(hasher: PasswordHasher) -> str:
    """A hash that no password has, of the same cost as everybody's. Written, not computed: that would delay every start."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digested = (b64encode(bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len))
    return f"{_PEPPERED}$argon2id$v=19${cost}${salt}${digested}"


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
