"""A log of either side, in memory: it grows, shows where it stands, and can be cut or written anew, as one that somebody tampered with.

log = GrownLog(Side.HOST, signer)
log.add(event, ...)
log.head(since=0, session_id="s-1")          what an honest side shows
log.cut(3); log.rewrite(2, event)            what a tampered one shows: everything hashed again, soundly signed
"""

from dataclasses import dataclass, field
from hashlib import sha256

from audit.checkpoint import Checkpoint, origin_of, signed_note
from audit.entry import At
from audit.events.shape import Event
from audit.events.visit import SessionEnded
from audit.heads import Held
from audit.log import Chain, Row, Side
from audit.merkle import Read, appended, consistency_proof, inclusion_proof, root_of
from trust.signatures import Ed25519Signer
from wire.messages.evidence import EntryProof, Head

WHEN = At(1_800_000_000_000, 5_000, clock_suspect=False)


@dataclass
class GrownLog:
    """One log."""

    side: Side
    signer: Ed25519Signer
    log_id: str = "l-grown"
    events: list[Event] = field(default_factory=list)

    def add(self, *events: Event) -> None:
        """Append these."""
        self.events += events

    def cut(self, size: int) -> None:
        """Remove everything behind so many entries."""
        del self.events[size:]

    def rewrite(self, index: int, event: Event) -> None:
        """Put another event in the place of entry `index`, and hash everything again."""
        self.events[index - 1] = event

    def copy(self) -> "GrownLog":
        """The same, to be kept as a backup."""
        return GrownLog(self.side, self.signer, self.log_id, list(self.events))

    @property
    def size(self) -> int:
        """Entries."""
        return len(self.events)

    def _rows(self) -> list[Row]:
        chain, rows = Chain.empty(self.log_id, self.side), []
        for number, event in enumerate(self.events):
            salt = sha256(f"{number} {event!r}".encode()).digest()
            chain, row = chain.append(event, WHEN, salt)
            rows.append(row)
        return rows

    def _kept(self) -> list[bytes]:
        kept: list[bytes] = []
        for size, row in enumerate(self._rows()):
            kept += appended(size, row.leaf, _read(kept))
        return kept

    def held(self) -> Held:
        """Its newest checkpoint, as another side holds it."""
        read = _read(self._kept())
        checkpoint = Checkpoint(origin_of(self.side, self.log_id), self.size, root_of(self.size, read))
        return Held(checkpoint, signed_note(checkpoint, self.signer.public_key, self.signer.sign_note))

    def end_of(self, session_id: str) -> int:
        """The entry that ends this visit, 0 if none does."""
        ends = (n for n, each in enumerate(self.events, 1) if isinstance(each, SessionEnded) and each.session_id == session_id)
        return next(ends, 0)

    def head(self, since: int, session_id: str = "") -> Head | None:
        """As both stores answer."""
        index = self.end_of(session_id) if session_id else 0
        if session_id and not index:
            return None
        read = _read(self._kept())
        proof = consistency_proof(since, self.size, read) if since <= self.size else ()
        end = None
        if index:
            row = self._rows()[index - 1]
            end = EntryProof(index, row.salt, row.entry, inclusion_proof(index - 1, self.size, read))
        return Head(self.held().note, proof, session_id, end)


def _read(kept: list[bytes]) -> Read:
    return lambda places: [kept[each] for each in places]
