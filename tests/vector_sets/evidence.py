"""Vectors of what shows that a log was not changed: signed notes, Merkle proofs, and heads that follow each other or do not.

What must come of each case is written here by hand, not taken from the code that is tested.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from audit.checkpoint import Checkpoint, key_id, origin_of, signed_note
from audit.log import Side
from audit.merkle import EMPTY_ROOT, appended, consistency_proof, inclusion_proof, node_of, root_of
from tests.vector_sets.messages import Json
from tests.vector_sets.statements import LOW_ORDER
from trust.signatures import Ed25519Signer
from wire.messages.evidence import Doubt, Head
from wire.schema import encode

SIGNER = Ed25519Signer(sha256(b"a broker's key for tests").digest())
STRANGER = Ed25519Signer(sha256(b"somebody else's key for tests").digest())
ORIGIN = origin_of(Side.BROKER, "l-5f0c")
LEAVES = tuple(sha256(b"leaf %d" % number).digest() for number in range(70))
SIZES = (1, 2, 3, 6, 7, 8, 13, 33, 70)


class Log:
    """Leaves, and what is kept of their tree."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.kept: list[bytes] = []
        for size, leaf in enumerate(leaves):
            self.kept += appended(size, leaf, self.read)

    def read(self, positions: Sequence[int]) -> list[bytes]:
        """The kept hashes at these positions."""
        return [self.kept[position] for position in positions]

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return root_of(size, self.read)

    def at(self, size: int, origin: str = ORIGIN) -> Checkpoint:
        """The checkpoint of that moment."""
        return Checkpoint(origin, size, self.root(size))

    def note(self, size: int, origin: str = ORIGIN, signer: Ed25519Signer = SIGNER) -> str:
        """And its note."""
        return signed_note(self.at(size, origin), signer.public_key, signer.sign_note)


LOG = Log(LEAVES)
REWRITTEN = Log((*LEAVES[:5], sha256(b"another leaf").digest(), *LEAVES[6:]))


def evidence_set() -> Json:
    """Lists. `opens`: what a note says under `key`, null for refused. `doubt`: null where the head is to be held."""
    proofs = {"inclusion": list(_inclusion()), "consistency": list(_consistency()), "subtrees": list(_subtrees())}
    return {"notes": list(_notes()), **proofs, "heads": list(_heads())}


# ---- notes


def _note(name: str, note: str, opens: Checkpoint | None, key: bytes = SIGNER.public_key) -> Json:
    said = None if opens is None else {"origin": opens.origin, "size": opens.size, "root": opens.root.hex()}
    return {"name": name, "note": note, "key": key.hex(), "opens": said}


def _signed(text: str, name: str = ORIGIN, signer: Ed25519Signer = SIGNER) -> str:
    """Whatever the text is, under a right signature."""
    signature = key_id(name, signer.public_key) + signer.sign_note(text.replace("\0", "").encode())
    return f"{text}\n— {name} {b64encode(signature).decode()}\n"


def _notes() -> Iterator[Json]:
    right = LOG.note(13)
    for size, why in ((13, "as it should be"), (0, "of an empty log"), (1, "of one entry")):
        yield _note(why, LOG.note(size), LOG.at(size))
    for size in (2**31 + 5, 2**53 - 1):
        large = replace(LOG.at(13), size=size)
        yield _note(f"of {size} entries", signed_note(large, SIGNER.public_key, SIGNER.sign_note), large)
    for log_id in ("l", "L" * 64, "a/b", "!*,~"):
        origin = f"chaperone/host/{log_id}"
        yield _note(f"with an origin of {len(origin)} characters", LOG.note(13, origin), LOG.at(13, origin))
    yield from (_note(why, note, None) for why, note in _wrong_notes(right))
    yield _note("opened with another key", right, None, STRANGER.public_key)
    yield _note("opened with a key that is cut short", right, None, SIGNER.public_key[:-1])
    yield _note("signed with another key", LOG.note(13, signer=STRANGER), None)
    yield _note("a key of small order, for which this signature fits anything", _fits_anything(), None, LOW_ORDER)


def _fits_anything() -> str:
    signature = key_id(ORIGIN, LOW_ORDER) + LOW_ORDER + bytes(32)
    return f"{LOG.at(13).text}\n— {ORIGIN} {b64encode(signature).decode()}\n"


