"""The host's core with everything around it played by the test: broker, technician, desk, disk and clock.

    stage = Stage()
    stage.online()                        the control socket, opened and proven
    code = stage.code()                   Get help -> the code as shown
    far = stage.sealed()                  a technician at the other end, both proven
    far.ask(Permission.VIEW); stage.allow()

`stage.own` is the log that the host shows, `stage.broker_log` the broker's; `stage.evidence` is what the host keeps of it.
`stage.log` is what was recorded, in order; `stage.disk` False makes the disk fail; `stage.did` are the commands since the
last event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from audit.events.shape import Event as AuditEvent
from audit.heads import Held as HeldHead
from audit.log import Side
from audit.questions import Raised
from host_client.core.commands import (
    AddUnclosed,
    Carried,
    CloseDirect,
    Command,
    FindHead,
    FindHeld,
    FindRestart,
    FindUnclosed,
    FinishReceipt,
    ForgetReturn,
    HoldHead,
    KeepCountersigned,
    KeepDocuments,
    KeepDoubt,
    KeepReturn,
    LookAgain,
    MakeReceipt,
    MarkClosed,
    NextReceipt,
    Note,
    Record,
    RelayContent,
    RestartPc,
    SealReceipt,
    SendControl,
    SendSession,
    Talk,
    Tell,
    WasTold,
)
from host_client.core.events import ControlClosed, ControlOpened, ControlReceived, DeskSaid, Event, SessionOpened, SessionReceived
from host_client.core.guardian import Guardian
from host_client.core.in_force import Held, InForce, Taken
from host_client.core.ports import Enrolled, Ports
from host_client.core.trusted import Trusted
from host_client.guardian.texts import CatalogueTexts
from host_client.link import DeskReady, GetHelp, Given, PromptAnswered, ShowCode, ShowPrompt, UiKind
from host_client.link_frames import ToGuardian
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.language import Party
from policy.permissions import Direction, Lane, Permission
from policy.purpose import Purpose
from policy.rulebook import Rulebook
from tests.helpers.grown_log import GrownLog
from tests.helpers.playbook import NOON
from tests.helpers.receipt_shelf import ReceiptShelf
from tests.helpers.views import device, listed_host, technician, view
from trust.bundle import pieces
from trust.keys import fingerprint
from trust.rulebooks import book_of, silent
from trust.signatures import Ed25519Signer
from wire.code import read_code
from wire.commitments import commitment
from wire.frames import Frame, FrameKind, split_frame, split_record
from wire.messages import ledger, presence
from wire.messages.documents import DocumentFile, DocumentsBundle, DocumentsPiece, ListedBroker, Repository
from wire.messages.handshake import AgreementFailed, AgreementOpen, HostShare, HostTag
from wire.messages.session import PeerPresent
from wire.messages.ticket import SessionOffered, TicketOpen, TicketOpened
from wire.schema import decode, encode, name_of, read_part
from wire.sealed import agreement
from wire.sealed.agreement import ConsoleAgreement
from wire.sealed.identities import LABELS, identity_of
from wire.sealed.inner import AskWords, FileWords, SessionIdentity, SessionRole
from wire.sealed.records import Channel, Opener, Sealer
from wire.statements import Label, Statement

T = TypeVar("T")
HOST, BROKER, TECHNICIAN, SESSION, TICKET = "h-1", "b-1", "t-ann", "s-1", "482913"
RESTART_SECONDS = 30
LEAF = sha256(b"certificate").digest()
FILE = FileWords("a.txt", folder=False, files=1, size=0, manifest=0, digest=sha256(b"").digest(), key=b"f" * 32)
FILE_COMMITTED = ledger.FileCommitted(commitment(FILE.key, FILE.name), commitment(FILE.key, FILE.digest.hex()), 0)


def counted_entropy() -> Callable[[int], bytes]:
    """Different bytes each time, the same in each run."""
    drawn = iter(range(1_000_000))
    return lambda count: (sha256(str(next(drawn)).encode()).digest() * 8)[:count]


@dataclass
class KeptEvidence:
    """What a host keeps of its broker's log."""

    held: HeldHead | None = None
    unclosed: list[str] = field(default_factory=list)
    doubts: list[Raised] = field(default_factory=list)


