"""Answers published vectors with the product's Python code; tech_console/vectors/vectors.ts is its twin."""

from collections.abc import Callable
from hashlib import sha256
from hmac import digest

from cpace import CPace, CPaceRole, _calculate_generator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.published.cases import ACCEPTED, REFUSED
from trust.signatures import SignatureInvalid, verify_bytes
from wire.sealed.agreement import multiply
from wire.sealed.keys import hkdf
from wire.statements import Algorithm

Given = dict[str, str]


def answer(given: Given) -> str:
    """The answer to one case. Raises KeyError for an operation that does not exist."""
    return _OPERATIONS[given["do"]](given)


def _octets(given: Given, *names: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(given[name]) for name in names)


def _seal(given: Given) -> str:
    key, nonce, aad, msg = _octets(given, "key", "iv", "aad", "msg")
    return AESGCM(key).encrypt(nonce, msg, aad).hex()


def _open(given: Given) -> str:
    key, nonce, aad, sealed = _octets(given, "key", "iv", "aad", "sealed")
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad).hex()
    except InvalidTag:
        return REFUSED


def _hkdf(given: Given) -> str:
    secret, salt, info = _octets(given, "ikm", "salt", "info")
    try:
        return hkdf(secret, salt=salt, info=info, length=int(given["size"])).hex()
    except ValueError:
        return REFUSED


def _hmac(given: Given) -> str:
    key, message, tag = _octets(given, "key", "msg", "tag")
    return ACCEPTED if digest(key, message, sha256)[: len(tag)] == tag else REFUSED


def _x25519(given: Given) -> str:
    scalar, point = _octets(given, "private", "public")
    shared = multiply(scalar, point)
    return REFUSED if shared is None else shared.hex()


def _verifier(alg: Algorithm) -> Callable[[Given], str]:
    def verified(given: Given) -> str:
        key, signature, message = _octets(given, "key", "sig", "msg")
        try:
            verify_bytes(alg, key, signature, message)
        except SignatureInvalid:
            return REFUSED
        return ACCEPTED

    return verified


def _generator(given: Given) -> str:
    return _calculate_generator(*_octets(given, "prs", "ci", "sid")).hex()


def _cpace(given: Given) -> str:
    scalar, sid, own, other, peer = _octets(given, "scalar", "sid", "ad", "peer_ad", "peer_share")
    share = multiply(scalar, _calculate_generator(*_octets(given, "prs", "ci", "sid")))
    assert share is not None
    run = CPace(role=CPaceRole(given["role"]), sid=sid, ad=own, scalar=scalar, public_share=share)
    run.derive(peer, other)
    return (share + run.isk).hex()


_OPERATIONS: dict[str, Callable[[Given], str]] = {
    "seal": _seal,
    "open": _open,
    "hkdf": _hkdf,
    "hmac": _hmac,
    "x25519": _x25519,
    "ed25519": _verifier(Algorithm.ED25519),
    "p256": _verifier(Algorithm.P256),
    "generator": _generator,
    "cpace": _cpace,
}
