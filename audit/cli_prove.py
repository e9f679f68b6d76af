"""`chaperone-audit prove` and `check-proof`: one entry, shown to somebody who has nothing but the public key."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from audit import cli_common as common
from audit.checkpoint import NoteInvalid, said_by
from audit.events.shape import sentence
from audit.frontier import Frontier
from audit.log import Row
from audit.merkle import inclusion_proof, stored_count
from audit.proof import Proof, ProofWrong, check_proof_text, encode_proof
from audit.stores import OpenLog, open_stored
from audit.verify import Beside
from audit.visible import moment, visible
from runtime.catalogues import catalogue
from trust.signatures import ed25519_verifies


def prove(
    log: common.Log,
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help="Number of the entry, as `show` prints it.", min=1)],
    out: Annotated[Path | None, typer.Option(help="Write it to this new file instead of the screen.")] = None,
) -> None:
    """Write a small proof that this entry stands in this log, under the newest signed checkpoint that covers it.

    It holds the entry, its salt, its place, the way to the root, and the checkpoint: whoever has the public key can check it
    (`check-proof`, or the stand-alone chaperone_verify.py), and learns nothing of any other entry.
    """
    text = encode_proof(_proof(open_stored(log), entry))
    if out is None:
        typer.echo(text)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as fault:
        common.fail(f"{out} cannot be written: {fault.strerror}")


def check_proof(
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="What `prove` wrote.")],
    key: Annotated[str, typer.Option("--key", help="Public key of the log's side: its text, or a file that holds it.")],
    language: common.InLanguage = common.Language.EN,
) -> None:
    """Check a proof with nothing but the public key. Exit code 0: the entry stands in that log; 1: it does not."""
    console, words = common.screen(), catalogue(language.value)
    try:
        text = proof.read_bytes()
    except OSError as fault:
        common.fail(f"{proof} cannot be read: {fault.strerror}")
    try:
        shown = check_proof_text(text, common.given_key(key), ed25519_verifies)
    except ProofWrong as fault:
        why = words.text(f"proof-fault-{fault.fault.value}", index=str(fault.index))
        console.print(words.text("proof-bad", why=why), style="bold red", markup=False)
        raise typer.Exit(common.FINDINGS) from None
    said = visible(words.sentence(sentence(shown.entry.event)).rstrip())
    good = words.text("proof-good", index=str(shown.index), origin=shown.checkpoint.origin, count=shown.checkpoint.size)
    console.print(good, markup=False)
    console.print(f"{moment(shown.entry.at.utc_ms)}  {said}", style="bold green", markup=False)


def _proof(opened: OpenLog, index: int) -> Proof:
    """Reads the log up to the newest checkpoint; the tree that is kept beside it is not trusted for this."""
    with opened.reading() as (beside, rows):
        note, size = _newest(beside)
        if index > size:
            common.fail(f"entry {index} is not under a signed checkpoint; the newest covers {size}")
        row, path = proven(common.with_progress(rows, opened.count, "the log"), index, size)
    if row is None:
        common.fail(f"there is no entry {index}")
    if not row.entry:
        common.fail(f"what entry {index} said was let go; its hash alone is left")
    return Proof(index, row.salt, row.entry, path, note)


def proven(rows: Iterable[Row], index: int, size: int) -> tuple[Row | None, tuple[bytes, ...]]:
    """The row and its way to the root over `size` entries. Of the tree no more is kept than the way needs."""
    needed: dict[int, bytes] = {}

    def ask(places: Sequence[int]) -> list[bytes]:
        needed.update(dict.fromkeys(places, b""))
        return [b""] * len(places)

    inclusion_proof(index - 1, size, ask)
    tree, wanted = Frontier(), None
    for row in rows:
        if row.index > size:
            break
        wanted = row if row.index == index else wanted
        first = stored_count(tree.size)
        for place, kept in enumerate(tree.append(row.leaf), first):
            if place in needed:
                needed[place] = kept
    return wanted, inclusion_proof(index - 1, size, lambda places: [needed[each] for each in places])


def _newest(beside: Beside) -> tuple[str, int]:
    newest = ("", 0)
    for note in (*beside.notes, *((beside.tip,) if beside.tip else ())):
        try:
            size = said_by(note).size
        except NoteInvalid:
            continue
        newest = (note, size) if size >= newest[1] else newest
    if not newest[0]:
        common.fail("there is no signed checkpoint in this log")
    return newest