def _wrong_notes(right: str) -> Iterator[tuple[str, str]]:
    text = LOG.at(13).text
    origin, size, root, _ = text.split("\n")
    signature = right.rsplit(" ", 1)[1].rstrip("\n")
    yield "nothing", ""
    yield "text without a signature", text
    yield "another size under the same signature", right.replace("\n13\n", "\n14\n")
    yield "another root under the same signature", right.replace(root, b64encode(LOG.root(12)).decode())
    yield "another origin under the same signature", right.replace("l-5f0c", "l-5f0d")
    yield "another first letter of the signature's key id", right.replace(signature, ("B" if signature[0] == "A" else "A") + signature[1:])
    yield (
        "one letter of the signature changed",
        right.replace(signature, signature[:40] + ("B" if signature[40] == "A" else "A") + signature[41:]),
    )
    yield "signed under another name", _signed(text, "chaperone/broker/l-5f0d")
    yield "signed with the key id of another name", right.replace(f"— {ORIGIN}", "— chaperone/broker/other")
    yield "two signatures", right + right.split("\n\n")[1]
    yield "a signature of another, then ours", f"{text}\n" + LOG.note(13, signer=STRANGER).split("\n\n")[1] + right.split("\n\n")[1]
    yield "an extension line", _signed(text + "more\n")
    yield "without the last line end", right[:-1]
    yield "with a line end too many", right + "\n"
    yield "with lines that end as on Windows", right.replace("\n", "\r\n")
    yield "with a line end in front", "\n" + right
    yield "with a hyphen for the dash", right.replace("—", "-")
    yield "with two spaces before the signature", right.replace(f" {signature}", f"  {signature}")
    yield "without the empty line", right.replace("\n\n", "\n")
    yield "with letters of base64url", right.replace(signature, "_" + signature[1:])
    yield "with a signature that is cut short", right.replace(signature, b64encode(bytes(67)).decode())
    yield "with a signature that is too long", right.replace(signature, b64encode(bytes(69)).decode())
    yield "with a signature written in a second way", right.replace(signature, _second_way(signature))
    yield "with a root written in a second way", _signed(text.replace(root, _second_way(root)))
    yield "with a root that is cut short", _signed(f"{origin}\n{size}\n{b64encode(bytes(31)).decode()}\n")
    for wrong in ("013", "+13", "-13", "13.0", "1e3", " 13", "13 ", "", "0x0d", "\u0661\u0663", str(2**53), str(10**16)):
        yield f"with {wrong!a} entries", _signed(f"{origin}\n{wrong}\n{root}\n")
    for wrong in (
        "chaperone/site/l-5f0c",
        "chaperone/broker/",
        "Chaperone/broker/l-5f0c",
        "example.org/log",
        "chaperone/broker/" + "l" * 65,
    ):
        yield f"with the origin {wrong[:30]}", _signed(f"{wrong}\n{size}\n{root}\n", wrong)
    for wrong in ("a b", "a+b", "a\tb", "\u00e9", "a\u2028b", "\x7f"):
        origin = f"chaperone/broker/{wrong}"
        yield f"with {wrong!a} in its origin", _signed(f"{origin}\n{size}\n{root}\n", origin)
    yield "longer than a note may be", right + "x" * 1000


def _second_way(text: str) -> str:
    """The same bytes, with a spare bit of the last letter set."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + letters[letters.index(text[-2]) + 1] + "="


# ---- proofs


def _hexed(path: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in path]


def _inclusion() -> Iterator[Json]:
    for size in SIZES:
        for index in sorted({0, size // 2, size - 1}):
            yield from _inclusion_cases(index, size)
    far = 2**53 - 2
    proof = tuple(sha256(b"%d" % level).digest() for level in range(52))
    yield _inclusion_case(
        "the last leaf but one of a tree as large as can be", far - 1, far, LEAVES[0], proof, _grown(LEAVES[0], far - 1, far, proof), True
    )


def _grown(leaf: bytes, place: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root above a leaf of a tree nobody can hold."""
    last = size - 1
    for each in proof:
        if place & 1 or place == last:
            leaf = node_of(each, leaf)
            while not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = node_of(leaf, each)
        place, last = place >> 1, last >> 1
    assert last == 0
    return leaf


def _inclusion_cases(index: int, size: int) -> Iterator[Json]:
    leaf, path, root = LEAVES[index], inclusion_proof(index, size, LOG.read), LOG.root(size)
    named = f"leaf {index} of {size}"
    yield _inclusion_case(named, index, size, leaf, path, root, True)
    yield _inclusion_case(f"{named}, another leaf", index, size, LEAVES[index + 1 if index < 69 else 0], path, root, False)
    yield _inclusion_case(f"{named}, another root", index, size, leaf, path, REWRITTEN.root(33), False)
    yield _inclusion_case(f"{named}, one hash too many", index, size, leaf, (*path, root), root, False)
    yield _inclusion_case(f"{named}, outside the tree", size, size, leaf, path, root, False)
    if path:
        yield _inclusion_case(f"{named}, without its last hash", index, size, leaf, path[:-1], root, False)
        yield _inclusion_case(f"{named}, one hash cut short", index, size, leaf, (path[0][:-1], *path[1:]), root, False)
        yield _inclusion_case(f"{named}, said to be its neighbour", index ^ 1, size, leaf, path, root, False)


