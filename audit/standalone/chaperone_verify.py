#!/usr/bin/env python3
"""Checks what Chaperone keeps as evidence, on a machine that has nothing but Python 3.11 and the package `cryptography`.

    python3 chaperone_verify.py --key KEY FILE_OR_FOLDER

KEY    public key of whose evidence it is (43 characters, or a file that holds them). For a receipt either side's key will do.
FILE   a proof (`chaperone-audit prove`), a receipt, a host's log folder, or a log exported with --format jsonl

Prints `yes`, or `no` and each entry that is wrong. Exit codes: 0 yes, 1 no, 2 this cannot be read.

It opens no connection, writes nothing, and imports nothing of the project that made the evidence; what it follows is
docs/protocol.md, section 8. Read it before you trust it: that is what it is short for.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Json = dict[str, Any]
HASH, SIGNATURE, UNCOMPRESSED = 32, 64, 65
PROOF, RECEIPT, LOG = "chaperone proof 1", "chaperone receipt 1", "chaperone log 1"
NOTE = re.compile(
    r"(?P<text>(?P<origin>chaperone/(?:broker|host)/[\x21-\x2a\x2c-\x7e]{1,64})\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n— (?P<name>[\x21-\x2a\x2c-\x7e]{1,100}) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)
BLOCK = re.compile(r"[^\n]+\n[^\n]+\n[^\n]+\n\n[^\n]+\n(?=\n)")


class Unreadable(Exception):
    """This is nothing that can be checked."""


class Wrong(Exception):
    """This is not as it should be. `str()` says what."""


def sha(*parts: bytes) -> bytes:
    """SHA-256 over all of them."""
    return hashlib.sha256(b"".join(parts)).digest()


def plain(text: object) -> bytes:
    """Base64url without padding, spelled in the one way there is. Raises Wrong."""
    if not isinstance(text, str) or not re.fullmatch(r"[\w-]*", text, re.ASCII):
        raise Wrong("bytes are not written plainly")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) % 4 != 1 else b""
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise Wrong("bytes are not written plainly")
    return data


def canonical(body: object) -> bytes:
    """Sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sound(point: bytes) -> bool:
    """An Ed25519 point that every library reads alike: of no small order, and written in the one way."""
    prime, eighth = 2**255 - 19, 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y < prime and y not in {0, 1, prime - 1, eighth, prime - eighth}


def signed(alg: str, key: bytes, signature: bytes, message: bytes) -> bool:
    """Did this key sign this message?"""
    try:
        if alg == "ed25519" and len(key) == HASH and len(signature) == SIGNATURE and sound(key) and sound(signature[:HASH]):
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
            return True
        if alg == "p256" and len(key) == UNCOMPRESSED and len(signature) == SIGNATURE:
            r, s = (int.from_bytes(half, "big") for half in (signature[:HASH], signature[HASH:]))
            point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)
            point.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
            return True
    except (InvalidSignature, ValueError):
        return False
    return False


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha(b"\1", left, right)


class Tree:
    """The right edge of a growing tree (RFC 9162, section 2.1): enough for its root."""

    def __init__(self) -> None:
        self.size, self.peaks = 0, list[bytes]()

    def append(self, leaf: bytes) -> None:
        """One more leaf."""
        merging = self.size
        while merging & 1:
            leaf, merging = node(self.peaks.pop(), leaf), merging >> 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all of them."""
        joined = self.peaks[-1] if self.peaks else sha()
        for left in reversed(self.peaks[:-1]):
            joined = node(left, joined)
        return joined


def included(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """Does leaf `index` (from 0) stand in the tree with this root?"""
    if not 0 <= index < size or any(len(each) != HASH for each in (leaf, root, *path)):
        return False
    place, last = index, size - 1
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            leaf = node(each, leaf)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = node(leaf, each)
        place, last = place >> 1, last >> 1
    return last == 0 and leaf == root


def read_note(note: object, key: bytes) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that this key signed. Raises Wrong."""
    form = NOTE.fullmatch(note) if isinstance(note, str) and len(note) <= 1000 else None
    if form is None:
        raise Wrong("a checkpoint is not in its form")
    root, signature = base64.b64decode(form["root"]), base64.b64decode(form["signature"])
    if (base64.b64encode(root).decode(), base64.b64encode(signature).decode()) != (form["root"], form["signature"]):
        raise Wrong("a checkpoint is not written plainly")
    key_id = sha(form["origin"].encode(), b"\n\x01", key)[:4]
    if form["name"] != form["origin"] or signature[:4] != key_id or not signed("ed25519", key, signature[4:], form["text"].encode()):
        raise Wrong(f"the checkpoint over {form['size']} entries is not signed with this key")
    return form["origin"], int(form["size"]), root


