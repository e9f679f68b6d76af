"""Whose signature is it? Statements checked against the keys that the directory names, and then read."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from policy.decision import Deny, Reason
from trust.signatures import SignatureInvalid, verify
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.schema import MalformedMessage, read_part
from wire.statements import Algorithm, Label, Statement

T = TypeVar("T")

_ALGORITHMS = {AuthenticatorType.P256: Algorithm.P256, AuthenticatorType.ED25519: Algorithm.ED25519}


@dataclass(frozen=True, slots=True)
class Signed(Generic[T]):
    """What was said, now that it is known who said it."""

    said: T
    by: Authenticator


def host_key(key: bytes) -> Authenticator:
    """A host's Ed25519 key in the form of all keys."""
    return Authenticator(AuthenticatorType.ED25519, key, "")


def read_signed(statement: Statement, label: Label, keys: tuple[Authenticator, ...], cls: type[T]) -> Signed[T] | Deny:
    """The part under the signature of one of these keys. A key of a kind that cannot sign statements verifies nothing."""
    for key in keys:
        alg = _ALGORITHMS.get(key.type)
        if alg is None:
            continue
        try:
            payload = verify(statement, label, key.key, alg)
        except SignatureInvalid:
            continue
        try:
            return Signed(read_part(cls, payload), key)
        except MalformedMessage:
            return Deny(Reason.MALFORMED)
    return Deny(Reason.SIGNATURE_INVALID)
