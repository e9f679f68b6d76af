"""What can happen to the guardian. Its shell makes these, one at a time; the cores answer each with commands."""

from dataclasses import dataclass
from enum import StrEnum

from audit.questions import Raised
from host_client.core.site_rules import SiteFile
from host_client.link_frames import ToGuardian
from policy.carrier import DirectCause
from wire.sealed.direct import DirectCandidate


class Timer(StrEnum):
    """Deadlines that the cores can set, each at most once at a time."""

    OPENING = "opening"
    CODE = "code"
    AGREEMENT = "agreement"
    PROMPT = "prompt"
    RENEW = "renew"
    LEASE = "lease"
    HARD_LIMIT = "hard_limit"
    RECONNECT = "reconnect"
    """A visit whose line was cut is over."""
    RECONNECT_TRY = "reconnect_try"
    IDLE = "idle"
    """Nobody has done anything for a while."""
    POLICY = "policy"
    """The site's hours close what is open now."""
    DOCUMENTS = "documents"
    """Something in the signed documents is over."""
    LOG = "log"
    """Nothing could be recorded for LOG_GRACE_SECONDS. No core sets it: whoever writes the log does."""
    BULK = "bulk"
    """A file is granted, and no bulk socket carries it."""
    RESTART = "restart"
    """The PC restarts now."""
    RETURN = "return"
    """The way back that was found at the start is over, and nobody could use it."""
    DIRECT = "direct"
    """A try to send content directly takes too long, or the next one is due."""
    HEADS = "heads"
    """Compare logs again: nothing has happened for a while."""


@dataclass(frozen=True, slots=True)
class DirectEnd:
    """How one end is reached over a channel of its own. `fingerprint` is SHA-256 of its certificate there."""

    fingerprint: bytes
    ufrag: str
    pwd: str
    candidates: tuple[DirectCandidate, ...]


@dataclass(frozen=True, slots=True)
class ControlOpened:
    """The control socket is up, and nothing is proven. `leaf` is SHA-256 of the certificate that TLS was given."""

    leaf: bytes


@dataclass(frozen=True, slots=True)
class ControlReceived:
    """One whole message of the control socket."""

    data: bytes


@dataclass(frozen=True, slots=True)
class ControlClosed:
    """The control socket is gone, or could not be opened. `certificate` says that TLS refused the broker's certificate."""

    certificate: bool = False


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """The session socket is up; its pass was presented."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionReceived:
    """One whole message of the session socket."""

    session_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The session socket is gone, or could not be opened."""

    session_id: str


@dataclass(frozen=True, slots=True)
class BulkReceived:
    """One whole message of the bulk socket."""

    session_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BulkClosed:
    """The bulk socket is gone, or could not be opened."""

    session_id: str


@dataclass(frozen=True, slots=True)
class DirectWaits:
    """This PC can be reached so; None: at no address that the site allows."""

    session_id: str
    attempt: int
    here: DirectEnd | None


@dataclass(frozen=True, slots=True)
class DirectOpened:
    """The channel is open, and the fingerprint is the one that was agreed. `near` and `far` are the two addresses."""

    session_id: str
    attempt: int
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class DirectEmptied:
    """Everything that was sent over the relay has left, and new content is held."""

    session_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class DirectLost:
    """The channel broke, or could not be opened."""

    session_id: str
    attempt: int
    cause: DirectCause


@dataclass(frozen=True, slots=True)
class DeskSaid:
    """One message of the desk."""

    said: ToGuardian


@dataclass(frozen=True, slots=True)
class DeskLost:
    """The desk died, hung, or broke the rules of the link."""


@dataclass(frozen=True, slots=True)
class SiteRulesRead:
    """The site's own document was read, at the start or because it changed. None: there is none."""

    read: SiteFile | None


@dataclass(frozen=True, slots=True)
class ReturnFound:
    """At the start: a restart that was allowed left a way back, in these bytes. Its file is gone already."""

    kept: bytes


@dataclass(frozen=True, slots=True)
class DoubtsRead:
    """At the start: which doubts stand."""

    standing: tuple[Raised, ...]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A named person at this host has seen what there is about this log; it is recorded, and what was held is forgotten."""

    subject: str


@dataclass(frozen=True, slots=True)
class Fired:
    """A deadline passed. `second`: of the person who only watches."""

    timer: Timer
    second: bool = False


@dataclass(frozen=True, slots=True)
class Stopping:
    """The guardian was told to stop."""


OfDirect = DirectWaits | DirectOpened | DirectEmptied | DirectLost
Event = (
    ControlOpened
    | ControlReceived
    | ControlClosed
    | SessionOpened
    | SessionReceived
    | SessionClosed
    | BulkReceived
    | BulkClosed
    | OfDirect
    | DeskSaid
    | DeskLost
    | SiteRulesRead
    | ReturnFound
    | DoubtsRead
    | Acknowledged
    | Fired
    | Stopping
)
