"""A proof that one entry stands in a log, for somebody who has nothing but the public key (`chaperone-audit prove`).

    {"checkpoint":NOTE,"entry":TEXT,"form":"chaperone proof 1","index":N,"path":[HASH, ...],"salt":32 bytes}

`entry` is the entry exactly as it stands in the log; leaf, root and signature are computed again. Bytes are base64url. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from audit.checkpoint import Checkpoint, NoteInvalid, Verifies, open_note
from audit.entry import Entry, decode_entry
from audit.log import leaf_of
from audit.merkle import ProofInvalid, check_inclusion
from wire.messages.evidence import Hashes, Note
from wire.schema import Hash, MalformedMessage, Number, Text, encode_part, part, read_part

FORM = "chaperone proof 1"
ENTRY_MAX = 512 * 1024


class ProofFault(StrEnum):
    """Why a proof shows nothing; `proof-fault-<value>` in the catalogues."""

    FORM = "form"
    CHECKPOINT = "checkpoint"
    PLACE = "place"
    ENTRY = "entry"


class ProofWrong(Exception):
    """This proof shows nothing. `str()` says why."""

    def __init__(self, fault: ProofFault, why: str, index: int = 0) -> None:
        super().__init__(why)
        self.fault, self.index = fault, index


@part
class _Written:
    form: Annotated[str, Text(32)]
    index: Annotated[int, Number(1)]
    salt: Hash
    entry: Annotated[str, Text(ENTRY_MAX, 1)]
    path: Hashes
    checkpoint: Note


@dataclass(frozen=True, slots=True)
class Proof:
    """Entry `index` of a log (from 1), the way from its leaf to the root, and the signed checkpoint of that root."""

    index: int
    salt: bytes
    entry: bytes
    path: tuple[bytes, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a proof shows: this entry stands at `index` of the log that signed this checkpoint."""

    index: int
    entry: Entry
    checkpoint: Checkpoint


def encode_proof(proof: Proof) -> str:
    """One line of JSON. Raises ValueError for a value out of bounds."""
    written = _Written(FORM, proof.index, proof.salt, proof.entry.decode("ascii"), proof.path, proof.note)
    return encode_part(written).decode()


def check_proof_text(text: bytes, key: bytes, verifies: Verifies) -> Shown:
    """What this proof shows, with nothing but the key. Raises ProofWrong.

    1  it is of this form  2  the checkpoint is signed with the key  3  the entry's leaf leads to its root  4  the entry is one
    """
    try:
        written = read_part(_Written, text.strip())
    except MalformedMessage:
        raise ProofWrong(ProofFault.FORM, "this is no proof of an entry") from None
    if written.form != FORM:
        raise ProofWrong(ProofFault.FORM, "this is no proof of this form")
    try:
        checkpoint = open_note(written.checkpoint, key, verifies)
    except NoteInvalid as fault:
        raise ProofWrong(ProofFault.CHECKPOINT, f"the checkpoint does not count: {fault}") from None
    entry = written.entry.encode("ascii", "replace")
    try:
        check_inclusion(written.index - 1, checkpoint.size, leaf_of(written.salt, entry), written.path, checkpoint.root)
        return Shown(written.index, decode_entry(entry), checkpoint)
    except ProofInvalid:
        why = f"entry {written.index} does not stand in that log as it stands here"
        raise ProofWrong(ProofFault.PLACE, why, written.index) from None
    except MalformedMessage:
        raise ProofWrong(ProofFault.ENTRY, f"entry {written.index} is no entry", written.index) from None
