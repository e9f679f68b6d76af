"""The broker's cores at a table: a board with one technician and one host that are listed, and a shell that only answers.

table = Table()
host, console = table.host_in(), table.console_in()
number = table.ticket(host)
visit = table.meet()                      a joined visit
commands = table.run(core, Received(...)) every command, answered by what the table says

What is recorded grows `table.log`, which is what the broker shows of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256, shake_256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from audit.checkpoint import NoteInvalid, open_note
from audit.events import evidence, shape
from audit.heads import Doubted, Held, follow
from audit.log import Side
from audit.questions import Raised
from broker.core.believed import Believed, SiteWord
from broker.core.board import Board
from broker.core.commands import (
    AddUnclosed,
    Command,
    Compared,
    Disagrees,
    Draw,
    FindHead,
    FindHeld,
    FindHost,
    FindReceipt,
    FindSignIn,
    FindUnclosed,
    HoldHead,
    HostRecord,
    KeepCopy,
    KeepDoubt,
    KeepReceipt,
    MarkClosed,
    Note,
    NoteStranger,
    OfReceipts,
    ReceiptRecord,
    Record,
    Send,
    Sign,
    SignInFacts,
    SignInId,
    SocketId,
    Talk,
    WasRaised,
    WasVisit,
)
from broker.core.console_control import ConsoleControl
from broker.core.events import Event, Opened, Received
from broker.core.host_control import HostControl
from broker.core.narrowing import documents_changed
from broker.core.session_socket import SessionSocket
from broker.core.visit import Visit
from policy.decision import Deny, Reason
from policy.instant import Instant
from policy.language import Party
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.roles import Role
from tests.helpers.grown_log import GrownLog
from tests.helpers.playbook import NOON, Playbook
from tests.helpers.views import ALLOWS_ALL, SITE, listed_host, rules, site_terms, technician, view
from trust.rulebooks import book_of
from trust.signatures import Ed25519Signer, ed25519_verifies
from trust.view import Technician
from wire.code import first_half_digest
from wire.frames import Frame, FrameKind, split_frame
from wire.messages import ledger
from wire.messages.documents import Authenticator, AuthenticatorType, ListedHost
from wire.messages.presence import BrokerHello, BrokerHelloPayload, EndProof, EndProofPayload, EndRole, Hello, Refused
from wire.messages.session import SocketPass
from wire.messages.ticket import TicketClaim, TicketOpen, TicketSpent
from wire.schema import MalformedMessage, decode, encode, read_part
from wire.statements import Label

T = TypeVar("T")
HALF = "K7QF"
SALT = bytes(32)
TECHNICIAN, HOST = "t-anna", "h-one"
FILE = ledger.FileCommitted(bytes(32), bytes(32), 20)
"""A file of at most 1 MiB."""
SIGN_IN = SignInId(b"sign-in of anna")


def control(said: object) -> Received:
    """A control message as it is received."""
    return Received(Frame(FrameKind.CONTROL, encode(said)).encode())


def framed(kind: FrameKind, body: bytes) -> Received:
    """Any frame as it is received."""
    return Received(Frame(kind, body).encode())


def believed(
    person: Technician,
    *hosts: ListedHost,
    vendor: str = ALLOWS_ALL,
    sites: Mapping[str, SiteWord | None] | None = None,
    over: float = NOON.utc + 86_400,
    files: Mapping[str, bytes] | None = None,
) -> Believed:
    """Signed documents of these, composed at noon."""
    composed = view((person,), hosts, vendor_policy=vendor)
    book = book_of(Party.VENDOR, vendor, ZoneInfo)
    return Believed(composed, book, files or {}, sites or {}, over, over, NOON.utc, NOON.boot)


def site_word(text: str, *phi_hosts: str, files: Mapping[str, bytes] | None = None) -> SiteWord:
    """What a site's own documents say."""
    return SiteWord(book_of(Party.SITE, rules("site", text), ZoneInfo), site_terms(*phi_hosts), files or {})


