"""What the broker records of the trail itself: who read it, who took a copy away and with whom, which id has which name.

`by` is the account. What was asked for is recorded, never what was answered.
"""

from audit.events.shape import Id, Lines, Outcome, Small, event
from wire.schema import Hash


@event("trail_read")
class TrailRead:
    """Somebody asked for entries. `wanted` is the filter, `name=value` each; empty for everything within reach."""

    by: Id
    wanted: Lines


@event("export_proposed")
class ExportProposed:
    """Somebody wants to take a copy of entries away; nobody has it before a second person approves."""

    export_id: Id
    form: Id
    wanted: Lines
    by: Id


@event("export_approved")
class ExportApproved:
    """A second person approved: whoever proposed it may take it away once, within the day."""

    export_id: Id
    proposed_by: Id
    by: Id


@event("export_declined", Outcome.ENDED)
class ExportDeclined:
    """A second person said no."""

    export_id: Id
    proposed_by: Id
    by: Id


@event("export_withdrawn", Outcome.ENDED)
class ExportWithdrawn:
    """Whoever proposed it took it back."""

    export_id: Id
    by: Id


@event("export_fetched")
class ExportFetched:
    """The copy was handed out, this once: so many entries."""

    export_id: Id
    count: Small
    by: Id


@event("receipts_listed")
class ReceiptsListed:
    """Somebody asked which receipts there are."""

    by: Id


@event("receipt_fetched")
class ReceiptFetched:
    """Somebody took a sealed receipt, SHA-256 of whose bytes is `digest`. Who has the auditor's key can open it; the broker cannot."""

    session_id: Id
    digest: Hash
    by: Id


@event("named")
class Named:
    """From here on this id has a name. The name stands beside the log; this is HMAC-SHA-256 over it, under a key that stands there too."""

    subject: Id
    commitment: Hash


@event("quarantined", Outcome.REFUSED)
class Quarantined:
    """Something that was kept could not be read so many times, and is put aside. The service goes on without it."""

    kind: Id
    subject: Id
    tries: Small