def read_entry(text: bytes) -> Json:
    """An entry as it is written: ASCII, canonical. Raises Wrong."""
    try:
        body = json.loads(text.decode("ascii"))
        again = json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii").replace(b"\x7f", b"\\u007f")
    except (ValueError, RecursionError):
        raise Wrong("is no entry") from None
    if (
        not isinstance(body, dict)
        or body.keys() != {"v", "type", "at", "event"}
        or body["v"] != 1
        or again != text
        or not isinstance(body["event"], dict)
    ):
        raise Wrong("is no entry")
    return body


def check_proof(body: Json, key: bytes) -> Iterator[str]:
    """What is wrong with a proof of one entry. Raises Wrong."""
    index, entry = whole(body["index"]), str(body["entry"]).encode("ascii", "replace")
    _, size, root = read_note(body["checkpoint"], key)
    if body.keys() != {"checkpoint", "entry", "form", "index", "path", "salt"}:
        yield "this is no proof of this form"
    if not included(index - 1, size, sha(b"\0", salted(body), entry), [plain(each) for each in body["path"]], root):
        yield f"entry {index} does not stand in that log as it stands here"
    read_entry(entry)


def whole(number: object) -> int:
    """A number of an entry. Raises Wrong."""
    if type(number) is not int or number < 1:
        raise Wrong("this is no number of an entry")
    return number


def salted(body: Json) -> bytes:
    """The salt beside an entry, or what no leaf was made with."""
    salt = plain(body["salt"])
    return salt if len(salt) == HASH else b"no salt"


