"""What a core can want done. Only the shell (`broker/web/shell.py`) performs these.

command        answer through send()
Record         True when durable
FindHead       Head; None: that visit is not ended in this log; Deny: the log cannot be written, so it has no newest head
FindHeld       Held, or None
FindUnclosed   ids of visits
Disagrees      True if this log signed that and cannot continue it
WasRaised      True if so
AddUnclosed    True when durable
KeepDoubt      True when durable
Draw           that many random bytes
Sign           the Statement
FindSignIn     SignInFacts, or None when it is over
FindHost       HostRecord, or None
the others     None
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NewType

from audit.events.shape import Event as AuditEvent
from audit.heads import Held
from audit.questions import Raised
from broker.core.events import Timer
from policy.decision import Reason
from policy.throttle import Tally
from wire.frames import Frame, FrameKind
from wire.messages.presence import Refused
from wire.schema import encode
from wire.statements import Label, Statement

SocketId = NewType("SocketId", int)
SignInId = NewType("SignInId", bytes)
"""Names a sign-in for as long as it lasts, while its cookie changes; worth nothing to a thief."""


class Unhurried(bytes):
    """A frame that may wait behind a slow reader without being counted against it: signed documents, which many sockets share."""


@dataclass(frozen=True, slots=True)
class Send:
    """Put a frame on a socket. A socket that is gone, or does not read, loses it."""

    to: SocketId
    frame: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Close a socket after what was sent before. Its core gets `Closed`."""

    socket: SocketId
    reason: Reason


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fire after `seconds`; starting it again moves it."""

    socket: SocketId
    timer: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class Record:
    """Make these entries durable, all or none, before anything else happens here."""

    events: tuple[AuditEvent, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Record what was already done or refused. If it cannot be written now it is kept and written before any other."""

    event: AuditEvent


@dataclass(frozen=True, slots=True)
class NoteStranger:
    """Record that an unproven peer was refused; beyond ten a minute and address they are counted instead."""

    address: str
    event: AuditEvent


@dataclass(frozen=True, slots=True)
class Draw:
    """Entropy."""

    count: int


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign with the broker's key."""

    label: Label
    payload: bytes


@dataclass(frozen=True, slots=True)
class FindSignIn:
    """The sign-in as it stands now."""

    sign_in: SignInId


@dataclass(frozen=True, slots=True)
class FindHost:
    """A host as it enrolled."""

    host_id: str


@dataclass(frozen=True, slots=True)
class KeepTally:
    """Store how often this subject failed."""

    subject: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Call:
    """A technician's request to be called, as it was signed; `at` is when, in seconds since 1970."""

    host_id: str
    technician_id: str
    statement: Statement
    at: int

    @property
    def key(self) -> tuple[str, str]:
        """One of each technician waits at each host."""
        return self.host_id, self.technician_id


@dataclass(frozen=True, slots=True)
class KeepCall:
    """Store a request to be called in the place of an older one, so that it outlives a restart."""

    call: Call


@dataclass(frozen=True, slots=True)
class ForgetCall:
    """It waits no longer."""

    call: Call


@dataclass(frozen=True, slots=True)
class SignInFacts:
    """A live sign-in. `factor_age` in seconds."""

    technician_id: str
    factor_age: float


@dataclass(frozen=True, slots=True)
class HostRecord:
    """An enrolled host: the key it made, its site, and whether its administrator said that it holds health data."""

    key: bytes
    site: str
    phi: bool


@dataclass(frozen=True, slots=True)
class FindHead:
    """Where this broker's log stands: that it continues its first `since` entries, and the end of this visit, if one is named."""

    since: int
    session_id: str


@dataclass(frozen=True, slots=True)
class FindHeld:
    """The newest checkpoint that was believed of this host's log."""

    subject: str


@dataclass(frozen=True, slots=True)
class HoldHead:
    """Believe this one from now on."""

    subject: str
    held: Held


@dataclass(frozen=True, slots=True)
class FindUnclosed:
    """Visits with this host whose end it has not shown."""

    host_id: str


@dataclass(frozen=True, slots=True)
class AddUnclosed:
    """A visit begins: its end will be asked for until it was shown, whatever falls down meanwhile."""

    session_id: str
    host_id: str


@dataclass(frozen=True, slots=True)
class MarkClosed:
    """The end of this visit is asked for no more."""

    session_id: str


@dataclass(frozen=True, slots=True)
class KeepDoubt:
    """Store a doubt until a named person acknowledges it, and say it on the process's own log."""

    raised: Raised


@dataclass(frozen=True, slots=True)
class WasRaised:
    """Was this doubt, about the same note, kept before, acknowledged or not?"""

    raised: Raised


@dataclass(frozen=True, slots=True)
class Disagrees:
    """Was this note signed with the broker's key, over a log that this one does not continue? One acknowledgement covers what was
    signed before it.
    """

    note: str


Stored = FindSignIn | FindHost | KeepTally | KeepCall | ForgetCall
"""What the store is asked."""


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """What is kept of a visit's receipt, and what of it is recorded: a broker may have been killed between the two.

    `copy_digest` is empty while there is no copy.
    """

    host_id: str
    digest: bytes
    recorded: bool
    copy_digest: bytes
    copy_recorded: bool


@dataclass(frozen=True, slots=True)
class WasVisit:
    """Was this a visit of this host, and is it over in the log?"""

    session_id: str
    host_id: str


@dataclass(frozen=True, slots=True)
class FindReceipt:
    """What is known of this visit's receipt."""

    session_id: str


@dataclass(frozen=True, slots=True)
class KeepReceipt:
    """This digest is signed for this visit, and no other ever will be."""

    session_id: str
    host_id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class KeepCopy:
    """The copy of a receipt, sealed to somebody else."""

    session_id: str
    content: bytes


OfReceipts = WasVisit | FindReceipt | KeepReceipt | KeepCopy
"""What the store is asked about receipts; the last two answer True when it is durable."""
Compared = FindHead | FindHeld | HoldHead | FindUnclosed | AddUnclosed | MarkClosed | KeepDoubt | WasRaised | Disagrees
"""What is asked of the logs, its own and those of the hosts (docs/protocol.md, section 8)."""
Command = Send | Close | StartTimer | Record | Note | NoteStranger | Draw | Sign | Stored | Compared | OfReceipts
Talk = Generator[Command, Any, None]
"""A conversation that answers nothing to its caller."""


def say(to: SocketId, said: object) -> Send:
    """Send one control message."""
    return Send(to, Frame(FrameKind.CONTROL, encode(said)).encode())


def refuse(to: SocketId, about: str, reason: Reason) -> Send:
    """Tell a peer that something did not happen, and only why."""
    return say(to, Refused(about, reason))
