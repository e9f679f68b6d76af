"""What the cores can want done. Only the guardian's shell performs these.

command         answer through send()
Record          True when durable
KeepReturn      True when durable
FindRestart     None when this system would restart, or the Reason why not
RestartPc       None when the system restarts now, or the Reason why not
KeepDocuments   Taken, or the Reason why not
LookAgain       InForce, or None in safe mode
FindHead        Head; None: that visit is not ended in this log; Deny: the log cannot be written, so it has no newest head
FindHeld        Held, or None
FindUnclosed    ids of visits
WasTold         True if so
AddUnclosed     True when durable
MakeReceipt     True when it is there, or can never be; False when it is to be tried again
NextReceipt     Waiting, or None
KeepCountersigned   True when durable
SealReceipt     bytes, or None
CloseDirect     Carried
RelayContent    False if the other end cannot have taken so many
the others      None
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

from audit.events.shape import Event as AuditEvent
from audit.heads import Held
from audit.questions import Raised
from host_client.core.events import DirectEnd, Timer
from host_client.link_frames import FilePiece, ToDesk
from policy.decision import Reason
from trust.view import View
from wire.frames import Frame, FrameKind
from wire.messages.documents import DocumentsBundle
from wire.messages.evidence import EntryProof
from wire.schema import encode
from wire.statements import Statement


@dataclass(frozen=True, slots=True)
class SendControl:
    """Put a frame on the control socket. One that is gone loses it."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class CloseControl:
    """Close the control socket and begin again after a pause. `reason` is said locally."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open a session socket and present this pass on it."""

    session_id: str
    socket_pass: bytes
    second: bool = False
    """Of the person who only watches: his socket is another, and so are his deadlines."""


@dataclass(frozen=True, slots=True)
class SendSession:
    """Put a frame on the session socket. One that is gone loses it."""

    frame: bytes
    second: bool = False


@dataclass(frozen=True, slots=True)
class CloseSession:
    """Close the session socket after what was sent before."""

    second: bool = False


@dataclass(frozen=True, slots=True)
class OpenBulk:
    """Open a bulk socket in the place of any other, and present this pass on it."""

    session_id: str
    bulk_pass: bytes


@dataclass(frozen=True, slots=True)
class SendBulk:
    """Put a frame on the bulk socket. One that is gone loses it."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class CloseBulk:
    """Close the bulk socket."""


@dataclass(frozen=True, slots=True)
class OpenDirect:
    """Wait for the technician's browser at this PC's addresses within these ranges. `only`: content goes no other way from here on."""

    attempt: int
    ranges: tuple[str, ...]
    only: bool


@dataclass(frozen=True, slots=True)
class JoinDirect:
    """This is the other end."""

    there: DirectEnd


@dataclass(frozen=True, slots=True)
class HoldContent:
    """Send no new content, and say when what was sent has left."""


@dataclass(frozen=True, slots=True)
class TurnDirect:
    """Content goes over the channel from here on."""


@dataclass(frozen=True, slots=True)
class TakeDirect:
    """The other end has turned: what arrives over the channel counts."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What went over a channel: records taken here, and bytes of records each way."""

    received: int = 0
    to_technician: int = 0
    to_host: int = 0


@dataclass(frozen=True, slots=True)
class CloseDirect:
    """Take nothing more from the channel, send nothing more over it, and hold content."""


@dataclass(frozen=True, slots=True)
class RelayContent:
    """The other end took so many records of the channel that is over; the rest, and what is new, goes over the relay unless `only`."""

    received: int
    only: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """Say this to the desk. A desk that is gone loses it."""

    said: ToDesk | FilePiece


