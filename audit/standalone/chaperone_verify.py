#!/usr/bin/env python3
"""Checks what Chaperone keeps as evidence, on a machine that has nothing but Python 3.11 and the package `cryptography`.

    python3 chaperone_verify.py --key KEY FILE_OR_FOLDER ...

KEY    public key of whose evidence it is (43 characters, or a file that holds them). For a receipt either side's key will do.
FILE   a proof (`chaperone-audit prove`), a receipt, a host's log folder, or a log exported with --format jsonl. Of several each is
       checked, and each log beside each sound receipt too; a receipt names the key of the other side, so one key is enough.

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
from contextlib import suppress
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Json = dict[str, Any]
Note = tuple[int, bytes]
HASH, SIGNATURE, UNCOMPRESSED, PROOF, RECEIPT, LOG = 32, 64, 65, "chaperone proof 1", "chaperone receipt 1", "chaperone log 1"
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
    written = text if isinstance(text, str) and re.fullmatch(r"[\w-]*", text, re.ASCII) and len(text) % 4 != 1 else ""
    data = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
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
        if (alg, len(key), len(signature)) == ("ed25519", HASH, SIGNATURE) and sound(key) and sound(signature[:HASH]):
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
            return True
        if (alg, len(key), len(signature)) == ("p256", UNCOMPRESSED, SIGNATURE):
            r, s = (int.from_bytes(half, "big") for half in (signature[:HASH], signature[HASH:]))
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key).verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
            return True
    except (InvalidSignature, ValueError):
        pass
    return False


def included(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """Does leaf `index` (from 0) stand in the tree with this root?"""
    if not 0 <= index < size or any(len(each) != HASH for each in (leaf, root, *path)):
        return False
    place, last = index, size - 1
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            leaf = sha(b"\1", each, leaf)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = sha(b"\1", leaf, each)
        place, last = place >> 1, last >> 1
    return last == 0 and leaf == root


def read_note(note: object, key: bytes, begins: str = "chaperone/") -> Note:
    """Size and root of a checkpoint of a log of this kind that this key signed. Raises Wrong."""
    form = NOTE.fullmatch(note) if isinstance(note, str) and len(note) <= 1000 else None
    if form is None:
        raise Wrong("a checkpoint is not in its form")
    root, signature = base64.b64decode(form["root"]), base64.b64decode(form["signature"])
    if (base64.b64encode(root).decode(), base64.b64encode(signature).decode()) != (form["root"], form["signature"]):
        raise Wrong("a checkpoint is not written plainly")
    key_id = sha(form["origin"].encode(), b"\n\x01", key)[:4]
    if form["name"] != form["origin"] or signature[:4] != key_id or not signed("ed25519", key, signature[4:], form["text"].encode()):
        raise Wrong(f"the checkpoint over {form['size']} entries is not signed with this key")
    if not form["text"].startswith(begins):
        raise Wrong(f"the checkpoint over {form['size']} entries is of another log")
    return int(form["size"]), root


def read_entry(text: object) -> tuple[str, Json]:
    """Type and event of an entry as it is written: ASCII, canonical. Raises Wrong."""
    try:
        body = json.loads(str(text))
        again = json.dumps(body, sort_keys=True, separators=(",", ":")).replace("\x7f", "\\u007f")
    except (ValueError, RecursionError):
        raise Wrong("is no entry") from None
    shaped = isinstance(body, dict) and body.keys() == {"v", "type", "at", "event"} and isinstance(body["event"], dict)
    if not shaped or body["v"] != 1 or again != text:
        raise Wrong("is no entry")
    return str(body["type"]), body["event"]


def whole(number: object) -> int:
    """A number of an entry. Raises Wrong."""
    if type(number) is not int or number < 1:
        raise Wrong("this is no number of an entry")
    return number


def leaf_of(salt: bytes, entry: object) -> bytes:
    """The leaf of an entry; none at all for a salt that is none."""
    return sha(b"\0", salt, str(entry).encode("ascii", "replace")) if len(salt) == HASH else b""


def stands(each: Json, note: Note) -> bool:
    """Does this entry stand in the log of this checkpoint? Raises Wrong."""
    path = [plain(step) for step in each["path"]]
    return included(whole(each["index"]) - 1, note[0], leaf_of(plain(each["salt"]), each["entry"]), path, note[1])


def check_proof(body: Json, key: bytes) -> Iterator[str]:
    """What is wrong with a proof of one entry. Raises Wrong."""
    if body.keys() != {"checkpoint", "entry", "form", "index", "path", "salt"}:
        yield "this is no proof of this form"
    if not stands(body, read_note(body["checkpoint"], key)):
        yield f"entry {body['index']} does not stand in that log as it stands here"
    read_entry(body["entry"])


class Log:
    """Looks at the rows of a log in order, and beside sound receipts."""

    def __init__(self, log_id: str, side: str, notes: list[str], tip: str | None, key: bytes, receipts: list[Json]) -> None:
        self.origin, self.tip, self.faults = f"chaperone/{side}/{log_id}\n", tip, list[str]()
        self.size, self.head = 0, sha(b"\2", b"\0".join((b"chaperone log", log_id.encode(), side.encode())))
        self.leaves, self.peaks, self.roots, self.covered = 0, list[bytes](), dict[int, set[bytes]](), 0
        self.bare, self.gone = list[int](), list[tuple[int, int]]()
        self.begun, self.differs = list[tuple[int, int]](), list[tuple[int, str]]()
        key = plain(receipts[0][side]["key"]) if receipts else key  # whoever holds the given one signed that this is the other's
        self.signed = max((self._note(note, key) for note in notes), default=0)
        self.tip_size = self._note(tip, key) if tip else 0
        self.shown, self.visits = dict[int, bytes](), list[tuple[Visit, int, int]]()
        for each in receipts:
            note, entries = (each["checkpoint"], each["entries"]) if side == "host" else (each["broker_checkpoint"], [each["broker_end"]])
            if size := self._note(note, key):
                self.shown |= {one["index"]: leaf_of(plain(one["salt"]), one["entry"]) for one in entries}
                self.visits += [(Visit(each), entries[0]["index"], size)] if side == "host" else []

    def _note(self, note: str, key: bytes) -> int:
        try:
            size, root = read_note(note, key, self.origin)
        except Wrong as fault:
            self.faults.append(str(fault))
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
        if self.shown.get(index, leaf) != leaf:
            self.faults.append(f"entry {index} is not the one that the receipt shows")
        self._grow(index, leaf)
        self.size, self.head = index, head

    def _substance(self, row: Json | None, index: int) -> tuple[bytes, bytes]:
        try:
            stored = row if row is not None and row.keys() == {"entry", "head", "i", "leaf", "salt"} else {}
            leaf, head, salt = (plain(stored.get(name)) for name in ("leaf", "head", "salt"))
        except Wrong:
            self.faults.append(f"entry {index} was altered")
            return b"", b""
        if not salt and not stored["entry"]:
            self.bare.append(index)
        elif leaf_of(salt, stored["entry"]) != leaf:
            self.faults.append(f"entry {index} was altered")
        else:
            self._read(index, stored["entry"])
        return leaf, head

    def _read(self, index: int, text: object) -> None:
        try:
            kind, event = read_entry(text)
        except Wrong:
            self.faults.append(f"entry {index} cannot be read")
            return
        if kind == "entries_expired":
            self.gone.append((event.get("first", 0), event.get("last", 0)))
        elif kind == "log_begun":
            self.begun.append((event.get("size", 0), event.get("held_size", 0)))
        if any(index not in self.shown and first < index <= size and visit.has(kind, event) for visit, first, size in self.visits):
            self.faults.append(f"entry {index} is of the visit, and the receipt leaves it out")

    def _grow(self, index: int, leaf: bytes) -> None:
        if index <= self.leaves or index > self.leaves + 100_000:
            return
        while self.leaves < index:
            self._append(leaf if self.leaves == index - 1 and len(leaf) == HASH else bytes(HASH))
            wanted = self.roots.pop(self.leaves, None)
            if wanted and wanted == {reduce(lambda right, left: sha(b"\1", left, right), reversed(self.peaks))}:
                self.covered = self.leaves
            elif wanted:
                self.differs.append((self.leaves, f"one of the entries {self.covered + 1} to {self.leaves} is not what was signed"))

    def _append(self, leaf: bytes) -> None:
        merging = self.leaves
        while merging & 1:
            leaf, merging = sha(b"\1", self.peaks.pop(), leaf), merging >> 1
        self.peaks.append(leaf)
        self.leaves += 1

    def end(self) -> list[str]:
        """No row follows; everything that is wrong."""
        if {sha()} != self.roots.pop(0, {sha()}):
            self.differs.append((0, "the empty log is not what was signed"))
        anew = {size for size in (*self.roots, *dict(self.differs)) if any(kept < size <= lost for kept, lost in self.begun)}
        differs = [text for size, text in self.differs if size not in anew]
        if beyond := [size for size in self.roots if size > self.size and size not in anew]:
            self.faults.append(f"entries {self.size + 1} to {max(beyond)} are gone from the end")
        covered = self.tip_size if self.tip is not None else self.size if self.signed else 0
        if covered < self.size:
            self.faults.append(f"entries {covered + 1} to {self.size} stand under no signature")
        self.faults += [f"entry {index} was altered" for index in self.bare if not any(first <= index <= last for first, last in self.gone)]
        return [*self.faults, *differs[:1], *(f"entry {index} of the receipt is missing here" for index in self.shown if index > self.size)]

    def read(self, lines: Iterable[bytes]) -> None:
        """Every row, one a line."""
        for line in lines:
            try:
                row = json.loads(line) if line.endswith(b"\n") else None
                self.look(row if isinstance(row, dict) and canonical(row) == line[:-1] else None)
            except (ValueError, RecursionError):
                self.look(None)


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


def check_log(path: Path, key: bytes, receipts: list[Json]) -> list[str]:
    """A host's log folder, or a log that was exported with its rows."""
    folder = path if (path / "log.json").exists() else path / "log"
    files = sorted(each for each in folder.glob("*.jsonl") if each.stem.isdigit()) if path.is_dir() else [path]
    with (folder / "log.json" if path.is_dir() else path).open("rb") as file:
        head = json.loads(file.readline())
    if path.is_dir():
        kept = folder / "checkpoints"
        head |= {"checkpoints": list(blocks(kept.read_bytes().decode(errors="replace") if kept.exists() else "")), "tip": None}
    log = Log(str(head["log_id"]), str(head["side"]), [str(each) for each in head["checkpoints"]], head["tip"], key, receipts)
    for each in files:
        with each.open("rb") as lines:
            log.read(islice(lines, 0 if path.is_dir() else 1, None))
    return log.end()


