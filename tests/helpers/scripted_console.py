"""A technician's console without a browser: the same messages, the same proofs, the same seals, written by hand.

    console = await signed_in(broker, technician)                     cookie, control socket, welcomed
    visit = await console.visit("482-913 K7QF-2M9X", host)            claim, both sockets, agreement, identities
    answer = await visit.ask(Permission.VIEW, "please show me")       the host's signed answer, verified
    picture = await visit.next_picture()                              opened and put together
    await visit.input(Key("Enter", True))                             sealed under the grant of control

It lives in tests only. It shares the wire room with the product, and nothing with the host's core.
"""

import os
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from websockets.exceptions import ConnectionClosed

from policy.decision import Reason
from policy.permissions import TERMS, Direction, Lane, Permission
from policy.purpose import Purpose
from policy.session import EndCause
from tests.helpers.broker_process import ORIGIN, BrokerProcess, Host, P256Signer, Technician
from tests.helpers.ends import Wire, join, open_console
from tests.helpers.host_transfer import committed
from trust.signatures import verify
from wire.code import read_code
from wire.commitments import KEY_BYTES, commitment, matches
from wire.frames import Frame, FrameKind, RecordHeader, split_record
from wire.messages import ledger, presence, ticket
from wire.messages.handshake import AgreementFailed, AgreementOpen, HostShare, HostTag
from wire.messages.session import BulkOffered, PeerPresent, SessionOver
from wire.schema import decode, encode, read_part
from wire.sealed import agreement
from wire.sealed.agreement import ConsoleAgreement
from wire.sealed.chat import decode_said, encode_said
from wire.sealed.identities import LABELS, check_identity, identity_of
from wire.sealed.inner import AnswerWords, AskWords, ChatStanding, FileOver, FileWords, HostNotice, Notice, SessionIdentity, SessionRole
from wire.sealed.input import Batch, Event, encode_batch
from wire.sealed.parcel import unpacked
from wire.sealed.records import Channel, Opener, Sealer
from wire.sealed.returning import ReturnTicket
from wire.sealed.screen import FrameEnd, Picture, Reassembly, decode_picture, encode_ack
from wire.statements import Algorithm, Label, Statement