class Log:
    """Looks at the rows of a log in order."""

    def __init__(self, log_id: str, side: str, notes: list[str], tip: str | None, key: bytes) -> None:
        self.origin, self.tip, self.faults = f"chaperone/{side}/{log_id}", tip, list[str]()
        self.size, self.head = 0, sha(b"\2", b"\0".join((b"chaperone log", log_id.encode(), side.encode())))
        self.tree, self.roots, self.covered = Tree(), dict[int, set[bytes]](), 0
        self.bare, self.gone = list[int](), list[tuple[int, int]]()
        self.begun, self.differs = list[tuple[int, int]](), list[tuple[int, str]]()
        sizes = [self._note(note, key) for note in notes]
        self.tip_size = self._note(tip, key) if tip else 0
        self.signed = max(*sizes, self.tip_size, 0)

    def _note(self, note: str, key: bytes) -> int:
        try:
            origin, size, root = read_note(note, key)
        except Wrong as fault:
            self.faults.append(str(fault))
            return 0
        if origin != self.origin:
            self.faults.append(f"the checkpoint over {size} entries is of another log")
            return 0
        self.roots.setdefault(size, set()).add(root)
        return size

    def look(self, row: Json | None) -> None:
        """One more row; None for a line that is none."""
        try:
            index = whole(row["i"]) if row is not None else self.size + 1
        except (Wrong, KeyError):
            row, index = None, self.size + 1
        if index > self.size + 1:
            self.faults.append(f"entries {self.size + 1} to {index - 1} are missing")
        if index <= self.size:
            self.faults.append(f"entry {index} stands where it was not written, or twice")
        leaf, head = self._substance(row, index)
        if index == self.size + 1 and sha(b"\1", self.head, leaf) != head:
            self.faults.append(f"entry {index} does not follow from the one before")
        self._grow(index, leaf)
        self.size, self.head = index, head

    def _substance(self, row: Json | None, index: int) -> tuple[bytes, bytes]:
        try:
            stored = row if row is not None and row.keys() == {"entry", "head", "i", "leaf", "salt"} else {}
            leaf, head, salt = (plain(stored.get(name)) for name in ("leaf", "head", "salt"))
        except Wrong:
            self.faults.append(f"entry {index} was altered")
            return b"", b""
        entry = str(stored["entry"]).encode("ascii", "replace")
        if not salt and not entry:
            self.bare.append(index)
        elif len(salt) != HASH or sha(b"\0", salt, entry) != leaf:
            self.faults.append(f"entry {index} was altered")
        else:
            self._read(index, entry)
        return leaf, head

    def _read(self, index: int, entry: bytes) -> None:
        try:
            body = read_entry(entry)
        except Wrong:
            self.faults.append(f"entry {index} cannot be read")
            return
        event = body["event"]
        if body["type"] == "entries_expired":
            self.gone.append((event.get("first", 0), event.get("last", 0)))
        elif body["type"] == "log_begun":
            self.begun.append((event.get("size", 0), event.get("held_size", 0)))

    def _grow(self, index: int, leaf: bytes) -> None:
        if index <= self.tree.size or index > self.tree.size + 100_000:
            return
        while self.tree.size < index:
            self.tree.append(leaf if self.tree.size == index - 1 and len(leaf) == HASH else bytes(HASH))
            wanted = self.roots.pop(self.tree.size, None)
            if wanted is None:
                continue
            if wanted == {self.tree.root()}:
                self.covered = self.tree.size
            else:
                span = f"one of the entries {self.covered + 1} to {self.tree.size} is not what was signed"
                self.differs.append((self.tree.size, span))

    def end(self) -> list[str]:
        """No row follows; everything that is wrong."""
        if {sha()} != self.roots.pop(0, {sha()}):
            self.differs.append((0, "the empty log is not what was signed"))
        differs = [text for size, text in self.differs if not self._begun_anew(size)]
        beyond = [size for size in self.roots if size > self.size and not self._begun_anew(size)]
        if beyond:
            self.faults.append(f"entries {self.size + 1} to {max(beyond)} are gone from the end")
        covered = self.tip_size if self.tip is not None else self.size if self.signed else 0
        if covered < self.size:
            self.faults.append(f"entries {covered + 1} to {self.size} stand under no signature")
        for index in self.bare:
            if not any(first <= index <= last for first, last in self.gone):
                self.faults.append(f"entry {index} was altered")
        return [*self.faults, *differs[:1]]

    def _begun_anew(self, size: int) -> bool:
        return any(kept < size <= lost for kept, lost in self.begun)


def check_lines(log: Log, lines: Iterable[bytes]) -> None:
    """Every row, one a line."""
    for line in lines:
        try:
            row = json.loads(line) if line.endswith(b"\n") else None
            log.look(row if isinstance(row, dict) and canonical(row) == line[:-1] else None)
        except (ValueError, RecursionError):
            log.look(None)


def check_folder(folder: Path, key: bytes) -> list[str]:
    """A host's log folder."""
    meta, notes = json.loads((folder / "log.json").read_bytes()), folder / "checkpoints"
    text = notes.read_bytes().decode(errors="replace") if notes.exists() else ""
    log = Log(str(meta["log_id"]), str(meta["side"]), list(blocks(text)), None, key)
    for segment in sorted(path for path in folder.glob("*.jsonl") if path.stem.isdigit()):
        with segment.open("rb") as lines:
            check_lines(log, lines)
    return log.end()


