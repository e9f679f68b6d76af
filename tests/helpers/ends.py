"""Both ends of a visit at the level of the wire, against a real broker: for tests of what the broker lets through.

Sealed records are random bytes here: the broker cannot tell, which is the point.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from policy.decision import Reason
from policy.permissions import Lane, Permission
from policy.purpose import Purpose
from policy.session import EndCause
from tests.helpers.broker_process import COOKIE, ORIGIN, BrokerProcess, Host, P256Signer, Technician
from trust.signatures import Ed25519Signer
from wire.code import first_half_digest
from wire.frames import Frame, FrameKind, RecordHeader, split_frame
from wire.messages import ledger, presence, ticket
from wire.messages.presence import EndRole
from wire.messages.session import PeerPresent, SocketPass
from wire.schema import MalformedMessage, decode, encode, name_of, read_part
from wire.statements import Label, Statement

T = TypeVar("T")
FIRST_HALF = "K7QF"
WITHIN = 10.0
"""Seconds in which the broker answers anything."""


class Wire:
    """One WebSocket. `hear` reads frames in order; `until` skips what is not asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, said: object) -> None:
        """Send one control message."""
        await self.socket.send(Frame(FrameKind.CONTROL, encode(said)).encode())

    async def send(self, kind: FrameKind, body: bytes) -> None:
        """Send any frame."""
        await self.socket.send(Frame(kind, body).encode())

    async def frame(self) -> Frame:
        """The next frame."""
        async with asyncio.timeout(WITHIN):
            data = await self.socket.recv()
        assert isinstance(data, bytes)
        return split_frame(data)

    async def hear(self, cls: type[T]) -> T:
        """The next frame, which must be this control message. Fails the test if it is another, and says what it was."""
        frame = await self.frame()
        try:
            return decode(frame.body, cls)
        except MalformedMessage as fault:
            raise AssertionError(f"{frame.kind.name} {frame.body[:300]!r} is no {cls.__name__}") from fault

    async def until(self, cls: type[T]) -> T:
        """The next control message of this class, whatever else comes first."""
        while True:
            frame = await self.frame()
            if frame.kind is FrameKind.CONTROL and b'"type":"' + name_of(cls).encode() + b'"' in frame.body:
                return decode(frame.body, cls)

    async def closed(self) -> str:
        """Wait for the broker to close; the reason it gives."""
        async with asyncio.timeout(WITHIN):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed as over:
                return over.rcvd.reason if over.rcvd else ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self.socket.close()


async def dial(broker: BrokerProcess, path: str, *, origin: str | None = None, cookie: str = "", **options: Any) -> Wire:
    """Open a WebSocket. Raises websockets' InvalidStatus when it is refused before it begins."""
    headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    url = f"wss://localhost:{broker.port}{path}"
    options = {"ssl": broker.tls, "proxy": None, "compression": None, "max_size": 2**20, **options}
    return Wire(await connect(url, origin=origin, additional_headers=headers, **options))  # type: ignore[arg-type]


async def greet(wire: Wire, role: EndRole, subject: str) -> tuple[presence.BrokerHelloPayload, bytes]:
    """Say hello; what the broker signed, and our nonce."""
    nonce = os.urandom(32)
    await wire.say(presence.Hello(1, role, subject, nonce, (), ()))
    hello = await wire.until(presence.BrokerHello)
    return read_part(presence.BrokerHelloPayload, hello.statement.payload), nonce


async def prove(wire: Wire, broker: BrokerProcess, role: EndRole, subject: str, signer: Ed25519Signer | P256Signer) -> Statement:
    """Greet and send the proof; the proof."""
    said, nonce = await greet(wire, role, subject)
    label = Label.HOST_HELLO if role is EndRole.HOST else Label.DEVICE_HELLO
    proof = signer.sign(label, presence.EndProofPayload(subject, broker.id, said.broker_nonce, nonce))
    await wire.say(presence.EndProof(proof))
    return proof


async def open_host(broker: BrokerProcess, host: Host) -> Wire:
    """A host's control socket, welcomed."""
    wire = await dial(broker, "/host")
    await prove(wire, broker, EndRole.HOST, host.id, host.signer)
    await wire.hear(presence.Welcome)
    return wire


async def open_console(broker: BrokerProcess, technician: Technician, cookie: str) -> Wire:
    """A technician's control socket, welcomed, with the first list of instruments read."""
    wire = await dial(broker, "/console", origin=ORIGIN, cookie=cookie)
    await prove(wire, broker, EndRole.CONSOLE, technician.id, technician.device)
    await wire.hear(presence.Welcome)
    await wire.hear(presence.Instruments)
    return wire


async def open_ticket(host: Wire, half: str = FIRST_HALF) -> str:
    """Press *Get help*; the six digits."""
    salt = os.urandom(32)
    await host.say(ticket.TicketOpen(salt, first_half_digest(salt, half)))
    return (await host.until(ticket.TicketOpened)).ticket