@dataclass
class Stage:
    """One host's core and the world around it."""

    phi: bool = False
    groups: tuple[str, ...] = ("blue",)
    disk: bool = True
    now: Instant = NOON
    log: list[AuditEvent] = field(default_factory=list)
    did: list[Command] = field(default_factory=list)
    system: Reason | None = None
    """Why the system does not restart."""
    system_says: Reason | None = None
    """Why it says before that it would not."""
    carried: Carried = field(default_factory=Carried)
    counts: bool = True
    """What a channel carried, and whether the far end counts as it should."""

    def __post_init__(self) -> None:
        self.broker = Ed25519Signer(b"b" * 32)
        self.key, self.device = Ed25519Signer(b"h" * 32), Ed25519Signer(b"d" * 32)
        self.enrolled = Enrolled(HOST, "PC 1", "AX", self.phi, BROKER, self.broker.public_key)
        self.trusted = Trusted(self.enrolled, self.key.public_key)
        self.ports = Ports(counted_entropy(), self.key, CatalogueTexts(), fingerprint, restart_seconds=RESTART_SECONDS)
        self.own, self.broker_log = GrownLog(Side.HOST, self.key), GrownLog(Side.BROKER, self.broker)
        self.evidence = KeptEvidence()
        self.core = Guardian(self.trusted, self.ports)
        self.receipts = ReceiptShelf(self.key)
        self.version, self.kept = 0, 0
        self.published: dict[int, InForce] = {}
        self.far: Far | None = None
        self.returning: bytes | None = None
        """The way back as it is kept over a restart."""
        self.beside: Far | None = None
        """Somebody who only watches (`host_second.py`)."""

    # ---- the world

    def papers(self, *, listed: bool = True, active: bool = True, **changed: Any) -> DocumentsPiece:
        """The next signed documents, on their way. `changed` are values of the view (`tests/helpers/views.py`)."""
        self.version += 1
        devices = (device(self.device.public_key),)
        person = technician(TECHNICIAN, *self.groups, devices=devices, name="Ann", company="Acme", active=active)
        host = listed_host(HOST, "blue", self.key.public_key, name="Analyser", site="Site", model="AX", phi=self.phi)
        values: dict[str, Any] = {"technicians": (person,), "hosts": (host,) if listed else (), "vendor": "Vendor"}
        values |= {"broker": ListedBroker(BROKER, self.broker.public_key), "version": self.version}
        self.published[self.version] = self.documents(**values | changed)
        return self.piece(self.version)

    def documents(self, **values: Any) -> InForce:
        """What is in force when these documents stand."""
        site_over = values.pop("site_over", False)
        over = values.pop("over", self.now.utc + 86_400)
        until = values.pop("until", over)
        site = values.get("site_policy")
        made = view(**values, digest=sha256(repr(values).encode()).digest())
        signed: Rulebook | None = silent(Party.SITE) if site is None else book_of(Party.SITE, site, ZoneInfo)
        if site_over:
            signed = None
        return InForce(made, book_of(Party.VENDOR, made.vendor_policy, ZoneInfo), signed, over, until, self.now.utc, self.now.boot)

    def piece(self, version: int) -> DocumentsPiece:
        """The documents of this version, once more."""
        bundle = DocumentsBundle(Repository.VENDOR, "Site", (DocumentFile(f"metadata/{version}.snapshot.json", str(version).encode()),))
        (only,) = pieces(bundle)
        return only

    def _keep(self, bundle: DocumentsBundle) -> Taken | Reason:
        version = int(bundle.files[0].content)
        if version not in self.published:
            return Reason.DOCUMENT_INVALID
        if version < self.kept:
            return Reason.DOCUMENT_STALE
        if not self.disk:
            return Reason.LOG_UNAVAILABLE
        changed, self.kept = version > self.kept, version
        return Taken(changed, self.published[version], Held((bundle.files[0].path,)))

    def wait(self, seconds: float) -> None:
        """Let both clocks run on."""
        self.now = self.now.after(seconds)

    def give(self, event: Event) -> list[Command]:
        """One event; the commands it led to. The log is written on the way."""
        return self.perform(self.core.handle(event, self.now))

    def perform(self, talk: Talk) -> list[Command]:
        """The commands of one conversation, each answered."""
        reply: object = None
        self.did = []
        while True:
            try:
                command = talk.send(reply)
            except StopIteration:
                break
            self.did.append(command)
            reply = self._record(command)
        for far in (self.far, self.beside):
            if far is not None:
                far.take()
        return self.did

    def _record(self, command: Command) -> object:
        if isinstance(command, Record):
            if self.disk:
                self.log += command.events
                self.own.add(*command.events)
            return self.disk
        if isinstance(command, Note):
            self.log.append(command.event)
            self.own.add(command.event)
        if isinstance(command, CloseDirect | RelayContent):
            return self.carried if isinstance(command, CloseDirect) else self.counts
        if isinstance(command, LookAgain):
            documents = self.trusted.documents
            return documents if documents is not None and documents.moment(self.now) < documents.over else None
        if isinstance(command, KeepReturn | ForgetReturn):
            kept = isinstance(command, KeepReturn) and self.disk
            self.returning = command.ticket if isinstance(command, KeepReturn) and kept else None
            return kept
        if isinstance(command, FindRestart | RestartPc):
            return self.system if isinstance(command, RestartPc) else self.system_says
        if isinstance(command, MakeReceipt | NextReceipt | KeepCountersigned | SealReceipt | FinishReceipt):
            return self.receipts.answer(command, disk=self.disk and not self.receipts.full)
        return self._keep(command.bundle) if isinstance(command, KeepDocuments) else self._compared(command)

    def _compared(self, command: Command) -> object:
        kept = self.evidence
        match command:
            case FindHead(since, session_id):
                return self.own.head(since, session_id) if self.disk else Deny(Reason.LOG_UNAVAILABLE)
            case FindHeld():
                return kept.held
            case FindUnclosed():
                return tuple(kept.unclosed)
            case WasTold(raised):
                return any((each.doubt, each.held) == (raised.doubt, raised.held) for each in kept.doubts if each.told)
            case HoldHead(held):
                kept.held = held
            case AddUnclosed(session_id) if self.disk:
                kept.unclosed.append(session_id)
            case MarkClosed(session_id) if session_id in kept.unclosed:
                kept.unclosed.remove(session_id)
            case KeepDoubt(raised):
                kept.doubts.append(raised)
            case _:
                pass
        return self.disk

    def logged(self, cls: type[T]) -> list[T]:
        """Entries of this class."""
        return [each for each in self.log if isinstance(each, cls)]

    def told(self, cls: type[T]) -> list[T]:
        """What the desk was told by the last event."""
        return [each.said for each in self.did if isinstance(each, Tell) and isinstance(each.said, cls)]

    def to_broker(self, cls: type[T]) -> list[T]:
        """Messages on the control socket by the last event."""
        named = f'"type":"{name_of(cls)}"'.encode()
        return [decode(each.frame[1:], cls) for each in self.did if isinstance(each, SendControl) and named in each.frame]

    # ---- control socket and desk

    def hears(self, said: object) -> list[Command]:
        """The broker says this on the control socket."""
        return self.give(ControlReceived(Frame(FrameKind.CONTROL, encode(said)).encode()))

    def greeting(self, **changed: Any) -> presence.BrokerHello:
        """The broker's hello to the hello that was just sent."""
        hello = self.to_broker(presence.Hello)[0]
        at = int(self.now.utc)
        told: dict[str, Any] = {"broker_id": BROKER, "role": presence.EndRole.HOST, "subject": HOST, "end_nonce": hello.nonce}
        told |= {"broker_nonce": bytes(32), "leaves": (LEAF,), "at": at} | changed
        signer = told.pop("signer", self.broker)
        version = told.pop("version", 1)
        statement = signer.sign(Label.BROKER_HELLO, presence.BrokerHelloPayload(**told))
        return presence.BrokerHello(version, statement)

    def online(self, papers: DocumentsPiece | None = None, *, silent: bool = False) -> None:
        """Control socket open and proven, with the next documents or these or none; a desk is there."""
        self.desk_comes()
        self.give(ControlOpened(LEAF))
        greeting = self.greeting()
        if not silent:
            self.hears(papers or self.papers())
        self.hears(greeting)
        self.hears(presence.Welcome(True, int(self.now.utc)))

    def desk_comes(self, width: int = 640) -> None:
        """A desk."""
        self.says(DeskReady(UiKind.TERMINAL, "en", "lab", "c1", width, 480))

    def says(self, said: ToGuardian) -> list[Command]:
        """The desk says this."""
        return self.give(DeskSaid(said))

    def code(self) -> str:
        """Press *Get help*."""
        self.says(GetHelp())
        assert self.to_broker(TicketOpen)
        self.hears(TicketOpened(TICKET, 600))
        return self.told(ShowCode)[0].code

    def offer(self, session: str = SESSION, ticket: str = TICKET) -> list[Command]:
        """The broker offers a visit."""
        return self.hears(SessionOffered(session, ticket, TECHNICIAN, Purpose.FAULT, "CASE-1", bytes(32), 60))

    def admitted(self) -> "Far":
        """A visit whose session socket is up, and the technician's end of it."""
        code = self.code()
        self.offer()
        self.give(SessionOpened(SESSION))
        far = self.far = Far(self, read_code(code).second)
        far.control(PeerPresent(SESSION))
        return far

    def sealed(self) -> "Far":
        """A visit whose both ends are proven."""
        far = self.admitted()
        far.agree()
        far.identify()
        return far

    def allow(self) -> ShowPrompt:
        """Say yes to the prompt that was just shown."""
        prompt = self.told(ShowPrompt)[0]
        self.wait(1.5)
        self.says(PromptAnswered(prompt.ask, Given.ALLOW))
        return prompt

    def viewing(self) -> "Far":
        """View was allowed."""
        far = self.sealed()
        far.ask(Permission.VIEW)
        self.allow()
        return far

    def controlling(self) -> "Far":
        """View and control were allowed, and one frame went out."""
        far = self.viewing()
        far.ask(Permission.CONTROL)
        self.allow()
        return far

    def lose_control_socket(self) -> list[Command]:
        """The control socket closes."""
        return self.give(ControlClosed())


