"""The shared vectors of notes, proofs and heads, read from disk as the console's tests read them, met by the Python side."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from audit.checkpoint import NoteInvalid, open_note, said_by
from audit.heads import Doubted, Held, follow
from audit.log import Side
from audit.merkle import ProofInvalid, check_consistency, check_inclusion, check_subtree_consistency, check_subtree_inclusion
from trust.signatures import ed25519_verifies
from wire.messages.evidence import Head
from wire.schema import decode

Case = dict[str, Any]
VECTORS: dict[str, list[Case]] = json.loads((Path(__file__).parents[2] / "wire" / "vectors" / "evidence.json").read_text(encoding="utf-8"))


def named(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", VECTORS[kind], ids=lambda case: case["name"])


def hashes(case: Case, *names: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(case[name]) for name in names)


def path_of(case: Case) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(each) for each in case["path"])


@named("notes")
def test_a_note_opens_or_is_refused(case: Case) -> None:
    try:
        opened = open_note(case["note"], bytes.fromhex(case["key"]), ed25519_verifies)
    except NoteInvalid:
        assert case["opens"] is None
    else:
        assert {"origin": opened.origin, "size": opened.size, "root": opened.root.hex()} == case["opens"]


@named("inclusion")
def test_a_leaf_is_in_its_tree_or_not(case: Case) -> None:
    leaf, root = hashes(case, "leaf", "root")
    try:
        check_inclusion(case["index"], case["size"], leaf, path_of(case), root)
    except ProofInvalid:
        assert not case["right"]
    else:
        assert case["right"]


@named("consistency")
def test_a_tree_begins_with_the_older_one_or_not(case: Case) -> None:
    old, new = hashes(case, "old_root", "new_root")
    try:
        check_consistency(case["old"], case["new"], old, new, path_of(case))
    except ProofInvalid:
        assert not case["right"]
    else:
        assert case["right"]


@named("subtrees")
def test_a_part_of_a_tree_is_what_it_is_said_to_be_or_not(case: Case) -> None:
    part, root = hashes(case, "part", "root")
    try:
        check_subtree_consistency(case["start"], case["end"], case["size"], part, root, path_of(case))
    except ProofInvalid:
        assert not case["right"]
    else:
        assert case["right"]


@pytest.mark.parametrize("start", [8, 24], ids=lambda start: f"a subtree from {start}")
def test_a_leaf_is_in_a_subtree_where_it_is_in_the_tree_of_its_leaves(start: int) -> None:
    for case in VECTORS["inclusion"]:
        leaf, root = hashes(case, "leaf", "root")
        if case["size"] > 8:
            continue
        try:
            check_subtree_inclusion(start + case["index"], start, start + case["size"], leaf, path_of(case), root)
        except ProofInvalid:
            assert not case["right"]
        else:
            assert case["right"]


@named("heads")
def test_a_head_is_held_or_doubted(case: Case) -> None:
    head, held = decode(case["head"].encode(), Head), case["held"]
    after = followed(None if held is None else Held(said_by(held), held), head, case)
    assert (after if isinstance(after, str) else None) == case["doubt"]
    if isinstance(after, Held):
        assert after.note == head.note
        assert b64decode(head.note.split("\n")[2]) == after.checkpoint.root


def followed(held: Held | None, head: Head, case: Case) -> Held | str:
    try:
        return follow(held, head, Side(case["side"]), bytes.fromhex(case["key"]), ed25519_verifies)
    except Doubted as fault:
        return fault.doubt.value