def blocks(text: str) -> Iterator[str]:
    """Every whole checkpoint of the file; what lies between two is one that opens with no key."""
    end = 0
    for found in BLOCK.finditer(text):
        if found.start() > end:
            yield text[end : found.start()]
        yield found[0]
        end = found.end() + 1
    if text[end:].count("\n") >= 6:
        yield text[end:]


def check_export(path: Path, key: bytes) -> list[str]:
    """A log that was exported with its rows."""
    with path.open("rb") as lines:
        head = json.loads(lines.readline())
        log = Log(str(head["log_id"]), str(head["side"]), [str(each) for each in head["checkpoints"]], head["tip"], key)
        check_lines(log, lines)
    return log.end()


FIELDS = {
    "asked": "session_id ask technician_id host_id permission purpose case_reference words_commitment",
    "answered": "session_id ask technician_id host_id permission answer reason prompt_commitment language seconds",
    "withdrawn": "session_id ask host_id permission",
    "session_ended": "session_id by cause",
}


def statement(kind: str, event: Json) -> bytes:
    """The bytes that an entry says were signed."""
    part = {name: event[name] for name in FIELDS[kind].split()} | {"at": event["said_at"]}
    if kind == "answered":
        part["answered_by"] = {name: event[name] for name in ("account", "login_session", "stated_name")}
    return f"chaperone {kind.removeprefix('session_')}\0001\0".encode() + canonical(part)


def check_receipt(body: Json, data: bytes, key: bytes) -> Iterator[str]:
    """What is wrong with a receipt."""
    receipt = body["receipt"]
    if canonical(body) != data or body.keys() != {"broker", "host", "receipt"}:
        yield "the receipt was altered: it is not in its form"
    host_key, broker_key = plain(receipt["host"]["key"]), plain(receipt["broker"]["key"])
    if key not in {host_key, broker_key}:
        yield "the key is neither the host's nor the broker's of this receipt"
    digest = hashlib.sha256(canonical(receipt)).digest()
    for side, own in (("host", host_key), ("broker", broker_key)):
        if not countersigned(body[side], side, own, receipt, digest):
            yield f"the {side} did not sign this receipt"
    yield from check_entries(receipt, host_key)
    yield from check_broker_end(receipt, broker_key)


def countersigned(said: Json | None, side: str, key: bytes, receipt: Json, digest: bytes) -> bool:
    """Is this the side's signature over this receipt, naming both keys?"""
    label = f"chaperone receipt {side}"
    if said is None or (said["alg"], said["label"]) != ("ed25519", label):
        return False
    payload = plain(said["payload"])
    if not signed("ed25519", key, plain(said["sig"]), f"{label}\0001\0".encode() + payload):
        return False
    told = json.loads(payload)
    parties = {f"{each}_{what}": receipt[each][what] for each in ("host", "broker") for what in ("id", "key")}
    wanted = {**parties, "session_id": receipt["session_id"], "digest": base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}
    return {name: told.get(name) for name in wanted} == wanted


def stands(each: Json, note: tuple[str, int, bytes]) -> bool:
    """Does this entry stand in the log of this checkpoint?"""
    leaf = sha(b"\0", salted(each), str(each["entry"]).encode("ascii", "replace"))
    return included(whole(each["index"]) - 1, note[1], leaf, [plain(path) for path in each["path"]], note[2])


def check_entries(receipt: Json, key: bytes) -> Iterator[str]:
    """Every entry of the host's log."""
    try:
        note = read_note(receipt["checkpoint"], key)
    except Wrong as fault:
        yield f"the host's log: {fault}"
        return
    newest, device = 0, receipt["device"]
    for each in receipt["entries"]:
        index = whole(each["index"])
        if index <= newest:
            yield f"entry {index} stands in the wrong place, or twice"
        newest = index
        if not stands(each, note):
            yield f"entry {index} does not stand in the host's log as it stands here"
        try:
            yield from check_event(index, read_entry(str(each["entry"]).encode("ascii", "replace")), receipt, key, device)
        except (Wrong, KeyError, TypeError):
            yield f"entry {index} cannot be read"