BEGUN, CODES = (["code_shown"], ["return_opened"]), "code_shown return_opened code_tried code_over"
BESIDE = "input_dropped remote_input_waited direct_started head_held visit_closed receipt_signed receipt_kept"
FIELDS = {
    "asked": "session_id ask technician_id host_id permission purpose case_reference words_commitment file",
    "answered": "session_id ask technician_id host_id permission answer reason prompt_commitment language seconds scope under file",
    "withdrawn": "session_id ask host_id permission done",
    "session_ended": "session_id by cause",
}
COMMITTED = {"asked": "words_commitment words_key words", "answered": "prompt_commitment prompt_key prompt"}
FILE = ("ask", "digest", "name", "permission", "size")


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
    if key not in {plain(receipt[side]["key"]) for side in ("host", "broker")}:
        yield "the key is neither the host's nor the broker's of this receipt"
    for side, looks in (("host", check_entries), ("broker", check_broker_end)):
        own = plain(receipt[side]["key"])
        if not countersigned(body[side], side, own, receipt):
            yield f"the {side} did not sign this receipt"
        try:
            yield from looks(receipt, own)
        except Wrong as fault:
            yield f"the {side}'s log: {fault}"


def countersigned(said: Json | None, side: str, key: bytes, receipt: Json) -> bool:
    """Is this the side's signature over this receipt, naming both keys?"""
    label = f"chaperone receipt {side}"
    if said is None or (said["alg"], said["label"]) != ("ed25519", label):
        return False
    try:
        payload, signature = plain(said["payload"]), plain(said["sig"])
        told = json.loads(payload)
    except (Wrong, ValueError):
        return False
    parties = {f"{each}_{what}": receipt[each][what] for each in ("host", "broker") for what in ("id", "key")}
    digest = base64.urlsafe_b64encode(sha(canonical(receipt))).rstrip(b"=").decode()
    wanted = {**parties, "session_id": receipt["session_id"], "digest": digest, "at": told.get("at")}
    return canonical(wanted) == payload and signed("ed25519", key, signature, f"{label}\0001\0".encode() + payload)


