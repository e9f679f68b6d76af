"""Does the log that stands in the database continue what this broker signed? Asked before every append, inside its transaction.

1. One log, of a broker, and the newest checkpoint carries this broker's signature.
2. It is over exactly the newest entry, and over the tree as it stands.
3. The newest entry is the one that was hashed, and chained to the one before.
4. It continues what this process signed last; at the start, what the anchor file holds.

SQL alone forges none of it: whoever alters, appends or puts back without the key is found here, or, where only an older entry was
touched, by whoever reads that entry again (`chaperone-audit verify`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import LargeBinary, cast, select
from sqlalchemy.engine import Connection

from audit.checkpoint import Checkpoint, NoteInvalid, open_note, origin_of
from audit.entry import decode_entry
from audit.events import evidence
from audit.events.shape import Event
from audit.frontier import Frontier, peak_positions
from audit.heads import Held
from audit.log import Chain, Row, Side, genesis, head_of, leaf_of, verify
from audit.merkle import ProofInvalid, check_consistency, check_inclusion, consistency_proof, inclusion_proof, stored_count, stored_position
from broker.storage.log_faults import LogDoubtful
from broker.storage.log_tree import newest_rows, reader, stored_rows
from broker.storage.tables import AUDIT_TIP
from trust.signatures import ed25519_verifies
from wire.schema import MalformedMessage

_STANDS = (
    "SELECT (SELECT count(*) FROM audit_meta), (SELECT log_id FROM audit_meta), (SELECT side FROM audit_meta),"
    " (SELECT CAST(note AS BLOB) FROM audit_tip WHERE id = 1), (SELECT coalesce(max(position), -1) + 1 FROM audit_tree)"
)
"""Which log it is, the newest checkpoint and how many hashes are kept, in one question: every append asks it."""
_BEGUN_WITHIN = 512
"""How far behind the newest entry it is looked for that a named person let the log go on."""


@dataclass(slots=True)
class Standing:
    """Where the log stands, now that it is believed. `held` is None for a log without a checkpoint: a new one, or one from before."""

    chain: Chain
    frontier: Frontier
    held: Held | None


def look(connection: Connection, key: bytes, known: Held | None) -> Standing | None:
    """What stands, believed; None if there is no log yet. `known` is what it has to continue. Raises LogDoubtful."""
    logs, log_id, side, tip, kept = connection.exec_driver_sql(_STANDS).one()
    note, newest = _text(tip), newest_rows(connection, 2)
    if not logs and not (note or newest or kept or known):
        return None
    if logs != 1 or side != Side.BROKER.value:
        raise LogDoubtful("it does not say which log it is", _note(known), note)
    chain = Chain.after(str(log_id), Side.BROKER, newest[0] if newest else None)
    if kept != stored_count(chain.size):
        raise LogDoubtful("it has not as many entries as its tree", _note(known), note)
    newest_leaf = [stored_position(0, newest[0].index - 1)] if newest else []
    *peaks, leaf = reader(connection)([*peak_positions(chain.size), *newest_leaf]) or [b""]
    frontier = Frontier(chain.size, peaks)
    if not note:
        _check_unsigned(connection, chain, frontier, known)
        return Standing(chain, frontier, None)
    held = known if known is not None and known.note == note else Held(_opened(note, key, known), note)
    _check_tip(chain, frontier, held, known)
    _check_newest(newest, leaf, chain, held)
    if known is not None and known.note != note:
        _check_continues(connection, held, known)
    return Standing(chain, frontier, held)


def _note(held: Held | None) -> str:
    return held.note if held is not None else ""


def tip_note(connection: Connection) -> str:
    """The newest checkpoint as it stands, whoever wrote it."""
    return _text(connection.scalar(select(cast(AUDIT_TIP.c.note, LargeBinary)).where(AUDIT_TIP.c.id == 1)))


def _text(note: bytes | None) -> str:
    return note.decode(errors="replace") if note else ""


def _opened(note: str, key: bytes, known: Held | None) -> Checkpoint:
    try:
        return open_note(note, key, ed25519_verifies)
    except NoteInvalid as fault:
        raise LogDoubtful(f"its newest checkpoint is not ours ({fault})", _note(known), note) from None


def _check_unsigned(connection: Connection, chain: Chain, frontier: Frontier, known: Held | None) -> None:
    """A log from before checkpoints, or one that is begun: every entry is read once, before the first is signed."""
    if known is not None:
        raise LogDoubtful("its newest checkpoint is gone", known.note)
    leaves = Frontier()

    def read() -> Iterator[Row]:
        for row in stored_rows(connection):
            leaves.append(row.leaf)
            yield row

    checked = verify(read(), chain.log_id, chain.side)
    if checked.findings:
        raise LogDoubtful(f"entry {checked.findings[0].index} is wrong ({checked.findings[0].fault.value})")
    if leaves.root() != frontier.root():
        raise LogDoubtful("its tree is of other entries")


def _check_tip(chain: Chain, frontier: Frontier, held: Held, known: Held | None) -> None:
    tip = held.checkpoint
    if tip.origin != origin_of(Side.BROKER, chain.log_id):
        raise LogDoubtful("its newest checkpoint is of another log", _note(known), held.note)
    if tip.size != chain.size:
        raise LogDoubtful(f"it has {chain.size} entries, and {tip.size} were signed", _note(known), held.note)
    if tip.root != frontier.root():
        raise LogDoubtful("its tree is another than the one that was signed", _note(known), held.note)


def _check_newest(newest: list[Row], leaf: bytes, chain: Chain, held: Held) -> None:
    if not newest:
        return
    row, before = newest[0], newest[1].head if len(newest) > 1 else genesis(chain.log_id, chain.side)
    let_go = not row.salt and not row.entry
    if row.leaf != leaf or row.head != head_of(before, leaf) or not (let_go or _hashed(row)):
        raise LogDoubtful(f"its newest entry, {row.index}, is not the one that was signed", held.note, held.note)


def _hashed(row: Row) -> bool:
    try:
        return leaf_of(row.salt, row.entry) == row.leaf
    except ValueError:
        return False


def _check_continues(connection: Connection, held: Held, known: Held) -> None:
    old, new = known.checkpoint, held.checkpoint
    if _continues(connection, old, new) or _let_go_on(connection, held, old):
        return
    rolled = f"it has {new.size} entries, and {old.size} were signed" if new.size < old.size else "its entries are others"
    raise LogDoubtful(rolled, known.note, held.note)


def _continues(connection: Connection, old: Checkpoint, new: Checkpoint) -> bool:
    if new.origin != old.origin or new.size < old.size:
        return False
    try:
        check_consistency(old.size, new.size, old.root, new.root, consistency_proof(old.size, new.size, reader(connection)))
    except ProofInvalid:
        return False
    return True


def _let_go_on(connection: Connection, held: Held, old: Checkpoint) -> bool:
    """Did a named person at this machine see that very doubt, and let the log go on? Only who has the key can have written that."""
    doubted = begun = False
    for row in reversed(newest_rows(connection, _BEGUN_WITHIN)):
        event = proven(connection, row, held) if b'"type":"log_doubted"' in row.entry or b'"type":"log_begun"' in row.entry else None
        if isinstance(event, evidence.LogDoubted) and (event.held_size, event.held_root) == (old.size, old.root):
            doubted = True
        begun = begun or (doubted and isinstance(event, evidence.LogBegun))
    return begun


def proven(connection: Connection, row: Row, held: Held) -> Event | None:
    """What this entry says, if it stands in the tree that was signed."""
    tip = held.checkpoint
    try:
        path = inclusion_proof(row.index - 1, tip.size, reader(connection))
        check_inclusion(row.index - 1, tip.size, leaf_of(row.salt, row.entry), path, tip.root)
        return decode_entry(row.entry).event
    except (ProofInvalid, ValueError, MalformedMessage):
        return None