def check_event(index: int, entry: Json, receipt: Json, key: bytes, device: Json | None) -> Iterator[str]:
    """Signatures and commitments of one entry."""
    kind, event = str(entry["type"]), entry["event"]
    if event.get("session_id", receipt["session_id"]) != receipt["session_id"]:
        yield f"entry {index} is of another visit"
    if kind in FIELDS and event["signature"] is not None:
        own = kind in {"answered", "withdrawn"} or event.get("by") == receipt["host"]["id"]
        alg, by = ("ed25519", key) if own else (device["alg"], plain(device["key"])) if device else ("", b"")
        who = "the host" if own else "the technician's device"
        if alg and not signed(alg, by, plain(event["signature"]), statement(kind, event)):
            yield f"entry {index} was not signed by {who}"
    committed = {"asked": ("words_commitment", "words_key", "words"), "answered": ("prompt_commitment", "prompt_key", "prompt")}
    if kind in committed:
        commitment, opener, words = (event[name] for name in committed[kind])
        said = "\n".join(words or ()) if kind == "answered" else words or ""
        made = hmac.digest(plain(opener or ""), said.encode(), "sha256")
        if len(plain(opener or "")) != HASH or not hmac.compare_digest(made, plain(commitment)):
            yield f"the words in entry {index} are not those that were asked or shown"


def check_broker_end(receipt: Json, key: bytes) -> Iterator[str]:
    """The entry by which the broker's log ends this visit."""
    try:
        note, end = read_note(receipt["broker_checkpoint"], key), receipt["broker_end"]
        entry = read_entry(str(end["entry"]).encode("ascii", "replace"))
    except Wrong as fault:
        yield f"the broker's log: {fault}"
        return
    if not stands(end, note) or (entry["type"], entry["event"].get("session_id")) != ("session_ended", receipt["session_id"]):
        yield "the broker's log does not show the end of this visit"


def check(path: Path, key: bytes) -> list[str]:
    """Everything that is wrong with what lies at this path. Raises Unreadable."""
    try:
        if path.is_dir():
            return check_folder(path if (path / "log.json").exists() else path / "log", key)
        with path.open("rb") as file:
            first = json.loads(file.readline())
        form = first.get("form")
        if form == PROOF:
            return list(check_proof(first, key))
        if form is None and isinstance(first.get("receipt"), dict) and first["receipt"].get("form") == RECEIPT:
            return list(check_receipt(first, path.read_bytes().strip(), key))
        if form == LOG:
            return check_export(path, key)
    except Wrong as fault:
        return [str(fault)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Unreadable(f"{path} cannot be read: {type(fault).__name__}: {fault}") from None
    raise Unreadable(f"{path} is no proof, no receipt and no log of a form that is known here")


def read_key(text: str) -> bytes:
    """A public key as text, or the file that holds it. Raises Unreadable."""
    try:
        path = Path(text)
        key = plain((path.read_text(encoding="ascii") if path.is_file() else text).strip())
    except (OSError, ValueError, Wrong):
        key = b""
    if len(key) != HASH:
        raise Unreadable(f"{text} is no public key")
    return key


def main() -> int:
    """The program; its exit code."""
    parser = argparse.ArgumentParser(description="Check evidence of Chaperone with nothing but a public key.")
    parser.add_argument("--key", required=True, help="public key: 43 characters, or the file that holds them")
    parser.add_argument("path", type=Path, help="a proof, a receipt, a host's log folder, or an exported log")
    arguments = parser.parse_args()
    try:
        faults = check(arguments.path, read_key(arguments.key))
    except Unreadable as fault:
        sys.stderr.write(f"{fault}\n".encode("ascii", "backslashreplace").decode())
        return 2
    for each in faults:
        sys.stdout.write(f"no: {each}\n".encode("ascii", "backslashreplace").decode())
    if not faults:
        sys.stdout.write("yes\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