@dataclass
class Table:
    """Everything a core meets. Change `durable`, `facts` or `enrolled` to change what the shell answers."""

    broker_key: Ed25519Signer = field(default_factory=lambda: Ed25519Signer(b"b" * 32))
    device: Ed25519Signer = field(default_factory=lambda: Ed25519Signer(b"d" * 32))
    host_key: Ed25519Signer = field(default_factory=lambda: Ed25519Signer(b"h" * 32))
    durable: bool = True
    facts: SignInFacts | None = field(default_factory=lambda: SignInFacts(TECHNICIAN, 10.0))
    enrolled: HostRecord | None = None
    now: Instant = NOON
    drawn: int = 0
    sockets: int = 0
    held: dict[str, Held] = field(default_factory=dict)
    ended: set[tuple[str, str]] = field(default_factory=set)
    """Visits that are over, with their hosts."""
    receipts: dict[str, ReceiptRecord] = field(default_factory=dict)
    stored: bool = True
    """Receipts can be kept."""
    unclosed: dict[str, str] = field(default_factory=dict)
    kept: list[Raised] = field(default_factory=list)
    """Doubts."""

    def __post_init__(self) -> None:
        listed = Authenticator(AuthenticatorType.ED25519, self.device.public_key, "browser")
        self.person = technician(TECHNICIAN, "blue", devices=(listed,), name="Anna", company="Vendor")
        self.listed = listed_host(HOST, "blue", self.host_key.public_key, name="Analyser", site=SITE)
        self.log = GrownLog(Side.BROKER, self.broker_key)
        self.host_log = GrownLog(Side.HOST, self.host_key)
        self.board = Board("b-broker", (bytes(32),), lambda kind, _key: kind.value, self.broker_key.public_key)
        self.board.believed = believed(self.person, self.listed)

    def publish(self, new: Believed | None) -> list[Any]:
        """Let other documents take effect; every command."""
        return self.carry(documents_changed(self.board, new, self.now))

    # ---- the shell

    def answer(self, command: Command) -> object:  # noqa: PLR0911 - a table of one line each
        """What a shell would answer."""
        match command:
            case Record(events):
                if self.durable:
                    self.log.add(*events)
                    self._filed(*events)
                return self.durable
            case Note(event) | NoteStranger(_, event):
                self.log.add(event)
                return None
            case Draw(count):
                self.drawn += 1
                return shake_256(str(self.drawn).encode()).digest(count)
            case Sign(label, payload):
                return self.broker_key.sign_payload(label, payload)
            case FindSignIn():
                return self.facts
            case FindHost():
                return self.enrolled
            case (
                FindHead()
                | FindHeld()
                | HoldHead()
                | FindUnclosed()
                | AddUnclosed()
                | MarkClosed()
                | KeepDoubt()
                | WasRaised()
                | Disagrees()
            ):
                return self._compared(command)
            case WasVisit() | FindReceipt() | KeepReceipt() | KeepCopy():
                return self._of_receipts(command)
            case _:
                return None

    def _filed(self, *events: shape.Event) -> None:
        for each in events:
            if isinstance(each, evidence.ReceiptSigned):
                self.receipts[each.session_id] = replace(self.receipts[each.session_id], recorded=True)
            elif isinstance(each, evidence.ReceiptKept):
                self.receipts[each.session_id] = replace(self.receipts[each.session_id], copy_recorded=True)

    def _of_receipts(self, command: OfReceipts) -> object:
        match command:
            case WasVisit(session_id, host_id):
                return (session_id, host_id) in self.ended
            case FindReceipt(session_id):
                return self.receipts.get(session_id)
            case KeepReceipt(session_id, host_id, digest):
                if self.stored:
                    self.receipts[session_id] = ReceiptRecord(host_id, digest, recorded=False, copy_digest=b"", copy_recorded=False)
            case KeepCopy(session_id, content):
                if self.stored:
                    self.receipts[session_id] = replace(self.receipts[session_id], copy_digest=sha256(content).digest())
        return self.stored

    def _compared(self, command: Compared) -> object:  # noqa: C901 - a table of one line each
        match command:
            case FindHead(since, session_id):
                return self.log.head(since, session_id) if self.durable else Deny(Reason.LOG_UNAVAILABLE)
            case FindHeld(subject):
                return self.held.get(subject)
            case HoldHead(subject, held):
                self.held[subject] = held
            case FindUnclosed(host_id):
                return tuple(session for session, host in self.unclosed.items() if host == host_id)
            case AddUnclosed(session_id, host_id):
                if self.durable:
                    self.unclosed[session_id] = host_id
                return self.durable
            case MarkClosed(session_id):
                self.unclosed.pop(session_id, None)
            case KeepDoubt(raised):
                if self.durable:
                    self.kept.append(raised)
                return self.durable
            case WasRaised(raised):
                return any((each.subject, each.doubt, each.held) == (raised.subject, raised.doubt, raised.held) for each in self.kept)
            case _:
                return self._disagrees(command.note)
        return None

    def _disagrees(self, note: str) -> bool:
        head = self.log.head(0)
        assert head is not None
        try:
            held = Held(open_note(note, self.broker_key.public_key, ed25519_verifies), note)
            head = self.log.head(held.checkpoint.size)
            assert head is not None
            follow(held, head, Side.BROKER, self.broker_key.public_key, ed25519_verifies)
        except NoteInvalid:
            return False
        except Doubted:
            return True
        return False

    def run(self, core: Any, event: Event) -> list[Any]:
        """Let a core answer an event; every command, in order."""
        return (Playbook(core.handle, self.now) >> event).drain(self.answer)

    def carry(self, talk: Talk) -> list[Any]:
        """The same for a conversation that no event began."""
        return (Playbook(lambda _event, _now: talk, self.now) >> Opened()).drain(self.answer)

    def socket(self) -> SocketId:
        """A new one."""
        self.sockets += 1
        return SocketId(self.sockets)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now = self.now.after(seconds)

    # ---- people who come in

    def host_core(self) -> HostControl:
        """A host's socket with nothing said on it."""
        return HostControl(self.board, self.socket(), "192.0.2.1")

    def console_core(self, sign_in: SignInId = SIGN_IN, technician_id: str = TECHNICIAN, role: Role = Role.TECHNICIAN) -> ConsoleControl:
        """A console's socket with nothing said on it."""
        return ConsoleControl(self.board, self.socket(), "192.0.2.2", sign_in, technician_id, role)

    def greet(self, core: Any, role: EndRole, subject: str) -> bytes:
        """Say hello; the broker's nonce."""
        hello = one(self.run(core, control(Hello(1, role, subject, bytes(32), (), ()))), BrokerHello)
        return read_part(BrokerHelloPayload, hello.statement.payload).broker_nonce

    def proof(self, role: EndRole, subject: str, nonce: bytes, signer: Ed25519Signer) -> Received:
        """The proof that answers this nonce."""
        label = Label.HOST_HELLO if role is EndRole.HOST else Label.DEVICE_HELLO
        return control(EndProof(signer.sign(label, EndProofPayload(subject, "b-broker", nonce, bytes(32)))))

    def prove(self, core: Any, role: EndRole, subject: str, signer: Ed25519Signer) -> list[Any]:
        """Hello and proof; what the proof brought."""
        return self.run(core, self.proof(role, subject, self.greet(core, role, subject), signer))

    def host_in(self) -> HostControl:
        """A proven host."""
        core = self.host_core()
        self.prove(core, EndRole.HOST, HOST, self.host_key)
        return core

    def console_in(self, sign_in: SignInId = SIGN_IN) -> ConsoleControl:
        """A proven console."""
        core = self.console_core(sign_in)
        self.prove(core, EndRole.CONSOLE, TECHNICIAN, self.device)
        return core

    def ticket(self, host: HostControl) -> str:
        """The host shows a code."""
        self.run(host, control(TicketOpen(SALT, first_half_digest(SALT, HALF))))
        assert host.host is not None
        assert host.host.ticket is not None
        return host.host.ticket.number

    def claim(self, console: ConsoleControl, number: str, half: str = HALF, case: str = "CASE-1") -> list[Any]:
        """The technician enters it."""
        return self.run(console, control(TicketClaim(number, half, Purpose.FAULT, case)))

    def admitted(self) -> "Meeting":
        """A visit that nobody has joined yet."""
        host, console = self.host_in(), self.console_in()
        self.claim(console, self.ticket(host))
        (visit,) = self.board.visits.values()
        host_end = SessionSocket(self.board, self.socket(), "192.0.2.1", None)
        console_end = SessionSocket(self.board, self.socket(), "192.0.2.2", SIGN_IN)
        return Meeting(self, host, console, host_end, console_end, visit)

    def meet(self) -> "Meeting":
        """A visit that both ends have joined."""
        meeting = self.admitted()
        meeting.join(meeting.host_end, EndRole.HOST)
        meeting.join(meeting.console_end, EndRole.CONSOLE)
        return meeting


