"""HTTP bodies about the audit trail. What one may read has no field: it follows from who asks."""

from enum import StrEnum
from typing import Annotated

from wire.schema import Count, Hash, Identity, Number, Seconds, Text, message, part

Word = Annotated[str, Text(64)]
"""An id or a name of an event; empty lets everything pass."""
Language = Annotated[str, Text(16)]
Index = Annotated[int, Number()]
PAGE_MAX = 100
RECEIPTS_MAX = 200
Listed = Annotated[int, Number(1, PAGE_MAX)]


@part
class TrailFilter:
    """Which entries: all of this holds. Times are seconds since 1970, `until` is not included; 0 and empty let everything pass."""

    since: Seconds
    until: Seconds
    host: Word
    technician: Word
    session: Word
    event: Word


@message("trail_look")
class TrailLook:
    """What happened? A page of at most `count` entries that come after the entry `after` (0: from the beginning) in the order given."""

    wanted: TrailFilter
    after: Index
    newest_first: bool
    count: Listed
    language: Language


@part
class TrailField:
    """One field of an entry, as text."""

    name: Annotated[str, Text(64, 1)]
    value: Annotated[str, Text(25_000)]


@part
class TrailEntry:
    """One entry. `index` is its place in the log; where `event` is empty, the stored bytes are not what was hashed, and are not shown."""

    index: Index
    utc_ms: Index
    clock_suspect: bool
    event: Word
    outcome: Annotated[str, Text(16)]
    sentence: Annotated[str, Text(25_000)]
    fields: Annotated[tuple[TrailField, ...], Count(32)]


@part
class TrailName:
    """What an account or host is called, also after it was removed. `belongs`: the company or the site."""

    id: Identity
    name: Annotated[str, Text(120)]
    belongs: Annotated[str, Text(120)]


@message("trail_page")
class TrailPage:
    """The entries within reach, and the names of those whom they are about. `after`: what to say for the next page; 0: no more."""

    entries: Annotated[tuple[TrailEntry, ...], Count(PAGE_MAX)]
    names: Annotated[tuple[TrailName, ...], Count(1000)]
    after: Index


class ExportForm(StrEnum):
    """How a copy is written."""

    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"


@message("export_ask")
class ExportAsk:
    """Propose to take a copy of these entries away. A second person has to approve."""

    wanted: TrailFilter
    form: ExportForm
    language: Language


@part
class ExportEntry:
    """A copy that somebody wants to take away, and somebody else has to approve."""

    export_id: Identity
    form: ExportForm
    wanted: TrailFilter
    proposed_by: Identity
    name: Annotated[str, Text(120)]
    seconds: Seconds


@message("export_named")
class ExportNamed:
    """Which copy to fetch. It is handed out once, to whoever proposed it, within a day of its approval."""

    export_id: Identity


@part
class ReceiptEntry:
    """A receipt that the broker signed and cannot read. `digest`: SHA-256 of what was signed; `copy_bytes`: of its sealed copy, 0: none."""

    session_id: Identity
    host_id: Identity
    digest: Hash
    signed: Seconds
    copy_bytes: Seconds


@message("receipts_look")
class ReceiptsLook:
    """Which receipts are there? At most 200 at a time, by the ids of their visits, those that come after this id."""

    after: Annotated[str, Text(64)]


@message("receipt_list")
class ReceiptList:
    """The receipts within the caller's reach. `more`: there are further ones."""

    receipts: Annotated[tuple[ReceiptEntry, ...], Count(RECEIPTS_MAX)]
    more: bool


@message("receipt_named")
class ReceiptNamed:
    """The sealed copy of which visit's receipt to fetch."""

    session_id: Identity
