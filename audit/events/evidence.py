"""What both sides record of the logs themselves: what the other showed, what does not fit, what could not be written, what was let go.

`subject` is whose log it is about: a host's id, or the broker's.
"""

from audit.events.shape import Id, Name, Outcome, Signature, Small, Words, event
from wire.messages.evidence import Doubt
from wire.schema import Hash, Seconds

# ---- what the other side showed


@event("head_held")
class HeadHeld:
    """The other side's log had this size and root, signed by it, and continues what was held. `session_id`: the visit whose end it
    covers, or empty.
    """

    subject: Id
    log_id: Id
    size: Seconds
    root: Hash
    signature: Signature
    session_id: Id


@event("visit_closed")
class VisitClosed:
    """The other side showed, signed, that its log holds the end of this visit at `entry`."""

    session_id: Id
    subject: Id
    entry: Seconds


@event("log_doubted", Outcome.REFUSED)
class LogDoubted:
    """What was shown of this log does not fit to what was held. No visit begins with it before a named person has seen it."""

    subject: Id
    doubt: Doubt
    held_size: Seconds
    held_root: Hash
    given_size: Seconds
    given_root: Hash


@event("doubt_told", Outcome.REFUSED)
class DoubtTold:
    """The other side says so of the log of this side."""

    subject: Id
    doubt: Doubt
    held_size: Seconds
    given_size: Seconds


@event("doubt_acknowledged")
class DoubtAcknowledged:
    """A named person has seen it, and lets visits begin again. What was held before stays in the log."""

    subject: Id
    by: Name
    why: Name


@event("witness_failed", Outcome.REFUSED)
class WitnessFailed:
    """The site's witness could not be given a head; it is tried again with the next."""

    witness: Name


# ---- receipts


@event("receipt_signed")
class ReceiptSigned:
    """Host and broker signed the receipt of a visit. `digest` is SHA-256 of its bytes."""

    session_id: Id
    subject: Id
    digest: Hash


@event("receipt_kept")
class ReceiptKept:
    """A copy for the vendor's auditor was taken, sealed: `digest` is SHA-256 of the sealed bytes."""

    session_id: Id
    subject: Id
    digest: Hash


# ---- the log itself


@event("log_begun")
class LogBegun:
    """The log cannot be continued where it was signed to be: what follows continues what is there. A doubt was recorded before."""

    held_size: Seconds
    size: Seconds


@event("log_failed", Outcome.REFUSED)
class LogFailed:
    """For so many seconds nothing could be recorded, so nothing was allowed. Written once it could be."""

    seconds: Small
    late: Small
    lost: Small


@event("event_unfit", Outcome.REFUSED)
class EventUnfit:
    """Something of this kind happened and could not be written down: a value lay outside its bounds. `why` names the field alone."""

    kind: Id
    why: Name


@event("disk_low")
class DiskLow:
    """So much of the disk is free. At nothing, nothing more is allowed."""

    percent: Small


@event("entries_expired", Outcome.ENDED)
class EntriesExpired:
    """The bodies and salts of these entries were let go, as retention has it; their hashes stay."""

    first: Seconds
    last: Seconds
    older_than_days: Small
    by: Name


@event("correction")
class Correction:
    """Somebody adds to what an earlier entry says. That entry stays as it is."""

    about: Seconds
    by: Name
    words: Words
