"""Answers published vectors with the product's Python code; tech_console/vectors/vectors.ts is its twin."""

import json
from collections.abc import Callable
from hashlib import sha256
from hmac import digest

from cpace import CPace, CPaceRole, _calculate_generator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit import merkle
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


def _hashes(given: Given) -> list[bytes]:
    return [bytes.fromhex(each) for each in json.loads(given["proof"])]


def _numbers(given: Given, *names: str) -> tuple[int, ...]:
    return tuple(int(given[name]) for name in names)


def _merkle(check: Callable[[Given], None]) -> Callable[[Given], str]:
    def checked(given: Given) -> str:
        try:
            check(given)
        except merkle.ProofInvalid:
            return REFUSED
        return ACCEPTED

    return checked


def _inclusion(given: Given) -> None:
    (index, size), (leaf, root) = _numbers(given, "leafIdx", "treeSize"), _octets(given, "leafHash", "root")
    merkle.check_inclusion(index, size, leaf, _hashes(given), root)


def _consistency(given: Given) -> None:
    (old, new), roots = _numbers(given, "size1", "size2"), _octets(given, "root1", "root2")
    merkle.check_consistency(old, new, roots[0], roots[1], _hashes(given))


def _subtree_inclusion(given: Given) -> None:
    (index, start, end), (leaf, root) = _numbers(given, "leafIdx", "start", "end"), _octets(given, "leafHash", "root")
    merkle.check_subtree_inclusion(index, start, end, leaf, _hashes(given), root)


def _subtree_consistency(given: Given) -> None:
    (start, end, size), roots = _numbers(given, "start", "end", "size"), _octets(given, "root1", "root2")
    merkle.check_subtree_consistency(start, end, size, roots[0], roots[1], _hashes(given))


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
    "inclusion": _merkle(_inclusion),
    "consistency": _merkle(_consistency),
    "subtree_inclusion": _merkle(_subtree_inclusion),
    "subtree_consistency": _merkle(_subtree_consistency),
}