def check_entries(receipt: Json, key: bytes) -> Iterator[str]:
    """Every entry of the host's log, and that together they are one visit."""
    note, newest, visit = read_note(receipt["checkpoint"], key, "chaperone/host/"), 0, Visit(receipt)
    for each in receipt["entries"]:
        index = whole(each["index"])
        if index <= newest:
            yield f"entry {index} stands in the wrong place, or twice"
        newest = index
        try:
            if not stands(each, note):
                yield f"entry {index} does not stand in the host's log as it stands here"
            yield from visit.look(index, *read_entry(each["entry"]), key)
        except (Wrong, KeyError, TypeError, AttributeError):
            yield f"entry {index} cannot be read"
    yield from filter(None, [visit.lacks(receipt["files"])])


class Visit:
    """What the entries of one receipt say of each other."""

    def __init__(self, receipt: Json) -> None:
        self.session, self.parties = receipt["session_id"], {"host_id": receipt["host"]["id"]}
        self.alg, self.key = (str(receipt["device"]["alg"]), plain(receipt["device"]["key"])) if receipt["device"] else ("", b"")
        self.kinds, self.asked, self.prompts, self.files = list[str](), set[int](), dict[int, tuple[Any, Any]](), list[Json]()
        for each in receipt["entries"]:
            with suppress(Wrong):
                kind, event = read_entry(each["entry"])
                self.kinds.append(kind)
                self.files += [{name: event[name] for name in FILE}] if kind == "file_done" else []
                if kind == "session_offered":
                    self.parties |= {name: str(event[name]) for name in ("ticket", "technician_id")}

    def lacks(self, files: list[Json]) -> str:
        """What is missing of a whole visit; nothing if beginning and end are there, once, and the files that are listed."""
        if self.kinds[:1] not in BEGUN or not self.kinds.count("session_offered") == self.kinds.count("session_ended") == 1:
            return "the beginning or the end of the visit is missing, or is there twice"
        return "" if self.files == files else "the list of files is not that of the entries"

    def has(self, kind: str, event: Json) -> bool:
        """Does an entry belong into the receipt?"""
        same = all(event.get(name, value) == value for name, value in self.parties.items())
        return same and kind not in BESIDE.split() and (kind in CODES.split() or event.get("session_id") == self.session)

    def look(self, index: int, kind: str, event: Json, key: bytes) -> Iterator[str]:
        """Whose it is, its signature, and the words that were committed to."""
        if not self.has(kind, event):
            yield f"entry {index} is of another visit, another person or another host"
        device = sha(self.alg.encode(), b"\0", self.key).hex()[:32]
        if kind == "identity_proven" and self.alg and event["fingerprint"].replace(" ", "") != device:
            yield f"entry {index} names another device than the one whose key is in the receipt"
        if kind in FIELDS and event["signature"] is not None:
            own = kind in {"answered", "withdrawn"} or event.get("by") == self.parties["host_id"]
            alg, by = ("ed25519", key) if own else (self.alg, self.key)
            if alg and not signed(alg, by, plain(event["signature"]), statement(kind, event)):
                yield f"entry {index} was not signed by {'the host' if own else 'the device of the technician'}"
        yield from self._words(index, kind, event)

    def _words(self, index: int, kind: str, event: Json) -> Iterator[str]:
        self.prompts |= {event["ask"]: (event["prompt"], event["prompt_key"])} if kind == "prompt_shown" else {}
        self.asked |= {event["ask"]} if kind == "asked" else set()
        if kind == "answered" and event["ask"] not in self.asked:
            yield f"the request that entry {index} answers is missing"
        if kind in COMMITTED:
            commitment, opener, words = (event[name] for name in COMMITTED[kind].split())
            same = kind == "asked" or self.prompts.get(event["ask"], (words, opener)) == (words, opener)
            file, by, digest = event["file"] or {}, plain(event["file_key"] or ""), plain(event["file_digest"] or "").hex()
            told = [(words or "" if kind == "asked" else "\n".join(words or ()), commitment, plain(opener or ""))]
            told += [(event["file_name"] or "", file["name_commitment"], by), (digest, file["hash_commitment"], by)] if file else []
            if not same or any(len(by) != HASH or hmac.digest(by, said.encode(), "sha256") != plain(kept) for said, kept, by in told):
                yield f"the words in entry {index} are not those that were asked or shown"