@dataclass
class Meeting:
    """One visit and the cores around it."""

    table: Table
    host: HostControl
    console: ConsoleControl
    host_end: SessionSocket
    console_end: SessionSocket
    visit: Visit

    def join(self, end: SessionSocket, role: EndRole) -> list[Any]:
        """Give the pass."""
        return self.table.run(end, control(SocketPass(self.visit.session_id, self.visit.entries[role].socket_pass)))

    def asked(self, ask: int = 1, permission: Permission = Permission.VIEW) -> ledger.Asked:
        """A request as an honest console writes it."""
        visit, to_host = self.visit, permission is Permission.FILE_TO_HOST
        asked = ledger.Asked(visit.session_id, ask, TECHNICIAN, HOST, permission, Purpose.FAULT, "CASE-1", bytes(32), 1)
        return replace(asked, file=FILE) if to_host else asked

    def answered(
        self, ask: int = 1, permission: Permission = Permission.VIEW, answer: ledger.Answer = ledger.Answer.ALLOW
    ) -> ledger.Answered:
        """An answer as an honest host writes it."""
        by, reason = ledger.AnsweredBy("lab", "c1", ""), None if answer is ledger.Answer.ALLOW else Reason.REFUSED_BY_PERSON
        said = ledger.Answered(self.visit.session_id, ask, TECHNICIAN, HOST, permission, answer, reason, bytes(32), "en", by, 600, 1)
        allowed_file = answer is ledger.Answer.ALLOW and permission in {Permission.FILE_TO_HOST, Permission.FILE_FROM_HOST}
        file = FILE if allowed_file and permission is Permission.FILE_FROM_HOST else None
        return replace(said, scope=ledger.FileScope.THIS, file=file) if allowed_file else said

    def by_console(self, label: Label, part: object) -> list[Any]:
        """The console states something."""
        return self.table.run(self.console_end, framed(FrameKind.LEDGER, encode(self.table.device.sign(label, part))))

    def by_host(self, label: Label, part: object) -> list[Any]:
        """The host states something."""
        return self.table.run(self.host_end, framed(FrameKind.LEDGER, encode(self.table.host_key.sign(label, part))))

    def seal(self) -> None:
        """The agreement is confirmed."""
        self.table.run(self.host, control(TicketSpent(self.visit.ticket, self.visit.session_id)))

    def file(self, ask: int = 2) -> list[Any]:
        """A file to the host was asked and allowed; what the answer led to."""
        self.by_console(Label.ASKED, self.asked(ask, Permission.FILE_TO_HOST))
        return self.by_host(Label.ANSWERED, self.answered(ask, Permission.FILE_TO_HOST))

    def view(self) -> None:
        """View was asked and allowed."""
        self.seal()
        self.by_console(Label.ASKED, self.asked())
        self.by_host(Label.ANSWERED, self.answered())


def messages(commands: list[Any], cls: type[T], to: SocketId | None = None) -> list[T]:
    """Every control message of this class that was sent (to this socket)."""
    found = []
    for command in commands:
        if isinstance(command, Send) and to in {None, command.to}:
            frame = split_frame(command.frame)
            try:
                found.append(decode(frame.body, cls))
            except MalformedMessage:
                continue
    return found


def one(commands: list[Any], cls: type[T], to: SocketId | None = None) -> T:
    """The only control message of this class."""
    (only,) = messages(commands, cls, to)
    return only


def refused(commands: list[Any]) -> list[Reason]:
    """The reasons that were told."""
    return [said.reason for said in messages(commands, Refused)]


def noted(commands: list[Any]) -> list[Any]:
    """Every event that was recorded, before or after."""
    events: list[Any] = []
    for command in commands:
        if isinstance(command, Record):
            events += command.events
        if isinstance(command, Note | NoteStranger):
            events.append(command.event)
    return events


def unlisted(table: Table) -> None:
    """The documents name another host, and everybody else has yet to hear of it."""
    table.board.believed = believed(table.person, replace(table.listed, id="h-other", key=bytes(32)))
