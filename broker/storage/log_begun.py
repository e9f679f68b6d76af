"""A log that does not continue what was signed of it is let go on by a named person: who saw what stands in the log itself.

Where the signed tree is whole it stays, and only rows are missing or wrong; they stay so, and are named by whoever verifies. Where it is
not, it is built anew over the rows as they stand. A database that was put back brings back what was spent since: so everybody
is signed out, and no code, link or token of before opens anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from audit.checkpoint import Checkpoint, NoteInvalid, open_note, origin_of
from audit.entry import At
from audit.events.evidence import DoubtAcknowledged, LogBegun, LogDoubted
from audit.events.shape import Event
from audit.frontier import Frontier, peak_positions
from audit.heads import Held
from audit.log import Chain, Side, genesis
from audit.merkle import stored_count
from broker.storage.log_faults import LogUnavailable
from broker.storage.log_tip import Standing, tip_note
from broker.storage.log_tree import kept_count, newest_rows, reader, regrow
from broker.storage.tables import ACCOUNTS, AUDIT_META, BOOTSTRAP, DOUBTS, ENROL_TOKENS, INVITATIONS, RECOVERY_CODES, SIGN_INS
from broker.storage.trail_tables import AUDIT_SUBJECTS
from policy.one_time import TOTP_STEP_SECONDS
from trust.signatures import ed25519_verifies
from wire.messages.evidence import Doubt


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who saw that the log of `subject`, this broker, was in doubt, and why it goes on."""

    subject: str
    by: str
    why: str


def as_it_stands(connection: Connection, key: bytes) -> Standing:
    """What there is to go on from, signed or not. Raises LogUnavailable if that cannot be said."""
    metas = connection.execute(select(AUDIT_META)).all()
    if len(metas) != 1 or metas[0].side != Side.BROKER.value:
        raise LogUnavailable(f"the database names {len(metas)} logs; only one that was saved before can be put back")
    log_id, note = str(metas[0].log_id), tip_note(connection)
    whole = _whole(connection, key, log_id, note)
    if whole is None:
        regrow(connection)
    newest = newest_rows(connection, 1)
    chain = Chain.after(log_id, Side.BROKER, newest[0] if newest else None)
    if whole is not None:
        # Rows may be missing at the end of a tree that is whole: their places stay empty.
        chain = Chain(log_id, Side.BROKER, whole.size, newest[0].head if newest else genesis(log_id, Side.BROKER))
    connection.execute(delete(AUDIT_SUBJECTS).where(AUDIT_SUBJECTS.c.position > chain.size))
    frontier = Frontier(chain.size, reader(connection)(peak_positions(chain.size)))
    root = Checkpoint(origin_of(Side.BROKER, log_id), chain.size, frontier.root())
    return Standing(chain, frontier, Held(root, note) if note else None)


def _whole(connection: Connection, key: bytes, log_id: str, note: str) -> Checkpoint | None:
    """What was signed of the tree, if that is the tree which stands, and no row lies behind it."""
    try:
        signed = open_note(note, key, ed25519_verifies)
    except NoteInvalid:
        return None
    newest = newest_rows(connection, 1)
    behind = bool(newest) and newest[0].index > signed.size
    if signed.origin != origin_of(Side.BROKER, log_id) or kept_count(connection) != stored_count(signed.size) or behind:
        return None
    frontier = Frontier(signed.size, reader(connection)(peak_positions(signed.size)))
    return signed if frontier.root() == signed.root else None


def words_of(said: Acknowledged, held: Sequence[Checkpoint], standing: Standing) -> list[Event]:
    """What the log says of it: each thing that it should have continued, who has seen that, and that it goes on."""
    size, root = standing.chain.size, standing.frontier.root()
    doubts: list[Event] = [
        LogDoubted(subject=said.subject, doubt=Doubt.OWN_LOG, held_size=each.size, held_root=each.root, given_size=size, given_root=root)
        for each in held
    ]
    most = max((each.size for each in held), default=size)
    return [*doubts, DoubtAcknowledged(subject=said.subject, by=said.by, why=said.why), LogBegun(held_size=most, size=size)]


def nothing_of_before(connection: Connection, said: Acknowledged, at: At) -> None:
    """Nobody is signed in, and nothing that was given out before opens anything. Doubts about this log are acknowledged."""
    utc = at.utc_ms / 1000
    connection.execute(delete(SIGN_INS))
    connection.execute(update(INVITATIONS).values(used=True))
    connection.execute(update(ENROL_TOKENS).values(used=True))
    connection.execute(update(BOOTSTRAP).where(BOOTSTRAP.c.used.is_(None)).values(used=utc))
    connection.execute(update(RECOVERY_CODES).where(RECOVERY_CODES.c.used.is_(None)).values(used=utc))
    # A code of the app may be a step ahead: none that can have been seen until now counts.
    spent = int(utc // TOTP_STEP_SECONDS) + 1
    newest = func.max(func.coalesce(ACCOUNTS.c.totp_newest_step, 0), spent)
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.totp_sealed.is_not(None)).values(totp_newest_step=newest))
    own = (DOUBTS.c.subject == said.subject) & DOUBTS.c.acknowledged.is_(None)
    seen = {"acknowledged": utc, "acknowledged_by": said.by, "why": said.why}
    if not connection.execute(update(DOUBTS).where(own).values(seen)).rowcount:
        # A host that holds a checkpoint of before will say so again: it was seen, whoever found it first.
        found = {"subject": said.subject, "doubt": Doubt.OWN_LOG.value, "held": "", "given": "", "found": utc}
        connection.execute(insert(DOUBTS).values(**found, **seen))
