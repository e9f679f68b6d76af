"""Case 41, at the host: at its next opening a host finds every removed tail, every older copy and every rewritten entry that one of its
own checkpoints covers, whatever was done to the files beside the rows; an honest log is never in doubt.

What takes the checkpoints back together with the rows is a whole older copy: that is what the broker holds the newest head for.

Mutations that were tried and turn it red: no comparison with the newest checkpoint; only its size compared; only the newest file
read; a tombstone believed without an entry; `tree.bin` believed without the rows; the newest note believed without its signature.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit.checkpoint import Checkpoint, signed_note
from audit.entry import At
from audit.events import evidence, host
from audit.log import Chain, Row, Side
from audit.merkle import grown
from runtime.file_log import FileLog, Notary
from runtime.log_lines import segment_name, segments, stored_log, to_line
from runtime.log_notes import CHECKPOINTS, block_of, stored_notes
from runtime.log_opening import open_log
from runtime.log_tree import TREE
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.messages.evidence import Doubt

pytestmark = pytest.mark.adversary
WHEN = At(1_700_000_000_000, 5_000, clock_suspect=False)
SIGNER, STRANGER = Ed25519Signer(b"h" * 32), Ed25519Signer(b"x" * 32)
ENTRIES = 24


def opened(folder: Path) -> FileLog:
    return open_log(folder, Side.HOST, WHEN, Notary(SIGNER.public_key, SIGNER.sign_note, ed25519_verifies), segment_bytes=2_000)


def lived(folder: Path, copies: Path | None = None) -> None:
    """A log of several files, opened three times, with a checkpoint every four entries; `copies` gets the folder as it was at each."""
    for run in range(3):
        with opened(folder) as log:
            assert log.doubt is None
            for number in range(ENTRIES // 3):
                log.append((host.HelpPressed(account=f"a-{run}-{number}", login_session="c1"),), WHEN)
                if number % 4 == 3:
                    log.checkpoint()
                if copies is not None:
                    shutil.copytree(folder, copies / str(log.chain.size))


def rows_of(folder: Path) -> list[Row]:
    return list(stored_log(folder).rows())


def put_back(folder: Path, rows: list[Row], *, tree: bool) -> None:
    """With the rights of whoever owns the machine, but not with the key. `tree`: that file is made to fit, too."""
    for segment in segments(folder):
        segment.unlink()
    (folder / segment_name(rows[0].index if rows else 1)).write_bytes(b"".join(to_line(row) for row in rows))
    if tree:
        (folder / TREE).write_bytes(b"".join(grown(row.leaf for row in rows)))


def in_doubt(folder: Path) -> bool:
    with opened(folder) as log:
        return log.doubt is Doubt.OWN_LOG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lived(tmp_path / "log", tmp_path / "copies")
    assert not in_doubt(tmp_path / "log")
    return tmp_path / "log"


@pytest.mark.parametrize("tree", [False, True])
@pytest.mark.parametrize("left", range(ENTRIES))
def test_every_removed_tail_is_found(folder: Path, left: int, tree: bool) -> None:
    put_back(folder, rows_of(folder)[:left], tree=tree)
    assert in_doubt(folder)


@pytest.mark.parametrize("size", range(1, ENTRIES))
def test_every_older_copy_of_the_rows_is_found(folder: Path, size: int) -> None:
    put_back(folder, rows_of(folder.parent / "copies" / str(size)), tree=True)
    assert in_doubt(folder)


def flipped(row: Row) -> Row:
    return replace(row, entry=row.entry.replace(b"a-", b"b-"))


def renamed(rows: list[Row], place: int) -> list[Row]:
    """Hashed again from there, as whoever owns the machine can; there is no key for the checkpoints."""
    chain = Chain("", Side.HOST, place, rows[place - 1].head if place else Chain.empty("", Side.HOST).head)
    anew = []
    for number in range(len(rows) - place):
        chain, row = chain.append(host.HelpPressed(account=f"n-{number}", login_session=""), WHEN, b"n" * 32)
        anew.append(row)
    return [*rows[:place], *anew]


REWRITTEN: dict[str, Callable[[list[Row], int], list[Row]]] = {
    "an entry": lambda rows, place: [*rows[:place], flipped(rows[place]), *rows[place + 1 :]],
    "a body taken out": lambda rows, place: [*rows[:place], replace(rows[place], salt=b"", entry=b""), *rows[place + 1 :]],
    "a leaf": lambda rows, place: [*rows[:place], replace(rows[place], leaf=bytes(32)), *rows[place + 1 :]],
    "a head": lambda rows, place: [*rows[:place], replace(rows[place], head=bytes(32)), *rows[place + 1 :]],
    "everything from there on": renamed,
    "an entry left out": lambda rows, place: [*rows[:place], *rows[place + 1 :]],
    "an entry left out, numbered again": lambda rows, place: [
        replace(row, index=index) for index, row in enumerate([*rows[:place], *rows[place + 1 :]], 1)
    ],
    "an entry twice": lambda rows, place: [*rows[: place + 1], *rows[place:]],
}


@pytest.mark.parametrize("tree", [False, True])
@pytest.mark.parametrize("place", range(0, ENTRIES, 5))
@pytest.mark.parametrize("kind", REWRITTEN)
def test_every_rewritten_entry_is_found_in_whatever_file_it_stands(folder: Path, kind: str, place: int, tree: bool) -> None:
    rows = REWRITTEN[kind](rows_of(folder), place)
    put_back(folder, rows, tree=tree)
    assert in_doubt(folder)


def test_rows_that_are_no_rows_are_found(folder: Path) -> None:
    for segment in segments(folder):
        content = segment.read_bytes()
        segment.write_bytes(content.replace(b'{"entry"', b'{"entrx"', 1))
        assert in_doubt(folder)
        segment.write_bytes(content)
        assert not in_doubt(folder)


def test_a_checkpoint_that_a_stranger_signed_or_that_was_changed_does_not_hide_it(folder: Path) -> None:
    put_back(folder, rows_of(folder)[:10], tree=True)
    kept = stored_notes(folder)[-1]
    with opened(folder) as log:
        now = log.standing()
    strangers = signed_note(now, STRANGER.public_key, STRANGER.sign_note)
    others = signed_note(Checkpoint("chaperone/host/l-other", now.size, now.root), SIGNER.public_key, SIGNER.sign_note)
    brokers = signed_note(Checkpoint(now.origin.replace("/host/", "/broker/"), now.size, now.root), SIGNER.public_key, SIGNER.sign_note)
    resized = kept.replace(f"\n{ENTRIES}\n", f"\n{now.size}\n")
    claimed = signed_note(now, SIGNER.public_key, STRANGER.sign_note)
    for forged in (strangers, claimed, others, brokers, resized):
        with (folder / CHECKPOINTS).open("ab") as file:
            file.write(block_of(forged))
        assert in_doubt(folder)
    with (folder / CHECKPOINTS).open("ab") as file:
        file.write(b"no checkpoint\n" * 8)
    assert in_doubt(folder)


def test_an_entry_that_says_the_log_begins_here_counts_only_where_a_checkpoint_covers_it(folder: Path) -> None:
    rows = rows_of(folder)
    rows[3] = flipped(rows[3])
    chain = Chain.after("", Side.HOST, rows[-1])
    _, begun = chain.append(evidence.LogBegun(held_size=ENTRIES, size=ENTRIES), WHEN, b"n" * 32)
    put_back(folder, [*rows, begun], tree=True)
    assert in_doubt(folder)


@pytest.mark.parametrize("lives", [15, pytest.param(334, marks=pytest.mark.long)])
def test_honest_openings_are_never_in_doubt(tmp_path: Path, lives: int) -> None:
    for number in range(lives):
        lived(tmp_path / str(number))
