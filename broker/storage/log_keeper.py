"""What one process does to the log within a transaction: believe what stands, append and sign, show and prove.

It remembers the checkpoint it signed last. Everything here but the anchor file runs inside a transaction of `log.py`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_bytes, token_hex

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from audit.checkpoint import Checkpoint, NoteInvalid, open_note, origin_of, signed_note
from audit.entry import At, Written, written
from audit.frontier import Frontier
from audit.heads import Held
from audit.log import SALT, Chain, Side
from audit.merkle import consistency_proof, stored_count
from broker.storage.anchor import Anchor
from broker.storage.filing import Filed, file_entries, time_entries
from broker.storage.log_begun import Acknowledged, as_it_stands, nothing_of_before, words_of
from broker.storage.log_faults import LogDoubtful, LogUnavailable
from broker.storage.log_tip import Standing, look
from broker.storage.log_tree import Growth, end_of, prove, reader
from broker.storage.tables import AUDIT_CHECKPOINTS, AUDIT_META, AUDIT_TIP
from trust.signatures import Ed25519Signer, ed25519_verifies
from wire.messages.evidence import EntryProof, Head


@dataclass(frozen=True, slots=True)
class Grown:
    """What stands once the transaction is committed."""

    held: Held
    ended: bool
    """Did a visit end in it?"""


class Keeper:
    """Signs for one log, from one process."""

    def __init__(self, signer: Ed25519Signer, anchor: Anchor | None) -> None:
        self._signer, self._anchor = signer, anchor
        self._known: Held | None = None
        self._anchored: str | None = None
        """What the anchor file held when this process looked first; None while there is no file."""
        self._kept = self._in_file = ""
        """The newest checkpoints that this process kept for good: in the database, and in the anchor file."""

    @property
    def is_news(self) -> bool:
        """Was anything appended since a checkpoint was kept for good?"""
        return self._known is not None and self._known.note != self._kept

    async def learn(self) -> Held | None:
        """What the log has to continue. The first time that is what the anchor file holds. Raises OSError, LogDoubtful."""
        if self._anchor is not None and self._anchored is None:
            note = await asyncio.to_thread(self._anchor.read)
            if note is not None:
                self._known, self._anchored = self._held_in_anchor(note), note
                self._kept = self._in_file = note
        return self._known

    def _held_in_anchor(self, note: str) -> Held | None:
        try:
            checkpoint = open_note(note, self._signer.public_key, ed25519_verifies)
        except NoteInvalid as fault:
            raise LogDoubtful(f"the anchor file beside the database is not ours ({fault})") from None
        return Held(checkpoint, note) if checkpoint.size else None

    def _look(self, connection: Connection, known: Held | None) -> Standing | None:
        found = look(connection, self._signer.public_key, known)
        if found is not None and found.held is not None and self._anchor is not None and self._anchored is None:
            raise LogDoubtful("the anchor file beside the database is gone", "", found.held.note)
        return found

    def standing(self, connection: Connection, known: Held | None) -> Standing:
        """What stands, believed. Raises LogUnavailable if nothing was recorded yet, LogDoubtful."""
        found = self._look(connection, known)
        if found is None:
            raise LogUnavailable("nothing was recorded yet")
        return found

    # ---- appending

    def append(self, connection: Connection, fresh: Sequence[Written]) -> Grown | None:
        """Put these behind the others, and sign. What to believe once it is committed. Raises LogDoubtful.

        Without an entry it is only found out whether the disk takes anything.
        """
        found = self._look(connection, self._known)
        if not fresh:
            return self._again(connection, found)
        if found is None:
            found = Standing(self._begin(connection), Frontier(), None)
        if found.held is None:
            self._begin_anchor(found.chain)
        return self.put(connection, found, fresh)

    def _again(self, connection: Connection, found: Standing | None) -> Grown | None:
        if found is None or found.held is None:
            return None
        # The same words once more would not reach the disk: the number that SQLite keeps for its application does.
        # Not as `text`: of each different statement SQLAlchemy keeps what it compiled, and would forget those that are used again.
        count = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
        connection.exec_driver_sql(f"PRAGMA user_version = {(int(count) + 1) % 2**30}")
        return Grown(found.held, ended=False)

    def put(self, connection: Connection, found: Standing, fresh: Sequence[Written]) -> Grown:
        """The same behind what stands, whatever it is."""
        chain, growth = found.chain, Growth(found.frontier, stored_count(found.frontier.size))
        filed: list[Filed] = []
        for each in fresh:
            chain, row = chain.append_entry(each.data, token_bytes(SALT))
            growth.add(row, each.event)
            filed.append(Filed(row.index, each.at.utc_ms, each.event))
        ended = bool(growth.ends)
        growth.write(connection)
        file_entries(connection, filed)
        time_entries(connection, filed)
        held = self._sign(chain, growth.frontier)
        self._put_tip(connection, held.note, there=found.held is not None)
        if ended:
            self._put_checkpoint(connection, held)
        return Grown(held, ended)

    def _begin(self, connection: Connection) -> Chain:
        log_id = f"l-{token_hex(16)}"
        connection.execute(insert(AUDIT_META).values(log_id=log_id, side=Side.BROKER.value))
        return Chain.empty(log_id, Side.BROKER)

    def _begin_anchor(self, chain: Chain) -> None:
        """Before the first checkpoint is signed there is a file that says so: from then on a missing one is a sign."""
        if self._anchor is not None and self._anchored is None:
            self._anchored = self._sign(Chain.empty(chain.log_id, chain.side), Frontier()).note
            self._anchor.put(self._anchored)

    def _sign(self, chain: Chain, frontier: Frontier) -> Held:
        checkpoint = Checkpoint(origin_of(chain.side, chain.log_id), chain.size, frontier.root())
        return Held(checkpoint, signed_note(checkpoint, self._signer.public_key, self._signer.sign_note))

    @staticmethod
    def _put_tip(connection: Connection, note: str, *, there: bool) -> None:
        if there:
            connection.exec_driver_sql("UPDATE audit_tip SET note = ? WHERE id = 1", (note,))
        else:
            connection.execute(insert(AUDIT_TIP).values(id=1, note=note))

    def _put_checkpoint(self, connection: Connection, held: Held) -> None:
        size = held.checkpoint.size
        if connection.scalar(select(AUDIT_CHECKPOINTS.c.size).where(AUDIT_CHECKPOINTS.c.size == size)) is None:
            connection.execute(insert(AUDIT_CHECKPOINTS).values(size=size, note=held.note))

    def believe(self, grown: Grown | None) -> bool:
        """It is committed. Is it time for the anchor file?"""
        if grown is None:
            return False
        self._known = grown.held
        if grown.ended:
            self._kept = grown.held.note
        return grown.ended

    async def anchor_now(self, note: str = "") -> None:
        """Hold this note in the anchor file, or without one the newest. Raises OSError."""
        newest = note or (self._known.note if self._known is not None else "")
        if self._anchor is not None and newest not in {"", self._in_file}:
            await asyncio.to_thread(self._anchor.advance, newest)
            self._in_file = newest

    # ---- begun anew

    def begin_anew(self, connection: Connection, said: Acknowledged, notes: Sequence[str], at: At) -> Grown:
        """See `AuditLog.begin_anew`. Raises LogUnavailable."""
        try:
            anchored = self._anchor.read() if self._anchor is not None else None
        except OSError:
            anchored = None
        held = list(filter(None, map(self._signed_here, dict.fromkeys((*notes, anchored or "")))))
        standing = as_it_stands(connection, self._signer.public_key)
        grown = self.put(connection, standing, [written(event, at) for event in words_of(said, held, standing)])
        self._put_checkpoint(connection, grown.held)
        nothing_of_before(connection, said, at)
        return grown

    def _signed_here(self, note: str) -> Checkpoint | None:
        try:
            return open_note(note, self._signer.public_key, ed25519_verifies)
        except NoteInvalid:
            return None

    async def anchor_anew(self) -> None:
        """The anchor file holds the newest checkpoint, whatever it held before. Raises OSError."""
        if self._anchor is not None and self._known is not None:
            await asyncio.to_thread(self._anchor.put, self._known.note)
            self._anchored = self._in_file = self._kept = self._known.note

    def keep_checkpoint(self, connection: Connection, known: Held | None) -> str:
        """Keep the newest checkpoint for good; its note. Raises LogUnavailable."""
        held = self.standing(connection, known).held
        if held is None:
            raise LogUnavailable("nothing was signed yet")
        self._put_checkpoint(connection, held)
        return held.note

    def kept(self, note: str) -> None:
        """That is committed."""
        self._kept = note

    # ---- showing

    def head(self, connection: Connection, known: Held | None, since: int, session_id: str) -> Head | None:
        """See `AuditLog.head`."""
        held = self._shown(connection, known)
        size, read = held.checkpoint.size, reader(connection)
        place = end_of(connection, session_id) if session_id else None
        if session_id and place is None:
            return None
        try:
            end = prove(connection, place, size) if place is not None else None
        except LookupError:
            raise LogDoubtful(f"the end of a visit, entry {place}, is gone", held.note, held.note) from None
        return Head(held.note, consistency_proof(since, size, read) if 0 <= since <= size else (), session_id, end)

    def prove(self, connection: Connection, known: Held | None, index: int) -> tuple[str, EntryProof]:
        """See `AuditLog.prove`."""
        held = self._shown(connection, known)
        return held.note, prove(connection, index, held.checkpoint.size)

    def _shown(self, connection: Connection, known: Held | None) -> Held:
        held = self.standing(connection, known).held
        if held is None:
            raise LogUnavailable("nothing was signed yet")
        return held
