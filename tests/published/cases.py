"""What the published sets ask: each case an operation, its inputs, and the answers that are right.

Answers are text: hex, "accepted" or "refused". Where a set calls a case *acceptable*, refusing is right as well.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REFUSED = "refused"
ACCEPTED = "accepted"
NONCE_BITS = 96
FILE = "file"
DISTRUSTED = frozenset({"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"})
"""Ed25519 edge cases that must be refused; all others must be accepted (docs/protocol.md, section 2)."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `right` holds every answer that passes."""

    name: str
    given: dict[str, str]
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """One set: the file or the folder of files below the folder, how it is read, and what of it is left out and why."""

    title: str
    path: str
    cases: Callable[[Json | list[Json]], Iterator[Case]]
    left_out: str = ""


def _tests(document: Json | list[Json]) -> Iterator[tuple[Json, Json]]:
    assert isinstance(document, dict)
    for group in document["testGroups"]:
        for test in group["tests"]:
            yield group, test


def _verdict(test: Json, right: str) -> frozenset[str]:
    """What may be answered, by the word that the set gives the case."""
    return {"valid": frozenset({right}), "acceptable": frozenset({right, REFUSED}), "invalid": frozenset({REFUSED})}[test["result"]]


def aes_gcm(document: Json | list[Json]) -> Iterator[Case]:
    """Opening, and for valid cases sealing too. Ours are nonces of 96 bits; the record layer has no way to make another."""
    for group, test in _tests(document):
        if group["ivSize"] != NONCE_BITS:
            continue
        place = {name: test[name] for name in ("key", "iv", "aad")}
        yield Case(f"open {test['tcId']}", {"do": "open", **place, "sealed": test["ct"] + test["tag"]}, _verdict(test, test["msg"]))
        if test["result"] == "valid":
            yield Case(f"seal {test['tcId']}", {"do": "seal", **place, "msg": test["msg"]}, frozenset({test["ct"] + test["tag"]}))


def hkdf(document: Json | list[Json]) -> Iterator[Case]:
    """Derivations of any length, and lengths beyond what RFC 5869 allows."""
    for _, test in _tests(document):
        given = {"do": "hkdf", "ikm": test["ikm"], "salt": test["salt"], "info": test["info"], "size": str(test["size"])}
        yield Case(str(test["tcId"]), given, _verdict(test, test["okm"]))


def hmac(document: Json | list[Json]) -> Iterator[Case]:
    """Whole tags, and shorter ones, of which the beginning is compared."""
    for _, test in _tests(document):
        given = {"do": "hmac", "key": test["key"], "msg": test["msg"], "tag": test["tag"]}
        yield Case(str(test["tcId"]), given, _verdict(test, ACCEPTED))


def x25519(document: Json | list[Json]) -> Iterator[Case]:
    """Shared values. A result of zeros is refused, whatever the set thinks of it."""
    for _, test in _tests(document):
        given = {"do": "x25519", "private": test["private"], "public": test["public"]}
        right = frozenset({REFUSED}) if not int(test["shared"], 16) else _verdict(test, test["shared"])
        yield Case(str(test["tcId"]), given, right)


def ed25519(document: Json | list[Json]) -> Iterator[Case]:
    """Signatures under the rule of docs/protocol.md, section 2."""
    for group, test in _tests(document):
        given = {"do": "ed25519", "key": group["publicKey"]["pk"], "sig": test["sig"], "msg": test["msg"]}
        yield Case(str(test["tcId"]), given, _verdict(test, ACCEPTED))


def p256(document: Json | list[Json]) -> Iterator[Case]:
    """ECDSA signatures as r || s."""
    for group, test in _tests(document):
        given = {"do": "p256", "key": group["publicKey"]["uncompressed"], "sig": test["sig"], "msg": test["msg"]}
        yield Case(str(test["tcId"]), given, _verdict(test, ACCEPTED))


def ed25519_edges(document: Json | list[Json]) -> Iterator[Case]:
    """Points of small order, second spellings, and residues that only a check with cofactor would overlook."""
    assert isinstance(document, list)
    for test in document:
        right = REFUSED if DISTRUSTED & set(test["flags"] or ()) else ACCEPTED
        given = {"do": "ed25519", "key": test["key"], "sig": test["sig"], "msg": test["msg"].encode().hex()}
        yield Case(str(test["number"]), given, frozenset({right}))