def _inclusion_case(name: str, index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes, right: bool) -> Json:
    return {"name": name, "index": index, "size": size, "leaf": leaf.hex(), "path": _hexed(path), "root": root.hex(), "right": right}


def _consistency() -> Iterator[Json]:
    for old in SIZES:
        for new in SIZES:
            if old <= new:
                yield from _consistency_cases(old, new)
    yield _consistency_case("an empty tree, of which nothing can be shown", LOG, 0, LOG, 8, (), False)
    yield _consistency_case("an empty tree and another empty one", LOG, 0, LOG, 0, (), False)


def _consistency_cases(old: int, new: int) -> Iterator[Json]:
    path = consistency_proof(old, new, LOG.read)
    named = f"{old} to {new}"
    yield _consistency_case(named, LOG, old, LOG, new, path, True)
    yield _consistency_case(f"{named}, one hash too many", LOG, old, LOG, new, (*path, LOG.root(new)), False)
    if old > 5:
        yield _consistency_case(f"{named}, rewritten inside", LOG, old, REWRITTEN, new, consistency_proof(old, new, REWRITTEN.read), False)
    if old < new:
        yield _consistency_case(f"{named}, the other way round", LOG, new, LOG, old, path, False)
        yield _consistency_case(f"{named}, without its last hash", LOG, old, LOG, new, path[:-1], False)
        yield _consistency_case(f"{named}, without any", LOG, old, LOG, new, (), False)
        yield _consistency_case(
            f"{named}, one bit changed", LOG, old, LOG, new, (*path[:-1], bytes((path[-1][0] ^ 1, *path[-1][1:]))), False
        )


def _consistency_case(name: str, older: Log, old: int, newer: Log, new: int, path: Sequence[bytes], right: bool) -> Json:
    roots = {"old_root": (older.root(old) if old else EMPTY_ROOT).hex(), "new_root": newer.root(new).hex()}
    return {"name": name, "old": old, "new": new, **roots, "path": _hexed(path), "right": right}


def _subtrees() -> Iterator[Json]:
    for start, end, size in (
        (0, 4, 7),
        (4, 6, 7),
        (4, 7, 7),
        (4, 7, 13),
        (8, 13, 13),
        (8, 12, 33),
        (32, 33, 33),
        (12, 13, 70),
        (64, 70, 70),
        (0, 70, 70),
    ):
        yield from _subtree_cases(start, end, size)
    yield _subtree_case("[3, 5) of 8, which is no subtree", 3, 5, 8, Log(LEAVES[3:5]).root(2), LOG.root(8), (), False)
    yield _subtree_case("[2, 6) of 8, which is no subtree", 2, 6, 8, Log(LEAVES[2:6]).root(4), LOG.root(8), (), False)
    yield _subtree_case("[6, 4) of 8, which is nothing", 6, 4, 8, EMPTY_ROOT, LOG.root(8), (), False)
    yield _subtree_case("an empty part", 4, 4, 8, EMPTY_ROOT, LOG.root(8), (), True)
    yield _subtree_case("an empty part with a proof", 4, 4, 8, EMPTY_ROOT, LOG.root(8), (bytes(32),), False)
    yield _subtree_case("an empty part with another root", 4, 4, 8, LOG.root(8), LOG.root(8), (), False)


def _subtree_cases(start: int, end: int, size: int) -> Iterator[Json]:
    path, part, root = _subtree_proof(start, end, LEAVES[:size], whole=True), Log(LEAVES[start:end]).root(end - start), LOG.root(size)
    named = f"[{start}, {end}) of {size}"
    yield _subtree_case(named, start, end, size, part, root, path, True)
    yield _subtree_case(f"{named}, another part", start, end, size, LEAVES[start + 1 if start < 69 else 0], root, path, False)
    yield _subtree_case(f"{named}, one hash too many", start, end, size, part, root, [*path, root], False)
    yield _subtree_case(f"{named}, of a smaller tree", start, end, end - 1, part, root, path, False)
    if path:
        yield _subtree_case(f"{named}, without its last hash", start, end, size, part, root, path[:-1], False)
        yield _subtree_case(f"{named}, without any", start, end, size, part, root, [], False)


