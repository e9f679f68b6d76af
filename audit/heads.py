"""What one side holds of the other's log, and whether what it is shown next fits to it (docs/protocol.md, section 8).

Each side keeps the newest checkpoint that the other signed. A newer one must come with a proof that the longer log begins with
the log that is held. Whatever does not fit is a Doubt: two histories were shown, or one was cut. Pure.
"""

from dataclasses import dataclass

from audit.checkpoint import Checkpoint, NoteInvalid, Verifies, open_note, origin_of
from audit.entry import Entry, decode_entry
from audit.events.visit import SessionEnded
from audit.log import Side, leaf_of
from audit.merkle import ProofInvalid, check_consistency, check_inclusion
from wire.messages.evidence import Doubt, EntryProof, Head
from wire.schema import MalformedMessage


class Doubted(Exception):
    """It does not fit. `given` is what the head says, None if even that cannot be read."""

    def __init__(self, doubt: Doubt, given: Checkpoint | None) -> None:
        super().__init__(doubt.value)
        self.doubt, self.given = doubt, given


@dataclass(frozen=True, slots=True)
class Held:
    """The newest checkpoint of the other side that was verified, and its note."""

    checkpoint: Checkpoint
    note: str

    @property
    def log_id(self) -> str:
        """Which log it is of."""
        return self.checkpoint.origin.rsplit("/", 1)[1]


def follow(held: Held | None, head: Head, side: Side, key: bytes, verifies: Verifies) -> Held:
    """What to hold from now on. `side` is whose log it is, `key` the key that side proved. Raises Doubted.

    With nothing held the first head is believed: everything after has to fit to it.
    """
    try:
        given = open_note(head.note, key, verifies)
    except NoteInvalid:
        raise Doubted(Doubt.NOT_SIGNED, None) from None
    log_id = given.origin.rsplit("/", 1)[1]
    if given.origin != origin_of(side, log_id):
        raise Doubted(Doubt.OTHER_LOG, given)
    if held is not None:
        _continues(held.checkpoint, given, head.consistency)
    return Held(given, head.note)


def _continues(old: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> None:
    if new.origin != old.origin:
        raise Doubted(Doubt.OTHER_LOG, new)
    if new.size < old.size:
        raise Doubted(Doubt.ROLLED_BACK, new)
    if old.size == 0:
        return  # every log begins with the empty one
    try:
        check_consistency(old.size, new.size, old.root, new.root, proof)
    except ProofInvalid:
        raise Doubted(Doubt.FORKED, new) from None


def check_end(checkpoint: Checkpoint, session_id: str, proof: EntryProof | None) -> Entry:
    """The entry by which the other side's log ends this visit, proven to stand in that log. Raises Doubted."""
    if proof is None:
        raise Doubted(Doubt.END_NOT_SHOWN, checkpoint)
    entry = open_entry(checkpoint, proof)
    if not isinstance(entry.event, SessionEnded) or entry.event.session_id != session_id:
        raise Doubted(Doubt.END_NOT_SHOWN, checkpoint)
    return entry


def open_entry(checkpoint: Checkpoint, proof: EntryProof) -> Entry:
    """The entry of a proof, now that it is known to stand in the log of this checkpoint. Raises Doubted."""
    try:
        check_inclusion(proof.index - 1, checkpoint.size, leaf_of(proof.salt, proof.entry), proof.path, checkpoint.root)
        return decode_entry(proof.entry)
    except (ProofInvalid, MalformedMessage, ValueError):
        raise Doubted(Doubt.END_NOT_SHOWN, checkpoint) from None