class VisitOver(Exception):
    """The visit ended while something else was expected. `cause` as the broker or the host said."""

    def __init__(self, cause: EndCause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class CodeHalfWrong(Exception):
    """The second half was wrong; so many runs are left."""

    def __init__(self, runs_left: int) -> None:
        super().__init__(f"{runs_left} runs left")
        self.runs_left = runs_left


@dataclass
class ScriptedConsole:
    """A signed-in technician with a proven control socket."""

    broker: BrokerProcess
    technician: Technician
    cookie: str
    control: Wire

    async def claim(self, code: str) -> ticket.TicketAdmitted | Reason:
        """Enter ticket and first half."""
        typed = read_code(code)
        await self.control.say(ticket.TicketClaim(typed.ticket, typed.first, Purpose.FAULT, "CASE-1"))
        while True:
            frame = await self.control.frame()
            if b'"type":"refused"' in frame.body:
                return decode(frame.body, presence.Refused).reason
            if b'"type":"ticket_admitted"' in frame.body:
                return decode(frame.body, ticket.TicketAdmitted)

    async def enter(self, code: str, host: Host, signer: P256Signer | None = None) -> "ScriptedVisit":
        """Claim and open the session socket, until both ends are there."""
        admitted = await self.claim(code)
        assert not isinstance(admitted, Reason), admitted
        wire = await join(self.broker, admitted.session_id, admitted.socket_pass, cookie=self.cookie, origin=ORIGIN)
        await wire.until(PeerPresent)
        about = agreement.Visit(admitted.session_id, admitted.ticket, self.broker.id, host.id, self.technician.id)
        return ScriptedVisit(self, host, wire, about, signer or self.technician.device)

    async def visit(self, code: str, host: Host) -> "ScriptedVisit":
        """All the way to *sealed*."""
        visit = await self.enter(code, host)
        await visit.agree(read_code(code).second)
        await visit.identify()
        return visit


async def signed_in(broker: BrokerProcess, technician: Technician) -> ScriptedConsole:
    """Sign in over HTTP and open the control socket."""
    cookie = await broker.sign_in(technician)
    return ScriptedConsole(broker, technician, cookie, await open_console(broker, technician, cookie))


@dataclass
class ScriptedVisit:
    """One visit, as the console sees it."""

    console: ScriptedConsole
    host: Host
    wire: Wire
    about: agreement.Visit
    signer: P256Signer
    agreed: agreement.Agreed | None = None
    notices: list[Notice] = field(default_factory=list)
    chat: list[Reason | None] = field(default_factory=list)
    """How the host said that the chat stands."""
    returning: Statement | None = None
    """The way back after a restart, as the host gave it."""
    written: list[str] = field(default_factory=list)
    """What the person wrote."""
    clipboard: list[bytes] = field(default_factory=list)
    """What came on a clipboard's lane."""
    offers: list[BulkOffered] = field(default_factory=list)
    """Bulk sockets that the broker offered."""
    files_over: list[FileOver] = field(default_factory=list)
    """What became of files, as the host said."""
    frames: int = 0
    """The newest frame that is whole."""
    grants: dict[Permission, int] = field(default_factory=dict)
    asks: int = 0
    auto_ack: bool = True
    _sealers: dict[tuple[Lane, int], Sealer] = field(default_factory=dict)
    _openers: dict[tuple[Lane, int], Opener] = field(default_factory=dict)
    _parts: Reassembly = field(default_factory=Reassembly)
    _pictures: deque[Picture] = field(default_factory=deque)
    _zero: int | None = None
    _ended: VisitOver | None = None

    @property
    def ended(self) -> bool:
        """Has the end been heard?"""
        return self._ended is not None

    # ---- agreement

    async def handshake(self, *allowed: type[Any]) -> Any:
        """The next message of a handshake."""
        while True:
            frame = await self._frame()
            if frame.kind is FrameKind.HANDSHAKE:
                return decode(frame.body, *allowed)

    async def _frame(self) -> Frame:
        frame = await self.wire.frame()
        if frame.kind is FrameKind.CONTROL and b'"type":"session_over"' in frame.body:
            raise VisitOver(decode(frame.body, SessionOver).cause)
        if frame.kind is FrameKind.CONTROL and b'"type":"bulk_offered"' in frame.body:
            self.offers.append(decode(frame.body, BulkOffered))
        if frame.kind is FrameKind.LEDGER:
            statement = decode(frame.body, Statement)
            if statement.label is Label.ENDED:
                payload = verify(statement, Label.ENDED, self.host.signer.public_key, Algorithm.ED25519)
                raise VisitOver(read_part(ledger.Ended, payload).cause)
        return frame

    async def agree(self, second: str) -> None:
        """One run. Raises CodeHalfWrong, VisitOver."""
        opened = await self.handshake(AgreementOpen)
        run = ConsoleAgreement(self.about, second, opened, nonce=os.urandom(32), scalar=os.urandom(32))
        await self.wire.send(FrameKind.HANDSHAKE, encode(run.share()))
        share = await self.handshake(HostShare)
        await self.wire.send(FrameKind.HANDSHAKE, encode(run.tag(share)))
        said = await self.handshake(HostTag, AgreementFailed)
        if isinstance(said, AgreementFailed):
            raise CodeHalfWrong(said.runs_left)
        self.agreed = run.confirm(said)

    async def identify(self) -> None:
        """Identities both ways; the host's is verified."""
        assert self.agreed is not None
        own = identity_of(SessionRole.TECHNICIAN, self.about, self.agreed)
        await self.whisper(SessionIdentity(self.signer.sign(LABELS[SessionRole.TECHNICIAN], own)))
        statement = decode(await self.control_record(), SessionIdentity).statement
        payload = verify(statement, LABELS[SessionRole.HOST], self.host.signer.public_key, Algorithm.ED25519)
        check_identity(payload, SessionRole.HOST, self.about, self.agreed)

    # ---- seals

    def seal(self, lane: Lane, grant: int, plain: bytes) -> bytes:
        """The body of a SEALED frame towards the host."""
        assert self.agreed is not None
        channel = Channel(self.about.session_id, lane, grant, Direction.TO_HOST)
        if (lane, grant) not in self._sealers:
            self._sealers[lane, grant] = Sealer(self.agreed.secret, channel, time.monotonic())
        sealer = self._sealers[lane, grant]
        return sealer.seal(plain, time.monotonic())

    def open(self, body: bytes) -> tuple[RecordHeader, bytes]:
        """Open what came from the host."""
        assert self.agreed is not None
        header, sealed = split_record(body)
        channel = Channel(self.about.session_id, header.lane, header.grant, Direction.TO_TECHNICIAN)
        if (header.lane, header.grant) not in self._openers:
            self._openers[header.lane, header.grant] = Opener(self.agreed.secret, channel)
        opener = self._openers[header.lane, header.grant]
        return header, opener.open(header, sealed)

    async def whisper(self, said: object) -> None:
        """One JSON message on the control lane."""
        await self.wire.send(FrameKind.SEALED, self.seal(Lane.CONTROL, 0, encode(said)))

    def take_keys(self, agreed: agreement.Agreed) -> None:
        """Other keys of the same visit: nothing of those before opens or seals anything."""
        self.agreed = agreed
        self._sealers.clear()
        self._openers.clear()

    async def control_record(self) -> bytes:
        """The next record of the control lane."""
        while True:
            frame = await self._frame()
            if frame.kind is FrameKind.SEALED:
                header, plain = self.open(frame.body)
                if header.lane is Lane.CONTROL:
                    return plain

    # ---- asking

    async def request(self, permission: Permission, words: str = "please", file: FileWords | None = None) -> int:
        """Send a request; its number."""
        self.asks += 1
        key = os.urandom(KEY_BYTES)
        await self.whisper(AskWords(self.asks, key, words, file))
        asked = replace(self.asked(permission, commitment(key, words)), file=None if file is None else committed(file))
        await self.wire.send(FrameKind.LEDGER, encode(self.signer.sign(Label.ASKED, asked)))
        return self.asks

    def asked(self, permission: Permission, committed: bytes) -> ledger.Asked:
        """A request as an honest console writes it."""
        about = self.about
        who = (about.session_id, self.asks, about.technician_id, about.host_id)
        return ledger.Asked(*who, permission, Purpose.FAULT, "CASE-1", committed, int(time.time()))

    async def answer(self) -> tuple[ledger.Answered, str]:
        """The host's answer with the prompt as it was shown; signature and commitment are checked. Raises VisitOver.

        A broker that closes the visit on a refused view is faster than the words: then the prompt is empty.
        """
        answered: ledger.Answered | None = None
        while True:
            try:
                frame = await self._frame()
            except VisitOver as over:
                self._ended = over
                if answered is not None:
                    return answered, ""
                raise
            if frame.kind is FrameKind.LEDGER:
                statement = decode(frame.body, Statement)
                payload = verify(statement, Label.ANSWERED, self.host.signer.public_key, Algorithm.ED25519)
                answered = read_part(ledger.Answered, payload)
                if answered.answer is ledger.Answer.ALLOW:
                    self.grants[answered.permission] = answered.ask
            elif frame.kind is FrameKind.SEALED:
                prompt = await self._take(frame.body)
                if prompt is not None:
                    assert answered is not None
                    assert matches(answered.prompt_commitment, prompt.key, prompt.prompt)
                    return answered, prompt.prompt

    async def ask(self, permission: Permission, words: str = "please") -> ledger.Answered:
        """Ask, and wait for the answer."""
        await self.request(permission, words)
        return (await self.answer())[0]

    async def refusal(self) -> Reason:
        """Why the broker, or the host by its policy, refused the request that was sent last."""
        while True:
            frame = await self._frame()
            if frame.kind is FrameKind.CONTROL:
                return decode(frame.body, presence.Refused).reason
            if frame.kind is FrameKind.LEDGER:
                reason = read_part(ledger.Answered, decode(frame.body, Statement).payload).reason
                assert reason is not None
                return reason
            await self._take(frame.body)

    # ---- pictures and input

    async def _take(self, body: bytes) -> AnswerWords | None:
        header, plain = self.open(body)
        if header.lane is Lane.CONTROL:
            return self.heard_control(plain)
        if header.lane is Lane.CHAT:
            self.written.append(decode_said(plain))
            return None
        if header.lane in {Lane.CLIPBOARD_TO_HOST, Lane.CLIPBOARD_FROM_HOST}:
            self.clipboard.append(plain)
            return None
        assert header.lane is Lane.SCREEN
        parcel = self._parts.add(plain)
        for message in () if parcel is None else unpacked(parcel):
            await self._picture(header, decode_picture(message))
        return None

    def heard_control(self, plain: bytes) -> AnswerWords | None:
        """What the host said on the control lane; the words of an answer are given back."""
        said = decode(plain, *_FROM_HOST)
        if isinstance(said, AnswerWords):
            return said
        if isinstance(said, ReturnTicket):
            self.returning = said.statement
        elif isinstance(said, FileOver):
            self.files_over.append(said)
        elif isinstance(said, ChatStanding):
            self.chat.append(said.reason)
        else:
            self.notices.append(said.notice)
        return None

    async def _picture(self, header: RecordHeader, picture: Picture) -> None:
        self._pictures.append(picture)
        if isinstance(picture, FrameEnd):
            self._zero = picture.boot if self._zero is None else self._zero
            self.frames = picture.frame
            if self.auto_ack:
                await self.wire.send(FrameKind.SEALED, self.seal(Lane.SCREEN, header.grant, encode_ack(picture.frame)))

    async def turn(self) -> None:
        """Take one frame, whatever it is. Raises VisitOver."""
        frame = await self._frame()
        if frame.kind is FrameKind.SEALED:
            await self._take(frame.body)

    async def next_picture(self) -> Picture:
        """The next screen message. Raises VisitOver."""
        while not self._pictures:
            frame = await self._frame()
            if frame.kind is FrameKind.SEALED:
                await self._take(frame.body)
        return self._pictures.popleft()

    async def next_frame(self) -> list[Picture]:
        """Everything up to the next whole frame."""
        taken: list[Picture] = []
        while not taken or not isinstance(taken[-1], FrameEnd):
            taken.append(await self.next_picture())
        return taken

    def now_ms(self) -> int:
        """Session time now. Host and console share a clock here, so it is exact, however busy the machine is."""
        assert self._zero is not None
        return (time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000 - self._zero) // 1000

    async def input(self, *events: Event, milliseconds: int | None = None, picture: int | None = None) -> None:
        """One batch under the grant of control."""
        at = self.now_ms() if milliseconds is None else milliseconds
        batch = Batch(self.frames if picture is None else picture, at, events)
        lane = TERMS[Permission.CONTROL].lane
        await self.wire.send(FrameKind.SEALED, self.seal(lane, self.grants[Permission.CONTROL], encode_batch(batch)))

    async def write(self, text: str) -> None:
        """One message to the person, once the host has said that the chat is open."""
        while not self.chat:
            frame = await self._frame()
            if frame.kind is FrameKind.SEALED:
                await self._take(frame.body)
        await self.wire.send(FrameKind.SEALED, self.seal(Lane.CHAT, 0, encode_said(text)))

    async def message(self) -> str:
        """The next message of the person."""
        while not self.written:
            frame = await self._frame()
            if frame.kind is FrameKind.SEALED:
                await self._take(frame.body)
        return self.written.pop(0)

    async def copied(self) -> bytes:
        """The next record on a clipboard's lane."""
        while not self.clipboard:
            frame = await self._frame()
            if frame.kind is FrameKind.SEALED:
                await self._take(frame.body)
        return self.clipboard.pop(0)

    async def notice(self) -> Notice:
        """The next notice of the host."""
        while not self.notices:
            frame = await self._frame()
            if frame.kind is FrameKind.SEALED:
                await self._take(frame.body)
        return self.notices.pop(0)

    # ---- the end

    async def end(self) -> None:
        """The technician ends."""
        ended = ledger.Ended(self.about.session_id, self.about.technician_id, EndCause.TECHNICIAN_ENDED, int(time.time()))
        await self.wire.send(FrameKind.LEDGER, encode(self.signer.sign(Label.ENDED, ended)))

    async def cut(self) -> None:
        """Wait until the broker closes this end's socket because the line was cut at the other. Raises VisitOver for an end."""
        with suppress(ConnectionClosed):
            while True:
                await self._frame()

    async def last_words(self) -> None:
        """Hear everything until this end's socket is closed, or the visit is over."""
        with suppress(ConnectionClosed, VisitOver):
            while True:
                frame = await self._frame()
                if frame.kind is FrameKind.SEALED:
                    await self._take(frame.body)

    async def over(self) -> EndCause:
        """Wait for the end; its cause."""
        try:
            while self._ended is None:
                frame = await self._frame()
                if frame.kind is FrameKind.SEALED:
                    await self._take(frame.body)
        except VisitOver as over:
            self._ended = over
        assert self._ended is not None
        return self._ended.cause


_FROM_HOST: tuple[type[AnswerWords | HostNotice | ChatStanding | ReturnTicket | FileOver], ...] = (
    AnswerWords,
    HostNotice,
    ChatStanding,
    ReturnTicket,
    FileOver,
)