def _subtree_case(name: str, start: int, end: int, size: int, part: bytes, root: bytes, path: Sequence[bytes], right: bool) -> Json:
    where = {"name": name, "start": start, "end": end, "size": size}
    return {**where, "part": part.hex(), "root": root.hex(), "path": _hexed(path), "right": right}


def _subtree_proof(start: int, end: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """That [start, end) is a subtree of these leaves. `whole`: it is the part that is asked for, not a piece of it."""
    if (start, end) == (0, len(leaves)):
        return [] if whole else [Log(leaves).root(len(leaves))]
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:middle], leaves[middle:]
    if end <= middle:
        return [*_subtree_proof(start, end, left, whole=whole), Log(right).root(len(right))]
    inside, mine = (start - middle, whole) if start >= middle else (0, False)
    return [*_subtree_proof(inside, end - middle, right, whole=mine), Log(left).root(middle)]


# ---- heads


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is held (None: nothing), the note that is shown next, and the proof with it."""

    held: str | None
    note: str
    proof: Sequence[bytes] = ()


def _head(name: str, shown: _Shown, doubt: Doubt | None, key: bytes = SIGNER.public_key) -> Json:
    head = Head(shown.note, tuple(shown.proof), "", None)
    return {
        "name": name,
        "side": Side.BROKER.value,
        "key": key.hex(),
        "held": shown.held,
        "head": encode(head).decode(),
        "doubt": None if doubt is None else doubt.value,
    }


def _heads() -> Iterator[Json]:
    held, grown = LOG.note(8), consistency_proof(8, 13, LOG.read)
    yield _head("the first that is seen", _Shown(None, LOG.note(8)), None)
    yield _head("the first, of an empty log", _Shown(None, LOG.note(0)), None)
    yield _head("the same again", _Shown(held, held), None)
    yield _head("a longer log, proven", _Shown(held, LOG.note(13), grown), None)
    yield _head("anything after an empty log", _Shown(LOG.note(0), LOG.note(13)), None)
    later = _Shown(LOG.note(8, signer=STRANGER), LOG.note(13), grown)
    yield _head("a longer log, signed with the key that replaced the one before", later, None)
    yield _head("a longer log without a proof", _Shown(held, LOG.note(13)), Doubt.FORKED)
    yield _head("a longer log with the proof of another size", _Shown(held, LOG.note(13), consistency_proof(7, 13, LOG.read)), Doubt.FORKED)
    yield _head("a proof that has one hash too many", _Shown(held, LOG.note(13), (*grown, bytes(32))), Doubt.FORKED)
    yield _head("the same size with a proof", _Shown(held, held, grown), Doubt.FORKED)
    yield _head("the same size and another root", _Shown(held, REWRITTEN.note(8)), Doubt.FORKED)
    yield _head("a log that was rewritten inside", _Shown(held, REWRITTEN.note(13), consistency_proof(8, 13, REWRITTEN.read)), Doubt.FORKED)
    yield _head("a shorter log", _Shown(held, LOG.note(7)), Doubt.ROLLED_BACK)
    yield _head(
        "a shorter log with the proof the other way round", _Shown(held, LOG.note(7), consistency_proof(7, 8, LOG.read)), Doubt.ROLLED_BACK
    )
    yield _head("an emptied log", _Shown(held, LOG.note(0)), Doubt.ROLLED_BACK)
    yield _head("a log that was begun anew", _Shown(held, LOG.note(13, origin_of(Side.BROKER, "l-new")), grown), Doubt.OTHER_LOG)
    yield _head("a host's log", _Shown(held, LOG.note(13, origin_of(Side.HOST, "l-5f0c")), grown), Doubt.OTHER_LOG)
    yield _head("a host's log, seen first", _Shown(None, LOG.note(13, origin_of(Side.HOST, "l-5f0c"))), Doubt.OTHER_LOG)
    yield _head("a log whose id looks like a path", _Shown(None, LOG.note(13, "chaperone/broker/a/b")), Doubt.OTHER_LOG)
    yield _head("a head that another key signed", _Shown(held, LOG.note(13, signer=STRANGER), grown), Doubt.NOT_SIGNED)
    yield _head("the first that is seen, signed with another key", _Shown(None, LOG.note(8, signer=STRANGER)), Doubt.NOT_SIGNED)
    yield _head("a head whose size was changed", _Shown(held, LOG.note(13).replace("\n13\n", "\n14\n"), grown), Doubt.NOT_SIGNED)
    yield _head("no note at all", _Shown(held, "no note", grown), Doubt.NOT_SIGNED)
