"""The opening of the control socket: who is the broker, and who are we (docs/protocol.md, sections 1 and 2).

    1  hello with a fresh nonce goes out
    2  the broker's hello comes in time, in this version, for this host
    3  the directory in it, if there is one, is signed by the pinned key and not older than ours
    4  the statement is signed by the broker's key, as the directory lists it (before the first: as enrolment told)
    5  it names our nonce, us and the broker
    6  the certificate that TLS was given is among those the broker signed for: nobody opened the line in between
    7  our proof goes out, and the broker says welcome

Nothing is said to anybody before step 6 but the hello.
"""

from typing import assert_never

from audit.events import host
from host_client.core.commands import KeepDirectory, Note, SendControl, StartTimer, StopTimer, Talk, to_broker
from host_client.core.events import Timer
from host_client.core.ports import Ports
from host_client.core.trusted import Trusted
from policy.decision import Deny, Reason
from policy.instant import Instant
from trust.signatures import SignatureInvalid, verify
from wire.limits import AUTHENTICATION_SECONDS, PROTOCOL_VERSION
from wire.messages.presence import BrokerHello, BrokerHelloPayload, EndProof, EndProofPayload, EndRole, Hello, Refused, Welcome
from wire.schema import MalformedMessage, decode, read_part
from wire.statements import Algorithm, Label, Statement

OPENING_SECONDS = 2 * AUTHENTICATION_SECONDS
_BEFORE: tuple[type[BrokerHello | Welcome | Refused], ...] = (BrokerHello, Refused)
_AFTER: tuple[type[BrokerHello | Welcome | Refused], ...] = (Welcome, Refused)


class NotOpened(Exception):
    """The broker is not who it should be, or does not let us in. `reason` is said locally, never to the broker."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Opening:
    """One opening. `done` once the broker said welcome; `proven` from step 6 on."""

    def __init__(self, trusted: Trusted, ports: Ports, leaf: bytes) -> None:
        self._trusted, self._ports, self._leaf = trusted, ports, leaf
        self._nonce = ports.entropy(32)
        self.proven = False
        self.done = False
        self.listed = False

    def begin(self) -> Talk:
        """Step 1."""
        yield StartTimer(Timer.OPENING, OPENING_SECONDS)
        yield to_broker(Hello(PROTOCOL_VERSION, EndRole.HOST, self._trusted.enrolled.host_id, self._nonce))

    def received(self, body: bytes, now: Instant) -> Talk:
        """One control message. Raises NotOpened."""
        try:
            said = decode(body, *(_AFTER if self.proven else _BEFORE))
        except MalformedMessage:
            raise NotOpened(Reason.MALFORMED) from None
        match said:
            case Refused(_, reason):
                raise NotOpened(reason)
            case BrokerHello():
                yield from self._hello(said, now)
            case Welcome(listed):
                self.done, self.listed = True, listed
                yield StopTimer(Timer.OPENING)
            case _:
                assert_never(said)

    def _hello(self, hello: BrokerHello, now: Instant) -> Talk:
        if hello.version != PROTOCOL_VERSION:
            raise NotOpened(Reason.VERSION_NOT_SPOKEN)
        if hello.directory is not None:
            yield from take_directory(self._trusted, hello.directory, now)
        payload = self._verified(hello.statement, now)
        self.proven = True
        yield self._proof(payload)

    def _verified(self, statement: Statement, now: Instant) -> BrokerHelloPayload:
        try:
            signed = verify(statement, Label.BROKER_HELLO, self._trusted.broker_key(now), Algorithm.ED25519)
            payload = read_part(BrokerHelloPayload, signed)
        except (SignatureInvalid, MalformedMessage):
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN) from None
        enrolled = self._trusted.enrolled
        told = (payload.broker_id, payload.role, payload.subject, payload.end_nonce)
        if told != (enrolled.broker_id, EndRole.HOST, enrolled.host_id, self._nonce):
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN)
        if self._leaf not in payload.leaves:
            raise NotOpened(Reason.IDENTITY_NOT_PROVEN)
        return payload

    def _proof(self, payload: BrokerHelloPayload) -> SendControl:
        enrolled = self._trusted.enrolled
        proof = EndProofPayload(enrolled.host_id, enrolled.broker_id, payload.broker_nonce, self._nonce)
        return to_broker(EndProof(self._ports.signer.sign(Label.HOST_HELLO, proof)))


def take_directory(trusted: Trusted, statement: Statement, now: Instant) -> Talk:
    """Keep, accept and record a directory.

    Raises NotOpened for one that does not stand: its sender is not our broker. Also for one that cannot be kept: a
    restart would believe the older one again, so that nothing goes on with either.
    """
    decision = trusted.check(statement, now)
    if isinstance(decision, Deny):
        raise NotOpened(decision.reason)
    if trusted.holds(statement):
        return
    kept = yield KeepDirectory(statement)
    if not kept:
        raise NotOpened(Reason.LOG_UNAVAILABLE)
    trusted.accept(statement, now)
    yield Note(host.DirectoryAccepted(version=trusted.version(now), digest=trusted.digest()))
