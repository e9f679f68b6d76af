"""Devices that show at sign-in who they are: a nonce of ours under the signature of the key that the directory lists.

It is no factor. It tells a technician at a recognised device from strangers who use up an account's tries. A nonce is made without
being kept (its own HMAC and time stand in it), so that asking for nonces costs nothing; only one that came back signed is remembered.
"""

from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_bytes

from broker.core.board import Board
from broker.core.proof import read_signed
from policy.decision import Deny
from policy.instant import Instant
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.signin import DeviceSignInPayload
from wire.schema import MalformedMessage, read_part
from wire.statements import Label, Statement

NONCE_SECONDS = 120
_RANDOM = 16
_TIME = 8


class Recognition:
    """One instance per process; a restart makes every nonce worthless."""

    def __init__(self, board: Board, clock: Callable[[], Instant]) -> None:
        self._board = board
        self._clock = clock
        self._key = token_bytes(32)
        self._used: dict[bytes, float] = {}

    def nonce(self) -> bytes:
        """random 16 | seconds of the run-time clock 8 | HMAC 32"""
        body = token_bytes(_RANDOM) + int(self._clock().boot).to_bytes(_TIME, "big")
        return body + digest(self._key, body, sha256)

    def signer(self, proof: Statement | None) -> Authenticator | None:
        """The key that signed a nonce of ours, which is used up by that. The work is the same whoever's key it is."""
        if proof is None:
            return None
        try:
            claimed = read_part(DeviceSignInPayload, proof.payload)
        except MalformedMessage:
            return None
        own = Authenticator(claimed.type, claimed.key, "")
        signed = read_signed(proof, Label.DEVICE_SIGN_IN, (own,), DeviceSignInPayload)
        if isinstance(signed, Deny) or claimed.type is AuthenticatorType.WEBAUTHN or not self._spend(claimed.nonce):
            return None
        return own

    def _spend(self, nonce: bytes) -> bool:
        now = self._clock().boot
        body, tag = nonce[: _RANDOM + _TIME], nonce[_RANDOM + _TIME :]
        if not compare_digest(digest(self._key, body, sha256), tag) or nonce in self._used:
            return False
        if not 0 <= now - int.from_bytes(body[_RANDOM:], "big") < NONCE_SECONDS:
            return False
        self._used = {each: spent for each, spent in self._used.items() if now - spent < NONCE_SECONDS}
        self._used[nonce] = now
        return True

    def recognised(self, technician_id: str, signer: Authenticator | None) -> bool:
        """Does the directory in force list this key for this technician?"""
        person = self._board.person(technician_id, self._clock())
        if person is None or signer is None:
            return False
        return any(each.type is signer.type and each.key == signer.key for each in person.authenticators)