def cpace(document: Json | list[Json]) -> Iterator[Case]:
    """The run of G_X25519, seen from both sides, and the points that no share may be."""
    assert isinstance(document, dict)
    run = {name: value.lower() for name, value in document["G_25519"].items()}
    place = {"prs": run["PRS"], "ci": run["CI"], "sid": run["sid"]}
    yield Case("generator", {"do": "generator", **place}, frozenset({run["g"]}))
    for role, own, other in (("A", "a", "b"), ("B", "b", "a")):
        given = {"scalar": run[f"y{own}"], "ad": run[f"AD{own}"], "peer_share": run[f"Y{other}"], "peer_ad": run[f"AD{other}"]}
        yield Case(f"side {role}", {"do": "cpace", "role": role, **place, **given}, frozenset({run[f"Y{own}"] + run["ISK_IR"]}))
        factors = {"do": "x25519", "private": run[f"y{own}"], "public": run[f"Y{other}"]}
        yield Case(f"shared value of {role}", factors, frozenset({run["K"]}))
    for name, point in document["X25519_points"].items():
        yield Case(name, {"do": "x25519", "private": run["ya"], "public": point.lower()}, frozenset({REFUSED}))


MERKLE_FIELDS = {
    "inclusion": ("leafIdx", "treeSize", "leafHash", "root"),
    "consistency": ("size1", "size2", "root1", "root2"),
    "subtree_inclusion": ("leafIdx", "start", "end", "leafHash", "root"),
    "subtree_consistency": ("start", "end", "size", "root1", "root2"),
}
"""What each operation takes besides the proof: numbers in decimal, some beyond 2^63, and hashes, some of which are none."""


def merkle(do: str) -> Callable[[Json | list[Json]], Iterator[Case]]:
    """Proofs of one kind. `proof` is a JSON list of hex."""

    def cases(document: Json | list[Json]) -> Iterator[Case]:
        assert isinstance(document, list)
        for test in document:
            given = {name: _hex_or_number(test[name]) for name in MERKLE_FIELDS[do]}
            given["proof"] = json.dumps([_hex_or_number(each) for each in test["proof"] or ()])
            yield Case(test[FILE], {"do": do, **given}, frozenset({REFUSED if test["wantErr"] else ACCEPTED}))

    return cases


def _hex_or_number(value: str | int) -> str:
    return str(value) if isinstance(value, int) else b64decode(value).hex()


WYCHEPROOF = "wycheproof/"
SETS: tuple[PublishedSet, ...] = (
    PublishedSet("AES-GCM", WYCHEPROOF + "aes_gcm_test.json", aes_gcm, "nonces other than 96 bits, which records cannot have"),
    PublishedSet("HKDF-SHA-256", WYCHEPROOF + "hkdf_sha256_test.json", hkdf),
    PublishedSet("HMAC-SHA-256", WYCHEPROOF + "hmac_sha256_test.json", hmac),
    PublishedSet("X25519", WYCHEPROOF + "x25519_test.json", x25519),
    PublishedSet("Ed25519", WYCHEPROOF + "ed25519_test.json", ed25519),
    PublishedSet("ECDSA P-256", WYCHEPROOF + "ecdsa_secp256r1_sha256_p1363_test.json", p256),
    PublishedSet("Ed25519 edge cases", "ed25519/ed25519vectors.json", ed25519_edges),
    PublishedSet("CPace X25519", "cpace/testvectors.json", cpace, "other groups and the symmetric mode, which are not spoken here"),
    PublishedSet("Merkle inclusion", "merkle/inclusion", merkle("inclusion")),
    PublishedSet("Merkle consistency", "merkle/consistency", merkle("consistency")),
    PublishedSet("Merkle inclusion in subtrees", "merkle/subtreeinclusion", merkle("subtree_inclusion")),
    PublishedSet("Merkle consistency of subtrees", "merkle/subtreeconsistency", merkle("subtree_consistency")),
)


def read(folder: Path, published: PublishedSet) -> list[Case]:
    """The cases of one set. Raises FileNotFoundError, and ValueError for a file without cases."""
    place = folder / published.path
    document = _all_of(place) if place.is_dir() else json.loads(place.read_text(encoding="utf-8"))
    cases = list(published.cases(document))
    if not cases:
        raise ValueError(f"{published.path} holds no case")
    return cases


def _all_of(folder: Path) -> list[Json]:
    """A set of one file for each case; each knows which file it is."""
    files = sorted(folder.rglob("*.json"))
    return [{**json.loads(file.read_text(encoding="utf-8")), FILE: str(file.relative_to(folder))} for file in files]