def check_broker_end(receipt: Json, key: bytes) -> Iterator[str]:
    """The entry by which the broker's log ends this visit."""
    note, end = read_note(receipt["broker_checkpoint"], key, "chaperone/broker/"), receipt["broker_end"]
    kind, event = read_entry(end["entry"])
    if not stands(end, note) or (kind, event.get("session_id")) != ("session_ended", receipt["session_id"]):
        yield "the broker's log does not show the end of this visit"


def check(path: Path, key: bytes, receipts: list[Json]) -> list[str]:
    """Everything that is wrong with what lies at this path; a receipt that is sound is put beside the others. Raises Unreadable."""
    try:
        if path.is_dir():
            return check_log(path, key, receipts)
        with path.open("rb") as file:
            first = json.loads(file.readline())
        if first.get("form") == PROOF:
            return list(check_proof(first, key))
        if first.get("form") == LOG:
            return check_log(path, key, receipts)
        if isinstance(first.get("receipt"), dict) and first["receipt"].get("form") == RECEIPT:
            faults = list(check_receipt(first, path.read_bytes().strip(), key))
            receipts += [] if faults else [first["receipt"]]
            return faults
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
    parser.add_argument("path", type=Path, nargs="+", help="proofs, receipts, a host's log folder, exported logs")
    arguments = parser.parse_args()
    faults, receipts = list[str](), list[Json]()
    try:
        key = read_key(arguments.key)
        for path in sorted(arguments.path, key=lambda path: path.is_dir() or path.suffix == ".jsonl"):
            named = f"{path}: " if len(arguments.path) > 1 else ""
            faults += [f"{named}{each}" for each in check(path, key, receipts)]
    except Unreadable as fault:
        sys.stderr.write(f"{fault}\n".encode("ascii", "backslashreplace").decode())
        return 2
    sys.stdout.write("".join(f"no: {each}\n" for each in faults).encode("ascii", "backslashreplace").decode() or "yes\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
