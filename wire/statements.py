"""Signed statements: what somebody said, in the very bytes they signed (docs/protocol.md, section 2).

    signature = Sign(key, label NUL version NUL payload)

The label separates purposes: a signature made for one never verifies for another. `payload` is parsed only after the
signature verifies, by whoever holds a verifier; this room names the formats and does no cryptography.
"""

from enum import StrEnum
from typing import Annotated

from wire.limits import PROTOCOL_VERSION
from wire.schema import Octets, message


class Label(StrEnum):
    """What a signature is for. Names are never reused."""

    BROKER_HELLO = "chaperone broker hello"
    HOST_HELLO = "chaperone host hello"
    DEVICE_HELLO = "chaperone device hello"
    DEVICE_SIGN_IN = "chaperone device sign-in"
    DEVICE_REGISTRATION = "chaperone device registration"
    HOST_ENROLMENT = "chaperone host enrolment"
    DIRECTORY = "chaperone directory"
    SESSION_HOST = "chaperone session host"
    SESSION_TECHNICIAN = "chaperone session technician"
    ASKED = "chaperone asked"
    ANSWERED = "chaperone answered"
    WITHDRAWN = "chaperone withdrawn"
    ENDED = "chaperone ended"
    CALL_WANTED = "chaperone call wanted"
    DIRECT_HOST = "chaperone direct host"
    DIRECT_TECHNICIAN = "chaperone direct technician"
    RECEIPT_HOST = "chaperone receipt host"
    RECEIPT_BROKER = "chaperone receipt broker"
    RETURN_TICKET = "chaperone return ticket"


class Algorithm(StrEnum):
    """How a statement is signed; the type of the authenticator in the directory must be the same."""

    ED25519 = "ed25519"
    P256 = "p256"
    """ECDSA on P-256 with SHA-256, signature as r || s (IEEE P1363), key as uncompressed point (65 bytes)."""


@message("statement")
class Statement:
    """A payload and its signature. `label` says how to check it and is itself under the signature."""

    label: Label
    alg: Algorithm
    payload: Annotated[bytes, Octets(192 * 1024)]
    sig: Annotated[bytes, Octets(64, 64)]


def signed_bytes(label: Label, payload: bytes) -> bytes:
    """The bytes under the signature: label NUL version NUL payload."""
    return b"\0".join((label.value.encode(), str(PROTOCOL_VERSION).encode(), payload))