class Far:
    """The technician's end, by the console's side of the wire room."""

    session, ticket, technician, watches = SESSION, TICKET, TECHNICIAN, False

    def __init__(self, stage: Stage, second: str) -> None:
        self.stage, self.second, self.device = stage, second, stage.device
        self.about = agreement.Visit(self.session, self.ticket, BROKER, HOST, self.technician)
        self.agreed: agreement.Agreed | None = None
        self.asks = 0
        self.now_opened: list[tuple[Lane, bytes]] = []
        self.sealers: dict[tuple[Lane, int], Sealer] = {}
        self.openers: dict[tuple[Lane, int], Opener] = {}

    def frames(self) -> list[Frame]:
        """What the host sent to this end by the last event."""
        return [split_frame(each.frame) for each in self.stage.did if isinstance(each, SendSession) and each.second is self.watches]

    def handshake(self, cls: type[T]) -> T:
        """The one handshake message of this class in the last answer."""
        bodies = [frame.body for frame in self.frames() if frame.kind is FrameKind.HANDSHAKE]
        return next(decode(body, cls) for body in bodies if f'"type":"{name_of(cls)}"'.encode() in body)

    def statements(self, label: Label) -> list[Statement]:
        """Statements of the host in the last answer."""
        read = [decode(frame.body, Statement) for frame in self.frames() if frame.kind is FrameKind.LEDGER]
        return [each for each in read if each.label is label]

    def answers(self) -> list[ledger.Answered]:
        """Answers of the host in the last answer."""
        return [read_part(ledger.Answered, each.payload) for each in self.statements(Label.ANSWERED)]

    def send(self, kind: FrameKind, body: bytes) -> list[Command]:
        """One frame to the host."""
        return self.stage.give(SessionReceived(self.session, Frame(kind, body).encode()))

    def control(self, said: object) -> list[Command]:
        """The broker says this on the session socket."""
        return self.send(FrameKind.CONTROL, encode(said))

    # ---- agreement

    def share(self, second: str | None = None) -> ConsoleAgreement:
        """Answer the run that was just opened."""
        opened = self.handshake(AgreementOpen)
        run = ConsoleAgreement(self.about, second or self.second, opened, nonce=b"n" * 32, scalar=b"s" * 32)
        self.send(FrameKind.HANDSHAKE, encode(run.share()))
        return run

    def agree(self, second: str | None = None) -> AgreementFailed | None:
        """One run."""
        run = self.share(second)
        self.send(FrameKind.HANDSHAKE, encode(run.tag(self.handshake(HostShare))))
        if any(b'"type":"agreement_failed"' in frame.body for frame in self.frames()):
            return self.handshake(AgreementFailed)
        self.agreed = run.confirm(self.handshake(HostTag))
        return None

    def identify(self, signer: Ed25519Signer | None = None) -> list[Command]:
        """The technician's session identity."""
        assert self.agreed is not None
        own = identity_of(SessionRole.TECHNICIAN, self.about, self.agreed)
        return self.whisper(SessionIdentity((signer or self.device).sign(LABELS[SessionRole.TECHNICIAN], own)))

    # ---- seals

    def seal(self, lane: Lane, grant: int, plain: bytes) -> bytes:
        """The body of a SEALED frame to the host."""
        assert self.agreed is not None
        if (lane, grant) not in self.sealers:
            self.sealers[lane, grant] = Sealer(self.agreed.secret, Channel(self.session, lane, grant, Direction.TO_HOST), 0.0)
        return self.sealers[lane, grant].seal(plain, 0.0)

    def record(self, lane: Lane, grant: int, plain: bytes) -> list[Command]:
        """One sealed record to the host."""
        return self.send(FrameKind.SEALED, self.seal(lane, grant, plain))

    def whisper(self, said: object) -> list[Command]:
        """One message on the control lane."""
        return self.record(Lane.CONTROL, 0, encode(said))

    def take(self) -> None:
        """Open every sealed record of the last answer: each is opened once, and in order."""
        self.now_opened = self.open(self.frames()) if self.agreed is not None else []

    def opened(self) -> list[tuple[Lane, bytes]]:
        """What the sealed records of the last answer said."""
        return self.now_opened

    def open(self, frames: list[Frame]) -> list[tuple[Lane, bytes]]:
        """Open these records."""
        assert self.agreed is not None
        found = []
        for frame in frames:
            if frame.kind is FrameKind.SEALED:
                header, sealed = split_record(frame.body)
                at = (header.lane, header.grant)
                if at not in self.openers:
                    self.openers[at] = Opener(self.agreed.secret, Channel(self.session, *at, Direction.TO_TECHNICIAN))
                found.append((header.lane, self.openers[at].open(header, sealed)))
        return found

    # ---- ledger

    def ask(self, permission: Permission, words: str = "please", *, signer: Ed25519Signer | None = None, **changed: Any) -> list[Command]:
        """A request with its words."""
        self.asks += 1
        file = FILE if permission is Permission.FILE_TO_HOST else None
        self.whisper(AskWords(self.asks, b"k" * 32, words, file))
        changed = {"file": FILE_COMMITTED} | changed if file is not None else changed
        return self.state_asked(self.asks, permission, words, signer, **changed)

    def state_asked(
        self, number: int, permission: Permission, words: str, signer: Ed25519Signer | None = None, **changed: Any
    ) -> list[Command]:
        """A signed request whose words were sent before."""
        values: dict[str, Any] = {"session_id": self.session, "ask": number, "technician_id": self.technician, "host_id": HOST}
        values |= {"permission": permission, "purpose": Purpose.FAULT, "case_reference": "CASE-1"}
        values |= {"words_commitment": commitment(b"k" * 32, words), "at": int(self.stage.now.utc)} | changed
        return self.state(Label.ASKED, ledger.Asked(**values), signer)

    def state(self, label: Label, part: object, signer: Ed25519Signer | None = None) -> list[Command]:
        """One signed statement."""
        return self.send(FrameKind.LEDGER, encode((signer or self.device).sign(label, part)))