@dataclass(frozen=True, slots=True)
class Inject:
    """Give the desk one input batch."""

    grant: int
    batch: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """Make these entries durable, in this order, before anything else happens here."""

    events: tuple[AuditEvent, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Record what was already done or refused. If it cannot be written now it is kept and written before any other."""

    event: AuditEvent


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fire after `seconds`; starting it again moves it."""

    timer: Timer
    seconds: float
    second: bool = False


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Do not fire."""

    timer: Timer
    second: bool = False


@dataclass(frozen=True, slots=True)
class KeepDocuments:
    """Verify what is in this bundle and keep what is newer before it counts: after a restart no older may be accepted."""

    bundle: DocumentsBundle


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Put together anew what the documents say now: something of them may be over."""


@dataclass(frozen=True, slots=True)
class MarkCode:
    """Leave a mark that this ticket is out, or take it away (None). A mark found at start tells of a crash."""

    ticket: str | None


@dataclass(frozen=True, slots=True)
class KeepReturn:
    """Keep the way back in its file, in the place of any other: the next start finds it."""

    ticket: bytes


@dataclass(frozen=True, slots=True)
class ForgetReturn:
    """Nobody comes back."""


@dataclass(frozen=True, slots=True)
class FindRestart:
    """Would the system restart this PC, if it were told to?"""


@dataclass(frozen=True, slots=True)
class RestartPc:
    """Tell the system to restart, and wait for whether it does."""


@dataclass(frozen=True, slots=True)
class FindHead:
    """Where this host's log stands: that it continues its first `since` entries, and the end of this visit, if one is named."""

    since: int
    session_id: str


@dataclass(frozen=True, slots=True)
class FindHeld:
    """The newest checkpoint that was believed of the broker's log."""


@dataclass(frozen=True, slots=True)
class HoldHead:
    """Believe this one from now on."""

    held: Held


@dataclass(frozen=True, slots=True)
class FindUnclosed:
    """Visits whose end the broker has not shown."""


@dataclass(frozen=True, slots=True)
class AddUnclosed:
    """A visit begins: its end will be asked for until it was shown, whatever falls down meanwhile."""

    session_id: str


@dataclass(frozen=True, slots=True)
class MarkClosed:
    """The end of this visit is asked for no more."""

    session_id: str


@dataclass(frozen=True, slots=True)
class KeepDoubt:
    """Store a doubt until a named person acknowledges it, and say it on the process's own log."""

    raised: Raised


@dataclass(frozen=True, slots=True)
class WasTold:
    """Was this doubt of the broker's, about the same note, told before, acknowledged or not?"""

    raised: Raised


@dataclass(frozen=True, slots=True)
class Parties:
    """Who stands in a receipt, but for the technician, who stands in its entries."""

    vendor: str
    host_id: str
    host_name: str
    host_key: bytes
    broker_id: str
    broker_key: bytes


@dataclass(frozen=True, slots=True)
class MakeReceipt:
    """Make and sign the receipt of a visit that is closed, unless there is one: `end` is how the broker's log ends it, under `note`.
    `view`: what the documents say of who took part.
    """

    session_id: str
    parties: Parties
    view: View | None
    end: EntryProof
    note: str


@dataclass(frozen=True, slots=True)
class NextReceipt:
    """A receipt that is not finished, other than these."""

    besides: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeepCountersigned:
    """The broker signed the receipt of this visit."""

    session_id: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class SealReceipt:
    """The receipt of this visit, sealed to this key."""

    session_id: str
    key: bytes


@dataclass(frozen=True, slots=True)
class FinishReceipt:
    """Nothing is to be done with the receipt of this visit any more."""

    session_id: str


OfReceipts = MakeReceipt | NextReceipt | KeepCountersigned | SealReceipt | FinishReceipt
"""What is done with receipts (docs/receipts.md)."""
OfChannel = OpenDirect | JoinDirect | HoldContent | TurnDirect | TakeDirect | CloseDirect | RelayContent
"""What is done with the channel of the direct path (docs/protocol.md, section 9)."""
Compared = FindHead | FindHeld | HoldHead | FindUnclosed | AddUnclosed | MarkClosed | KeepDoubt | WasTold
"""What is asked of the logs, our own and what is held of the broker's (docs/protocol.md, section 8)."""
Command = (
    SendControl
    | OpenBulk
    | SendBulk
    | CloseBulk
    | CloseControl
    | OpenSession
    | SendSession
    | CloseSession
    | OfChannel
    | Tell
    | Inject
    | Record
    | Note
    | StartTimer
    | StopTimer
    | KeepDocuments
    | LookAgain
    | MarkCode
    | KeepReturn
    | ForgetReturn
    | FindRestart
    | RestartPc
    | Compared
    | OfReceipts
)
Talk = Generator[Command, Any, None]
"""A conversation that answers nothing to its caller."""


def tell(told: Iterable[ToDesk]) -> Talk:
    """Say all of this to the desk."""
    for said in told:
        yield Tell(said)


def to_broker(said: object) -> SendControl:
    """One control message on the control socket."""
    return SendControl(Frame(FrameKind.CONTROL, encode(said)).encode())


def to_peer(kind: FrameKind, said: object) -> SendSession:
    """One handshake or ledger message on the session socket."""
    return SendSession(Frame(kind, encode(said)).encode())
