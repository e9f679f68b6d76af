"""The form of signed metadata, and how its files, roles and targets are called. Nothing here knows which keys are trusted.

Metadata is TUF's (version 1.0 of its specification), in one spelling, so that Python and browser can never read two
things in the same bytes. A file that breaks one of these rules is refused before any signature is looked at:

    1. printable ASCII without a backslash; JSON without white space, with sorted keys and no key twice
    2. exactly `signatures` and `signed`; a signature is a key id (64 hex digits) and 64 bytes in lower-case hex, and no key
       signs twice
    3. `signed` has the fields of its type and no other, times and numbers in one form; a timestamp says in `issued`
       (seconds since 1970) when it was made
    4. every key is Ed25519, and its id is the SHA-256 of its canonical form: one key cannot have two ids
    5. a threshold is at least 1 and at most the number of its role's keys

So the signed bytes, OLPC canonical JSON for TUF, are the very characters of `signed` in the file. docs/keys.md repeats
this for readers in other languages; the order of all further checks is python-tuf's own client's.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import cast

from trust.refused import DocumentInvalid
from trust.signatures import sound_point
from wire.schema import canonical

ROOT, TARGETS, SNAPSHOT, TIMESTAMP = "root", "targets", "snapshot", "timestamp"
TOP_ROLES = (ROOT, TIMESTAMP, SNAPSHOT, TARGETS)
HOSTS = "hosts"
_DEVICES = "devices-"

PERSONS_PATH = "persons.json"
VENDOR_PATH = "vendor.json"
VENDOR_POLICY_PATH = "vendor-policy.toml"
SITE_PATH = "site.json"
SITE_POLICY_PATH = "site-policy.toml"
HOSTS_PATTERN = "hosts/*.json"

Json = Mapping[str, object]

_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX128 = re.compile(r"[0-9a-f]{128}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_SPECIFICATION = re.compile(r"1\.0\.[0-9]+")
_COMMON = frozenset({"_type", "version", "spec_version", "expires"})
_FIELDS: dict[str, frozenset[str]] = {
    ROOT: _COMMON | {"consistent_snapshot", "keys", "roles"},
    TIMESTAMP: _COMMON | {"meta", "issued"},
    SNAPSHOT: _COMMON | {"meta"},
    TARGETS: _COMMON | {"targets"},
}
_DELEGATED = frozenset({"name", "keyids", "threshold", "terminating", "paths"})


def slug(name: str) -> str:
    """A company or site as it stands in names of roles and files: readable letters, and a hash that keeps two names apart."""
    words = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:40]
    return f"{words}-{sha256(name.encode()).hexdigest()[:12]}".lstrip("-")


def devices_role(company: str) -> str:
    """The role that certifies the devices of this company's persons."""
    return f"{_DEVICES}{slug(company)}"


def is_devices_role(role: str) -> bool:
    """Is it the role of some company's devices?"""
    return role.startswith(_DEVICES)


def devices_path(role: str) -> str:
    """The one target that a company's role may provide."""
    return f"devices/{role.removeprefix(_DEVICES)}.json"


def hosts_path(site: str) -> str:
    """The target that lists the hosts of this site."""
    return f"hosts/{slug(site)}.json"


def metadata_file(role: str, version: int) -> str:
    """Where a role's metadata is published. The timestamp alone has no version in its name."""
    return f"metadata/{TIMESTAMP}.json" if role == TIMESTAMP else f"metadata/{version}.{role}.json"


def target_file(path: str, digest: str) -> str:
    """Where the content of a target is published: its hash stands before its name."""
    folder, between, name = path.rpartition("/")
    return f"targets/{folder}{between}{digest}.{name}"


def key_id(public: str) -> str:
    """The id of an Ed25519 key, `public` in hex."""
    return sha256(canonical({"keytype": "ed25519", "keyval": {"public": public}, "scheme": "ed25519"})).hexdigest()


def read_plain(content: bytes) -> Json:
    """The `signed` part of metadata that is in its form. Raises DocumentInvalid."""
    body = _parsed(content)
    _exactly(body, {"signatures", "signed"}, "the file")
    _signatures(body["signatures"])
    signed = _object(body["signed"], "signed")
    _signed(signed)
    return signed


def _parsed(content: bytes) -> Json:
    try:
        text = content.decode("ascii")
        body = json.loads(text)
        again = canonical(body)  # a key that stands in it twice is missing here
    except (ValueError, RecursionError):
        raise DocumentInvalid("this is no JSON in ASCII") from None
    if again != content or not text.isprintable() or "\\" in text:
        raise DocumentInvalid("metadata that is not written plainly")
    return _object(body, "the file")


def _object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise DocumentInvalid(f"{what} is no object")
    return cast(Json, value)


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise DocumentInvalid(f"{what} is no list")
    return value