async def claim(console: Wire, number: str, half: str = FIRST_HALF) -> ticket.TicketAdmitted | Reason:
    """Enter a ticket and its first half."""
    await console.say(ticket.TicketClaim(number, half, Purpose.FAULT, "CASE-1"))
    while True:
        frame = await console.frame()
        if any(each in frame.body for each in (b'"type":"instruments"', b'"type":"documents_piece"')):
            continue
        if b'"type":"refused"' in frame.body:
            return decode(frame.body, presence.Refused).reason
        return decode(frame.body, ticket.TicketAdmitted)


@dataclass
class Meeting:
    """A visit whose both ends have joined."""

    broker: BrokerProcess
    host: Host
    technician: Technician
    cookie: str
    host_control: Wire
    console_control: Wire
    host_wire: Wire
    console_wire: Wire
    session_id: str
    ticket: str

    async def spent(self) -> None:
        """The host says that the agreement is confirmed."""
        await self.host_control.say(ticket.TicketSpent(self.ticket, self.session_id))

    def asked(self, ask: int = 1, permission: Permission = Permission.VIEW) -> ledger.Asked:
        """A request as an honest console writes it."""
        return ledger.Asked(
            self.session_id, ask, self.technician.id, self.host.id, permission, Purpose.FAULT, "CASE-1", bytes(32), int(time.time())
        )

    def answered(
        self, ask: int = 1, permission: Permission = Permission.VIEW, answer: ledger.Answer = ledger.Answer.ALLOW
    ) -> ledger.Answered:
        """An answer as an honest host writes it."""
        reason = None if answer is ledger.Answer.ALLOW else Reason.REFUSED_BY_PERSON
        by = ledger.AnsweredBy("lab", "c1", "")
        return ledger.Answered(
            self.session_id, ask, self.technician.id, self.host.id, permission, answer, reason, bytes(32), "en", by, 3600, int(time.time())
        )

    async def ask(self, ask: int = 1, permission: Permission = Permission.VIEW) -> None:
        """Ask, and see that the host hears it."""
        statement = self.technician.device.sign(Label.ASKED, self.asked(ask, permission))
        await self.console_wire.send(FrameKind.LEDGER, encode(statement))
        assert (await self.host_wire.frame()) == Frame(FrameKind.LEDGER, encode(statement))

    async def allow(self, ask: int = 1, permission: Permission = Permission.VIEW) -> None:
        """Allow, and see that the console hears it."""
        statement = self.host.signer.sign(Label.ANSWERED, self.answered(ask, permission))
        await self.host_wire.send(FrameKind.LEDGER, encode(statement))
        assert (await self.console_wire.frame()) == Frame(FrameKind.LEDGER, encode(statement))

    async def end(self, cause: EndCause = EndCause.HOST_ENDED) -> None:
        """The host ends."""
        statement = self.host.signer.sign(Label.ENDED, ledger.Ended(self.session_id, self.host.id, cause, int(time.time())))
        await self.host_wire.send(FrameKind.LEDGER, encode(statement))


def record(lane: Lane, grant: int, sequence: int = 0, size: int = 1000) -> bytes:
    """The body of a SEALED frame: a header and random bytes that only the ends could open."""
    return RecordHeader(lane, grant, 0, sequence).encode() + os.urandom(size + 16)


async def join(broker: BrokerProcess, session_id: str, socket_pass: bytes, *, cookie: str = "", origin: str | None = None) -> Wire:
    """A session socket that has given its pass."""
    wire = await dial(broker, "/session", origin=origin, cookie=cookie)
    await wire.say(SocketPass(session_id, socket_pass))
    return wire


@asynccontextmanager
async def meeting(broker: BrokerProcess, technician: Technician, host: Host) -> AsyncIterator[Meeting]:
    """From sign-in to *peer present*, all real."""
    cookie = await broker.sign_in(technician)
    async with await open_host(broker, host) as host_control, await open_console(broker, technician, cookie) as console_control:
        number = await open_ticket(host_control)
        admitted = await claim(console_control, number)
        assert not isinstance(admitted, Reason), admitted
        offered = await host_control.until(ticket.SessionOffered)
        console_wire = await join(broker, admitted.session_id, admitted.socket_pass, cookie=cookie, origin=ORIGIN)
        host_wire = await join(broker, offered.session_id, offered.socket_pass)
        async with console_wire, host_wire:
            await console_wire.hear(PeerPresent)
            await host_wire.hear(PeerPresent)
            yield Meeting(
                broker,
                host,
                technician,
                cookie,
                host_control,
                console_control,
                host_wire,
                console_wire,
                admitted.session_id,
                number,
            )


@asynccontextmanager
async def ready_to_meet(broker: BrokerProcess, technician_id: str = "t-anna") -> AsyncIterator[Meeting]:
    """A technician, a host, a directory, and a visit between them."""
    technician, host = await broker.technician(technician_id), await broker.host()
    await broker.publish()
    async with meeting(broker, technician, host) as visit:
        yield visit


def altered(statement: Statement) -> Statement:
    """The same statement with one bit of its payload turned."""
    payload = bytearray(statement.payload)
    payload[-3] ^= 1
    return replace(statement, payload=bytes(payload))
