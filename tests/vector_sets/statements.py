"""Vectors of signed statements: Ed25519 and P-256, right ones and each way to be wrong. Keys are for tests alone."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.vector_sets.messages import Json
from trust.signatures import Ed25519Signer, SignatureInvalid, verify
from wire.messages.presence import EndProofPayload
from wire.schema import encode, encode_part
from wire.statements import Algorithm, Label, Statement, signed_bytes

PART = EndProofPayload("t-ada", "b-demo", bytes(range(32)), bytes(range(32, 64)))
SEED = sha256(b"a signing key for tests").digest()
LOW_ORDER = bytes.fromhex("0100000000000000000000000000000000000000000000000000000000000000")
SECOND_WAY = (2**255 - 19 + 3).to_bytes(32, "little")


def p256_pair() -> tuple[bytes, Statement]:
    """A P-256 public key and a statement of PART under DEVICE_HELLO, signed deterministically (RFC 6979)."""
    key = derive_private_key(int.from_bytes(SEED, "big"), SECP256R1())
    payload = encode_part(PART)
    signature = key.sign(signed_bytes(Label.DEVICE_HELLO, payload), ECDSA(SHA256(), deterministic_signing=True))
    sig = b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public, Statement(Label.DEVICE_HELLO, Algorithm.P256, payload, sig)


def statement_set() -> Json:
    """Each case: a statement, and with which label, key and algorithm it is checked. `payload` null means refused."""
    return {"cases": [_case(*case) for case in _cases()]}


def _cases() -> Iterator[tuple[str, Statement, Label, bytes, Algorithm]]:
    signer = Ed25519Signer(SEED)
    for alg, key, made in ((Algorithm.ED25519, signer.public_key, signer.sign(Label.DEVICE_HELLO, PART)), (Algorithm.P256, *p256_pair())):
        other = bytes((key[0], *reversed(key[1:]))) if alg is Algorithm.P256 else Ed25519Signer(bytes(32)).public_key
        wrong = Algorithm.P256 if alg is Algorithm.ED25519 else Algorithm.ED25519
        yield f"{alg}: right", made, Label.DEVICE_HELLO, key, alg
        yield f"{alg}: checked for another purpose", made, Label.HOST_HELLO, key, alg
        yield f"{alg}: relabelled", replace(made, label=Label.HOST_HELLO), Label.HOST_HELLO, key, alg
        yield f"{alg}: of another algorithm", made, Label.DEVICE_HELLO, key, wrong
        yield f"{alg}: renamed algorithm", replace(made, alg=wrong), Label.DEVICE_HELLO, key, wrong
        yield f"{alg}: another key", made, Label.DEVICE_HELLO, other, alg
        yield f"{alg}: a key that is cut short", made, Label.DEVICE_HELLO, key[:-1], alg
        yield f"{alg}: an altered payload", replace(made, payload=made.payload.replace(b"ada", b"eve")), Label.DEVICE_HELLO, key, alg
        yield f"{alg}: an altered first half", replace(made, sig=_flipped(made.sig, 0)), Label.DEVICE_HELLO, key, alg
        yield f"{alg}: an altered second half", replace(made, sig=_flipped(made.sig, 40)), Label.DEVICE_HELLO, key, alg
        yield f"{alg}: a signature of zeros", replace(made, sig=bytes(64)), Label.DEVICE_HELLO, key, alg
    made = signer.sign(Label.DEVICE_HELLO, PART)
    nothing = replace(made, sig=LOW_ORDER + bytes(32))
    yield "ed25519: a key of small order, for which this signature fits anything", nothing, Label.DEVICE_HELLO, LOW_ORDER, Algorithm.ED25519
    yield "ed25519: a nonce of small order", nothing, Label.DEVICE_HELLO, signer.public_key, Algorithm.ED25519
    yield "ed25519: a key written in a second way", made, Label.DEVICE_HELLO, SECOND_WAY, Algorithm.ED25519


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def _case(name: str, statement: Statement, label: Label, key: bytes, alg: Algorithm) -> Json:
    try:
        payload = verify(statement, label, key, alg).decode()
    except SignatureInvalid:
        payload = None
    return {
        "name": name,
        "statement": encode(statement).decode(),
        "label": label.value,
        "key": key.hex(),
        "alg": alg.value,
        "payload": payload,
    }