def _exactly(body: Json, fields: frozenset[str] | set[str], what: str) -> None:
    if set(body) != fields:
        raise DocumentInvalid(f"{what} has an unknown or a missing field")


def _number(value: object, what: str, lowest: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value < 2**53:
        raise DocumentInvalid(f"{what} is no number in bounds")
    return value


def _written(value: object, form: re.Pattern[str], what: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise DocumentInvalid(f"{what} is not written as it must be")
    return value


def _signatures(value: object) -> None:
    for each in _list(value, "signatures"):
        signature = _object(each, "a signature")
        _exactly(signature, {"keyid", "sig"}, "a signature")
        _written(signature["keyid"], _HEX64, "a key id")
        nonce = bytes.fromhex(_written(signature["sig"], _HEX128, "a signature"))[:32]
        if not sound_point(nonce):
            raise DocumentInvalid("a signature with a point of small order")


def _signed(signed: Json) -> None:
    kind = signed.get("_type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise DocumentInvalid("metadata of no known type")
    fields = _FIELDS[kind]
    _exactly(signed, fields | {"delegations"} if "delegations" in signed and kind == TARGETS else fields, kind)
    _number(signed["version"], "a version")
    _number(signed.get("issued", 1), "the time it was issued")
    _written(signed["expires"], _MOMENT, "the expiry")
    _written(signed["spec_version"], _SPECIFICATION, "the version of the specification")
    if kind == TIMESTAMP:
        _exactly(_object(signed["meta"], "meta"), {f"{SNAPSHOT}.json"}, "meta")
    if kind == ROOT:
        _root(signed)
    for path, meta in _object(signed.get("meta", {}), "meta").items():
        _pinned(_object(meta, path), path, {"version"})
    for path, target in _object(signed.get("targets", {}), "targets").items():
        _pinned(_object(target, path), path, set())
    if "delegations" in signed:
        _delegations(_object(signed["delegations"], "delegations"))


def _pinned(body: Json, path: str, more: set[str]) -> None:
    _exactly(body, {"length", "hashes"} | more, path)
    _number(body["length"], f"the length of {path}", 0)
    _number(body.get("version", 1), f"the version of {path}")
    hashes = _object(body["hashes"], f"hashes of {path}")
    _exactly(hashes, {"sha256"}, f"hashes of {path}")
    _written(hashes["sha256"], _HEX64, f"the hash of {path}")


def _root(signed: Json) -> None:
    if signed["consistent_snapshot"] is not True:
        raise DocumentInvalid("a root without consistent snapshots")
    _keys(signed["keys"])
    roles = _object(signed["roles"], "roles")
    _exactly(roles, set(TOP_ROLES), "roles")
    for name, each in roles.items():
        role = _object(each, name)
        _exactly(role, {"keyids", "threshold"}, name)
        _threshold(role, name)


def _delegations(body: Json) -> None:
    _exactly(body, {"keys", "roles"}, "delegations")
    _keys(body["keys"])
    names = set()
    for each in _list(body["roles"], "roles"):
        role = _object(each, "a role")
        _exactly(role, _DELEGATED, "a role")
        name = role["name"]
        if not isinstance(name, str) or name in names or role["terminating"] is not True:
            raise DocumentInvalid("a delegated role without a name of its own, or one that does not end the search")
        names.add(name)
        # One role, one kind of document: a company's role cannot speak for hosts, nor for another company.
        if role["paths"] != [paths_of(name)]:
            raise DocumentInvalid(f"{name} may not provide these paths")
        _threshold(role, name)


def paths_of(role: str) -> str:
    """The only pattern of paths that this delegated role may have. Raises DocumentInvalid for a role that there is not."""
    if role == HOSTS:
        return HOSTS_PATTERN
    if is_devices_role(role) and re.fullmatch(r"[a-z0-9-]+", role):
        return devices_path(role)
    raise DocumentInvalid("a delegated role that there is not")


def _keys(value: object) -> None:
    for keyid, each in _object(value, "keys").items():
        key = _object(each, "a key")
        _exactly(key, {"keytype", "keyval", "scheme"}, "a key")
        keyval = _object(key["keyval"], "a key")
        _exactly(keyval, {"public"}, "a key")
        public = _written(keyval["public"], _HEX64, "a key")
        if (key["keytype"], key["scheme"]) != ("ed25519", "ed25519") or not sound_point(bytes.fromhex(public)):
            raise DocumentInvalid("a key that is no sound Ed25519 key")
        if keyid != key_id(public):
            raise DocumentInvalid("a key under an id that is not its own")


def _threshold(role: Json, name: str) -> None:
    keyids = [_written(each, _HEX64, "a key id") for each in _list(role["keyids"], "keyids")]
    if not 1 <= _number(role["threshold"], "a threshold") <= len(set(keyids)) == len(keyids):
        raise DocumentInvalid(f"the threshold of {name} cannot be met, or a key stands in it twice")
